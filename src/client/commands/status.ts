import { CommerceDatabase } from '../../commerce/database.js';
import { readShop } from '../../commerce/shop.js';
import { requireSettings } from '../../configuration/require.js';
import { missingTables } from '../../feeds/availability.js';
import { allFeeds } from '../../feeds/registry.js';
import { feedStatistics, type FeedStatistics } from '../../store/feed-statistics.js';
import { requireMigrated } from '../../store/migrate.js';
import { latestRuns } from '../../store/runs.js';
import { Store } from '../../store/store.js';
import { shopOptions } from '../../worker/shop-options.js';
import { configurationFor, print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { table } from '../table.js';

/** One feed as `status --json` prints it. */
export interface FeedStatus extends FeedStatistics {
  readonly feed: string;
  /** Whether this edition of Commerce has the feed's tables. */
  readonly available: boolean;
  /** What a full sync covers. */
  readonly sourceRecords: number;
  /** The operation that works on the feed now. */
  readonly running: string | null;
  readonly lastRun: {
    readonly at: string;
    readonly outcome: string;
    readonly sentence: string;
  } | null;
}

/** Prints how each feed stands, by the exporter's own state. */
export async function status(flags: ConnectionFlags & JsonFlag): Promise<void> {
  const configuration = await configurationFor(flags);
  const required = requireSettings(configuration, ['COMMERCE_DATABASE_URL', 'EXPORT_DATABASE_URL']);
  const options = await shopOptions(configuration);
  const clock = (): Date => configuration.now ?? new Date();
  const commerce = new CommerceDatabase({ url: required.COMMERCE_DATABASE_URL, connections: 1 });
  const store = new Store({
    databaseUrl: required.EXPORT_DATABASE_URL,
    tablePrefix: configuration.store.tablePrefix,
    connections: 2,
  });
  try {
    await requireMigrated(
      store,
      allFeeds().map((feed) => feed.table),
    );
    const sources = await commerce.snapshot(async (read) => {
      const shop = await readShop(read, options);
      const counts = new Map<string, number | undefined>();
      for (const feed of allFeeds()) {
        const available = missingTables(shop, feed).length === 0;
        if (!available) continue;
        const source = feed.source({ shop, clock, settings: configuration.feeds.settings });
        const where = source.where === undefined ? '' : `WHERE ${source.where}`;
        const row = await read.row<[number]>(
          `SELECT COUNT(*) FROM ${shop.t(source.table)} ${where}`,
        );
        counts.set(feed.name, row?.[0]);
      }
      return counts;
    });
    const rows: FeedStatus[] = [];
    for (const feed of allFeeds()) {
      const [newest] = await latestRuns(store, { feed: feed.name, limit: 1 });
      const ended = (await latestRuns(store, { feed: feed.name, limit: 10 })).find(
        (run) => run.endedAt !== undefined,
      );
      rows.push({
        feed: feed.name,
        available: sources.has(feed.name),
        sourceRecords: sources.get(feed.name) ?? 0,
        ...(await feedStatistics(store, feed.table)),
        running: newest !== undefined && newest.endedAt === undefined ? newest.operation : null,
        lastRun:
          ended?.endedAt === undefined
            ? null
            : {
                at: ended.endedAt,
                outcome: ended.outcome ?? 'unknown',
                sentence: ended.sentence ?? '',
              },
      });
    }
    print(flags.json, rows, () => statusTable(rows));
  } finally {
    await Promise.all([commerce.close(), store.close()]);
  }
}

function statusTable(rows: readonly FeedStatus[]): string {
  return table(
    ['feed', 'source', 'sent', 'failed', 'to retry', 'waiting', 'deleted', 'now', 'last run'],
    rows.map((row) => [
      row.feed,
      row.sourceRecords,
      row.accepted,
      row.failed,
      row.retry,
      row.waiting,
      row.deleted,
      row.available ? (row.running ?? 'idle') : 'not available in this edition',
      row.lastRun === null ? 'never' : `${row.lastRun.at.slice(0, 19)} ${row.lastRun.outcome}`,
    ]),
  );
}
