import type { FeedName } from '../feeds/names.js';
import type { RoutePreset } from './feed-types.js';
import type { ResolvedSettings } from './resolve.js';
import type { Secret } from './secret.js';

/** The effective configuration: made once, at the edge of a program, and passed down. */
export interface Configuration {
  readonly commerce: CommerceSettings;
  /** The exporter's own tables. */
  readonly store: {
    readonly databaseUrl: string | undefined;
    readonly tablePrefix: string;
    /** Days that run records are kept; 0: for ever. */
    readonly auditRetentionDays: number;
  };
  /** Name of the shop among several in a Temporal namespace; '' where there is one. */
  readonly instance: string;
  readonly temporal: TemporalSettings;
  readonly service: ServiceSettings;
  readonly initialSync: 'auto' | 'off';
  readonly feeds: FeedsSettings;
  /** Fixed time of rules that depend on the date; undefined: the real one. */
  readonly now: Date | undefined;
  readonly ingestion: IngestionSettings;
  readonly dashboard: {
    readonly host: string;
    readonly port: number;
    readonly tokensFile: string | undefined;
    /** Whether it listens on more than this machine's own address. */
    readonly tokensRequired: boolean;
  };
  readonly worker: {
    /** Activities at the same time. */
    readonly concurrency: number;
    readonly shutdownGraceSeconds: number;
    /** Whether it makes the server's schedules as declared when it starts. */
    readonly applySchedules: boolean;
  };
  /** Comparisons of shop, state and service that a schedule starts. */
  readonly verification: {
    readonly schedule: 'off' | 'daily' | 'weekly';
    /** 0: no limit. */
    readonly rowsPerSecond: number;
    /** Whether what drifted is queued. */
    readonly fix: boolean;
  };
  readonly log: {
    readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
    readonly format: 'json' | 'pretty';
    /** Log every payload. */
    readonly extended: boolean;
    /** Seconds between progress records; undefined: by the length of the run. */
    readonly progressInterval: number | undefined;
    readonly profiler: boolean;
  };
  readonly alerts: {
    readonly webhookUrl: Secret | undefined;
    readonly emailTo: readonly string[];
    readonly emailFrom: string;
    readonly smtpUrl: Secret | undefined;
    /** 0: lag raises no alert. */
    readonly lagSeconds: number;
  };
  /** `port` 0: off. */
  readonly metrics: { readonly host: string; readonly port: number };
  readonly tracing: {
    /** Base URL of an OTLP/HTTP receiver; undefined: no traces. */
    readonly endpoint: string | undefined;
    readonly headers: Secret | undefined;
    readonly serviceName: string;
  };
  /** Every setting that has a value, with its origin. */
  readonly resolved: ResolvedSettings;
  /** Names of all variables there were, for hints on misspelt ones. */
  readonly variableNames: readonly string[];
}

export interface CommerceSettings {
  readonly databaseUrl: string | undefined;
  readonly tablePrefix: string;
  readonly connections: number;
  readonly envPhp: string | undefined;
  readonly configPhp: string | undefined;
  readonly configFile: string | undefined;
  /** The `CONFIG__…` variables; they may hold secrets of the shop. */
  readonly variables: Secret<Readonly<Record<string, string>>>;
  readonly edition: 'ce' | 'ee' | 'b2b' | undefined;
  readonly version: string | undefined;
  /** Stock from the inventory modules; `detect`: where their tables exist and they are not off. */
  readonly inventory: 'detect' | 'off';
  readonly capture: 'triggers' | 'compare';
  /** `user@host`; undefined: the account that installs. */
  readonly captureDefiner: string | undefined;
}

export interface TemporalSettings {
  readonly taskQueue: string;
  /** As given by a variable or the file; a profile may say it instead. */
  readonly address: string | undefined;
  readonly namespace: string | undefined;
  /** What `@temporalio/envconfig` reads, see `temporalConnectionOptions`. */
  readonly variables: Secret<Readonly<Record<string, string>>>;
}

export interface ServiceSettings {
  /** Without a slash at its end. */
  readonly url: string | undefined;
  readonly environmentId: string | undefined;
  readonly apiKey: Secret | undefined;
  /** RSA, PKCS #8, PEM. */
  readonly privateKey: Secret | undefined;
  /** Where the keys came from, if from files: these are read again when they change. */
  readonly keyFiles: {
    readonly apiKey: string | undefined;
    readonly privateKey: string | undefined;
    readonly imsClientSecret: string | undefined;
  };
  readonly credentials: 'jwt' | 'ims';
  readonly ims: {
    readonly clientSecret: Secret | undefined;
    readonly organisationId: string | undefined;
    /** Separated by commas. */
    readonly scopes: string;
    readonly tokenUrl: string;
  };
  /** PEM, of authorities that are trusted beside the usual ones. */
  readonly caFile: string | undefined;
  /** May hold a password. */
  readonly proxy: Secret<{
    readonly http: string | undefined;
    readonly https: string | undefined;
    readonly exceptions: string | undefined;
  }>;
  /** 0: no limit. */
  readonly requestsPerSecond: number;
  /** Of a segment, at once. */
  readonly requestsInFlight: number;
  /** Refusals of the same content before an item is quarantined. */
  readonly quarantineAfter: number;
  readonly routes: {
    readonly preset: RoutePreset;
    /** Paths below `url` that win over the preset; they contain `{DATA_SPACE_ID}`. */
    readonly custom: Readonly<Partial<Record<FeedName, string>>>;
  };
  /** By store view code, for catalogs in shapes of their own. */
  readonly locales: Readonly<Record<string, string>>;
  /** By website code, for the same. */
  readonly currencies: Readonly<Record<string, string>>;
  readonly scopesForm: 'wire' | 'feed';
  /** gzip. */
  readonly compression: boolean;
  readonly compressionLevel: number;
  readonly timeoutSeconds: number;
  readonly headers: Secret<Readonly<Record<string, string>>> | undefined;
  readonly jwt: {
    readonly lifetimeSeconds: number;
    /** Beside `iat` and `exp`. */
    readonly claims: Readonly<Record<string, string>>;
  };
}

export interface FeedsSettings {
  /** Feeds that are on, in the order of a full sync of all. */
  readonly enabled: readonly FeedName[];
  readonly perFeed: Readonly<Record<FeedName, FeedTuning>>;
  /** Whole items are kept in the tables of immediate feeds too. */
  readonly persistExported: boolean;
  /** orders: days that the payload of an order is kept after it was sent; undefined: always. */
  readonly orderRetentionDays: number | undefined;
  /** Days after which items that keep failing are left to people. */
  readonly retryMaxAgeDays: number;
  /** Switches of the payload. */
  readonly settings: {
    readonly extraProductAttributes: boolean;
    readonly orderDays: number;
  };
}

export interface FeedTuning {
  /** Items in a request; undefined: as in Commerce's configuration, else the feed's own. */
  readonly batchSize: number | undefined;
  /** Segments at the same time; undefined: as in Commerce's configuration, else 1. */
  readonly threadCount: number | undefined;
  /** Top-level fields taken off just before sending. */
  readonly droppedFields: readonly string[];
}

export interface IngestionSettings {
  readonly databaseUrl: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly apiKeys: Secret<readonly string[]> | undefined;
  /** RSA, SPKI, PEM; undefined: signatures are not checked. */
  readonly publicKey: string | undefined;
  /** Data spaces that are accepted; undefined: all. */
  readonly environments: readonly string[] | undefined;
  readonly maxBodyBytes: number;
  /** 0: no limit. */
  readonly requestsPerSecond: number;
  readonly concurrentRequests: number;
  /** Undefined: all. */
  readonly generations: readonly string[] | undefined;
  readonly errorForm: 'pointer' | 'index';
  /** Secrets by client id. */
  readonly clients: Secret<Readonly<Record<string, string>>> | undefined;
  readonly faultsFile: string | undefined;
  /** Whether others rely on it. */
  readonly production: boolean;
}
