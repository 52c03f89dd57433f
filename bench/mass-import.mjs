/**
 * `npm run bench:mass-import`: how long the mover takes for what a mass import leaves in the
 * changelog, and how much memory: 30,000 products touched by 800,000 changed rows.
 *
 * Options: --products n (default 30000), --rows n (default 800000),
 * --database-url mysql://… (default: a private server).
 */
import { cpus, tmpdir } from 'node:os';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';
import { pino } from 'pino';

import { setUp } from '../scripts/setup.mjs';
import { databaseServer } from './database-server.mjs';

const { values: options } = parseArgs({
  options: {
    products: { type: 'string', default: '30000' },
    rows: { type: 'string', default: '800000' },
    'database-url': { type: 'string' },
  },
});
const products = Number(options.products);
const rows = Number(options.rows);

await setUp(process.stderr);
const { generateCatalog } = await import('../dist/sandbox/catalog/generate-catalog.js');
const { installAll } = await import('../dist/client/commands/install.js');
const { loadConfiguration } = await import('../dist/configuration/load.js');
const { openDependencies } = await import('../dist/worker/dependencies.js');
const { Mover } = await import('../dist/activities/mover.js');
const { shopPlace } = await import('../dist/commerce/capture/connection.js');
const { allFeeds } = await import('../dist/feeds/registry.js');

const SHOP = 'mass_import_shop';
const STORE = 'mass_import_store';
const { url, stop } = await databaseServer(options['database-url']);
const connection = await mysql.createConnection({ uri: url, multipleStatements: true });
try {
  await dropDatabases();
  await connection.query(`CREATE DATABASE ${SHOP} CHARACTER SET utf8mb4; USE ${SHOP}`);
  process.stderr.write(`generating ${products} products …\n`);
  await generateCatalog(connection, { products, storeViews: 2 });
  const at = (database) => Object.assign(new URL(url), { pathname: `/${database}` }).toString();
  const settings = {
    COMMERCE_DATABASE_URL: at(SHOP),
    EXPORT_DATABASE_URL: at(STORE),
    SERVICE_URL: 'http://127.0.0.1:9',
    SERVICE_ENVIRONMENT_ID: '11111111-2222-3333-4444-555555555555',
    SERVICE_API_KEY: 'bench',
    INITIAL_SYNC: 'off',
  };
  await installAll(settings);
  await connection.query(`USE ${SHOP}; TRUNCATE saas_export_changelog`);
  await noteImport();
  const configuration = await loadConfiguration({
    environment: settings,
    workingDirectory: tmpdir(),
  });
  const deps = await openDependencies(configuration, pino({ level: 'silent' }));
  const mover = new Mover(deps, shopPlace(settings.COMMERCE_DATABASE_URL, ''), allFeeds());
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  const started = performance.now();
  let moved = 0;
  for (let page = -1; page !== 0; moved += page) {
    page = await mover.move();
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  const seconds = (performance.now() - started) / 1000;
  const queued = await deps.store.rows('SELECT feed, COUNT(*) AS n FROM pending_entity GROUP BY 1');
  const syncs = await deps.store.rows('SELECT feed, reason FROM sync_request');
  await deps.close();
  console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`);
  console.log(`${moved} changes of ${products} products in ${seconds.toFixed(1)} s`);
  console.log(`memory: ${mb(peak - before)} MB more than the ${mb(before)} MB before, at most`);
  console.log(`pending: ${queued.map(({ feed, n }) => `${feed} ${n}`).join(', ')}`);
  for (const { feed, reason } of syncs) console.log(`full sync of ${feed}: ${reason}`);
} finally {
  await dropDatabases();
  await connection.end();
  await stop();
}

/** Values of all products, changed again and again: what triggers note of an import. */
async function noteImport() {
  const [sources] = await connection.query(
    `SELECT source, table_name AS name FROM ${STORE}.capture_source
     WHERE table_name LIKE 'catalog_product_entity\\_%' AND table_name REGEXP '(int|varchar|text|decimal|datetime)$'`,
  );
  const each = Math.ceil(rows / sources.length);
  for (const { source, name } of sources) {
    await connection.query(
      `INSERT INTO saas_export_changelog (source, key1, key2, key3)
       SELECT ?, v.attribute_id, v.entity_id, v.store_id
       FROM ${name} v, seq_1_to_20 s ORDER BY s.seq, v.entity_id LIMIT ${each}`,
      [source],
    );
  }
  const [[{ n }]] = await connection.query('SELECT COUNT(*) AS n FROM saas_export_changelog');
  process.stderr.write(`${n} rows in the changelog\n`);
}

async function dropDatabases() {
  await connection.query(`DROP DATABASE IF EXISTS ${SHOP}; DROP DATABASE IF EXISTS ${STORE}`);
}

function mb(bytes) {
  return Math.round(bytes / 1024 / 1024);
}
