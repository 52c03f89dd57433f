import { shopSetting } from '../../activities/shop-settings.js';
import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import type { Configuration } from '../../configuration/configuration.js';
import { isAvailable } from '../../feeds/availability.js';
import type { Feed, SourceContext } from '../../feeds/feed.js';
import { bestRate, type MeasuredRate } from '../../store/run-rates.js';
import type { Store } from '../../store/store.js';
import { durationOf, totalDuration, type Duration } from './duration.js';
import { countRecords } from './records.js';

/** What `estimate --json` prints: a full sync that sends everything, as the first one does. */
export interface Estimate {
  readonly requestsPerSecond: number;
  readonly feeds: readonly FeedEstimate[];
  readonly total: Duration & { readonly records: number };
}

export interface FeedEstimate extends Duration {
  readonly feed: string;
  /** Whether this edition of Commerce has the feed's tables. */
  readonly available: boolean;
  readonly records: number;
  /** How the records were counted, for people. */
  readonly formula: string;
  readonly batchSize: number;
  /** The fastest of the latest full syncs; null where none was long enough to tell. */
  readonly measured: MeasuredRate | null;
}

/** Counts and computes, in one snapshot of the shop; nothing is collected. */
export async function estimateFeeds(
  shop: Shop,
  read: Read,
  {
    store,
    feeds,
    configuration,
  }: {
    readonly store: Store;
    readonly feeds: readonly Feed[];
    readonly configuration: Configuration;
  },
): Promise<Estimate> {
  const { requestsPerSecond } = configuration.service;
  const context: SourceContext = {
    shop,
    clock: () => configuration.now ?? new Date(),
    settings: configuration.feeds.settings,
  };
  const estimates: FeedEstimate[] = [];
  for (const feed of feeds) {
    const available = isAvailable(shop, feed);
    const { records, formula } = available
      ? await countRecords(read, context, feed)
      : { records: 0, formula: 'not available in this shop' };
    const measured = await bestRate(store, feed.name);
    const batchSize =
      configuration.feeds.perFeed[feed.name].batchSize ??
      shopSetting(shop, feed.name, 'batch_size') ??
      feed.batchSize;
    estimates.push({
      feed: feed.name,
      available,
      records,
      formula,
      batchSize,
      measured: measured ?? null,
      ...durationOf({
        records,
        batchSize,
        requestsPerSecond,
        itemsPerSecond: measured?.itemsPerSecond,
      }),
    });
  }
  return {
    requestsPerSecond,
    feeds: estimates,
    total: {
      records: estimates.reduce((sum, each) => sum + each.records, 0),
      ...totalDuration(estimates),
    },
  };
}
