/**
 * `npm run bench:ingestion`: load on the ingestion service, over loopback: products of 2.4 KB in gzipped batches of 100.
 *
 *   node bench/ingestion.mjs --database-server mysql://root@127.0.0.1:3306
 *     --items 100000 --concurrency 8 --rounds 2 --seconds 0
 *
 * Makes a database of its own on the server and drops it. The first round inserts all items, each
 * further one brings a newer version of them. With --seconds the rounds go on until then.
 * With --private the server is one of its own, with durable commits, instead.
 * The service runs in a process of its own; requests are made before the clock starts.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpus, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import mysql from 'mysql2/promise';
import { Pool } from 'undici';
import { setUp } from '../scripts/setup.mjs';
import { databaseServer } from './database-server.mjs';

const ENVIRONMENT = 'bench';
const BATCH = 100;

const { values } = parseArgs({
  options: {
    'database-server': { type: 'string', default: 'mysql://root@127.0.0.1:3306' },
    items: { type: 'string', default: '100000' },
    concurrency: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '0' },
    private: { type: 'boolean', default: false },
  },
});
const concurrency = Number(values.concurrency);
const batches = Math.ceil(Number(values.items) / BATCH);

await setUp(process.stderr);
const { url: serverUrl, stop } = await databaseServer(
  values.private ? undefined : values['database-server'],
);
const server = serverUrl.replace(/\/$/, '');
const database = `bench_ingestion_${randomBytes(4).toString('hex')}`;
const admin = await mysql.createConnection(server);
await admin.query('CREATE DATABASE ?? CHARACTER SET utf8mb4', [database]);
const service = fork(fileURLToPath(new URL('ingestion-service.mjs', import.meta.url)), {
  // As the program runs.
  execArgv: ['--max-semi-space-size=8', '--heap-growing-percent=50'],
  env: { ...process.env, DATABASE_URL: `${server}/${database}` },
});
try {
  const { url } = await message(service);
  const [[about]] = await admin.query(
    `SELECT VERSION() AS version, @@innodb_buffer_pool_size DIV 1048576 AS pool,
       @@innodb_flush_log_at_trx_commit AS flush`,
  );
  console.log(
    `Node ${process.version}, ${cpus().length} cores (${cpus()[0].model}), load ${loadavg()[0].toFixed(1)}`,
  );
  console.log(
    `${about.version}, buffer pool ${about.pool} MB, flush at commit ${about.flush}; ${concurrency} connections`,
  );
  const end = Date.now() + Number(values.seconds) * 1000;
  for (let round = 1; round <= Number(values.rounds) || Date.now() < end; round += 1) {
    await run(url, round);
  }
} finally {
  service.kill();
  await admin.query('DROP DATABASE ??', [database]);
  await admin.end();
  await stop();
}

async function run(url, round) {
  const bodies = Array.from({ length: batches }, (_, n) => bodyOf(n, round));
  const pool = new Pool(url, { connections: concurrency });
  const times = [];
  const started = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
        const from = performance.now();
        const answer = await pool.request({
          method: 'POST',
          path: `/feeds/catalog/v2/products/${ENVIRONMENT}`,
          headers: {
            'content-type': 'application/json',
            'content-encoding': 'gzip',
            'x-api-key': 'bench',
          },
          body,
        });
        const { feedItemReceivedCount } = await answer.body.json();
        if (answer.statusCode !== 200 || feedItemReceivedCount !== BATCH) {
          throw new Error(`answered with ${answer.statusCode}, ${feedItemReceivedCount} items`);
        }
        times.push(performance.now() - from);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const own = process.cpuUsage(cpu);
  await pool.close();
  service.send('usage');
  const { rssMb, cpuSeconds } = await message(service);
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.floor(times.length * share)].toFixed(0);
  console.log(
    `round ${round}: ${Math.round((batches * BATCH) / seconds)} items/s in ${seconds.toFixed(1)} s,` +
      ` p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; service ${rssMb} MB,` +
      ` ${cpuSeconds.toFixed(1)} s of processor in all; load generator ${((own.user + own.system) / 1e6).toFixed(1)} s`,
  );
}

function message(child) {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
  });
}

function bodyOf(batch, round) {
  const modifiedAt = new Date(Date.UTC(2026, 10, 21, 22, 0, round)).toISOString();
  const stamp = modifiedAt.slice(0, 19).replace('T', ' ');
  const items = Array.from({ length: BATCH }, (_, n) => product(batch * BATCH + n, stamp));
  return gzipSync(JSON.stringify(items), { level: 1 });
}

function product(n, modifiedAt) {
  const sku = `24-WB${String(n).padStart(7, '0')}`;
  const urlKey = `push-it-messenger-bag-${n}`;
  const image = { url: `http://shop.example/media/catalog/product/w/b/wb${n}.jpg`, label: null };
  const at = '2026-11-21 22:35:23';
  const category = (path, id) => ({ categoryId: id, categoryPath: path, productPosition: n % 97 });
  const rewrite = (path, ids) => ({
    url: `http://shop.example/${path}${urlKey}.html`,
    parameters: Object.entries({ id: String(n + 1), ...ids }).map(([name, value]) => ({
      name,
      value,
    })),
  });
  return {
    sku,
    storeViewCode: 'default',
    storeCode: 'main_website_store',
    websiteCode: 'base',
    name: `Push It Messenger Bag ${n}`,
    productId: n + 1,
    type: 'simple',
    description: `<p>The name says so, but the ${n}th bag is larger than you think. ${'Room for a notebook, a lunch box and all the small things that get lost. '.repeat(8)}</p>\n<ul>\n<li>Adjustable crossbody strap.</li>\n</ul>`,
    image,
    smallImage: image,
    thumbnail: image,
    status: 'Enabled',
    taxClassId: 'Taxable Goods',
    createdAt: at,
    updatedAt: at,
    urlKey,
    visibility: 'Catalog, Search',
    weightUnit: null,
    currency: 'USD',
    displayable: true,
    buyable: true,
    attributes: [
      { attributeCode: 'activity', value: ['Gym', 'Hiking', 'Overnight', 'School'] },
      { attributeCode: 'material', value: ['Leather', 'Nylon', 'Polyester'] },
      { attributeCode: 'features_bags', value: ['Audio Pocket', 'Lightweight', 'Waterproof'] },
    ],
    categoryData: [category('gear', '3'), category('gear/bags', '4')],
    media_gallery: [{ ...image, label: 'Image', types: ['image', 'small_image'], sort_order: 1 }],
    optionsV2: null,
    shopperInputOptions: null,
    samples: null,
    images: [
      { resource: { ...image, label: 'Image', roles: ['image', 'small_image'] }, sortOrder: '1' },
    ],
    videos: null,
    links: null,
    parents: null,
    inStock: true,
    lowStock: false,
    url: `http://shop.example/${urlKey}.html`,
    urlRewrites: [
      rewrite('', {}),
      rewrite('gear/', { category: '3' }),
      rewrite('gear/bags/', { category: '4' }),
    ],
    variants: null,
    categories: ['gear', 'gear/bags'],
    deleted: false,
    modifiedAt,
  };
}
