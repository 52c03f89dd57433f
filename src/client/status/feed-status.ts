import { NO_CHANGES, unreadChanges, type UnreadChanges } from '../../activities/unread-changes.js';
import { shopPlace } from '../../commerce/capture/connection.js';
import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import type { Configuration } from '../../configuration/configuration.js';
import { isAvailable } from '../../feeds/availability.js';
import type { Feed, SourceContext } from '../../feeds/feed.js';
import type { FeedName } from '../../feeds/names.js';
import { allFeeds, feedNamed } from '../../feeds/registry.js';
import { feedStatistics, type FeedStatistics } from '../../store/feed-statistics.js';
import { feedsWithHeldDeletions, heldDeletions } from '../../store/held-deletions.js';
import { latestRunsOf } from '../../store/latest-runs.js';
import { backlogs } from '../../store/pending.js';
import { quarantineCounts } from '../../store/quarantine.js';
import type { Store } from '../../store/store.js';
import type { RuntimeReader, ScheduleState } from './runtime.js';

/** One feed as `status --json` prints it. Times are UTC. */
export interface FeedStatus extends FeedStatistics {
  readonly feed: string;
  /** Whether this edition of Commerce has the feed's tables. */
  readonly available: boolean;
  /** What a full sync covers. */
  readonly sourceRecords: number;
  /** Items that the service keeps refusing, and that wait until their content changes. */
  readonly quarantined: number;
  /** Deletions that wait for a person's approval, because they are so many. */
  readonly heldDeletions: number;
  /** Entities with changes that are not settled. */
  readonly backlog: number;
  /** Noted changes of the shop that nobody has taken yet; they may concern any feed. */
  readonly unreadChanges: number;
  /** Age of the oldest change that is not settled; 0 where none waits. */
  readonly lagSeconds: number;
  /** The operation that works on the feed now. */
  readonly running: string | null;
  readonly runningSince: string | null;
  /** What the running operation does now, by its workflow; null where none runs or answers. */
  readonly phase: string | null;
  /** Set while a person has stopped the running operation. */
  readonly paused: { readonly by: string | null; readonly reason: string | null } | null;
  /** Why the running operation sends nothing just now; null where it does. */
  readonly waitsFor: string | null;
  readonly lastRun: {
    readonly runId: number;
    readonly operation: string;
    readonly at: string;
    readonly outcome: string;
    readonly sentence: string;
  } | null;
  /** Schedules that start its operations; null where the Temporal server does not answer. */
  readonly schedules: readonly ScheduleState[] | null;
}

export interface StatusOptions {
  readonly store: Store;
  readonly configuration: Configuration;
  /** What Temporal knows beside. Default: it is not asked. */
  readonly runtime?: RuntimeReader;
}

/** How each feed stands, by the shop, the exporter's own state, and Temporal where it answers. */
export async function readStatus(
  shop: Shop,
  read: Read,
  { store, configuration, runtime }: StatusOptions,
): Promise<FeedStatus[]> {
  const feeds = allFeeds();
  const [sources, runs, waiting, statistics, unread, quarantined, held] = await Promise.all([
    sourceCounts(shop, read, configuration),
    latestRunsOf(
      store,
      feeds.map(({ name }) => name),
    ),
    backlogs(store),
    Promise.all(feeds.map((feed) => feedStatistics(store, feed.table))),
    unreadChangesOf(store, configuration),
    quarantineCounts(store),
    heldCounts(store),
  ]);
  const live = await runtime?.(
    feeds.filter(({ name }) => runs.get(name)?.running !== undefined).map(({ name }) => name),
  );
  return feeds.map((feed, index) => {
    const { running, ended } = runs.get(feed.name) ?? {};
    const backlog = waiting.get(feed.name);
    return {
      feed: feed.name,
      available: sources.has(feed.name),
      sourceRecords: sources.get(feed.name) ?? 0,
      ...(statistics[index] ?? NO_ITEMS),
      quarantined: quarantined.get(feed.name) ?? 0,
      heldDeletions: held.get(feed.name) ?? 0,
      backlog: backlog?.entities ?? 0,
      unreadChanges: unread.changes,
      lagSeconds: Math.max(backlog?.oldestSeconds ?? 0, unread.oldestSeconds),
      running: running?.operation ?? null,
      runningSince: running?.since ?? null,
      phase: live?.runs.get(feed.name)?.phase ?? null,
      paused: live?.runs.get(feed.name)?.paused ?? null,
      waitsFor: live?.runs.get(feed.name)?.waitsFor ?? null,
      lastRun: ended ?? null,
      schedules:
        live?.schedules.filter(({ name }) => SCHEDULES_OF[feed.mode].includes(name)) ?? null,
    };
  });
}

/** Schedules that start operations of a feed, by its mode. */
const SCHEDULES_OF: Readonly<Record<Feed['mode'], readonly string[]>> = {
  immediate: ['partial-sync', 'retry-failed', 'cleanup-deleted', 'verify', 'compare'],
  legacy: ['partial-sync', 'publish-legacy', 'cleanup-deleted', 'verify', 'compare'],
};

async function heldCounts(store: Store): Promise<ReadonlyMap<FeedName, number>> {
  const held = (await feedsWithHeldDeletions(store)).map(feedNamed);
  const counts = await Promise.all(
    held.map(async (feed) => (await heldDeletions(store, feed))?.items ?? 0),
  );
  return new Map(held.map(({ name }, index) => [name, counts[index] ?? 0]));
}

async function unreadChangesOf(store: Store, { commerce }: Configuration): Promise<UnreadChanges> {
  if (commerce.capture !== 'triggers' || commerce.databaseUrl === undefined) return NO_CHANGES;
  return unreadChanges(store, shopPlace(commerce.databaseUrl, commerce.tablePrefix));
}

const NO_ITEMS: FeedStatistics = { accepted: 0, failed: 0, retry: 0, waiting: 0, deleted: 0 };

/** Source records by feed, of those that this edition has; what several feeds share is counted once. */
async function sourceCounts(
  shop: Shop,
  read: Read,
  configuration: Configuration,
): Promise<ReadonlyMap<FeedName, number>> {
  const context: SourceContext = {
    shop,
    clock: () => configuration.now ?? new Date(),
    settings: configuration.feeds.settings,
  };
  const counted = new Map<string, number>();
  const counts = new Map<FeedName, number>();
  for (const feed of allFeeds()) {
    if (!isAvailable(shop, feed)) continue;
    const source = feed.source(context);
    const where = source.where === undefined ? '' : `WHERE ${source.where}`;
    const sql = `SELECT COUNT(*) FROM ${shop.t(source.table)} ${where}`;
    const count = counted.get(sql) ?? (await read.row<[number]>(sql))?.[0] ?? 0;
    counted.set(sql, count);
    counts.set(feed.name, count);
  }
  return counts;
}
