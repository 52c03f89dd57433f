import type { RowDataPacket } from 'mysql2/promise';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { queuedSyncs } from '../src/store/sync-requests.js';
import { Engine } from './engine.js';
import { TestSystem } from './system.js';

let system: TestSystem;
let engine: Engine;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 60, storeViews: 2, now: new Date() },
    capture: true,
  });
});
afterAll(() => system.stop());

beforeEach(async () => {
  engine = await Engine.open(system.settings);
  await engine.look();
  await engine.run('products', 'full sync');
  await engine.settle();
  await system.expectConverged(['products']);
});
afterEach(() => engine.close());

const NAMES = `catalog_product_entity_varchar v JOIN eav_attribute a USING (attribute_id)
  JOIN eav_entity_type t USING (entity_type_id)`;
const OF_PRODUCTS = `a.attribute_code = 'name' AND t.entity_type_code = 'catalog_product'`;

/** Gives products another name, and returns what gives them their own name back. */
async function rename(where = 'TRUE'): Promise<() => Promise<void>> {
  const [before] = await system.shop.query<RowDataPacket[]>(
    `SELECT v.value_id AS id, v.value AS name FROM ${NAMES} WHERE ${OF_PRODUCTS} AND ${where}`,
  );
  await system.shop.query(
    `UPDATE ${NAMES} SET v.value = CONCAT(v.value, ' B') WHERE ${OF_PRODUCTS} AND ${where}`,
  );
  return async () => {
    for (const { id, name } of before as { id: number; name: string }[]) {
      await system.shop.query(
        'UPDATE catalog_product_entity_varchar SET value = ? WHERE value_id = ?',
        [name, id],
      );
    }
  };
}

describe('what is changed and changed back ends as it was, where the change', () => {
  test('is in the buffer of a full sync meanwhile', async () => {
    const back = await rename();
    system.proxy.fault = () => ({ answerDelayMs: 100 });
    const seen = system.proxy.requests.length;
    const full = engine.run('products', 'full sync', { batchSize: 10 });
    await system.proxy.seen(seen + 1);
    await back();
    expect(await engine.move()).toBeGreaterThan(0);
    await full;
    system.proxy.fault = () => ({});
    await engine.settle();
    await system.expectConverged(['products']);
  });

  test('was taken by the service, but the connection to the database broke before that was stored', async () => {
    const back = await rename('v.entity_id BETWEEN 5 AND 8');
    await engine.move();
    system.proxy.fault = () => ({ answerDelayMs: 300 });
    const seen = system.proxy.requests.length;
    const partial = engine.run('products', 'partial sync').then(
      () => 'settled',
      () => 'broken',
    );
    await system.proxy.seen(seen + 1);
    const lock = await system.connect();
    const store = new URL(system.settings['EXPORT_DATABASE_URL'] ?? '').pathname.slice(1);
    await lock.query('BEGIN');
    await lock.query(`SELECT * FROM \`${store}\`.feed_lease FOR UPDATE`);
    await cutWaiting(store);
    expect(await partial).toBe('broken');
    await lock.query('ROLLBACK');
    system.proxy.fault = () => ({});
    await back();
    await engine.settle();
    await system.expectConverged(['products']);
  });
});

test('the same change of the whole feed again, while a full sync for the first one runs, is answered by another', async () => {
  const useStoreCodes = (value: string) =>
    system.shop.query(
      `INSERT INTO core_config_data (scope, scope_id, path, value)
       VALUES ('default', 0, 'web/url/use_store', ?) ON DUPLICATE KEY UPDATE value = VALUES(value)`,
      [value],
    );
  const requests = async () =>
    (await queuedSyncs(system.store)).filter(({ feed }) => feed === 'products');
  await useStoreCodes('1');
  await engine.move();
  expect(await requests()).toHaveLength(1);
  system.proxy.fault = () => ({ answerDelayMs: 100 });
  const seen = system.proxy.requests.length;
  const full = engine.run('products', 'full sync', { batchSize: 10 });
  await system.proxy.seen(seen + 2);
  await useStoreCodes('0');
  await engine.move();
  await full;
  expect(await requests()).toHaveLength(1);
  system.proxy.fault = () => ({});
  await engine.settle();
  expect(await requests()).toEqual([]);
  await system.expectConverged(['products']);
});

/** Cuts the connection of whoever waits for the lease of a feed in that database. */
async function cutWaiting(database: string): Promise<void> {
  const server = await system.connect();
  for (;;) {
    const [waiting] = await server.query<RowDataPacket[]>(
      `SELECT id FROM information_schema.processlist
       WHERE db = ? AND command = 'Query' AND info LIKE '%feed_lease%'`,
      [database],
    );
    for (const { id } of waiting) await server.query(`KILL ${String(id)}`);
    if (waiting.length > 0) return;
    await sleep(20);
  }
}
