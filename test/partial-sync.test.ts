import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { allFeeds } from '../src/feeds/registry.js';
import { TestSystem } from './system.js';

let system: TestSystem;
const feeds = allFeeds()
  .map(({ name }) => name)
  .filter((name) => !['categoryPermissions', 'productOverrides', 'orders'].includes(name));

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 80, storeViews: 3 }, capture: true });
  await system.startWorker();
  await system.fullSync();
  await system.partialSync();
});
afterAll(() => system.stop());

describe('a partial sync', () => {
  test('has nothing to do where nothing has changed', async () => {
    expect(await system.partialSync()).toMatchObject({ changes: 0, started: [], handedOver: [] });
    await system.expectConverged(feeds);
  });

  test('exports prices that have changed', async () => {
    await system.shop.query(
      `UPDATE catalog_product_entity_decimal SET value = value + 1
       WHERE entity_id BETWEEN 20 AND 30 AND attribute_id =
         (SELECT attribute_id FROM eav_attribute WHERE attribute_code = 'price' AND entity_type_id = 4)`,
    );
    const result = await system.partialSync();
    expect(result.settled.prices?.counts.accepted).toBeGreaterThan(0);
    await system.expectConverged(feeds);
  });

  test('reports a product that is gone as deleted in all feeds', async () => {
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id IN (9, 10)');
    const result = await system.partialSync();
    expect(result.settled.products?.counts.deleted).toBeGreaterThan(0);
    await system.expectConverged(feeds);
  });

  test('exports products under a new name', async () => {
    await system.shop.query(
      `UPDATE catalog_product_entity SET sku = 'renamed' WHERE entity_id = 11`,
    );
    await system.partialSync();
    await system.expectConverged(feeds);
  });

  test('leaves out what was rolled back', async () => {
    await system.shop.query('START TRANSACTION');
    await system.shop.query(`UPDATE catalog_product_entity SET sku = 'never' WHERE entity_id = 12`);
    await system.shop.query('ROLLBACK');
    expect(await system.partialSync()).toMatchObject({ changes: 0 });
    await system.expectConverged(feeds);
  });
});
