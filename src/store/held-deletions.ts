import type { FeedName } from '../feeds/names.js';
import type { Store, Transaction } from './store.js';

/** Deletions of a feed that wait for a person. */
export interface HeldDeletions {
  readonly feed: FeedName;
  /** Missing items marked up to this number are held. */
  readonly upToSeq: number;
  readonly runId: number;
  /** UTC, `YYYY-MM-DD HH:MM:SS.mmm`. */
  readonly heldAt: string;
  readonly items: number;
}

/** Holds all missing items marked so far. */
export async function holdDeletions(
  store: Store,
  transaction: Transaction,
  feed: FeedName,
  upToSeq: number,
  runId: number,
): Promise<void> {
  await store.run(
    `INSERT INTO ${store.t('held_deletions')} (feed, up_to_seq, run_id, held_at)
     VALUES (?, ?, ?, UTC_TIMESTAMP(3))
     ON DUPLICATE KEY UPDATE up_to_seq = VALUES(up_to_seq), run_id = VALUES(run_id),
       held_at = VALUES(held_at)`,
    [feed, upToSeq, runId],
    transaction,
  );
}

/** The number up to which missing items of a feed are held; 0: none. */
export async function heldUpTo(store: Store, feed: FeedName): Promise<number> {
  const [row] = await store.rows<{ up_to_seq: number }>(
    `SELECT up_to_seq FROM ${store.t('held_deletions')} WHERE feed = ?`,
    [feed],
  );
  return row?.up_to_seq ?? 0;
}

/** Releases a feed's held deletions: the next run sends those that still hold. */
export async function releaseDeletions(
  store: Store,
  feed: FeedName,
  transaction?: Transaction,
): Promise<void> {
  await store.run(`DELETE FROM ${store.t('held_deletions')} WHERE feed = ?`, [feed], transaction);
}

/** Drops a feed's held deletions: the items stay with the service until a full sync misses them. */
export async function dropDeletions(store: Store, feed: FeedName, table: string): Promise<number> {
  return store.transaction(async (transaction) => {
    const upTo = await heldUpTo(store, feed);
    const dropped = await store.run(
      `UPDATE ${store.t(table)} SET missing_seq = NULL WHERE missing_seq <= ?`,
      [upTo],
      transaction,
    );
    await releaseDeletions(store, feed, transaction);
    return dropped;
  });
}

/** The held deletions of a feed; undefined: none. */
export async function heldDeletions(
  store: Store,
  feed: FeedName,
  table: string,
): Promise<HeldDeletions | undefined> {
  const [row] = await store.rows<{ up_to_seq: number; run_id: number; held_at: string }>(
    `SELECT up_to_seq, run_id, held_at FROM ${store.t('held_deletions')} WHERE feed = ?`,
    [feed],
  );
  if (row === undefined) return undefined;
  const [count] = await store.rows<{ items: number }>(
    `SELECT COUNT(*) AS items FROM ${store.t(table)}
     WHERE missing_seq <= ? AND feed_data <> ''`,
    [row.up_to_seq],
  );
  return {
    feed,
    upToSeq: row.up_to_seq,
    runId: row.run_id,
    heldAt: row.held_at,
    items: count?.items ?? 0,
  };
}

/** Feeds with held deletions. */
export async function feedsWithHeldDeletions(store: Store): Promise<FeedName[]> {
  const rows = await store.rows<{ feed: FeedName }>(
    `SELECT feed FROM ${store.t('held_deletions')} ORDER BY feed`,
  );
  return rows.map(({ feed }) => feed);
}
