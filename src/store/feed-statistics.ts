import { STATUS } from './settlements.js';
import type { Store } from './store.js';

/** How a feed stands, by the feed table. */
export interface FeedStatistics {
  /** Items the service has. */
  readonly accepted: number;
  /** Items refused or not collectable, until their content changes. */
  readonly failed: number;
  /** Items to be sent again. */
  readonly retry: number;
  /** Items never answered. */
  readonly waiting: number;
  /** Acknowledged deletions. */
  readonly deleted: number;
}

export async function feedStatistics(store: Store, table: string): Promise<FeedStatistics> {
  const rows = await store.rows<{ status: number; is_deleted: number; items: number }>(
    `SELECT status, is_deleted, COUNT(*) AS items FROM ${store.t(table)}
     GROUP BY status, is_deleted`,
  );
  const count = (matches: (row: { status: number; is_deleted: number }) => boolean): number =>
    rows.filter(matches).reduce((sum, row) => sum + row.items, 0);
  const failed: readonly number[] = [STATUS.failed, STATUS.refused];
  return {
    accepted: count((row) => row.status === STATUS.accepted && row.is_deleted === 0),
    deleted: count((row) => row.status === STATUS.accepted && row.is_deleted === 1),
    failed: count((row) => failed.includes(row.status)),
    waiting: count((row) => row.status === STATUS.waiting),
    retry: count(
      (row) =>
        row.status !== STATUS.accepted &&
        row.status !== STATUS.waiting &&
        !failed.includes(row.status),
    ),
  };
}
