import type { FeedName } from '../feeds/names.js';
import { queueEntities } from './pending.js';
import type { Store, Transaction } from './store.js';

interface FeedTable {
  readonly name: FeedName;
  readonly table: string;
}

/** Entities of held deletions looked up at once. */
const SLICE = 10_000;

/** Deletions of a feed that wait for a person, or that one has released. */
export interface HeldDeletions {
  readonly feed: FeedName;
  /** Missing items marked up to this number are held. */
  readonly upToSeq: number;
  /** The run that held them. */
  readonly runId: number;
  /** UTC, `YYYY-MM-DD HH:MM:SS.mmm`. */
  readonly heldAt: string;
  /** When somebody released those that are still to be sent; undefined: nobody has. */
  readonly releasedAt: string | undefined;
  readonly items: number;
}

/** How the deletions of a feed stand. */
export interface Hold {
  /** Missing items marked up to this number are not sent; 0: none. */
  readonly heldUpTo: number;
  /** Missing items marked up to this number are sent however many they are; 0: none. */
  readonly releasedUpTo: number;
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
       held_at = VALUES(held_at), released_at = NULL`,
    [feed, upToSeq, runId],
    transaction,
  );
}

/** How the deletions of a feed stand. */
export async function readHold(store: Store, feed: FeedName): Promise<Hold> {
  const [row] = await store.rows<{ up_to_seq: number; released_at: string | null }>(
    `SELECT up_to_seq, released_at FROM ${store.t('held_deletions')} WHERE feed = ?`,
    [feed],
  );
  if (row === undefined) return { heldUpTo: 0, releasedUpTo: 0 };
  return row.released_at === null
    ? { heldUpTo: row.up_to_seq, releasedUpTo: 0 }
    : { heldUpTo: 0, releasedUpTo: row.up_to_seq };
}

/**
 * Releases all missing items marked up to a number, whether they were held or not. They stay
 * released until all of them are sent: a service that is down meanwhile does not hold them again.
 */
export async function approveDeletions(
  store: Store,
  feed: FeedName,
  upToSeq: number,
  runId: number,
): Promise<void> {
  await store.run(
    `INSERT INTO ${store.t('held_deletions')} (feed, up_to_seq, run_id, held_at, released_at)
     VALUES (?, ?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))
     ON DUPLICATE KEY UPDATE up_to_seq = VALUES(up_to_seq),
       released_at = IFNULL(released_at, VALUES(released_at))`,
    [feed, upToSeq, runId],
  );
}

/** Forgets a release of which nothing is left to be sent. */
export async function closeRelease(store: Store, { name, table }: FeedTable): Promise<void> {
  await store.run(
    `DELETE FROM ${store.t('held_deletions')}
     WHERE feed = ? AND released_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM ${store.t(table)} s WHERE s.missing_seq <= up_to_seq)`,
    [name],
  );
}

/**
 * Releases a feed's held deletions. Their entities are queued: the next partial sync looks at them
 * once more, and sends the deletions that still hold. Returns how many are released; 0: none was held.
 */
export async function releaseHeld(store: Store, feed: FeedTable): Promise<number> {
  const held = await heldDeletions(store, feed);
  if (held === undefined || held.releasedAt !== undefined) return 0;
  await approveDeletions(store, feed.name, held.upToSeq, held.runId);
  for (let after = -1; ;) {
    const rows = await store.rows<{ source_entity_id: number }>(
      `SELECT DISTINCT source_entity_id FROM ${store.t(feed.table)}
       WHERE missing_seq <= ? AND source_entity_id > ? ORDER BY source_entity_id LIMIT ${SLICE}`,
      [held.upToSeq, after],
    );
    const last = rows.at(-1);
    if (last === undefined) return held.items;
    after = last.source_entity_id;
    await queueEntities(
      store,
      feed.name,
      rows.map((row) => row.source_entity_id),
    );
  }
}

/**
 * Drops a feed's held deletions: the items stay with the service until a sync misses them again.
 * Returns how many; 0: none was held.
 */
export async function dropHeld(store: Store, feed: FeedTable): Promise<number> {
  const held = await heldDeletions(store, feed);
  if (held === undefined || held.releasedAt !== undefined) return 0;
  await store.transaction(async (transaction) => {
    await store.run(
      `UPDATE ${store.t(feed.table)} SET missing_seq = NULL WHERE missing_seq <= ?`,
      [held.upToSeq],
      transaction,
    );
    await store.run(
      `DELETE FROM ${store.t('held_deletions')} WHERE feed = ? AND up_to_seq = ?`,
      [feed.name, held.upToSeq],
      transaction,
    );
  });
  return held.items;
}

/** The held or released deletions of a feed; undefined: none. */
export async function heldDeletions(
  store: Store,
  { name, table }: FeedTable,
): Promise<HeldDeletions | undefined> {
  const [row] = await store.rows<{
    up_to_seq: number;
    run_id: number;
    held_at: string;
    released_at: string | null;
  }>(
    `SELECT up_to_seq, run_id, held_at, released_at FROM ${store.t('held_deletions')}
     WHERE feed = ?`,
    [name],
  );
  if (row === undefined) return undefined;
  const [count] = await store.rows<{ items: number }>(
    `SELECT COUNT(*) AS items FROM ${store.t(table)}
     WHERE missing_seq <= ? AND feed_data <> ''`,
    [row.up_to_seq],
  );
  return {
    feed: name,
    upToSeq: row.up_to_seq,
    runId: row.run_id,
    heldAt: row.held_at,
    releasedAt: row.released_at ?? undefined,
    items: count?.items ?? 0,
  };
}

/** What is kept of held items, without stamp, in the order in which they would be sent. */
export async function heldPayloads(
  store: Store,
  table: string,
  upToSeq: number,
  limit: number,
): Promise<string[]> {
  const rows = await store.rows<{ feed_data: string }>(
    `SELECT feed_data FROM ${store.t(table)}
     WHERE missing_seq <= ? AND feed_data <> '' ORDER BY id LIMIT ?`,
    [upToSeq, limit],
  );
  return rows.map((row) => row.feed_data);
}

/** Feeds with deletions that nobody has released. */
export async function feedsWithHeldDeletions(store: Store): Promise<FeedName[]> {
  const rows = await store.rows<{ feed: FeedName }>(
    `SELECT feed FROM ${store.t('held_deletions')}
     WHERE released_at IS NULL ORDER BY feed`,
  );
  return rows.map(({ feed }) => feed);
}
