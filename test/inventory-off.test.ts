import { afterAll, beforeAll, expect, test } from 'vitest';

import { pendingAmong } from '../src/store/pending.js';
import { Engine } from './engine.js';
import { runProgram } from './program.js';
import { availableFeeds } from './settle.js';
import { TestSystem } from './system.js';

let system: TestSystem;
let engine: Engine;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 60, storeViews: 2, now: new Date() },
    capture: true,
    settings: { INVENTORY: 'off' },
  });
  engine = await Engine.open(system.settings);
  await engine.look();
});
afterAll(async () => {
  await engine.close();
  await system.stop();
});

test('a shop with its inventory modules off has no stock feed, and no change of stock waits for one', async () => {
  expect(await availableFeeds(system)).not.toContain('inventoryStockStatus');
  await engine.run('products', 'full sync');
  await engine.settle();
  await system.expectConverged(['products']);

  const [product] = (
    await system.shop.query(
      `SELECT product_id AS id, sku FROM cataloginventory_stock_status
       JOIN catalog_product_entity ON entity_id = product_id
       JOIN catalog_product_website USING (product_id) ORDER BY 1 LIMIT 1`,
    )
  )[0] as unknown as [{ id: number; sku: string }];
  await system.shop.query(
    `UPDATE cataloginventory_stock_status SET stock_status = 1 - stock_status WHERE product_id = ?`,
    [product.id],
  );
  await system.shop.query('UPDATE inventory_source_item SET quantity = quantity + 1');
  await engine.move();
  expect((await pendingAmong(system.store, 'inventoryStockStatus', [product.id])).length).toBe(0);
  await engine.settle();
  await system.expectConverged(['products']);
});

test('its preview and its estimate say so', async () => {
  const preview = await runProgram(['preview', 'inventoryStockStatus'], system.settings);
  expect(preview).toMatchObject({ code: 0, stdout: '' });
  expect(preview.stderr).toMatch(
    /SDE40-02 .* not available in this shop: the module Magento_InventoryIndexer is switched off/,
  );
  const { stdout } = await runProgram(['estimate'], system.settings);
  expect(stdout).toMatch(/inventoryStockStatus .*not available in this shop/);
});
