import { STATUS } from './settlements.js';
import type { Store } from './store.js';

/** An item that is due to be sent again. */
export interface RetryableItem {
  readonly feedId: string;
  readonly sourceId: number;
  readonly attempts: number;
}

/**
 * The items of a feed that are to be sent again and are due, the longest due first. What can never
 * be sent is not among them, nor what waits for its first publishing.
 *
 * @param now UTC; undefined: the database's clock.
 */
export async function retryable(
  store: Store,
  feed: { readonly table: string },
  now: Date | undefined,
  limit: number,
): Promise<RetryableItem[]> {
  const at = now === undefined ? 'UTC_TIMESTAMP()' : '?';
  const rows = await store.rows<{ feed_id: string; source_entity_id: number; attempts: number }>(
    `SELECT feed_id, source_entity_id, attempts FROM ${store.t(feed.table)}
     WHERE status = ${STATUS.retry} AND (next_try_at IS NULL OR next_try_at <= ${at})
     ORDER BY next_try_at LIMIT ?`,
    now === undefined ? [limit] : [now.toISOString().slice(0, 19).replace('T', ' '), limit],
  );
  return rows.map((row) => ({
    feedId: row.feed_id,
    sourceId: row.source_entity_id,
    attempts: row.attempts,
  }));
}
