import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { pino } from 'pino';
import { fetch } from 'undici';
import { expect, inject } from 'vitest';

import { installStore } from '../src/client/commands/install.js';
import { connectForCapture, shopPlace } from '../src/commerce/capture/connection.js';
import { installCapture } from '../src/commerce/capture/install.js';
import { CommerceDatabase } from '../src/commerce/database.js';
import { MODULES } from '../src/commerce/modules.js';
import { readShop, type Shop, type ShopOptions } from '../src/commerce/shop.js';
import { DEFAULT_FEED_SETTINGS } from '../src/feeds/feed.js';
import { feedIdOf, identityOf } from '../src/feeds/item.js';
import type { FeedName } from '../src/feeds/names.js';
import { previewFeed } from '../src/feeds/preview.js';
import { allFeeds, feedNamed, watchedTables } from '../src/feeds/registry.js';
import type { CollectionName } from '../src/ingestion/collections.js';
import { startIngestion, type IngestionService } from '../src/ingestion/start.js';
import { generateCatalog } from '../src/sandbox/catalog/generate-catalog.js';
import type { CatalogOptions } from '../src/sandbox/catalog/options.js';
import { startRole } from '../src/sandbox/roles.js';
import type { ServerProcess } from '../src/sandbox/servers/processes.js';
import { workerPolls } from '../src/sandbox/worker-polls.js';
import { storedOrderUuids } from '../src/store/order-uuids.js';
import { STATUS } from '../src/store/settlements.js';
import { Store } from '../src/store/store.js';
import type {
  FullSyncInput,
  FullSyncResult,
  PartialSyncInput,
  PartialSyncResult,
} from '../src/workflows/messages.js';
import { WORKFLOW } from '../src/workflows/names.js';
import { FaultProxy } from './fault-proxy.js';
import { freshDatabase, type TestMariaDb, type TestTemporal } from './servers.js';

const ENVIRONMENT = '11111111-2222-3333-4444-555555555555';
const API_KEY = 'system-test';
const CLIENT_SECRET = 'system-test-secret';

/** Fields that are stamped when an item is sent, in all feeds. */
const STAMPS = ['modifiedAt', 'updatedAt'];

export interface SystemOptions {
  readonly catalog: CatalogOptions;
  /** Whether the shop's changes are noted. Default: they are not. */
  readonly capture?: boolean;
  /** Whether the service gives out tokens and asks for them, and the worker has a client's. */
  readonly tokens?: boolean;
  /** Further settings of the worker. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Servers of the test's own, which it may kill; the service's database is never among them. */
  readonly mariadb?: TestMariaDb;
  readonly temporal?: TestTemporal;
}

export interface ConvergedOptions {
  /** Whether a feed may have no items. Default: a test that compares nothing fails. */
  readonly mayBeEmpty?: boolean;
  /** Whether items that are listed as failed are left out on both sides. Default false. */
  readonly lessFailed?: boolean;
}

/**
 * The whole system for one test file: a generated shop, the store and the service on databases of
 * their own, workers as processes, and the test run's Temporal server, with IDs of its own.
 */
export class TestSystem {
  readonly instance = `test-${randomBytes(4).toString('hex')}`;
  readonly client: Client;
  readonly proxy: FaultProxy;
  readonly store: Store;
  /** The shop's database, for changes; at another isolation level than the exporter's. */
  readonly shop: mysql.Connection;
  /** The ingestion service's own database, for faults of the service. */
  readonly serviceDatabaseUrl: string;
  /** The time of fresh exports. Default: the present. */
  now: Date | undefined;
  readonly #commerce: CommerceDatabase;
  readonly #service: IngestionService;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #directory: string;
  readonly #workers: ServerProcess[] = [];
  readonly #connections: mysql.Connection[] = [];
  readonly #temporal: TestTemporal;

  private constructor(parts: {
    readonly client: Client;
    readonly proxy: FaultProxy;
    readonly store: Store;
    readonly shop: mysql.Connection;
    readonly commerceUrl: string;
    readonly storeUrl: string;
    readonly serviceDatabaseUrl: string;
    readonly service: IngestionService;
    readonly directory: string;
    readonly settings: Readonly<Record<string, string>>;
    readonly tablePrefix: string;
    readonly temporal: TestTemporal;
  }) {
    this.#temporal = parts.temporal;
    this.client = parts.client;
    this.proxy = parts.proxy;
    this.store = parts.store;
    this.shop = parts.shop;
    this.serviceDatabaseUrl = parts.serviceDatabaseUrl;
    this.#service = parts.service;
    this.#directory = parts.directory;
    this.#commerce = new CommerceDatabase({ url: parts.commerceUrl });
    this.#settings = {
      COMMERCE_DATABASE_URL: parts.commerceUrl,
      COMMERCE_TABLE_PREFIX: parts.tablePrefix,
      EXPORT_DATABASE_URL: parts.storeUrl,
      EXPORT_INSTANCE: this.instance,
      TEMPORAL_ADDRESS: this.#temporal.address,
      TEMPORAL_NAMESPACE: this.#temporal.namespace,
      TEMPORAL_TASK_QUEUE: this.taskQueue,
      SERVICE_URL: parts.proxy.url,
      SERVICE_ENVIRONMENT_ID: ENVIRONMENT,
      SERVICE_API_KEY: API_KEY,
      SERVICE_REQUESTS_PER_SECOND: '0',
      SERVICE_SCOPES_FORM: 'feed',
      ...parts.settings,
    };
  }

  static async start({
    catalog,
    capture = false,
    tokens = false,
    settings = {},
    mariadb,
    temporal = inject('temporal'),
  }: SystemOptions): Promise<TestSystem> {
    const commerce = await freshDatabase('commerce', mariadb);
    const storeDatabase = await freshDatabase('store', mariadb);
    const ingestion = await freshDatabase('service');
    const shop = await mysql.createConnection({ uri: commerce.url, multipleStatements: true });
    // A server that is killed cuts it: the next statement says so.
    shop.on('error', () => undefined);
    await generateCatalog(shop, catalog);
    await installStore(storeDatabase.url, '');
    const store = new Store({ databaseUrl: storeDatabase.url });
    if (capture) await installTriggers(commerce.url, store, catalog.tablePrefix ?? '');
    const service = await startIngestion({
      databaseUrl: ingestion.url,
      port: 0,
      apiKeys: [API_KEY],
      ...(tokens ? { clients: { [API_KEY]: CLIENT_SECRET } } : {}),
      clock: () => new Date(),
      logger: pino({ level: 'silent' }),
    });
    const { address, namespace } = temporal;
    return new TestSystem({
      client: new Client({ connection: await Connection.connect({ address }), namespace }),
      proxy: await FaultProxy.start(service.url),
      store,
      shop,
      commerceUrl: commerce.url,
      storeUrl: storeDatabase.url,
      serviceDatabaseUrl: ingestion.url,
      service,
      directory: await mkdtemp(join(tmpdir(), 'saas-export-test-')),
      settings: {
        CAPTURE: capture ? 'triggers' : 'compare',
        INITIAL_SYNC: 'off',
        ...(tokens
          ? {
              SERVICE_CREDENTIALS: 'ims',
              SERVICE_IMS_CLIENT_SECRET: CLIENT_SECRET,
              SERVICE_IMS_TOKEN_URL: `${service.url}/ims/token/v3`,
            }
          : {}),
        ...settings,
      },
      tablePrefix: catalog.tablePrefix ?? '',
      temporal,
    });
  }

  get taskQueue(): string {
    return `${this.instance}-saas-export`;
  }

  /** Settings with which the command line reaches the system. */
  get settings(): Readonly<Record<string, string>> {
    return this.#settings;
  }

  /** Starts a worker as a process of its own. */
  async startWorker(settings: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const { address, namespace } = this.#temporal;
    const temporal = { connectionOptions: { address }, namespace };
    const worker = await startRole({
      role: 'worker',
      settings: { ...this.#settings, ...settings },
      directory: this.#directory,
      signal: new AbortController().signal,
      ready: () => workerPolls(temporal, this.taskQueue),
    });
    this.#workers.push(worker);
    return worker;
  }

  /** Ends all workers as an operator does. */
  async stopWorkers(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.stop()));
  }

  /** Ends all workers with kill -9. */
  async killWorkers(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.kill()));
  }

  /** The records that workers have written so far. */
  async workerRecords(): Promise<Record<string, unknown>[]> {
    const text = await readFile(join(this.#directory, 'worker.log'), 'utf8');
    return text
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Starts a full sync under any ID. */
  async startFullSync(
    input: FullSyncInput = {},
  ): Promise<WorkflowHandle<(input: FullSyncInput) => Promise<FullSyncResult>>> {
    return this.client.workflow.start<(input: FullSyncInput) => Promise<FullSyncResult>>(
      WORKFLOW.fullSync,
      {
        workflowId: `${this.instance}-full-${randomBytes(4).toString('hex')}`,
        taskQueue: this.taskQueue,
        args: [input],
      },
    );
  }

  async fullSync(input: FullSyncInput = {}): Promise<FullSyncResult> {
    return (await this.startFullSync(input)).result();
  }

  /** Moves the shop's changes and exports them; returns when that is done. */
  async partialSync(input: PartialSyncInput = {}): Promise<PartialSyncResult> {
    return this.run<PartialSyncResult>(WORKFLOW.partialSync, { listenSeconds: 0, ...input });
  }

  /** Runs a workflow to its end. */
  async run<Result>(type: string, input: unknown = {}): Promise<Result> {
    return this.client.workflow.execute<(input: unknown) => Promise<Result>>(type, {
      workflowId: `${this.instance}-${type}-${randomBytes(4).toString('hex')}`,
      taskQueue: this.taskQueue,
      args: [input],
    });
  }

  /** A further connection to the shop, closed with the system. */
  async connect(): Promise<mysql.Connection> {
    const connection = await mysql.createConnection({
      uri: this.#settings['COMMERCE_DATABASE_URL'] ?? '',
      multipleStatements: true,
    });
    this.#connections.push(connection);
    return connection;
  }

  /** Scopes, settings and tables of the shop as it is now. */
  async readShop(): Promise<Shop> {
    return this.#commerce.snapshot((read) => readShop(read, this.#shopOptions));
  }

  get #shopOptions(): ShopOptions {
    return {
      tablePrefix: this.#settings['COMMERCE_TABLE_PREFIX'] ?? '',
      modules: new Map([[MODULES.inventory, this.#settings['INVENTORY'] !== 'off']]),
    };
  }

  /** What a fresh export of the shop as it is now would give, without stamps. */
  async fresh(feed: FeedName): Promise<object[]> {
    return sorted(feed, await this.#preview(feed));
  }

  /**
   * As `fresh`; of a feed that deletes nothing also the given items' entities, wherever they stand
   * now: an order that was asked for by its id, or that changed, is kept up to date from then on.
   */
  async #expected(feed: FeedName, held: readonly object[]): Promise<object[]> {
    const { removable, sourceIdField } = feedNamed(feed);
    const fresh = await this.fresh(feed);
    if (removable) return fresh;
    const ids = [...fresh, ...held].map((item) =>
      String((item as Readonly<Record<string, unknown>>)[sourceIdField]),
    );
    return sorted(feed, await this.#preview(feed, [...new Set(ids)]));
  }

  async #preview(feed: FeedName, ids?: readonly string[]): Promise<string> {
    let text = '';
    await previewFeed(this.#commerce, feedNamed(feed), {
      ...this.#shopOptions,
      clock: () => this.now ?? new Date(),
      settings: DEFAULT_FEED_SETTINGS,
      orderUuids: storedOrderUuids(this.store),
      ...(ids === undefined ? {} : { ids, idType: 'entityId' }),
      write: (lines) => {
        text += lines;
      },
      onFailure: () => undefined,
    });
    return text;
  }

  /** What the service holds, without stamps. */
  async held(feed: FeedName): Promise<object[]> {
    return sorted(feed, await this.heldLines(feed));
  }

  /** What the service holds under a name, as it was received, one a line. */
  async heldLines(feed: CollectionName): Promise<string> {
    const response = await fetch(
      `${this.#service.url}/v1/environments/${ENVIRONMENT}/feeds/${feed}/items?format=jsonl`,
      { headers: { 'x-api-key': API_KEY } },
    );
    expect(response.status).toBe(200);
    return response.text();
  }

  /** The invariant: the service holds exactly what a fresh export would give. */
  async expectConverged(
    feeds: readonly FeedName[],
    { mayBeEmpty = false, lessFailed = false }: ConvergedOptions = {},
  ): Promise<void> {
    const found = await Promise.all(
      feeds.map(async (feed) => {
        const failed = lessFailed ? await this.#failed(feed) : new Set<string>();
        const without = (items: readonly object[]): object[] =>
          items.filter(
            (item) =>
              !failed.has(feedIdOf(identityOf(feedNamed(feed), item as Record<string, unknown>))),
          );
        const all = await this.held(feed);
        return { feed, held: without(all), expected: without(await this.#expected(feed, all)) };
      }),
    );
    for (const { feed, held, expected } of found) {
      if (!mayBeEmpty) expect(expected.length, `items of ${feed}`).toBeGreaterThan(0);
      expect(held, feed).toEqual(expected);
    }
  }

  /** Feed ids of the items that are listed as failed. */
  async #failed(feed: FeedName): Promise<Set<string>> {
    const rows = await this.store.rows<{ feed_id: string }>(
      `SELECT feed_id FROM ${this.store.t(feedNamed(feed).table)} WHERE status = ${STATUS.failed}`,
    );
    return new Set(rows.map((row) => row.feed_id));
  }

  /** All rows of the exporter's tables, to compare byte by byte. */
  async storeContents(): Promise<Record<string, unknown[]>> {
    const tables = await this.store.rows<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables
       WHERE table_schema = DATABASE() ORDER BY 1`,
    );
    const contents: Record<string, unknown[]> = {};
    for (const { name } of tables) {
      contents[name] = await this.store.rows(`SELECT * FROM \`${name}\` ORDER BY 1, 2`);
    }
    return contents;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
    await this.proxy.close();
    await this.#service.close();
    const connections = [this.shop, ...this.#connections].map((connection) =>
      // Where its server was killed it has ended already.
      connection.end().catch(() => connection.destroy()),
    );
    await Promise.all([this.store.close(), this.#commerce.close(), ...connections]);
    await this.client.connection.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** Makes changelog and triggers of all feeds. */
export async function installTriggers(
  url: string,
  store: Store,
  tablePrefix: string,
): Promise<void> {
  const connection = await connectForCapture(url);
  try {
    const tables = watchedTables();
    await installCapture(connection, store, { ...shopPlace(url, tablePrefix), tables });
  } finally {
    await connection.close();
  }
}

/** Feeds that immediate export sends in one pass. */
export function immediateFeeds(): FeedName[] {
  return allFeeds()
    .filter((feed) => feed.mode === 'immediate')
    .map((feed) => feed.name);
}

function sorted(feed: FeedName, jsonl: string): object[] {
  const { identity, unhashed } = feedNamed(feed);
  // What the feed does not count as content stays as it was last sent.
  const uncounted = [...STAMPS, ...unhashed];
  const keyed = jsonl
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const item = JSON.parse(line) as Record<string, unknown>;
      const key = identity.map((field) => String(item[field])).join('\0');
      return {
        key,
        item: Object.fromEntries(
          Object.entries(item).filter(([field]) => !uncounted.includes(field)),
        ),
      };
    });
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item);
}
