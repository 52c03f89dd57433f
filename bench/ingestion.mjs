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
 *
 * It is to take 7,000 items a second, durably. From two minutes on the service's memory is judged
 * too: at the end it may be a tenth above that after the first minute. A miss ends with exit code 1.
 * The run of ten minutes: `npm run bench:ingestion -- --seconds 600`.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import mysql from 'mysql2/promise';
import { Pool } from 'undici';
import { setUp } from '../scripts/setup.mjs';
import { load, printConditions, quantile } from './conditions.mjs';
import { databaseServer } from './database-server.mjs';

const ENVIRONMENT = 'bench';
const BATCH = 100;
const GOAL = 7_000;
/** Of the service's memory, against that after its first minute. */
const GROWTH = 1.1;
const FIRST_MINUTE = 60;
/** So long is looked at on both sides: garbage is collected in between. */
const WINDOW = 30;

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
/** The service's memory in MB, and when it was that, in seconds. */
const samples = [];
let asked = Promise.resolve();
try {
  const { url } = await message(service);
  await printConditions(server);
  console.log(`${batches * BATCH} products in batches of ${BATCH}; ${concurrency} connections`);
  const started = performance.now();
  const now = () => (performance.now() - started) / 1000;
  const sampling = setInterval(() => {
    usage().then(
      ({ rssMb }) => samples.push({ at: now(), rssMb }),
      () => undefined,
    );
  }, 1000);
  let seconds = 0;
  let rounds = 0;
  try {
    while (rounds < Number(values.rounds) || now() < Number(values.seconds)) {
      rounds += 1;
      seconds += await run(url, rounds);
    }
  } finally {
    clearInterval(sampling);
  }
  judgeRate((rounds * batches * BATCH) / seconds);
  judgeMemory(now());
  await judgeDurability();
} finally {
  service.kill();
  await admin.query('DROP DATABASE ??', [database]);
  await admin.end();
  await stop();
}

function judgeRate(rate) {
  const share = ((rate / GOAL) * 100).toFixed(1);
  console.log(
    `in all: ${Math.round(rate)} items/s, ${share} % of ${GOAL.toLocaleString('en')} items/s; ${load()}`,
  );
  if (rate < GOAL) process.exitCode = 1;
}

function judgeMemory(end) {
  const median = (from, to) =>
    quantile(
      samples.filter(({ at }) => at >= from && at <= to).map(({ rssMb }) => rssMb),
      0.5,
    );
  if (end < FIRST_MINUTE + 2 * WINDOW) {
    console.log('memory: judged from two minutes on, with --seconds');
    return;
  }
  const first = median(FIRST_MINUTE, FIRST_MINUTE + WINDOW);
  const last = median(end - WINDOW, end);
  console.log(
    `memory: ${first} MB after a minute, ${last} MB after ${(end / 60).toFixed(1)} minutes, ` +
      `${((last / first) * 100).toFixed(1)} % of it; at most ${(GROWTH * 100).toFixed(0)} %`,
  );
  if (last > first * GROWTH) process.exitCode = 1;
}

/** A rate without durable commits says nothing. */
async function judgeDurability() {
  const [[{ flush, binlog, sync }]] = await admin.query(
    `SELECT @@innodb_flush_log_at_trx_commit AS flush, @@log_bin AS binlog, @@sync_binlog AS sync`,
  );
  if (flush === 1 && (binlog === 0 || sync === 1)) return;
  console.log('The server’s commits are not durable, so the figures do not count.');
  process.exitCode = 1;
}

/** @returns the seconds that all requests of the round took together. */
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
  const { rssMb, cpuSeconds } = await usage();
  const at = (share) => quantile(times, share).toFixed(0);
  console.log(
    `round ${round}: ${Math.round((batches * BATCH) / seconds)} items/s in ${seconds.toFixed(1)} s,` +
      ` p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; service ${rssMb} MB,` +
      ` ${cpuSeconds.toFixed(1)} s of processor in all; load generator ${((own.user + own.system) / 1e6).toFixed(1)} s; ${load()}`,
  );
  return seconds;
}

/** What the service has used so far; one question at a time. */
function usage() {
  const answer = asked.then(() => {
    service.send('usage');
    return message(service);
  });
  asked = answer.catch(() => undefined);
  return answer;
}

function message(child) {
  return new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`the service ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (received) => {
      child.off('exit', ended);
      resolve(received);
    });
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
