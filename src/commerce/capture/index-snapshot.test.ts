import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { CaptureShop } from '../../../test/capture-shop.js';
import type { CapturedTable } from './captured-table.js';
import { noteSwappedContent, staleInSnapshot, takeSnapshot } from './index-snapshot.js';
import { readShopTables } from './shop-tables.js';
import { captureSources } from './source.js';
import type { OwnTables } from './sql.js';

const RULE_PRICE = `(id INT AUTO_INCREMENT PRIMARY KEY, rule_date DATE, website_id INT,
  customer_group_id INT NULL, product_id INT, rule_price DECIMAL(20,6), KEY (product_id))`;
const TABLES = [
  `CREATE TABLE rule_price ${RULE_PRICE}`,
  `CREATE TABLE stock_2 (sku VARCHAR(64) PRIMARY KEY, quantity DECIMAL(12,4))`,
];
const CAPTURED: readonly CapturedTable[] = [
  {
    table: 'rule_price',
    key: ['product_id'],
    swapped: ['rule_date', 'website_id', 'customer_group_id', 'product_id', 'rule_price'],
  },
  { table: 'stock_*', key: ['sku'], swapped: ['sku', 'quantity'] },
];

let shop: CaptureShop;

const run = (sql: string) => shop.shop.run(sql);

async function inTransaction<T>(work: (transaction: OwnTables) => Promise<T>): Promise<T> {
  return shop.store.transaction((transaction) =>
    work({
      t: (name) => shop.store.t(name),
      rows: (sql, values) => shop.store.rows(sql, values, transaction),
      run: (sql, values) => shop.store.run(sql, values, transaction),
    }),
  );
}

async function source(table: string) {
  const sources = captureSources(CAPTURED, await readShopTables(shop.shop, shop.place));
  return sources.find((one) => one.table === table)!;
}

/** What is done when a swap was found. */
async function compare(table = 'rule_price'): Promise<unknown[]> {
  await shop.install(CAPTURED);
  const wanted = await source(table);
  await inTransaction((transaction) => noteSwappedContent(transaction, shop.place, wanted));
  return take(table);
}

/** What the mover does: changes that are taken off make the snapshot stale. */
async function take(table = 'rule_price'): Promise<unknown[]> {
  const changes = await shop.takeChanges();
  const sources = [await source('rule_price'), await source('stock_2')];
  await inTransaction((transaction) => staleInSnapshot(transaction, sources, changes));
  const keys = changes.filter((one) => one.table === table).map(({ key }) => Object.values(key)[0]);
  return [...new Set(keys)].sort();
}

beforeEach(async () => {
  shop = await CaptureShop.make(TABLES);
  await run(`INSERT INTO rule_price (rule_date, website_id, customer_group_id, product_id, rule_price)
    SELECT '2026-01-01', 1, g.seq, p.seq, p.seq * 10 FROM seq_0_to_3 g, seq_1_to_20 p`);
  await shop.install(CAPTURED);
  await inTransaction(async (transaction) =>
    takeSnapshot(transaction, shop.place, await source('rule_price')),
  );
});
afterEach(() => shop.close());

/** Fills the twin as the table is, changes it, and swaps it in. */
async function swap(kind: 'replica' | 'temporary', change: readonly string[]): Promise<void> {
  const twin = kind === 'replica' ? 'rule_price_replica' : 'rule_price__temp0a1b2c3d';
  await run(`DROP TABLE IF EXISTS ${twin}`);
  await run(`CREATE TABLE ${twin} LIKE rule_price`);
  await run(
    `INSERT INTO ${twin} (rule_date, website_id, customer_group_id, product_id, rule_price)
     SELECT rule_date, website_id, customer_group_id, product_id, rule_price FROM rule_price
     ORDER BY id DESC`,
  );
  for (const statement of change) await run(statement.replaceAll('{twin}', twin));
  expect(await shop.takeChanges()).toEqual([]);
  await run(`RENAME TABLE rule_price TO outgoing, ${twin} TO rule_price`);
  await run(kind === 'replica' ? `RENAME TABLE outgoing TO ${twin}` : 'DROP TABLE outgoing');
}

describe.each(['replica', 'temporary'] as const)('a %s table that was swapped in', (kind) => {
  test('yields the products whose rows differ, appeared or vanished, and no others', async () => {
    await swap(kind, [
      'UPDATE {twin} SET rule_price = 1 WHERE product_id = 3 AND customer_group_id = 2',
      'DELETE FROM {twin} WHERE product_id = 4',
      'DELETE FROM {twin} WHERE product_id = 5 AND customer_group_id = 0',
      `INSERT INTO {twin} (rule_date, website_id, product_id, rule_price) VALUES ('2026-01-01', 1, 77, 5)`,
      // A second row that is the same: content is a multiset.
      `INSERT INTO {twin} (rule_date, website_id, customer_group_id, product_id, rule_price)
       SELECT rule_date, website_id, customer_group_id, product_id, rule_price FROM rule_price
       WHERE product_id = 6 AND customer_group_id = 1`,
      `UPDATE {twin} SET customer_group_id = NULL WHERE product_id = 7 AND customer_group_id = 0`,
    ]);
    expect(await compare()).toEqual([3, 4, 5, 6, 7, 77]);
    expect(await shop.findings(CAPTURED)).toEqual([]);
  });

  test('with the same rows under other numbers yields nothing', async () => {
    await swap(kind, []);
    expect(await compare()).toEqual([]);
  });

  test('is captured row by row again', async () => {
    await swap(kind, []);
    await compare();
    await run('UPDATE rule_price SET rule_price = 2 WHERE product_id = 9');
    expect(await take()).toEqual([9]);
  });
});

test('a row that was changed singly, and which a swap brings back, is noted both times', async () => {
  await run('UPDATE rule_price SET rule_price = 1 WHERE product_id = 3');
  await run(`INSERT INTO rule_price (product_id, rule_price) VALUES (88, 1)`);
  expect(await take()).toEqual([3, 88]);
  await swap('replica', [
    'UPDATE {twin} SET rule_price = 30 WHERE product_id = 3',
    'DELETE FROM {twin} WHERE product_id = 88',
  ]);
  expect(await compare()).toEqual([3, 88]);
  await swap('replica', []);
  expect(await compare()).toEqual([]);
});

test('keys of text are compared too, byte by byte', async () => {
  await run(`INSERT INTO stock_2 VALUES ('a', 1), ('b,c', 1), ('ü', 1)`);
  await take();
  expect(await compare('stock_2')).toEqual(['a', 'b,c', 'ü']);
});

test('a comparison locks no row of the shop', async () => {
  const other = await shop.connect();
  await other.run('START TRANSACTION');
  await other.run('UPDATE rule_price SET rule_price = 5');
  expect(await compareOnly()).toBe(0);
  await other.run('COMMIT');
  expect(await compareOnly()).toBe(20);
});

async function compareOnly(): Promise<number> {
  const wanted = await source('rule_price');
  return inTransaction((transaction) => noteSwappedContent(transaction, shop.place, wanted));
}
