import type { FeedName } from '../feeds/names.js';
import { ExportError } from '../errors/export-error.js';
import type { Store, Transaction } from './store.js';

/** The right to send and to write state for a feed; outdated as soon as another run takes it. */
export interface Lease {
  readonly feed: FeedName;
  readonly epoch: number;
}

/** Takes the lease of a feed for a run, away from whoever held it. Idempotent for one run. */
export async function takeLease(store: Store, feed: FeedName, runId: number): Promise<Lease> {
  return store.transaction(async (transaction) => {
    await store.run(
      `INSERT INTO ${store.t('feed_lease')} (feed, epoch, run_id, taken_at)
       VALUES (?, 1, ?, UTC_TIMESTAMP(3))
       ON DUPLICATE KEY UPDATE
         epoch = IF(run_id = VALUES(run_id), epoch, epoch + 1),
         taken_at = IF(run_id = VALUES(run_id), taken_at, VALUES(taken_at)),
         run_id = VALUES(run_id)`,
      [feed, runId],
      transaction,
    );
    const [row] = await store.rows<{ epoch: number }>(
      `SELECT epoch FROM ${store.t('feed_lease')} WHERE feed = ?`,
      [feed],
      transaction,
    );
    if (row === undefined) throw new Error(`no lease row for ${feed}`);
    return { feed, epoch: row.epoch };
  });
}

/**
 * Makes all work of a run powerless that began before; the run itself goes on with the new lease.
 *
 * @throws ExportError SDE30-03 when another run has taken it.
 */
export async function renewLease(store: Store, feed: FeedName, runId: number): Promise<Lease> {
  await store.run(
    `UPDATE ${store.t('feed_lease')} SET epoch = epoch + 1 WHERE feed = ? AND run_id = ?`,
    [feed, runId],
  );
  const [row] = await store.rows<{ epoch: number; run_id: number }>(
    `SELECT epoch, run_id FROM ${store.t('feed_lease')} WHERE feed = ?`,
    [feed],
  );
  if (row?.run_id !== runId) throw takenOver(feed);
  return { feed, epoch: row.epoch };
}

/**
 * Holds the lease for the rest of the transaction: nobody can take it before the commit.
 *
 * @throws ExportError SDE30-03 when another run has taken it.
 */
export async function holdLease(
  store: Store,
  transaction: Transaction,
  lease: Lease,
): Promise<void> {
  const [row] = await store.rows<{ epoch: number }>(
    `SELECT epoch FROM ${store.t('feed_lease')} WHERE feed = ? LOCK IN SHARE MODE`,
    [lease.feed],
    transaction,
  );
  if (row?.epoch !== lease.epoch) {
    throw takenOver(lease.feed);
  }
}

function takenOver(feed: FeedName): ExportError {
  return new ExportError('SDE30-03', { message: `Another run has taken over the feed ${feed}.` });
}
