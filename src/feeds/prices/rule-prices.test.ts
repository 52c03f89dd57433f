import mysql from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { freshDatabase } from '../../../test/servers.js';
import { CommerceDatabase } from '../../commerce/database.js';
import type { Selection } from '../../commerce/selection.js';
import { RulePrices } from './rule-prices.js';

const dates = new Map([
  [1, '2026-11-21'],
  [2, '2026-11-22'],
  [3, '2026-11-22'],
]);
const everything: Selection = { kind: 'range', from: 1, to: 1000 };

let connection: mysql.Connection;
let commerce: CommerceDatabase;
let rulePrices: RulePrices;

beforeAll(async () => {
  const { url } = await freshDatabase('rule_prices');
  connection = await mysql.createConnection({ uri: url, multipleStatements: true });
  commerce = new CommerceDatabase({ url });
});

afterAll(async () => {
  await connection.end();
  await commerce.close();
});

beforeEach(async () => {
  rulePrices = new RulePrices({ t: (table) => `\`${table}\``, hasTable: () => true });
  await connection.query('DROP TABLE IF EXISTS catalogrule_product_price');
  await createTable('catalogrule_product_price', 'KEY RULE_PRICE_PRODUCT_ID (product_id)');
  await insert('catalogrule_product_price', [
    ['2026-11-20', 1, 0, 5, 10],
    ['2026-11-21', 1, 0, 5, 11],
    ['2026-11-21', 1, 3, 5, 11.123456],
    ['2026-11-22', 1, 0, 5, 12],
    ['2026-11-21', 2, 0, 5, 21],
    ['2026-11-22', 2, 0, 5, 22],
    ['2026-11-22', 3, 0, 7, 32],
    ['2026-11-22', 9, 0, 7, 99],
  ]);
});

async function createTable(name: string, keys: string): Promise<void> {
  await connection.query(`
    CREATE TABLE ${name} (
      rule_product_price_id int unsigned AUTO_INCREMENT PRIMARY KEY, rule_date date NOT NULL,
      website_id smallint unsigned NOT NULL, customer_group_id int, product_id int unsigned NOT NULL,
      rule_price decimal(20,6) NOT NULL, ${keys})`);
}

async function insert(name: string, rows: readonly unknown[][]): Promise<void> {
  await connection.query(
    `INSERT INTO ${name} (rule_date, website_id, customer_group_id, product_id, rule_price) VALUES ?`,
    [rows],
  );
}

const read = (products: Selection): Promise<unknown[]> =>
  commerce.snapshot(async (each) => (await rulePrices.read(each, products, dates)).toSorted());

describe('rule prices', () => {
  const inForce = [
    [5, 1, 0, '11.000000'],
    [5, 1, 3, '11.123456'],
    [5, 2, 0, '22.000000'],
    [7, 3, 0, '32.000000'],
  ];

  test('are those of the date of each website, for a range of products', async () => {
    expect(await read(everything)).toEqual(inForce);
  });

  test('are the same for listed products, however many there are', async () => {
    expect(await read({ kind: 'ids', ids: [5, 7] })).toEqual(inForce);
    const ids = Array.from({ length: 400 }, (_, index) => index + 1);
    expect(await read({ kind: 'ids', ids })).toEqual(inForce);
    expect(await read({ kind: 'ids', ids: [7] })).toEqual(inForce.slice(3));
    expect(await read({ kind: 'ids', ids: [] })).toEqual([]);
  });

  test('are read on when a reindex has swapped the table and its index has another name', async () => {
    await read(everything);
    await createTable(
      'catalogrule_product_price__temp1',
      'KEY RULE_PRICE__TEMP1_PRODUCT_ID (product_id)',
    );
    await insert('catalogrule_product_price__temp1', [['2026-11-21', 1, 0, 5, 8]]);
    await connection.query(`
      RENAME TABLE catalogrule_product_price TO old_prices,
                   catalogrule_product_price__temp1 TO catalogrule_product_price;
      DROP TABLE old_prices`);
    expect(await read(everything)).toEqual([[5, 1, 0, '8.000000']]);
  });

  test('are read without an index on products', async () => {
    await connection.query('ALTER TABLE catalogrule_product_price DROP KEY RULE_PRICE_PRODUCT_ID');
    expect(await read(everything)).toEqual(inForce);
  });

  test('are none where the catalog rules were removed from the shop', async () => {
    await connection.query('DROP TABLE catalogrule_product_price');
    rulePrices = new RulePrices({ t: (table) => `\`${table}\``, hasTable: () => false });
    expect(await read(everything)).toEqual([]);
  });
});
