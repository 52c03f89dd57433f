import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../../test/test-shop.js';
import { customerGroupCode } from '../../commerce/customer-groups.js';
import type { Edition } from '../../sandbox/catalog/options.js';
import type { FeedItem } from '../feed.js';
import { feedValidator } from '../validation.js';
import { prices } from './feed.js';

const PRICE = 77;
const SPECIAL_PRICE = 78;
const PRICE_TYPE = 125;
const VIP = 4;
const ALL_GROUPS = null;

const TABLES = [
  'catalog_product_entity_decimal',
  'catalog_product_entity_int',
  'catalog_product_entity_tier_price',
  'catalog_product_relation',
  'catalog_product_website',
  'catalogrule_product_price',
  'sequence_product',
];

/** A product: entity id, type, websites. Its SKU is `p<id>`; values refer to `link(id)`. */
type Product = readonly [number, string, readonly number[]];

const products: readonly Product[] = [
  [1, 'simple', [1, 2]],
  [2, 'configurable', [1, 2]],
  [3, 'bundle', [1]],
  [4, 'bundle', [1]],
  [5, 'grouped', [2]],
  [6, 'downloadable', [3]],
  [7, 'giftcard', [1]],
  [8, 'virtual', []],
  [9, 'subscription', [1]],
];

/** Versions are numbered backwards, so that the order of rows is not that of entities. */
const link = (edition: Edition, id: number): number => (edition === 'commerce' ? 1000 - id : id);

async function priceShop(edition: Edition, tablePrefix: string): Promise<TestShop> {
  const shop = await TestShop.bare({ edition, tablePrefix, tables: TABLES });
  const key = edition === 'commerce' ? 'row_id' : 'entity_id';
  await shop.insert('store_website', [
    { website_id: 1, code: 'base', default_group_id: 1, is_default: 1 },
    { website_id: 2, code: 'eu', default_group_id: 2, is_default: 0 },
    { website_id: 3, code: 'bare', default_group_id: 3, is_default: 0 },
  ]);
  await shop.insert('store_group', [
    { group_id: 1, website_id: 1, code: 'main', name: '', default_store_id: 1 },
    { group_id: 2, website_id: 2, code: 'eu', name: '', default_store_id: 2 },
    { group_id: 3, website_id: 3, code: 'bare', name: '', default_store_id: 0 },
  ]);
  await shop.insert('store', [
    { store_id: 1, code: 'default', group_id: 1, website_id: 1, name: '', is_active: 1 },
    { store_id: 2, code: 'eu_en', group_id: 2, website_id: 2, name: '', is_active: 1 },
    { store_id: 3, code: 'eu_fr', group_id: 2, website_id: 2, name: '', is_active: 0 },
  ]);
  // At the tests' time it is the next day in Tokyo.
  const path = 'general/locale/timezone';
  await shop.insert('core_config_data', [
    { scope: 'default', scope_id: 0, path, value: 'UTC' },
    { scope: 'websites', scope_id: 2, path, value: 'Asia/Tokyo' },
  ]);
  await shop.insert('eav_entity_type', [
    { entity_type_id: 4, entity_type_code: 'catalog_product' },
  ]);
  await shop.insert('eav_attribute', [
    ...[
      { attribute_id: PRICE, attribute_code: 'price', backend_type: 'decimal' },
      { attribute_id: SPECIAL_PRICE, attribute_code: 'special_price', backend_type: 'decimal' },
      { attribute_id: PRICE_TYPE, attribute_code: 'price_type', backend_type: 'int' },
    ].map((attribute) => ({ ...attribute, entity_type_id: 4 })),
  ]);
  await insertProducts(shop, edition, products);

  const value = (id: number, attribute_id: number, store_id: number, amount: number | null) => ({
    [key]: link(edition, id),
    attribute_id,
    store_id,
    value: amount,
  });
  await shop.insert('catalog_product_entity_decimal', [
    value(1, PRICE, 0, 34),
    value(1, SPECIAL_PRICE, 0, 29.99),
    value(1, PRICE, 2, 40.5),
    value(1, PRICE, 3, 41.5),
    value(1, SPECIAL_PRICE, 3, null),
    value(1, 80, 0, 5),
    value(2, PRICE, 0, 99),
    value(3, PRICE, 0, 70),
    value(3, SPECIAL_PRICE, 0, 80.5),
    value(6, PRICE, 0, 11.123456),
    value(9, PRICE, 0, -3),
  ]);
  await shop.insert('catalog_product_entity_int', [
    value(3, PRICE_TYPE, 0, 1),
    value(4, PRICE_TYPE, 0, 0),
    value(4, PRICE_TYPE, 1, 1),
  ]);
  const tier = (
    id: number,
    group: number | null,
    website_id: number,
    qty: number,
    amount: number,
    percentage_value: number | null = null,
  ) => ({
    [key]: link(edition, id),
    all_groups: group === ALL_GROUPS ? 1 : 0,
    customer_group_id: group ?? 0,
    website_id,
    qty,
    value: amount,
    percentage_value,
  });
  await shop.insert('catalog_product_entity_tier_price', [
    tier(1, ALL_GROUPS, 0, 5, 30),
    tier(1, ALL_GROUPS, 2, 5, 0, 12.5),
    tier(1, VIP, 2, 1, 20),
    tier(1, VIP, 3, 1, 1),
    tier(6, ALL_GROUPS, 0, 2, 9),
  ]);
  await shop.insert('catalog_product_relation', [
    { parent_id: link(edition, 5), child_id: 1 },
    { parent_id: link(edition, 2), child_id: 1 },
    { parent_id: link(edition, 9), child_id: 6 },
    { parent_id: 777, child_id: 6 },
  ]);
  const rule = (
    rule_date: string,
    website_id: number,
    customer_group_id: number | null,
    product_id: number,
    rule_price: number,
  ) => ({ rule_date, website_id, customer_group_id, product_id, rule_price });
  await shop.insert('catalogrule_product_price', [
    rule('2026-11-21', 1, 0, 1, 27.2),
    rule('2026-11-22', 1, 0, 1, 26),
    rule('2026-11-21', 2, VIP, 1, 15),
    rule('2026-11-22', 2, VIP, 1, 14),
    rule('2026-11-21', 1, null, 1, 1),
    rule('2026-11-21', 3, 0, 1, 1),
    rule('2026-11-21', 1, 0, 2, 1),
    rule('2026-11-21', 3, 0, 6, 8),
  ]);
  return shop;
}

async function insertProducts(
  shop: TestShop,
  edition: Edition,
  rows: readonly Product[],
): Promise<void> {
  const entity = ([id, type_id]: Product) => ({ entity_id: id, type_id, sku: `p${id}` });
  if (edition === 'commerce') {
    await shop.insert(
      'sequence_product',
      rows.map(([id]) => ({ sequence_value: id })),
    );
    await shop.insert(
      'catalog_product_entity',
      rows.map((row) => ({
        ...entity(row),
        row_id: link(edition, row[0]),
        created_in: 1,
        updated_in: 2147483647,
      })),
    );
  } else {
    await shop.insert('catalog_product_entity', rows.map(entity));
  }
  const assigned = rows.flatMap(([product_id, , websites]) =>
    websites.map((website_id) => ({ product_id, website_id })),
  );
  if (assigned.length > 0) await shop.insert('catalog_product_website', assigned);
}

/** Pages come in the order of their rows, which is not that of entities in a shop with versions. */
function byProduct(items: readonly FeedItem[]): FeedItem[] {
  return items.toSorted((one, other) => Number(one['productId']) - Number(other['productId']));
}

const fallback = (id: number, websiteCode: string) => ({
  productId: id,
  sku: `p${id}`,
  customerGroupCode: '0',
  websiteCode,
});

describe.each([
  { edition: 'open-source', prefix: '', form: 'an Open Source shop' },
  { edition: 'open-source', prefix: 'm2_', form: 'a shop with a table prefix' },
  { edition: 'commerce', prefix: '', form: 'a shop with versions' },
] as const)('the prices of $form', ({ edition, prefix }) => {
  let shop: TestShop;

  beforeAll(async () => {
    shop = await priceShop(edition, prefix);
  });
  afterAll(() => shop.close());

  test('are one item for each product, website and customer group that has an own price', async () => {
    // By ascending key of the parent, which is the version's in Adobe Commerce.
    const parents = [
      { type: 'CONFIGURABLE', sku: 'p2' },
      { type: 'GROUPED', sku: 'p5' },
    ];
    const inBase = {
      ...{ type: 'SIMPLE', parents: parents.slice(0, 1), regular: 34 },
      tierPrices: [{ qty: 5, price: 30 }],
    };
    const inEu = {
      ...{ type: 'SIMPLE', regular: 41.5, tierPrices: [{ qty: 5, percentage: 12.5 }] },
      parents: edition === 'commerce' ? parents.toReversed() : parents,
    };
    const special = { code: 'special_price', price: 29.99 };
    const { items, failures } = await shop.collect(prices);
    expect(failures).toEqual([]);
    expect(byProduct(items)).toEqual([
      { ...fallback(1, 'base'), ...inBase, discounts: [special] },
      {
        ...fallback(1, 'base'),
        customerGroupCode: customerGroupCode(0),
        ...inBase,
        discounts: [special, { code: 'catalog_rule', price: 27.2 }],
      },
      { ...fallback(1, 'eu'), ...inEu, discounts: null },
      {
        ...fallback(1, 'eu'),
        customerGroupCode: customerGroupCode(VIP),
        ...inEu,
        discounts: [
          { code: 'group', price: 20 },
          { code: 'catalog_rule', price: 14 },
        ],
      },
      {
        ...fallback(3, 'base'),
        type: 'BUNDLE_FIXED',
        regular: 70,
        discounts: [{ code: 'special_price', percentage: 80.5 }],
      },
      { ...fallback(4, 'base'), type: 'BUNDLE_DYNAMIC', regular: 0, discounts: null },
      { ...fallback(5, 'eu'), type: 'GROUPED', regular: 0, discounts: null },
      { ...fallback(6, 'bare'), type: 'DOWNLOADABLE', regular: 11.123456, discounts: null },
      {
        ...fallback(6, 'bare'),
        customerGroupCode: customerGroupCode(0),
        type: 'DOWNLOADABLE',
        regular: 11.123456,
        discounts: [{ code: 'catalog_rule', price: 8 }],
      },
      { ...fallback(9, 'base'), type: 'SIMPLE', regular: -3, discounts: null },
    ]);
  });

  test('follow the contract', async () => {
    const check = feedValidator(prices);
    const items = await shop.preview(prices);
    expect(items.length).toBe(10);
    expect(items.flatMap(check)).toEqual([]);
  });

  test('are the same whether products are listed or in a range, and of listed ones alone', async () => {
    const all = await shop.collect(prices);
    const ids = products.map(([id]) => id);
    const many = [...ids, ...Array.from({ length: 100 }, (_, index) => 5000 + index)];
    expect(await shop.collect(prices, { kind: 'ids', ids: many })).toEqual(all);
    const one = await shop.collect(prices, { kind: 'ids', ids: [5] });
    expect(one.items).toEqual(all.items.filter(({ productId }) => productId === 5));
    expect((await shop.collect(prices, { kind: 'ids', ids: [8, 4711] })).items).toEqual([]);
  });

  test('take as many queries however many products there are', async () => {
    const queries = async (): Promise<number> => {
      const before = shop.queries;
      await shop.collect(prices);
      return shop.queries - before;
    };
    const few = await queries();
    const more = Array.from({ length: 200 }, (_, at): Product => [100 + at, 'simple', [1, 2]]);
    await insertProducts(shop, edition, more);
    expect(await queries()).toBe(few);
    expect((await shop.collect(prices)).items.length).toBe(10 + 400);
  });
});

describe('prices', () => {
  let shop: TestShop;

  beforeAll(async () => {
    shop = await priceShop('open-source', '');
  });
  afterAll(() => shop.close());

  test('of a shop with versions are those of the version in force', async () => {
    const staged = await priceShop('commerce', '');
    await staged.run(`UPDATE {catalog_product_entity} SET updated_in = 500 WHERE entity_id = 9`);
    await staged.insert('catalog_product_entity', [
      { row_id: 2001, entity_id: 9, sku: 'now', created_in: 500, updated_in: 900 },
      { row_id: 2002, entity_id: 9, sku: 'later', created_in: 900, updated_in: 2147483647 },
    ]);
    await staged.insert('catalog_product_entity_decimal', [
      { row_id: 2001, attribute_id: PRICE, store_id: 0, value: 55 },
      { row_id: 2002, attribute_id: PRICE, store_id: 0, value: 66 },
    ]);
    await staged.insert('flag', [{ flag_code: 'staging', flag_data: '{"current_version":"600"}' }]);
    const { items } = await staged.collect(prices, { kind: 'ids', ids: [9] });
    await staged.close();
    expect(items).toEqual([
      { ...fallback(9, 'base'), sku: 'now', type: 'SIMPLE', regular: 55, discounts: null },
    ]);
  });

  test('go out with a warning when the time zone of a website does not exist', async () => {
    const path = 'general/locale/timezone';
    await shop.run(
      `UPDATE {core_config_data} SET value = 'Nowhere' WHERE path = '${path}' AND scope_id = 2`,
    );
    const { items, warnings } = await shop.collect(prices, {
      kind: 'ids',
      ids: [1],
    });
    expect(items.at(-1)?.['discounts']).toContainEqual({ code: 'catalog_rule', price: 15 });
    expect(warnings).toEqual([
      { code: 'CDE01-18', message: expect.stringContaining('“eu”') as string },
    ]);
  });

  test('of one product fail alone when its row is broken', async () => {
    await shop.run('ALTER TABLE {catalog_product_entity} MODIFY sku varchar(64) NULL');
    await shop.run('UPDATE {catalog_product_entity} SET sku = NULL WHERE entity_id IN (2, 3)');
    const { items, failures } = await shop.collect(prices);
    expect(failures).toEqual([{ sourceId: 3, code: 'CDE01-16', message: 'Product 3 has no SKU.' }]);
    expect(items.length).toBe(9);
    expect(items[0]).not.toHaveProperty('parents');
  });
});
