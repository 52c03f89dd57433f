import type { FeedName } from '../feeds/names.js';
import type { Store } from './store.js';

/** The newest run of a feed, and the newest that has ended. Times are UTC. */
export interface LatestRuns {
  readonly running: { readonly operation: string; readonly since: string } | undefined;
  readonly ended:
    | {
        readonly runId: number;
        readonly operation: string;
        readonly at: string;
        readonly outcome: string;
        readonly sentence: string;
      }
    | undefined;
}

interface Row {
  feed: FeedName;
  run_id: number;
  operation: string;
  started_at: string;
  ended_at: string | null;
  outcome: string | null;
  sentence: string | null;
}

/** One query for all feeds, each part of which reads the end of an index: runs are many. */
export async function latestRunsOf(
  store: Store,
  feeds: readonly FeedName[],
): Promise<ReadonlyMap<FeedName, LatestRuns>> {
  const newest = `SELECT feed, run_id, operation, started_at, ended_at, outcome, sentence
    FROM ${store.t('sync_run')} WHERE feed = ?`;
  const order = 'ORDER BY started_at DESC, run_id DESC LIMIT 1';
  const rows = await store.rows<Row>(
    feeds
      .map(() => `(${newest} ${order}) UNION ALL (${newest} AND ended_at IS NOT NULL ${order})`)
      .join(' UNION ALL '),
    feeds.flatMap((feed) => [feed, feed]),
  );
  return new Map(
    feeds.map((feed) => {
      const open = rows.find((row) => row.feed === feed && row.ended_at === null);
      const ended = rows.find((row) => row.feed === feed && row.ended_at !== null);
      return [
        feed,
        {
          running:
            open === undefined ? undefined : { operation: open.operation, since: open.started_at },
          ended:
            ended === undefined
              ? undefined
              : {
                  runId: ended.run_id,
                  operation: ended.operation,
                  at: ended.ended_at ?? '',
                  outcome: ended.outcome ?? 'unknown',
                  sentence: ended.sentence ?? '',
                },
        },
      ];
    }),
  );
}
