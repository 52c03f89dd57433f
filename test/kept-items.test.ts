import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import mysql from 'mysql2/promise';

import type { Explanation } from '../src/client/explain/explanation.js';
import { queueEntities } from '../src/store/pending.js';
import { runProgram } from './program.js';
import { TestSystem } from './system.js';

let system: TestSystem;
let service: mysql.Connection;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 20, storeViews: 2, websites: 1 },
    settings: { PERSIST_EXPORTED_FEED: '1', FEED_PRODUCTS_BATCH_SIZE: '7' },
  });
  await system.startWorker();
  await system.fullSync({ feeds: ['products'] });
  service = await mysql.createConnection(system.serviceDatabaseUrl);
});
afterAll(async () => {
  await service.end();
  await system.stop();
});

interface HeldProduct {
  readonly sku: string;
  readonly name: string;
  readonly productId: string;
}

const held = async (): Promise<HeldProduct[]> => (await system.held('products')) as HeldProduct[];

/** Changes one default and all store views' names; returns what undoes it. */
async function rename(id: string, name: string): Promise<() => Promise<void>> {
  const [before] = await system.shop.query(
    `SELECT v.value_id AS id, v.value FROM catalog_product_entity_varchar v
     JOIN eav_attribute a USING (attribute_id)
     WHERE a.attribute_code = 'name' AND v.entity_id = ?`,
    [id],
  );
  const rows = before as { id: number; value: string }[];
  const set = (row: { id: number }, value: string) =>
    system.shop.query('UPDATE catalog_product_entity_varchar SET value = ? WHERE value_id = ?', [
      value,
      row.id,
    ]);
  for (const row of rows) await set(row, name);
  return async () => {
    for (const row of rows) await set(row, row.value);
  };
}

const again = async () =>
  (await system.fullSync({ feeds: ['products'], noReindex: true })).feeds.products!;

describe('with PERSIST_EXPORTED_FEED', { timeout: 120_000 }, () => {
  test('explain compares what is in the shop, was sent, and is at the service, field by field', async () => {
    const [{ sku, name, productId }] = (await held()) as [HeldProduct];
    const undo = await rename(productId, 'Renamed');
    await service.query(
      `UPDATE ingestion_item SET payload = JSON_SET(payload, '$.name', 'Altered')
       WHERE feed = 'products' AND deleted = 0 AND JSON_VALUE(payload, '$.sku') = ?`,
      [sku],
    );
    const { stdout } = await runProgram(['explain', 'products', sku, '--json'], system.settings);
    const { items } = (JSON.parse(stdout) as Explanation).entities[0]!;
    expect(items).toHaveLength(2);
    for (const item of items) {
      expect(item.sent).toMatchObject({ keptWhole: true, kept: { sku } });
      expect(item.differences).toContainEqual({
        path: 'name',
        now: 'Renamed',
        sent: item.sent!.kept!['name'],
        service: 'Altered',
      });
    }
    expect(items.map(({ sent }) => sent!.kept!['name'])).toContain(name);
    const text = await runProgram(['explain', 'products', sku], system.settings);
    expect(text.stdout).toMatch(/name\s.*"Renamed".*"Altered"/);
    await undo();
  });

  test('a full sync without collecting sends all kept items again, as they were sent', async () => {
    const before = await held();
    const undo = await rename(before[0]!.productId, 'Not collected');
    await service.query(`DELETE FROM ingestion_item WHERE feed = 'products'`);
    const { outcome, counts } = await again();
    expect(outcome).toBe('completed');
    expect(counts).toMatchObject({
      processed: 0,
      collected: 0,
      sent: before.length,
      accepted: before.length,
      unchanged: 0,
    });
    const after = await held();
    expect(after.map(({ sku }) => sku)).toEqual(before.map(({ sku }) => sku));
    expect(after.map((item) => item.name)).not.toContain('Not collected');
    expect(after.map((item) => item.name)).not.toContain('Altered');
    await undo();
    await system.expectConverged(['products']);
    // What was sent again counts as sent.
    expect((await system.fullSync({ feeds: ['products'] })).feeds.products?.counts).toMatchObject({
      sent: 0,
    });
  });

  test('a full sync without collecting loses no change that waits', async () => {
    const [{ productId }] = (await held()) as [HeldProduct];
    await rename(productId, 'Changed, and waiting');
    // So many that a full sync which collects would cover them.
    const others = Array.from({ length: 6_000 }, (_, at) => 1_000_000 + at);
    await queueEntities(system.store, 'products', [Number(productId), ...others]);
    expect((await again()).outcome).toBe('completed');
    await system.partialSync({ feeds: ['products'] });
    const names = (await held()).filter((item) => item.productId === productId);
    expect(new Set(names.map(({ name }) => name))).toEqual(new Set(['Changed, and waiting']));
    // Nothing notes here which bundles show the name.
    await system.fullSync({ feeds: ['products'] });
    await system.expectConverged(['products']);
  });

  test('items of which less is kept, or other content, are left as they are', async () => {
    const table = system.store.t('cde_products_feed');
    const rows = await system.store.rows<{ id: number }>(
      `SELECT id FROM ${table} ORDER BY id LIMIT 2`,
    );
    await system.store.run(
      `UPDATE ${table} SET feed_data = '{"productId":"1","sku":"x"}' WHERE id = ?`,
      [rows[0]!.id],
    );
    await system.store.run(`UPDATE ${table} SET feed_hash = REPEAT('a', 40) WHERE id = ?`, [
      rows[1]!.id,
    ]);
    const items = (await held()).length;
    expect((await again()).counts).toMatchObject({ sent: items - 2, unchanged: 2 });
    await system.fullSync({ feeds: ['products'], force: true });
    await system.expectConverged(['products']);
    expect((await again()).counts).toMatchObject({ sent: items, unchanged: 0 });
  });

  test('a deletion says no more of an item than without', async () => {
    const { productId } = (await held())[0]!;
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id = ?', [productId]);
    await system.fullSync({ feeds: ['products'] });
    await system.expectConverged(['products']);
    const [rows] = await service.query(
      `SELECT payload FROM ingestion_item WHERE feed = 'products' AND deleted = 1`,
    );
    const tombstones = (rows as { payload: string }[]).map(
      ({ payload }) => JSON.parse(payload) as object,
    );
    expect(tombstones).toHaveLength(2);
    for (const tombstone of tombstones) {
      expect(Object.keys(tombstone).sort()).toEqual([
        'deleted',
        'modifiedAt',
        'productId',
        'sku',
        'storeCode',
        'storeViewCode',
        'websiteCode',
      ]);
    }
    const { counts } = await again();
    expect(counts).toMatchObject({ sent: (await held()).length, deleted: 0 });
    await system.expectConverged(['products']);
  });
});
