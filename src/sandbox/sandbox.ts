import { mkdtempSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createConnection } from 'mysql2/promise';

import { loadConfiguration } from '../configuration/load.js';
import type { TemporalConnectionOptions } from '../configuration/temporal.js';
import { ExportError } from '../errors/export-error.js';
import type { Environment } from './servers/commands.js';
import { findMariaDb } from './servers/mariadb-binaries.js';
import { startMariaDb, type MariaDb } from './servers/mariadb.js';
import { isFreePort } from './servers/ports.js';
import { reported, type Report } from './servers/progress.js';
import { findTemporal } from './servers/temporal-binary.js';
import { startTemporalServer } from './servers/temporal-server.js';
import type { CatalogOptions } from './catalog/options.js';
import { fillShop } from './fill-shop.js';
import { sandboxIdentity, type SandboxIdentity } from './identity.js';
import { passedSettings } from './passed-settings.js';
import { isHealthy, startRole } from './roles.js';
import {
  leavePlace,
  privatePlace,
  reachTemporal,
  sharedPlace,
  type TemporalPlace,
} from './temporal-place.js';
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
  readonly temporal: TemporalConnectionOptions;
  readonly temporalUi: string | undefined;
  readonly serviceUrl: string;
  readonly environmentId: string;
  /** Resolves when a part of the sandbox ends by itself, with its name. */
  readonly broken: Promise<string>;
  /** Stops everything that was started, and removes what is not to be kept. */
  stop(): Promise<void>;
}

/**
 * Starts the whole system on this machine: databases, Temporal, ingestion, worker. `TEMPORAL_…`
 * names a running Temporal server instead of a private one.
 *
 * @throws ExportError SDE10-01 for settings of the roles, SDE20-04 when the Temporal server that
 *   was named cannot be reached; nothing was started then.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { environment, keep, report, signal } = options;
  const passed = { ...passedSettings(environment), ...options.settings };
  const { TEMPORAL_ADDRESS: givenAddress = '' } = environment;
  const configuration = await loadConfiguration({
    environment: { ...passed, ...(givenAddress === '' ? {} : temporalEnvironment(environment)) },
    workingDirectory: process.cwd(),
  });
  const given = givenAddress === '' ? undefined : await reachTemporal(configuration);
  const directory =
    keep === undefined ? mkdtempSync(join(tmpdir(), 'saas-export-sandbox-')) : resolve(keep);
  await mkdir(directory, { recursive: true });
  const stops: (() => Promise<void>)[] = [];
  if (keep === undefined) stops.push(() => rm(directory, { recursive: true, force: true }));
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    // What cannot be stopped must not keep the others running.
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) {
      await next().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
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
    await requireFreePort(identity, directory);
    const temporal = await findPlace(identity);
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
    await fillDatabases(options, mariadb, directory);
    const settings = settingsOf(options.tablePrefix, mariadb, temporal, identity, passed);
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
          ready: () => workerPolls(temporal.connection, temporal.taskQueue),
        }),
      ),
    );
    return {
      directory,
      settings,
      temporal: temporal.connection,
      temporalUi: temporal.ui,
      serviceUrl,
      environmentId: identity.environmentId,
      broken: Promise.race(ends),
      stop,
    };
  } catch (error) {
    // The first failure counts, not what it keeps from being stopped.
    await stop().catch(() => undefined);
    throw error;
  }

  async function findPlace({ environmentId }: SandboxIdentity): Promise<TemporalPlace> {
    if (given !== undefined) {
      const instance = `sandbox-${environmentId.slice(0, 8)}`;
      const place = sharedPlace(configuration, given, instance);
      // Started later, the worker is stopped before, so that nothing comes anew.
      stops.push(() => leavePlace(place, configuration.commerce.capture));
      return place;
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
    return privatePlace(server);
  }
}

/** What names a running Temporal server, and where its profiles are. */
function temporalEnvironment(environment: Environment): Environment {
  const theirs = /^(TEMPORAL_\w+|HOME|XDG_CONFIG_HOME|APPDATA)$/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => theirs.test(name)));
}

/** @throws ExportError SDE20-05 where the port of a kept sandbox was taken meanwhile. */
async function requireFreePort(
  { ingestionPort }: SandboxIdentity,
  directory: string,
): Promise<void> {
  if (await isFreePort(ingestionPort)) return;
  throw new ExportError('SDE20-05', {
    message: `Port ${ingestionPort} is in use; the ingestion service of the sandbox in ${directory} listens there.`,
    cure: 'Stop the other program: the state that was kept belongs to this port.',
  });
}

async function fillDatabases(
  { dump, catalog, tablePrefix, environment, report, signal }: SandboxOptions,
  mariadb: MariaDb,
  directory: string,
): Promise<void> {
  const connection = await createConnection({ uri: mariadb.url('') });
  try {
    await connection.query(
      `CREATE DATABASE IF NOT EXISTS ${DATABASE.ingestion} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    );
    await fillShop(connection, {
      server: { host: mariadb.host, port: mariadb.port, user: mariadb.user },
      database: DATABASE.commerce,
      directory,
      environment,
      dump,
      catalog: { ...catalog, tablePrefix },
      report,
      signal,
    });
  } finally {
    await connection.end();
  }
}

function settingsOf(
  tablePrefix: string,
  mariadb: MariaDb,
  temporal: TemporalPlace,
  identity: SandboxIdentity,
  passed: SandboxSettings,
): Record<string, string> {
  return {
    COMMERCE_DATABASE_URL: mariadb.url(DATABASE.commerce),
    COMMERCE_TABLE_PREFIX: tablePrefix,
    EXPORT_DATABASE_URL: mariadb.url(DATABASE.store),
    EXPORT_INSTANCE: temporal.instance,
    ...temporal.settings,
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
    ...passed,
  };
}

function environmentFile(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'\n`)
    .join('');
}
