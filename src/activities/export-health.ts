import { shopPlace } from '../commerce/capture/connection.js';
import { checkCapture } from '../commerce/capture/health.js';
import { parseDefiner } from '../commerce/capture/definer.js';
import type { FeedName } from '../feeds/names.js';
import { feedNamed, watchedTables } from '../feeds/registry.js';
import { allOpenCircuits, type Circuit } from '../store/circuits.js';
import { feedStatistics, type FeedStatistics } from '../store/feed-statistics.js';
import { feedsWithHeldDeletions, heldDeletions } from '../store/held-deletions.js';
import { latestRunsOf, type LatestRuns } from '../store/latest-runs.js';
import { backlogs } from '../store/pending.js';
import { quarantineCounts } from '../store/quarantine.js';
import { oldestRetry, type OldestRetry } from '../store/retries.js';
import type { ActivityDependencies } from './dependencies.js';
import { NO_CHANGES, unreadChanges, type UnreadChanges } from './unread-changes.js';

/** How one feed stands, for metrics and alerts. */
export interface FeedHealth {
  readonly feed: FeedName;
  /** Entities with changes that are not settled. */
  readonly backlog: number;
  /** Age of the oldest of these changes; 0 where none waits. */
  readonly backlogSeconds: number;
  /** Age of the oldest change, noted ones that nobody took included; 0 where none waits. */
  readonly lagSeconds: number;
  /** Items that the service has not taken and that are to be sent again. */
  readonly retries: OldestRetry;
  readonly quarantined: number;
  readonly heldDeletions: number;
  readonly items: FeedStatistics;
  readonly lastRun: LatestRuns['ended'];
}

export interface ExportHealth {
  readonly feeds: readonly FeedHealth[];
  readonly unread: UnreadChanges;
  /** Scopes of which the service refuses all requests. */
  readonly circuits: readonly Circuit[];
}

/** What health is read with. */
export type HealthSource = Pick<
  ActivityDependencies,
  'store' | 'capture' | 'commerceUrl' | 'feeds'
> & {
  readonly shop: { readonly tablePrefix?: string };
};

/** How the feeds stand by the exporter's own tables: a few index reads for each feed. */
export async function readHealth(source: HealthSource): Promise<ExportHealth> {
  const { store, capture, commerceUrl, feeds } = source;
  const place = shopPlace(commerceUrl, source.shop.tablePrefix ?? '');
  const [waiting, quarantined, held, runs, unread, circuits] = await Promise.all([
    backlogs(store),
    quarantineCounts(store),
    feedsWithHeldDeletions(store),
    latestRunsOf(store, feeds),
    capture === 'triggers' ? unreadChanges(store, place) : NO_CHANGES,
    allOpenCircuits(store),
  ]);
  return {
    unread,
    circuits,
    feeds: await Promise.all(
      feeds.map(async (feed): Promise<FeedHealth> => {
        const { name, table } = feedNamed(feed);
        const backlog = waiting.get(feed);
        return {
          feed,
          backlog: backlog?.entities ?? 0,
          backlogSeconds: backlog?.oldestSeconds ?? 0,
          lagSeconds: Math.max(backlog?.oldestSeconds ?? 0, unread.oldestSeconds),
          retries: await oldestRetry(store, table),
          quarantined: quarantined.get(feed) ?? 0,
          heldDeletions: held.includes(feed)
            ? ((await heldDeletions(store, { name, table }))?.items ?? 0)
            : 0,
          items: await feedStatistics(store, table),
          lastRun: runs.get(feed)?.ended,
        };
      }),
    ),
  };
}

/** Sentences about triggers and changelog that are not as they have to be; reads only. */
export async function captureGaps({
  store,
  capture,
  commerceUrl,
  shop,
  captureDefiner,
}: HealthSource & Pick<ActivityDependencies, 'captureDefiner'>): Promise<string[]> {
  if (capture !== 'triggers') return [];
  const { findings } = await checkCapture(store, store, {
    ...shopPlace(commerceUrl, shop.tablePrefix ?? ''),
    tables: watchedTables(),
    ...(captureDefiner === undefined ? {} : { definer: parseDefiner(captureDefiner) }),
  });
  return findings.filter(({ gap }) => gap).map(({ message }) => message);
}
