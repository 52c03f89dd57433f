import { mkdtempSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createConnection } from 'mysql2/promise';

import type { Environment } from './servers/commands.js';
import { loadDump } from './servers/dump.js';
import { findMariaDb } from './servers/mariadb-binaries.js';
import { startMariaDb, type MariaDb } from './servers/mariadb.js';
import { reported, type Report } from './servers/progress.js';
import { findTemporal } from './servers/temporal-binary.js';
import { startTemporalServer } from './servers/temporal-server.js';
import { generateCatalog } from './catalog/generate-catalog.js';
import type { CatalogOptions } from './catalog/options.js';
import { sandboxIdentity, type SandboxIdentity } from './identity.js';
import { isHealthy, startRole } from './roles.js';
import { workerPolls } from './worker-polls.js';

/** Names of the databases on the private server. */
const DATABASE = {
  commerce: 'commerce',
  store: 'saas_export',
  ingestion: 'saas_ingestion',
} as const;
const NAMESPACE = 'default';

export interface SandboxOptions {
  readonly environment: Environment;
  /** A Commerce dump instead of a generated catalog. */
  readonly dump?: string;
  readonly catalog: CatalogOptions;
  /** Where databases and history stay; by default they are removed at the end. */
  readonly keep?: string;
  readonly tablePrefix: string;
  /** Further settings of the roles. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Creates the exporter's tables and the triggers; part of the client. */
  readonly install: (settings: SandboxSettings) => Promise<unknown>;
  /** Puts something before the service; returns the URL that the worker is to use. */
  readonly beforeService?: (serviceUrl: string) => Promise<string>;
}

export type SandboxSettings = Readonly<Record<string, string>>;

export interface Sandbox {
  readonly directory: string;
  /** Settings with which any command reaches the sandbox. */
  readonly settings: SandboxSettings;
  readonly temporalUi: string | undefined;
  readonly serviceUrl: string;
  readonly environmentId: string;
  /** Resolves when a part of the sandbox ends by itself, with its name. */
  readonly broken: Promise<string>;
  /** Stops everything that was started, and removes what is not to be kept. */
  stop(): Promise<void>;
}

/** Starts the whole system on this machine: databases, Temporal, ingestion, worker. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { environment, keep, report, signal } = options;
  const directory =
    keep === undefined ? mkdtempSync(join(tmpdir(), 'saas-export-sandbox-')) : resolve(keep);
  await mkdir(directory, { recursive: true });
  const stops: (() => Promise<void>)[] = [];
  if (keep === undefined) stops.push(() => rm(directory, { recursive: true, force: true }));
  const stop = async (): Promise<void> => {
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) await next();
  };
  const ends: Promise<string>[] = [];
  const keepTrack = (
    name: string,
    server: { stop(): Promise<void>; readonly exited: Promise<number> },
  ): void => {
    stops.push(() => server.stop());
    ends.push(server.exited.then(() => name));
  };

  try {
    const identity = await sandboxIdentity(directory);
    const temporal = await startTemporal();
    const binaries = await findMariaDb({ environment, report, signal });
    const mariadb = await reported(report, 'Starting MariaDB', () =>
      startMariaDb({
        binaries,
        environment,
        directory: join(directory, 'mariadb'),
        durable: false,
        signal,
      }),
    );
    keepTrack('MariaDB', mariadb);
    await fillDatabases(options, mariadb);
    const settings = settingsOf(options, mariadb, temporal, identity);
    await options.install(settings);
    await writeFile(join(directory, 'sandbox.env'), environmentFile(settings), { mode: 0o600 });

    const roles = { settings, directory, signal };
    keepTrack(
      'the ingestion service',
      await reported(report, 'Starting the ingestion service', () =>
        startRole({
          ...roles,
          role: 'ingestion',
          ready: () => isHealthy(settings['SERVICE_URL'] ?? ''),
        }),
      ),
    );
    const serviceUrl = settings['SERVICE_URL'] ?? '';
    const used = (await options.beforeService?.(serviceUrl)) ?? serviceUrl;
    keepTrack(
      'the worker',
      await reported(report, 'Starting the worker', () =>
        startRole({
          ...roles,
          settings: { ...settings, SERVICE_URL: used },
          role: 'worker',
          ready: () => workerPolls(temporal.address, temporal.namespace, temporal.taskQueue),
        }),
      ),
    );
    return {
      directory,
      settings,
      temporalUi: temporal.ui,
      serviceUrl,
      environmentId: identity.environmentId,
      broken: Promise.race(ends),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }

  async function startTemporal(): Promise<TemporalPlace> {
    const address = environment['TEMPORAL_ADDRESS'];
    if (address !== undefined && address !== '') {
      const namespace = environment['TEMPORAL_NAMESPACE'] ?? NAMESPACE;
      // On a server that others use too, the workflow IDs are the sandbox's own.
      const instance = `sandbox-${process.pid}`;
      return { address, namespace, instance, taskQueue: `${instance}-saas-export`, ui: undefined };
    }
    const binary = await findTemporal({ environment, report, signal });
    const server = await reported(report, 'Starting the Temporal server', () =>
      startTemporalServer({
        binary: binary.path,
        environment,
        namespace: NAMESPACE,
        searchAttributes: {},
        logFile: join(directory, 'temporal.log'),
        ...(keep === undefined ? {} : { dbFile: join(directory, 'temporal.db') }),
        signal,
      }),
    );
    keepTrack('the Temporal server', server);
    return {
      address: server.address,
      namespace: server.namespace,
      instance: '',
      taskQueue: 'saas-export',
      ui: server.uiUrl,
    };
  }
}

interface TemporalPlace {
  readonly address: string;
  readonly namespace: string;
  readonly instance: string;
  readonly taskQueue: string;
  readonly ui: string | undefined;
}

async function fillDatabases(options: SandboxOptions, mariadb: MariaDb): Promise<void> {
  const { report, environment, signal } = options;
  const connection = await createConnection({ uri: mariadb.url('') });
  try {
    await connection.query(
      `CREATE DATABASE IF NOT EXISTS ${DATABASE.ingestion} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    );
    const [existing] = await connection.query(`SHOW DATABASES LIKE '${DATABASE.commerce}'`);
    if (Array.isArray(existing) && existing.length > 0) return;
    if (options.dump !== undefined) {
      const dump = options.dump;
      const target = { host: mariadb.host, port: mariadb.port, user: mariadb.user };
      await reported(report, 'Loading the dump', () =>
        loadDump(target, DATABASE.commerce, dump, { environment, signal }),
      );
      return;
    }
    await connection.query(`CREATE DATABASE ${DATABASE.commerce} CHARACTER SET utf8mb4`);
    await connection.query(`USE ${DATABASE.commerce}`);
    await reported(
      report,
      `Generating a catalog of ${options.catalog.products.toLocaleString('en-US')} products`,
      () => generateCatalog(connection, { ...options.catalog, tablePrefix: options.tablePrefix }),
    );
  } finally {
    await connection.end();
  }
}

function settingsOf(
  options: SandboxOptions,
  mariadb: MariaDb,
  temporal: TemporalPlace,
  identity: SandboxIdentity,
): Record<string, string> {
  return {
    COMMERCE_DATABASE_URL: mariadb.url(DATABASE.commerce),
    COMMERCE_TABLE_PREFIX: options.tablePrefix,
    EXPORT_DATABASE_URL: mariadb.url(DATABASE.store),
    EXPORT_INSTANCE: temporal.instance,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TEMPORAL_TASK_QUEUE: temporal.taskQueue,
    SERVICE_URL: `http://127.0.0.1:${identity.ingestionPort}`,
    SERVICE_ENVIRONMENT_ID: identity.environmentId,
    SERVICE_API_KEY: identity.apiKey,
    SERVICE_PRIVATE_KEY_FILE: identity.privateKeyFile,
    SERVICE_REQUESTS_PER_SECOND: '0',
    INGESTION_DATABASE_URL: mariadb.url(DATABASE.ingestion),
    INGESTION_PORT: String(identity.ingestionPort),
    INGESTION_API_KEYS: identity.apiKey,
    INGESTION_PUBLIC_KEY_FILE: identity.publicKeyFile,
    ...options.settings,
  };
}

function environmentFile(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
}
