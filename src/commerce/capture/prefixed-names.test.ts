import { afterAll, beforeAll, expect, test } from 'vitest';

import { CaptureShop } from '../../../test/capture-shop.js';
import type { CapturedTable } from './captured-table.js';
import { uninstallCapture } from './uninstall.js';

/** Commerce adds `sales_` to no name that starts with it: these are `sales_order` and `customer`. */
const TABLES = [
  `CREATE TABLE sales_customer (customer_id INT UNSIGNED PRIMARY KEY)`,
  `CREATE TABLE sales_order (
     entity_id INT UNSIGNED PRIMARY KEY, customer_id INT UNSIGNED,
     FOREIGN KEY (customer_id) REFERENCES sales_customer (customer_id) ON DELETE CASCADE)`,
  `CREATE TABLE sales_stock_1 (sku VARCHAR(64) PRIMARY KEY)`,
];
const CAPTURED: readonly CapturedTable[] = [
  { table: 'customer', key: ['customer_id'] },
  { table: 'sales_order', key: ['entity_id'] },
  { table: 'stock_*', key: ['sku'] },
];

let shop: CaptureShop;
beforeAll(async () => {
  shop = await CaptureShop.make(TABLES, 'sales_');
});
afterAll(() => shop.close());

test('a table whose name starts with the prefix itself is captured under its own name', async () => {
  const { plan } = await shop.install(CAPTURED);
  expect(plan.sources.map(({ table }) => table)).toEqual(['customer', 'sales_order', 'stock_1']);
  await shop.shop.run('INSERT INTO sales_customer VALUES (1)');
  await shop.shop.run('INSERT INTO sales_order VALUES (7, 1)');
  await shop.shop.run(`INSERT INTO sales_stock_1 VALUES ('A')`);
  await shop.shop.run('DELETE FROM sales_customer WHERE customer_id = 1');
  expect(await shop.noted()).toEqual([
    ['customer', { customer_id: 1 }],
    ['sales_order', { entity_id: 7 }],
    ['stock_1', { sku: 'A' }],
    ['sales_order', { entity_id: 7 }],
    ['customer', { customer_id: 1 }],
  ]);
});

test('its triggers are found as they have to be, and removed with the rest', async () => {
  expect((await shop.findings(CAPTURED)).filter(({ gap }) => gap)).toEqual([]);
  expect((await shop.install(CAPTURED)).created).toEqual([]);
  const dropped = await uninstallCapture(shop.installer, shop.place);
  expect(dropped).toContain('sales_saas_export_changelog');
  expect(await shop.shop.rows('SHOW TRIGGERS')).toEqual([]);
});
