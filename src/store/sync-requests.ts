import type { FeedName } from '../feeds/names.js';
import type { Store, Transaction } from './store.js';

/** A full sync that is wanted, and why. */
export interface SyncRequest {
  readonly feed: FeedName;
  readonly reason: string;
}

/** Why the first full sync of a feed is queued. */
export const NEVER_EXPORTED = 'The feed was never exported.';

/**
 * Queues full syncs. One that is queued for the same reason already is queued anew, under a higher
 * number: a full sync that runs by now answers the old one alone, since what it collected before
 * does not hold the new change. It keeps the time of the first.
 */
export async function requestSyncs(
  store: Store,
  requests: readonly SyncRequest[],
  transaction?: Transaction,
): Promise<void> {
  const table = store.t('sync_request');
  for (const { feed, reason: text } of requests) {
    const reason = text.slice(0, 1000);
    await store.run(
      `INSERT INTO ${table} (feed, reason, requested_at)
       SELECT ?, ?, IFNULL(MIN(requested_at), UTC_TIMESTAMP(3)) FROM ${table}
       WHERE feed = ? AND reason = ?`,
      [feed, reason, feed, reason],
      transaction,
    );
    await store.run(
      `DELETE old FROM ${table} old
       JOIN ${table} newer ON newer.feed = old.feed AND newer.reason = old.reason AND newer.id > old.id
       WHERE old.feed = ? AND old.reason = ?`,
      [feed, reason],
      transaction,
    );
  }
}

/** The queued full syncs, a line for each feed, with all reasons. */
export async function queuedSyncs(store: Store): Promise<SyncRequest[]> {
  const rows = await store.rows<{ feed: FeedName; reason: string }>(
    `SELECT feed, reason FROM ${store.t('sync_request')} ORDER BY id`,
  );
  const reasons = new Map<FeedName, string[]>();
  for (const { feed, reason } of rows) reasons.set(feed, [...(reasons.get(feed) ?? []), reason]);
  return [...reasons].map(([feed, all]) => ({ feed, reason: all.join('; ').slice(0, 1000) }));
}

/** The newest request of a feed: a full sync that starts now answers all up to it. 0: none. */
export async function newestRequest(store: Store, feed: FeedName): Promise<number> {
  const [row] = await store.rows<{ id: number | null }>(
    `SELECT MAX(id) AS id FROM ${store.t('sync_request')} WHERE feed = ?`,
    [feed],
  );
  return row?.id ?? 0;
}

/** Takes the first full sync off the queue once it has begun: whatever comes of it, people decide. */
export async function firstSyncHasBegun(store: Store, feed: FeedName): Promise<void> {
  await store.run(`DELETE FROM ${store.t('sync_request')} WHERE feed = ? AND reason = ?`, [
    feed,
    NEVER_EXPORTED,
  ]);
}

/** Takes answered requests off the queue. */
export async function answerRequests(store: Store, feed: FeedName, upTo: number): Promise<void> {
  if (upTo === 0) return;
  await store.run(`DELETE FROM ${store.t('sync_request')} WHERE feed = ? AND id <= ?`, [
    feed,
    upTo,
  ]);
}
