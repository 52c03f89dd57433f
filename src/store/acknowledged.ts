import { STATUS } from './settlements.js';
import type { Store } from './store.js';

const SLICE = 5_000;

/**
 * Removes the rows of items whose deletion the service acknowledged more than some days ago, slice
 * by slice; `beat` is called after each. Returns their number.
 */
export async function removeAcknowledged(
  store: Store,
  table: string,
  olderThanDays: number,
  beat: () => void,
): Promise<number> {
  for (let removed = 0; ;) {
    const step = await store.run(
      `DELETE FROM ${store.t(table)}
       WHERE status = ${STATUS.accepted} AND is_deleted = 1
         AND modified_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY
       LIMIT ${SLICE}`,
      [olderThanDays],
    );
    removed += step;
    beat();
    if (step < SLICE) return removed;
  }
}
