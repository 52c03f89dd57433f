import type { CommerceDatabase } from '../commerce/database.js';
import type { ShopOptions } from '../commerce/shop.js';
import type { Feed, FeedSettings } from '../feeds/feed.js';
import type { FeedName } from '../feeds/names.js';
import type { Deliverer } from '../publishing/deliverer.js';
import type { ComparableService } from '../publishing/service-reader.js';
import type { DataSpace } from '../store/binding.js';
import type { Store } from '../store/store.js';
import type { Alerting } from './alerts.js';
import type { Observer } from './observer.js';
import type { ActivityLog } from './run-log.js';
import type { ServicePace } from './service-pace.js';

/** What activities work with; the composition root makes it once. */
export interface ActivityDependencies {
  readonly commerce: CommerceDatabase;
  /** Where the Commerce schema is; the store's connections reach it too. */
  readonly commerceUrl: string;
  readonly capture: 'triggers' | 'compare';
  /** Account as which triggers run, `user@host`. Default: the one that makes them. */
  readonly captureDefiner?: string | undefined;
  /** Whether feeds that never ran are exported by themselves. */
  readonly initialSync: 'auto' | 'off';
  readonly store: Store;
  readonly deliverer: Deliverer;
  /** What the service holds of a feed, for verification. Default: it is not compared. */
  readonly comparableService?: ((feed: Feed) => Promise<ComparableService>) | undefined;
  readonly sending: {
    /** Requests that a segment has in flight at once. */
    readonly requestsInFlight: number;
    /** How long a request may take. */
    readonly requestSeconds: number;
    /** Refusals of the same content before an item is quarantined. */
    readonly quarantineAfter: number;
    /** Default: each run finds out for itself. */
    readonly pace?: ServicePace;
  };
  readonly shop: ShopOptions;
  readonly feedSettings: FeedSettings;
  /** Whole items are kept in the tables of immediate feeds too. Default false. */
  readonly persistExported?: boolean | undefined;
  /** orders: days after which the payload of an order that was sent is removed. Default: never. */
  readonly orderRetentionDays?: number | undefined;
  /** Items that have failed for longer are left to people. */
  readonly retryMaxAgeDays: number;
  /** Days that run records are kept. Default 0: for ever. */
  readonly auditRetentionDays?: number | undefined;
  readonly clock: () => Date;
  readonly dataSpace: DataSpace;
  /** Feeds that are on, in the order of a full sync of all. */
  readonly feeds: readonly FeedName[];
  /** Settings of a feed; undefined: as the shop is configured, else the default. */
  readonly feedOptions: (feed: FeedName) => {
    readonly batchSize: number | undefined;
    readonly threadCount: number | undefined;
    /** Top-level fields taken off just before sending. */
    readonly droppedFields: readonly string[];
  };
  /** The name that tells shops apart in one Temporal namespace; '' for the only one. */
  readonly instance: string;
  readonly codeVersion: string;
  /** Whether items take their wire form when they are sent. */
  readonly wireForms: boolean;
  readonly log: ActivityLog;
  /** Looks for conditions people should know of. Default: nobody is told. */
  readonly alerting?: Alerting | undefined;
  /** Told what is done, for metrics and the profiler. Default: nobody is. */
  readonly observer?: Observer | undefined;
}
