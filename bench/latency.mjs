/**
 * `npm run bench:latency`: from a change in the shop to the service's answer that took it.
 *
 * Ten changes a second, names and prices of products in turn, go through triggers, changelog, mover,
 * the listening partial sync that its schedule starts each minute, HTTP and ingestion. A change
 * counts from before its statement is sent until the last item that it concerns is accepted.
 *
 * Options: --products n (default 2000), --seconds n (default 75, so that one run of the schedule
 * takes over from another), --rate n (changes a second, default 10), --requests-per-second n
 * (default 0: no limit), --burn n (busy threads beside, default 0).
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';
import { burn, load, printConditions, quantile } from './conditions.mjs';
import { itemsOf, startSystem } from './system.mjs';

const { values: options } = parseArgs({
  options: {
    products: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '75' },
    rate: { type: 'string', default: '10' },
    'requests-per-second': { type: 'string', default: '0' },
    burn: { type: 'string', default: '0' },
  },
});
const seconds = Number(options.seconds);
const rate = Number(options.rate);
const products = Number(options.products);
const FEEDS = ['products', 'prices'];

const system = await startSystem({ products });
let cool = () => Promise.resolve();
try {
  await system.run('fullSync', { feeds: 'all' });
  await system.startWorker('bench', {
    SERVICE_REQUESTS_PER_SECOND: options['requests-per-second'],
    APPLY_SCHEDULES: '1',
  });
  cool = await burn(Number(options.burn));
  const shop = await mysql.createConnection(system.settings.COMMERCE_DATABASE_URL);
  const changes = await changesOf(shop);
  await printConditions(system.settings.COMMERCE_DATABASE_URL);
  console.log(
    `${products} products in 4 store views; ${rate} changes a second for ${seconds} s; ` +
      `${options['requests-per-second']} requests a second (0: no limit); ${options.burn} busy threads`,
  );
  await untilListening();
  system.proxy.requests.length = 0;

  const made = new Map();
  const startedAt = performance.now();
  for (let n = 0; n < seconds * rate && n < changes.length; n++) {
    await sleep(Math.max(0, startedAt + (n * 1000) / rate - performance.now()));
    const { marker, sql, values } = changes[n];
    made.set(marker, { at: performance.now(), acceptedAt: undefined });
    await shop.query(sql, values);
  }
  const whileChanging = load();
  const waiting = () => [...made.values()].filter(({ acceptedAt }) => acceptedAt === undefined);
  let requests = 0;
  for (const until = performance.now() + 30_000; performance.now() < until; await sleep(200)) {
    requests += await noteAccepted(made, system.proxy.requests);
    if (waiting().length === 0) break;
  }
  await cool();
  await shop.end();

  const runs = await countRuns();
  const accepted = [...made.values()].filter(({ acceptedAt }) => acceptedAt !== undefined);
  const times = accepted.map(({ at, acceptedAt }) => acceptedAt - at);
  const lost = waiting().length;
  const of = (share) => `${(quantile(times, share) / 1000).toFixed(2)} s`;
  console.log(
    `${made.size} changes, ${lost} not accepted, ${requests} requests, ${runs} runs of the schedule, ${whileChanging}\n` +
      `change to accepted: median ${of(0.5)}, p95 ${of(0.95)}, p99 ${of(0.99)}, longest ${of(1)}`,
  );
  if (lost > 0) {
    console.log(
      'not accepted:',
      [...made].filter(([, { acceptedAt }]) => acceptedAt === undefined),
    );
    process.exitCode = 1;
  }
} finally {
  await cool();
  await system.stop();
}

/** Partial syncs that the schedule has started. */
async function countRuns() {
  const { count } = await system.client.workflow.count(`WorkflowType = 'partialSync'`);
  return count;
}

/** Takes the answered requests off the list, and notes the changes they held; returns how many. */
async function noteAccepted(made, requests) {
  const answered = requests.filter(({ answeredAt }) => answeredAt !== undefined);
  for (const seen of answered) {
    requests.splice(requests.indexOf(seen), 1);
    if (seen.status !== 200) continue;
    for (const item of await itemsOf(seen)) {
      const change = made.get(item.name) ?? made.get(`${item.sku} ${item.regular}`);
      if (change !== undefined) change.acceptedAt = seen.answeredAt;
    }
  }
  return answered.length;
}

/** One statement for each product that has a name and a price of its own in all store views. */
async function changesOf(shop) {
  const [rows] = await shop.query(
    `SELECT e.entity_id AS id, e.sku, n.value_id AS name, p.value_id AS price
     FROM catalog_product_entity e
     JOIN eav_attribute an ON an.attribute_code = 'name' AND an.entity_type_id = 4
     JOIN eav_attribute ap ON ap.attribute_code = 'price' AND ap.entity_type_id = 4
     JOIN catalog_product_entity_varchar n
       ON n.entity_id = e.entity_id AND n.attribute_id = an.attribute_id AND n.store_id = 0
     JOIN catalog_product_entity_decimal p
       ON p.entity_id = e.entity_id AND p.attribute_id = ap.attribute_id AND p.store_id = 0
     WHERE e.type_id = 'simple'
       AND EXISTS (SELECT 1 FROM catalog_product_website w WHERE w.product_id = e.entity_id)
       AND NOT EXISTS (SELECT 1 FROM catalog_product_entity_varchar o
         WHERE o.entity_id = e.entity_id AND o.attribute_id = an.attribute_id AND o.store_id > 0)
       AND NOT EXISTS (SELECT 1 FROM catalog_product_entity_decimal o
         WHERE o.entity_id = e.entity_id AND o.attribute_id = ap.attribute_id AND o.store_id > 0)
     ORDER BY e.entity_id`,
  );
  return rows.map(({ sku, name, price }, n) => {
    if (n % 2 === 0) {
      const marker = `changed product ${n}`;
      return {
        marker,
        sql: 'UPDATE catalog_product_entity_varchar SET value = ? WHERE value_id = ?',
        values: [marker, name],
      };
    }
    const amount = Number((10_000 + n / 100).toFixed(2));
    return {
      marker: `${sku} ${amount}`,
      sql: 'UPDATE catalog_product_entity_decimal SET value = ? WHERE value_id = ?',
      values: [amount, price],
    };
  });
}

/** Waits until a partial sync listens and its feeds' runs are at work, as they are in a busy shop. */
async function untilListening() {
  const shop = await mysql.createConnection(system.settings.COMMERCE_DATABASE_URL);
  const changes = await changesOf(shop);
  for (const { sql, values } of changes.slice(-2)) await shop.query(sql, values);
  await shop.end();
  const sent = () => new Set(system.proxy.requests.map(({ path }) => path)).size;
  system.proxy.requests.length = 0;
  while (sent() < FEEDS.length) await sleep(100);
}
