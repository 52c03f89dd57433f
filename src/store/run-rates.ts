import type { FeedName } from '../feeds/names.js';
import type { Store } from './store.js';

/** How fast a full sync was. */
export interface MeasuredRate {
  readonly runId: number;
  readonly itemsPerSecond: number;
  /** RFC 3339 without zone, UTC. */
  readonly at: string;
}

/** Runs with fewer items say more of their start and end than of their pace. */
const ENOUGH_ITEMS = 1_000;
const LATEST_RUNS = 20;

/**
 * The fastest of the latest full syncs of a feed that came to their end. The budget of requests
 * slows down runs that send much, so the fastest tells best how fast items can be collected.
 */
export async function bestRate(store: Store, feed: FeedName): Promise<MeasuredRate | undefined> {
  const rows = await store.rows<{ run_id: number; rate: string; started_at: string }>(
    `SELECT run_id, started_at,
            collected / GREATEST(TIMESTAMPDIFF(MICROSECOND, started_at, ended_at) / 1e6, 0.1) AS rate
     FROM (SELECT run_id, collected, started_at, ended_at FROM ${store.t('sync_run')}
           WHERE feed = ? AND operation = 'full sync' AND collected >= ${ENOUGH_ITEMS}
             AND outcome IN ('completed', 'completed with failures')
           ORDER BY started_at DESC LIMIT ${LATEST_RUNS}) latest
     ORDER BY rate DESC LIMIT 1`,
    [feed],
  );
  const [best] = rows;
  if (best === undefined) return undefined;
  return {
    runId: best.run_id,
    itemsPerSecond: Math.round(Number(best.rate)),
    at: best.started_at,
  };
}
