/**
 * `npm run bench:operator`: how long `status`, `explain` and `estimate` take on a large shop whose
 * feeds were all exported, from the loaded configuration to the answer, connections included, the
 * start of the process not. Exit code 1 where a 95th percentile is above its limit: status and
 * explain 300 ms, estimate 3 s.
 *
 * Each feed is collected, and its items are stored as sent; beside them thousands of run records and
 * changes that wait. `explain` also asks an ingestion service in this process; Temporal is not asked.
 *
 * Options: --products n (default 100000), --store-views n (default 2), --times n (default 20),
 * --database-url mysql://… (default: a private server).
 */
import { tmpdir } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';
import { pino } from 'pino';

import { setUp } from '../scripts/setup.mjs';
import { load, printConditions, quantile } from './conditions.mjs';
import { databaseServer } from './database-server.mjs';

const { values: options } = parseArgs({
  options: {
    products: { type: 'string', default: '100000' },
    'store-views': { type: 'string', default: '2' },
    times: { type: 'string', default: '20' },
    'database-url': { type: 'string' },
  },
});
const products = Number(options.products);
const times = Number(options.times);

const LIMITS = { status: 300, explain: 300, estimate: 3000 };
const RUNS_PER_FEED = 400;
const WAITING_PER_FEED = 2_000;
/** Rows that one statement writes. */
const STORED_AT_ONCE = 20_000;

await setUp(process.stderr);
const { generateCatalog } = await import('../dist/sandbox/catalog/generate-catalog.js');
const { installAll } = await import('../dist/client/commands/install.js');
const { withDatabases } = await import('../dist/client/databases.js');
const { loadConfiguration } = await import('../dist/configuration/load.js');
const { readStatus } = await import('../dist/client/status/feed-status.js');
const { explain } = await import('../dist/client/explain/explain.js');
const { estimateFeeds } = await import('../dist/client/estimate/estimate.js');
const { serviceReader } = await import('../dist/worker/service-reader.js');
const { startIngestion } = await import('../dist/ingestion/start.js');
const { CommerceDatabase } = await import('../dist/commerce/database.js');
const { readShop } = await import('../dist/commerce/shop.js');
const { unavailability } = await import('../dist/feeds/availability.js');
const { hashVersion, preparePage } = await import('../dist/feeds/item.js');
const { planPages } = await import('../dist/feeds/pages.js');
const { allFeeds, feedNamed } = await import('../dist/feeds/registry.js');
const { adoptItems } = await import('../dist/store/adoption.js');
const { storedOrderUuids } = await import('../dist/store/order-uuids.js');
const { Store } = await import('../dist/store/store.js');

const suffix = process.pid;
const [SHOP, STORE, SERVICE] = ['shop', 'store', 'service'].map(
  (name) => `bench_${name}_${suffix}`,
);
const { url, stop } = await databaseServer(options['database-url']);
const connection = await mysql.createConnection({ uri: url, multipleStatements: true });
const at = (database) => Object.assign(new URL(url), { pathname: `/${database}` }).toString();
let service;
try {
  await dropDatabases();
  for (const name of [SHOP, SERVICE]) {
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  }
  service = await startIngestion({
    databaseUrl: at(SERVICE),
    port: 0,
    apiKeys: ['bench'],
    clock: () => new Date(),
    logger: pino({ level: 'silent' }),
  });
  const settings = {
    COMMERCE_DATABASE_URL: at(SHOP),
    EXPORT_DATABASE_URL: at(STORE),
    SERVICE_URL: service.url,
    SERVICE_ENVIRONMENT_ID: '11111111-2222-3333-4444-555555555555',
    SERVICE_API_KEY: 'bench',
    INITIAL_SYNC: 'off',
  };
  // The commands read their configuration from there.
  Object.assign(process.env, settings);

  await printConditions(at(SHOP));
  console.log(
    `${products} products in ${options['store-views']} store views; each command ${times} times; limits are those of the 95th percentile`,
  );
  await connection.query(`USE ${SHOP}`);
  await timed('generating the shop', () =>
    generateCatalog(connection, {
      products,
      storeViews: Number(options['store-views']),
      now: new Date(),
    }),
  );
  await installAll(settings);
  const configuration = await loadConfiguration({
    environment: settings,
    workingDirectory: tmpdir(),
  });
  const items = await timed('exporting all feeds', () => exportAll(configuration));
  await timed('filling in runs and changes', fillIn);
  await connection.query(
    `ANALYZE TABLE ${allFeeds()
      .map(({ table }) => `${STORE}.${table}`)
      .join(', ')}`,
  );
  console.log(
    `state: ${Object.entries(items)
      .map(([feed, count]) => `${feed} ${count}`)
      .join(', ')}`,
  );

  const [skus] = await connection.query(
    'SELECT sku FROM catalog_product_entity ORDER BY RAND(1) LIMIT 1000',
  );
  let next = 0;
  const sku = () => skus[next++ % skus.length].sku;
  await measure('status', LIMITS.status, ({ configuration, store, inShop }) =>
    inShop((shop, read) => readStatus(shop, read, { store, configuration })),
  );
  for (const feed of ['products', 'prices', 'variants', 'inventoryStockStatus']) {
    await measure(`explain ${feed}`, LIMITS.explain, (databases) =>
      explained(feed, sku(), databases),
    );
  }
  await measure('explain categories', LIMITS.explain, (databases) =>
    explained('categories', '3', databases),
  );
  await measure('estimate', LIMITS.estimate, ({ configuration, store, inShop }) =>
    inShop((shop, read) => estimateFeeds(shop, read, { store, feeds: allFeeds(), configuration })),
  );
} finally {
  await service?.close();
  await dropDatabases();
  await connection.end();
  await stop();
}

/** As the commands do, with databases of their own each time. */
async function measure(name, limit, command) {
  const took = [];
  const used = [];
  for (let time = -1; time < times; time++) {
    const before = process.cpuUsage();
    const from = performance.now();
    await withDatabases({}, command);
    const { user, system } = process.cpuUsage(before);
    if (time >= 0) used.push((user + system) / 1000);
    // The first one loads libraries and fills the server's cache.
    if (time >= 0) took.push(performance.now() - from);
  }
  const [half, most] = [quantile(took, 0.5), quantile(took, 0.95)];
  const missed = most > limit;
  if (missed) process.exitCode = 1;
  console.log(
    `${name}: p50 ${half.toFixed(0)} ms, p95 ${most.toFixed(0)} ms of ${limit} ms${missed ? ': MISSED' : ''}; own processor time ${quantile(used, 0.5).toFixed(0)} ms; ${load()}`,
  );
}

function explained(name, id, { configuration, store, inShop }) {
  return inShop((shop, read) =>
    explain(shop, read, {
      feed: feedNamed(name),
      name: id,
      store,
      context: {
        clock: () => new Date(),
        settings: configuration.feeds.settings,
        orderUuids: storedOrderUuids(store),
      },
      service: serviceReader(configuration),
      wireForms: false,
      droppedFields: [],
    }),
  );
}

/** Collects each feed and stores its items as sent; returns how many each has. */
async function exportAll(configuration) {
  const commerce = new CommerceDatabase({ url: at(SHOP) });
  const store = new Store({ databaseUrl: at(STORE) });
  const counts = {};
  try {
    for (const feed of allFeeds()) {
      counts[feed.name] = await exportFeed(commerce, store, configuration, feed);
    }
  } finally {
    await Promise.all([commerce.close(), store.close()]);
  }
  return counts;
}

async function exportFeed(commerce, store, configuration, feed) {
  const stamp = new Date().toISOString().slice(0, 19).replace('T', ' ');
  const opened = await commerce.snapshot(async (read) => {
    const shop = await readShop(read, {});
    if (unavailability(shop, feed) !== undefined) return undefined;
    const context = {
      shop,
      clock: () => new Date(),
      settings: configuration.feeds.settings,
      orderUuids: storedOrderUuids(store),
    };
    const { pages } = await planPages(read, shop, feed.source(context), feed.pageSize);
    return { collect: await feed.open(context, read), pages };
  });
  let count = 0;
  let kept = [];
  const keep = async () => {
    await adoptItems(store, feed.table, hashVersion(feed), 1, kept);
    kept = [];
  };
  for (const page of opened?.pages ?? []) {
    const { items } = preparePage(
      feed,
      await commerce.snapshot((read) => opened.collect(read, page)),
    );
    count += items.length;
    for (const { feedId, sourceId, storedJson, hash } of items) {
      kept.push({ feedId, sourceId, keptJson: storedJson, hash, stamp, isSent: true });
    }
    if (kept.length >= STORED_AT_ONCE) await keep();
  }
  await keep();
  return count;
}

/** Run records and waiting changes of a shop that has been at work for months. */
async function fillIn() {
  const feeds = allFeeds().map(({ name }) => name);
  for (const feed of feeds) {
    await connection.query(
      `INSERT INTO ${STORE}.sync_run
         (feed, operation, workflow_id, workflow_run_id, trigger_source, options, code_version,
          contract_version, started_at, ended_at, collected, outcome, sentence)
       SELECT ?, IF(seq % 50 = 0, 'full sync', 'partial sync'), CONCAT('sync/', ?), UUID(),
              'schedule', '{}', '0', 1, NOW(3) - INTERVAL seq HOUR,
              NOW(3) - INTERVAL seq HOUR + INTERVAL 30 SECOND, 5000, 'completed', 'Completed.'
       FROM seq_1_to_${RUNS_PER_FEED}`,
      [feed, feed],
    );
    const { table } = feedNamed(feed);
    await connection.query(
      `INSERT IGNORE INTO ${STORE}.pending_entity (feed, entity_id, changed_at, queued_seq)
       SELECT ?, source_entity_id, NOW(3), 1 FROM ${STORE}.${table} LIMIT ${WAITING_PER_FEED}`,
      [feed],
    );
  }
}

async function timed(what, work) {
  const from = performance.now();
  const result = await work();
  process.stderr.write(`${what}: ${((performance.now() - from) / 1000).toFixed(0)} s\n`);
  return result;
}

async function dropDatabases() {
  for (const name of [SHOP, STORE, SERVICE]) {
    await connection.query(`DROP DATABASE IF EXISTS ${name}`);
  }
}
