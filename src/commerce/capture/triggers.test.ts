import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { CaptureShop } from '../../../test/capture-shop.js';
import type { CapturedTable } from './captured-table.js';

const TABLES = [
  `CREATE TABLE product (
     entity_id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, sku VARCHAR(64), name VARCHAR(64) NULL,
     price DECIMAL(20,6) NULL, from_date DATETIME NULL, updated_at TIMESTAMP NULL, views INT DEFAULT 0
   ) DEFAULT CHARSET=utf8mb3`,
  `CREATE TABLE plain_value (
     value_id INT AUTO_INCREMENT PRIMARY KEY, attribute_id SMALLINT UNSIGNED, store_id SMALLINT UNSIGNED,
     row_id INT UNSIGNED, value TEXT)`,
  `CREATE TABLE stock_2 (sku VARCHAR(64) PRIMARY KEY, quantity DECIMAL(12,4))`,
  `CREATE TABLE stock_13 LIKE stock_2`,
  `CREATE TABLE stock_2_replica LIKE stock_2`,
  `CREATE TABLE stock_channel LIKE stock_2`,
  `CREATE VIEW stock_1 AS SELECT * FROM stock_2`,
  `CREATE TABLE config (
     config_id INT AUTO_INCREMENT PRIMARY KEY, path VARCHAR(500), scope_id INT, value TEXT)`,
];

const CAPTURED: readonly CapturedTable[] = [
  { table: 'product', key: ['entity_id'], only: ['sku', 'name'] },
  { table: 'product', key: ['entity_id'], only: ['price', 'from_date', 'no_such_column'] },
  { table: 'plain_value', key: ['entity_id', 'attribute_id', 'store_id'] },
  { table: 'stock_*', key: ['sku'] },
  { table: 'config', key: ['path', 'scope_id', 'website'] },
  { table: 'of_another_edition', key: ['entity_id'] },
];

let shop: CaptureShop;

beforeAll(async () => {
  shop = await CaptureShop.make(TABLES);
  await shop.install(CAPTURED);
});
afterEach(async () => {
  for (const table of ['product', 'plain_value', 'stock_2', 'stock_13', 'config']) {
    await shop.shop.run(`DELETE FROM ${table}`);
  }
  await shop.takeChanges();
});
afterAll(() => shop.close());

const run = (sql: string, values: readonly unknown[] = []) => shop.shop.run(sql, values);

describe('a row', () => {
  test('is noted when it is inserted, changed and deleted, with its key', async () => {
    await run(`INSERT INTO product (entity_id, sku) VALUES (7, 'a')`);
    await run(`UPDATE product SET name = 'x'`);
    await run(`DELETE FROM product`);
    expect(await shop.noted()).toEqual([
      ['product', { entity_id: 7 }],
      ['product', { entity_id: 7 }],
      ['product', { entity_id: 7 }],
    ]);
  });

  test('is noted in the order of the rows, with the time in UTC whatever the session’s zone', async () => {
    await run(`SET time_zone = '+09:00'`);
    await run(`INSERT INTO product (entity_id) VALUES (1), (2)`);
    await run(`SET time_zone = '+00:00'`);
    const changes = await shop.takeChanges();
    expect(changes.map(({ key }) => key['entity_id'])).toEqual([1, 2]);
    const age = Date.now() - Date.parse(`${changes[0]!.changedAt.replace(' ', 'T')}Z`);
    expect(Math.abs(age)).toBeLessThan(60_000);
  });

  test('with another key is noted under both', async () => {
    await run(`INSERT INTO plain_value (attribute_id, store_id, row_id) VALUES (1, 0, 5)`);
    await shop.takeChanges();
    await run(`UPDATE plain_value SET row_id = 6`);
    expect(await shop.noted()).toEqual([
      ['plain_value', { attribute_id: 1, entity_id: 5, store_id: 0 }],
      ['plain_value', { attribute_id: 1, entity_id: 6, store_id: 0 }],
    ]);
  });

  test('of which no counted column changed is not noted', async () => {
    await run(`INSERT INTO product (sku, price) VALUES ('a', 1.5)`);
    await shop.takeChanges();
    await run(
      `UPDATE product SET views = views + 1, updated_at = NOW(), price = '1.50', sku = 'a'`,
    );
    await run(`INSERT INTO product (entity_id, sku) SELECT entity_id, sku FROM product p
               ON DUPLICATE KEY UPDATE sku = VALUES(sku)`);
    expect(await shop.noted()).toEqual([]);
  });

  test.each([
    ['another case', 'abc', 'ABC'],
    ['an accent', 'cafe', 'café'],
    ['a space at the end', 'abc', 'abc '],
    ['nothing instead of an empty text', '', null],
  ])('with %s is noted, although its collation may see no difference', async (_, before, after) => {
    await run('INSERT INTO product (name) VALUES (?)', [before]);
    await shop.takeChanges();
    await run('UPDATE product SET name = ?', [after]);
    expect(await shop.noted()).toHaveLength(1);
    await run('UPDATE product SET name = ?', [after]);
    expect(await shop.noted()).toEqual([]);
  });

  test.each([
    ['price', '1.000000', '1.000001'],
    ['price', null, '0'],
    ['from_date', '2026-01-01', '2026-01-01 00:00:01'],
  ])('is noted when %s goes from %s to %s', async (column, before, after) => {
    await run(`INSERT INTO product (${column}) VALUES (?)`, [before]);
    await shop.takeChanges();
    await run(`UPDATE product SET ${column} = ?`, [after]);
    expect(await shop.noted()).toHaveLength(1);
  });

  test('that is rolled back is not noted', async () => {
    await run('START TRANSACTION');
    await run(`INSERT INTO product (sku) VALUES ('a')`);
    await run('ROLLBACK');
    expect(await shop.noted()).toEqual([]);
  });

  test('has text in its key, cut off where it is too long, and null for what the table lacks', async () => {
    await run(`INSERT INTO config (path, scope_id) VALUES (?, 3)`, ['ä'.repeat(400)]);
    expect(await shop.noted()).toEqual([
      ['config', { path: 'ä'.repeat(255), scope_id: 3, website: null }],
    ]);
  });
});

test('each member of a family is noted by its own name; twins, views and others are not', async () => {
  await run(`INSERT INTO stock_2 VALUES ('a', 1)`);
  await run(`INSERT INTO stock_13 VALUES ('b', 1)`);
  await run(`INSERT INTO stock_2_replica VALUES ('c', 1)`);
  await run(`INSERT INTO stock_channel VALUES ('d', 1)`);
  expect(await shop.noted()).toEqual([
    ['stock_2', { sku: 'a' }],
    ['stock_13', { sku: 'b' }],
  ]);
});

test('what the shop learns of its statement is as without triggers', async () => {
  const [insert] = await shop.shop.rows<{ id: number }>(
    `INSERT INTO product (entity_id, sku) VALUES (4711, 'a') RETURNING entity_id AS id`,
  );
  expect(insert).toEqual({ id: 4711 });
  await run(`ALTER TABLE product AUTO_INCREMENT = 5000`);
  await run(`INSERT INTO product (sku) VALUES ('b'), ('c')`);
  const [told] = await shop.shop.rows(`SELECT LAST_INSERT_ID() AS id, ROW_COUNT() AS touched`);
  expect(told).toEqual({ id: 5000, touched: 2 });
  expect(await run(`UPDATE product SET name = 'x' WHERE sku IN ('b', 'c')`)).toBe(2);
  const [still] = await shop.shop.rows(
    `SELECT LAST_INSERT_ID() AS id, @@warning_count AS warnings`,
  );
  expect(still).toEqual({ id: 5000, warnings: 0 });
});

test('an open transaction of the shop holds up neither another writer nor the reader', async () => {
  const other = await shop.connect();
  await other.run('SET SESSION innodb_lock_wait_timeout = 1');
  await run('START TRANSACTION');
  await run(`INSERT INTO product (sku) SELECT 'a' FROM information_schema.tables LIMIT 100`);
  await other.run('START TRANSACTION');
  await other.run(`INSERT INTO stock_2 SELECT CONCAT('s', seq), 1 FROM seq_1_to_100`);
  await run(`INSERT INTO product (sku) VALUES ('b')`);
  expect(await shop.noted()).toEqual([]);
  await other.run('COMMIT');
  const late = await shop.noted();
  expect(late).toHaveLength(100);
  expect(late.every(([table]) => table === 'stock_2')).toBe(true);
  await run('COMMIT');
  expect(await shop.noted()).toHaveLength(101);
});
