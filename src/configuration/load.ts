import { FEED_NAMES, type FeedName } from '../feeds/names.js';
import { readConfigurationFile } from './configuration-file.js';
import type { Configuration, FeedsSettings, FeedTuning } from './configuration.js';
import { absence, fileOf, invalidConfiguration } from './problems.js';
import { resolveSettings, type ResolvedSettings } from './resolve.js';
import { Secret } from './secret.js';
import { allSettings, type SettingName, type SettingValues } from './settings.js';
import { feedSettingName } from './settings/feeds.js';
import {
  misnamedVariables,
  readDotEnv,
  variablesSource,
  type Source,
  type Variables,
} from './sources.js';
import { temporalVariables } from './temporal.js';

export interface LoadOptions {
  readonly environment: Variables;
  /** Where `.env` and the configuration file are looked for, and relative paths start. */
  readonly workingDirectory: string;
  /** Settings given on the command line; they win over everything. */
  readonly flags?: Readonly<Partial<Record<SettingName, string>>>;
  /** The configuration file, where it is not the one in the working directory. */
  readonly configFile?: string;
  /** Whether a person reads the logs. Default false. */
  readonly terminal?: boolean;
  /** Settings that have to be there. `requireSettings` then gives their values. Default: none. */
  readonly required?: readonly SettingName[];
}

/** Settings as they were found, with what is wrong with them. */
export interface ReadSettings {
  /** Without those whose values were refused. */
  readonly resolved: ResolvedSettings;
  readonly variables: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/**
 * Reads the configuration: flags, then environment variables, `.env`, the configuration file,
 * defaults.
 *
 * @throws ExportError SDE10-01 with all problems at once.
 */
export async function loadConfiguration(options: LoadOptions): Promise<Configuration> {
  const { resolved, variables, problems } = await readSettings(options);
  if (problems.length > 0) throw invalidConfiguration(problems);
  return toConfiguration(resolved, variables);
}

/** The same for those who want to see what is wrong. */
export async function readSettings(options: LoadOptions): Promise<ReadSettings> {
  const { environment, workingDirectory: directory, flags = {}, terminal = false } = options;
  const problems: string[] = [];
  const dotEnv = await readDotEnv(directory, problems);
  const file = await readConfigurationFile(directory, options.configFile, problems);
  const sources = [
    variablesSource('flag', flags, directory),
    variablesSource('environment', environment, directory),
    variablesSource('.env', dotEnv, directory),
    ...(file === undefined ? [] : [file]),
  ];
  const resolved = resolveSettings(sources, terminal, problems);
  problems.push(...sources.flatMap(misnamedVariables));
  const variables = defined({ ...dotEnv, ...environment });
  for (const name of options.required ?? []) {
    if (isAbsent(name, resolved, sources, problems.length > 0)) {
      problems.push(absence(name, Object.keys(variables)));
    }
  }
  return { resolved, variables, problems };
}

/** Neither there nor refused, nor to be made from another setting that may have been refused. */
function isAbsent(
  name: SettingName,
  resolved: ResolvedSettings,
  sources: readonly Source[],
  anyProblem: boolean,
): boolean {
  if (resolved.has(name)) return false;
  const names = [name, fileOf(name)];
  if (sources.some(({ values }) => names.some((each) => values.has(each ?? '')))) return false;
  return !anyProblem || allSettings.get(name)?.defaultFrom === undefined;
}

function toConfiguration(
  resolved: ResolvedSettings,
  variables: Readonly<Record<string, string>>,
): Configuration {
  // Each value was made by the type that `SettingValues` is derived from.
  const values = Object.fromEntries(
    [...resolved].map(([name, { value }]) => [name, value]),
  ) as SettingValues;
  return {
    commerce: {
      databaseUrl: values.COMMERCE_DATABASE_URL,
      tablePrefix: values.COMMERCE_TABLE_PREFIX,
      connections: values.COMMERCE_DATABASE_CONNECTIONS,
      envPhp: values.COMMERCE_ENV_PHP,
      configPhp: values.COMMERCE_CONFIG_PHP,
      configFile: values.COMMERCE_CONFIG_FILE,
      variables: new Secret(
        Object.fromEntries(Object.entries(variables).filter(([name]) => /^CONFIG__/i.test(name))),
      ),
      edition: values.COMMERCE_EDITION,
      version: values.COMMERCE_VERSION,
      inventory: values.INVENTORY,
      capture: values.CAPTURE,
      captureDefiner: values.CAPTURE_DEFINER,
    },
    store: {
      databaseUrl: values.EXPORT_DATABASE_URL,
      tablePrefix: values.EXPORT_TABLE_PREFIX,
      auditRetentionDays: values.AUDIT_RETENTION_DAYS,
    },
    instance: values.EXPORT_INSTANCE,
    temporal: {
      taskQueue: values.TEMPORAL_TASK_QUEUE,
      address: values.TEMPORAL_ADDRESS,
      namespace: values.TEMPORAL_NAMESPACE,
      variables: new Secret(temporalVariables(resolved, variables)),
    },
    service: {
      url: values.SERVICE_URL,
      environmentId: values.SERVICE_ENVIRONMENT_ID,
      apiKey: values.SERVICE_API_KEY,
      privateKey: values.SERVICE_PRIVATE_KEY,
      keyFiles: {
        apiKey: values.SERVICE_API_KEY_FILE,
        privateKey: values.SERVICE_PRIVATE_KEY_FILE,
        imsClientSecret: values.SERVICE_IMS_CLIENT_SECRET_FILE,
      },
      credentials: values.SERVICE_CREDENTIALS,
      ims: {
        clientSecret: values.SERVICE_IMS_CLIENT_SECRET,
        organisationId: values.SERVICE_IMS_ORG_ID,
        scopes: values.SERVICE_IMS_SCOPES,
        tokenUrl: values.SERVICE_IMS_TOKEN_URL,
      },
      caFile: values.SERVICE_CA_FILE,
      proxy: new Secret({
        http: variables['http_proxy'] ?? variables['HTTP_PROXY'],
        https: variables['https_proxy'] ?? variables['HTTPS_PROXY'],
        exceptions: variables['no_proxy'] ?? variables['NO_PROXY'],
      }),
      requestsPerSecond: values.SERVICE_REQUESTS_PER_SECOND,
      requestsInFlight: values.SERVICE_REQUESTS_IN_FLIGHT,
      quarantineAfter: values.QUARANTINE_AFTER,
      routes: values.SERVICE_ROUTES,
      locales: values.SERVICE_LOCALES ?? {},
      currencies: values.SERVICE_CURRENCIES ?? {},
      scopesForm: values.SERVICE_SCOPES_FORM,
      compression: values.SERVICE_COMPRESSION === 'gzip',
      compressionLevel: values.SERVICE_COMPRESSION_LEVEL,
      timeoutSeconds: values.SERVICE_TIMEOUT_SECONDS,
      headers: values.SERVICE_HEADERS,
      jwt: {
        lifetimeSeconds: values.SERVICE_JWT_LIFETIME_SECONDS,
        claims: values.SERVICE_JWT_CLAIMS ?? {},
      },
    },
    initialSync: values.INITIAL_SYNC,
    feeds: feedsSettings(values, resolved),
    now: values.EXPORTER_NOW,
    ingestion: {
      databaseUrl: values.INGESTION_DATABASE_URL,
      host: values.INGESTION_HOST,
      port: values.INGESTION_PORT,
      apiKeys: values.INGESTION_API_KEYS,
      publicKey: values.INGESTION_PUBLIC_KEY,
      environments: values.INGESTION_ENVIRONMENTS,
      maxBodyBytes: values.INGESTION_MAX_BODY_MEGABYTES * 1024 * 1024,
      requestsPerSecond: values.INGESTION_REQUESTS_PER_SECOND,
      concurrentRequests: values.INGESTION_CONCURRENT_REQUESTS,
      generations: values.INGESTION_GENERATIONS,
      errorForm: values.INGESTION_ERROR_FORM,
      clients: values.INGESTION_CLIENTS,
      faultsFile: values.INGESTION_FAULTS_FILE,
      production: values.NODE_ENV === 'production',
    },
    dashboard: {
      host: values.DASHBOARD_HOST,
      port: values.DASHBOARD_PORT,
      tokensFile: values.DASHBOARD_TOKENS_FILE,
      tokensRequired: !/^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(values.DASHBOARD_HOST),
    },
    worker: {
      concurrency: values.WORKER_CONCURRENCY,
      shutdownGraceSeconds: values.WORKER_SHUTDOWN_GRACE_SECONDS,
      applySchedules: values.APPLY_SCHEDULES,
    },
    verification: {
      schedule: values.VERIFY_SCHEDULE,
      rowsPerSecond: values.VERIFY_ROWS_PER_SECOND,
      fix: values.VERIFY_FIX,
    },
    log: {
      level: values.LOG_LEVEL,
      format: values.LOG_FORMAT,
      extended: values.EXPORTER_EXTENDED_LOG,
      progressInterval: values.EXPORTER_LOG_PROGRESS_INTERVAL,
      profiler: values.EXPORTER_PROFILER,
    },
    alerts: {
      webhookUrl: values.ALERT_WEBHOOK_URL,
      emailTo: values.ALERT_EMAIL_TO ?? [],
      emailFrom: values.ALERT_EMAIL_FROM,
      smtpUrl: values.ALERT_SMTP_URL,
      lagSeconds: values.ALERT_LAG_SECONDS,
    },
    metrics: { host: values.METRICS_HOST, port: values.METRICS_PORT },
    tracing: {
      endpoint: values.OTEL_SDK_DISABLED ? undefined : values.OTEL_EXPORTER_OTLP_ENDPOINT,
      headers: values.OTEL_EXPORTER_OTLP_HEADERS,
      serviceName: values.OTEL_SERVICE_NAME,
    },
    resolved,
    variableNames: Object.keys(variables),
  };
}

function feedsSettings(values: SettingValues, resolved: ResolvedSettings): FeedsSettings {
  const order = [...new Set([...values.FULL_SYNC_ORDER, ...FEED_NAMES])];
  const tuning = FEED_NAMES.map((feed) => [feed, tuningOf(feed, resolved)] as const);
  return {
    enabled: order.filter((feed) => values.FEEDS.includes(feed)),
    perFeed: Object.fromEntries(tuning) as Record<FeedName, FeedTuning>,
    persistExported: values.PERSIST_EXPORTED_FEED,
    orderRetentionDays: values.ORDERS_RETENTION_DAYS,
    retryMaxAgeDays: values.RETRY_MAX_AGE_DAYS,
    settings: {
      extraProductAttributes: values.EXTRA_PRODUCT_ATTRIBUTES,
      orderDays: values.ORDERS_DAYS,
    },
  };
}

function tuningOf(feed: FeedName, resolved: ResolvedSettings): FeedTuning {
  const value = (aspect: 'BATCH_SIZE' | 'THREAD_COUNT' | 'DROPPED_FIELDS'): unknown =>
    resolved.get(feedSettingName(feed, aspect))?.value;
  const batchSize = value('BATCH_SIZE');
  const threadCount = value('THREAD_COUNT');
  const droppedFields = value('DROPPED_FIELDS');
  return {
    batchSize: typeof batchSize === 'number' ? batchSize : undefined,
    threadCount: typeof threadCount === 'number' ? threadCount : undefined,
    droppedFields: Array.isArray(droppedFields) ? droppedFields.map(String) : [],
  };
}

function defined(variables: Variables): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
