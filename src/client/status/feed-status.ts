import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import type { Configuration } from '../../configuration/configuration.js';
import { missingTables } from '../../feeds/availability.js';
import type { SourceContext } from '../../feeds/feed.js';
import type { FeedName } from '../../feeds/names.js';
import { allFeeds } from '../../feeds/registry.js';
import { feedStatistics, type FeedStatistics } from '../../store/feed-statistics.js';
import { latestRunsOf } from '../../store/latest-runs.js';
import { backlogs } from '../../store/pending.js';
import type { Store } from '../../store/store.js';

/** One feed as `status --json` prints it. Times are UTC. */
export interface FeedStatus extends FeedStatistics {
  readonly feed: string;
  /** Whether this edition of Commerce has the feed's tables. */
  readonly available: boolean;
  /** What a full sync covers. */
  readonly sourceRecords: number;
  /** Items that kept failing and were set aside; null where quarantine is not kept. */
  readonly quarantined: number | null;
  /** Entities with changes that are not settled. */
  readonly backlog: number;
  /** Age of the oldest change that is not settled; 0 where none waits. */
  readonly lagSeconds: number;
  /** The operation that works on the feed now. */
  readonly running: string | null;
  readonly runningSince: string | null;
  readonly lastRun: {
    readonly runId: number;
    readonly operation: string;
    readonly at: string;
    readonly outcome: string;
    readonly sentence: string;
  } | null;
}

/** Changes of the shop that have not been turned into entities yet. */
export interface UnreadChanges {
  readonly changes: number;
  /** Age of the oldest; 0 where there is none. */
  readonly oldestSeconds: number;
}

export interface StatusOptions {
  readonly store: Store;
  readonly configuration: Configuration;
  /** The changelog, which concerns all feeds until it is read. Default: none is kept. */
  readonly unreadChanges?: () => Promise<UnreadChanges>;
  /** Items in quarantine by feed. Default: none is kept. */
  readonly quarantine?: () => Promise<ReadonlyMap<FeedName, number>>;
}

/** How each feed stands, by the shop and by the exporter's own state; Temporal is not asked. */
export async function readStatus(
  shop: Shop,
  read: Read,
  { store, configuration, unreadChanges, quarantine }: StatusOptions,
): Promise<FeedStatus[]> {
  const feeds = allFeeds();
  const [sources, runs, waiting, statistics, unread, quarantined] = await Promise.all([
    sourceCounts(shop, read, configuration),
    latestRunsOf(
      store,
      feeds.map(({ name }) => name),
    ),
    backlogs(store),
    Promise.all(feeds.map((feed) => feedStatistics(store, feed.table))),
    unreadChanges?.(),
    quarantine?.(),
  ]);
  return feeds.map((feed, index) => {
    const { running, ended } = runs.get(feed.name) ?? {};
    const backlog = waiting.get(feed.name);
    return {
      feed: feed.name,
      available: sources.has(feed.name),
      sourceRecords: sources.get(feed.name) ?? 0,
      ...(statistics[index] ?? NO_ITEMS),
      quarantined: quarantined === undefined ? null : (quarantined.get(feed.name) ?? 0),
      backlog: backlog?.entities ?? 0,
      lagSeconds: Math.max(backlog?.oldestSeconds ?? 0, unread?.oldestSeconds ?? 0),
      running: running?.operation ?? null,
      runningSince: running?.since ?? null,
      lastRun: ended ?? null,
    };
  });
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
    if (missingTables(shop, feed).length > 0) continue;
    const source = feed.source(context);
    const where = source.where === undefined ? '' : `WHERE ${source.where}`;
    const sql = `SELECT COUNT(*) FROM ${shop.t(source.table)} ${where}`;
    const count = counted.get(sql) ?? (await read.row<[number]>(sql))?.[0] ?? 0;
    counted.set(sql, count);
    counts.set(feed.name, count);
  }
  return counts;
}
