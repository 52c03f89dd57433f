/**
 * `npm run bench:collect`: how fast each feed is collected, with how many queries a page, and how
 * much more memory a larger shop takes: `preview <feed> --stats`, a process each, on a small and on a
 * large generated shop. The goal for memory is a growth below 10 %.
 *
 * Options: --products n (default 20000), --factor n (default 4: the small shop has a quarter of
 * them), --store-views n (default 4), --edition open-source|commerce (default open-source; commerce
 * has shared catalogs and permissions), --orders (as many orders as products, all of them new;
 * default: those that the generator makes), --feeds a,b (default: all);
 * --dump file.sql.gz --times n (default 20): a Commerce dump with its products n-fold instead;
 * --database-url mysql://… (default: a private server).
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import mysql from 'mysql2/promise';

import { setUp } from '../scripts/setup.mjs';
import { load, printConditions } from './conditions.mjs';
import { databaseServer } from './database-server.mjs';
import { multiplyOrders, multiplyProducts } from './multiply-rows.mjs';

const { values: options } = parseArgs({
  options: {
    products: { type: 'string', default: '20000' },
    factor: { type: 'string', default: '4' },
    'store-views': { type: 'string', default: '4' },
    edition: { type: 'string', default: 'open-source' },
    orders: { type: 'boolean', default: false },
    feeds: { type: 'string' },
    dump: { type: 'string' },
    times: { type: 'string', default: '20' },
    'database-url': { type: 'string' },
  },
});

await setUp(process.stderr);
const { generateCatalog } = await import('../dist/sandbox/catalog/generate-catalog.js');
const { loadDump } = await import('../dist/sandbox/servers/dump.js');
const { FEED_NAMES } = await import('../dist/feeds/names.js');

const PROGRAM = fileURLToPath(new URL('../bin/saas-export.mjs', import.meta.url));
/** The flags of the program's first line. */
const NODE_FLAGS = ['--max-semi-space-size=8'];

/** The generator makes an order for so many products. */
const ORDERS_OF_GENERATOR = 40;

const feeds = options.feeds?.split(',') ?? FEED_NAMES;
const unknown = feeds.filter((feed) => !FEED_NAMES.includes(feed));
if (unknown.length > 0) {
  console.error(`There is no feed ${unknown.join(', ')}. There are: ${FEED_NAMES.join(', ')}.`);
  process.exit(2);
}
const [SMALL, LARGE] = ['small', 'large'].map((size) => `bench_collect_${size}_${process.pid}`);
const { url, stop } = await databaseServer(options['database-url']);
const connection = await mysql.createConnection({ uri: url, multipleStatements: true });
const at = (database) => Object.assign(new URL(url), { pathname: `/${database}` }).toString();
try {
  const sizes = await makeShops();
  await printConditions(at(LARGE));
  console.log(`Shops: ${sizes.join(' and ')}; a process for each preview`);
  console.log(
    ['feed', 'items', 'items/s', 'queries a page', 'pages', 'peak MB', 'growth', 'load'].join('\t'),
  );
  for (const feed of feeds) {
    const small = await preview(feed, SMALL);
    const large = await preview(feed, LARGE);
    if (small === undefined || large === undefined) {
      process.exitCode = 1;
      continue;
    }
    const growth = (large.peakRssMb / small.peakRssMb - 1) * 100;
    console.log(
      [
        feed,
        large.items,
        large.items === 0 ? '-' : large.itemsPerSecond,
        `${small.queriesPerPage}, ${large.queriesPerPage}`,
        `${small.pages}, ${large.pages}`,
        `${small.peakRssMb}, ${large.peakRssMb}`,
        `${growth.toFixed(0)} %`,
        load(),
      ].join('\t'),
    );
  }
} finally {
  for (const name of [SMALL, LARGE]) await connection.query(`DROP DATABASE IF EXISTS ${name}`);
  await connection.end();
  await stop();
}

/** Makes both shops; returns what they are. */
async function makeShops() {
  if (options.dump !== undefined) {
    const { hostname: host, port, username: user } = new URL(url);
    const most = Number(options.times);
    const few = Math.max(1, Math.round(most / Number(options.factor)));
    const sizes = [];
    for (const [name, times] of [
      [SMALL, few],
      [LARGE, most],
    ]) {
      process.stderr.write(`loading ${options.dump}, its products ${times}-fold …\n`);
      await loadDump({ host, port: Number(port), user }, name, options.dump, {
        environment: process.env,
      });
      await connection.query(`USE ${name}`);
      sizes.push(`${await multiplyProducts(connection, times)} products (${times}-fold)`);
    }
    return [`${options.dump} with ${sizes[0]}`, sizes[1]];
  }
  const large = Number(options.products);
  const small = Math.max(1, Math.round(large / Number(options.factor)));
  const storeViews = Number(options['store-views']);
  for (const [name, products] of [
    [SMALL, small],
    [LARGE, large],
  ]) {
    process.stderr.write(`generating ${products} products …\n`);
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}`);
    const { edition } = options;
    await generateCatalog(connection, { products, storeViews, edition, now: new Date() });
    if (options.orders) await multiplyOrders(connection, ORDERS_OF_GENERATOR);
  }
  const orders = options.orders ? ' and about as many orders' : '';
  return [small, large].map((count) => `${count} products in ${storeViews} store views${orders}`);
}

/** The statistics of a preview; undefined where it failed. */
async function preview(feed, database) {
  const args = ['preview', feed, '--database-url', at(database), '--stats'];
  const child = spawn(process.execPath, [...NODE_FLAGS, PROGRAM, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  const last = said.trimEnd().split('\n').at(-1) ?? '';
  // 1: done, but for items that are broken in the shop.
  if (code === 0 || last.startsWith('{')) return JSON.parse(last);
  console.error(`preview ${feed} ended with ${code}:\n${said}`);
  return undefined;
}
