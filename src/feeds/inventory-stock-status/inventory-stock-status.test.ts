import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../../test/test-shop.js';
import type { Edition } from '../../sandbox/catalog/options.js';
import type { FeedItem } from '../feed.js';
import { feedValidator } from '../validation.js';
import type { CollectedStock } from './collect.js';
import { inventoryStockStatus } from './feed.js';

const TABLES = [
  'cataloginventory_stock_item',
  'cataloginventory_stock_status',
  'inventory_reservation',
  'inventory_source_item',
  'inventory_stock',
  'sequence_product',
];

const skus = ['24-MB01', 'Who?', 'set', 'alone'];

/** Products 1 to 4; stocks 1, 2 and 3, of which 3 has no index. */
async function stockShop(edition: Edition, tablePrefix = ''): Promise<TestShop> {
  const shop = await TestShop.bare({ edition, tablePrefix, tables: TABLES });
  await insertProducts(shop, edition, 1, skus);
  await shop.insert(
    'inventory_stock',
    [1, 2, 3].map((stock_id) => ({ stock_id, name: `stock ${stock_id}` })),
  );
  await shop.run(`
    CREATE TABLE {inventory_stock_2} (
      sku varchar(64) NOT NULL PRIMARY KEY, quantity decimal(12,4) NOT NULL,
      is_salable tinyint NOT NULL)`);
  await shop.insert('inventory_stock_2', [
    { sku: '24-mb01', quantity: 4.3, is_salable: 1 },
    { sku: 'set', quantity: 10.5, is_salable: 1 },
    { sku: 'no-such-sku', quantity: 1, is_salable: 1 },
  ]);
  const status = (product_id: number, qty: number, stock_status: number) => ({
    ...{ product_id, website_id: 0, stock_id: 1 },
    ...{ qty, stock_status },
  });
  await shop.insert('cataloginventory_stock_status', [
    status(1, 100, 1),
    status(2, 0, 0),
    status(3, 0, 1),
    status(4, 7, 1),
  ]);
  const item = (product_id: number, manage_stock: number) => ({
    ...{ product_id, stock_id: 1, manage_stock },
    use_config_manage_stock: 0,
  });
  await shop.insert('cataloginventory_stock_item', [item(1, 1), item(2, 0)]);
  await shop.insert('inventory_source_item', [
    { source_code: 'default', sku: '24-MB01', quantity: 1 },
    { source_code: 'default', sku: 'Who?', quantity: 1 },
    { source_code: 'default', sku: 'alone', quantity: 1 },
    { source_code: 'berlin', sku: 'set', quantity: 1 },
  ]);
  const reservation = (stock_id: number, sku: string, quantity: number) => ({
    stock_id,
    sku,
    quantity,
  });
  await shop.insert('inventory_reservation', [
    reservation(1, '24-MB01', -3.3),
    reservation(1, '24-MB01', -0.1),
    reservation(1, '24-mb01', -50),
    reservation(1, 'Who?', 1),
    reservation(2, '24-mb01', -0.1),
    reservation(2, 'set', -13),
    reservation(2, 'alone', -1),
    reservation(9, '24-MB01', -1),
  ]);
  return shop;
}

async function insertProducts(
  shop: TestShop,
  edition: Edition,
  firstId: number,
  skus: readonly string[],
): Promise<void> {
  const products = skus.map((sku, at) => ({ entity_id: firstId + at, sku }));
  if (edition === 'open-source') {
    await shop.insert('catalog_product_entity', products);
    return;
  }
  await shop.insert(
    'sequence_product',
    products.map(({ entity_id }) => ({ sequence_value: entity_id })),
  );
  await shop.insert(
    'catalog_product_entity',
    products.flatMap(({ entity_id, sku }) => [
      { entity_id, sku, row_id: 2 * entity_id, created_in: 1, updated_in: 500 },
      { entity_id, sku, row_id: 2 * entity_id + 1, created_in: 500, updated_in: 2147483647 },
    ]),
  );
}

function sorted(items: readonly FeedItem[]): FeedItem[] {
  const place = (item: FeedItem): number =>
    Number(item['stockId']) * 1e6 + Number(item['productId']);
  return items.toSorted((one, other) => place(one) - place(other));
}

describe.each([
  { edition: 'open-source', prefix: '', form: 'an Open Source shop' },
  { edition: 'open-source', prefix: 'm2_', form: 'a shop with a table prefix' },
  { edition: 'commerce', prefix: '', form: 'a shop with versions' },
] as const)('the stock of $form', ({ edition, prefix }) => {
  let shop: TestShop;

  beforeAll(async () => {
    shop = await stockShop(edition, prefix);
  });
  afterAll(() => shop.close());

  test('is one item for each stock and product in its index', async () => {
    const { items, failures } = await shop.collect(inventoryStockStatus);
    expect(failures).toEqual([]);
    expect(sorted(items)).toEqual([
      {
        ...{ stockId: '1', sku: '24-MB01', productId: 1 },
        // Reservations of another spelling do not count.
        ...{ qty: 100, qtyForSale: 96.6, infiniteStock: false, isSalable: true },
      },
      {
        ...{ stockId: '1', sku: 'Who?', productId: 2 },
        ...{ qty: 0, qtyForSale: 1, infiniteStock: true, isSalable: false },
      },
      {
        // The SKU as the index of the stock spells it.
        ...{ stockId: '2', sku: '24-mb01', productId: 1 },
        ...{ qty: 4.3, qtyForSale: 4.3 - 0.1, infiniteStock: false, isSalable: true },
      },
      {
        ...{ stockId: '2', sku: 'set', productId: 3 },
        ...{ qty: 10.5, qtyForSale: -2.5, infiniteStock: false, isSalable: true },
      },
    ]);
    expect(Object.keys(items[0] ?? {}).join(' ')).toBe(
      'stockId sku productId qty qtyForSale infiniteStock isSalable',
    );
  });

  test('in a stock without an index is undecided, for every product there is', async () => {
    const collected = (await shop.collect(inventoryStockStatus)) as CollectedStock;
    expect(collected.undecided.toSorted()).toEqual(skus.map((sku) => ['3', sku]).toSorted());
    await shop.run('DELETE FROM {inventory_stock} WHERE stock_id = 3');
    const later = (await shop.collect(inventoryStockStatus)) as CollectedStock;
    expect(later.undecided).toEqual([]);
    expect(later.items).toEqual(collected.items);
  });

  test('follows the contract, and the product’s id does not count as content', async () => {
    const check = feedValidator(inventoryStockStatus);
    const items = await shop.preview(inventoryStockStatus);
    expect(items.length).toBe(4);
    expect(items.flatMap(check)).toEqual([]);
    expect(inventoryStockStatus.unhashed).toEqual(['productId']);
  });

  test('is the same whether products are listed or in a range, and of listed ones alone', async () => {
    const all = await shop.collect(inventoryStockStatus);
    const ids = Array.from({ length: 100 }, (_, at) => at + 1);
    const listed = await shop.collect(inventoryStockStatus, { kind: 'ids', ids });
    expect(sorted(listed.items)).toEqual(sorted(all.items));
    const one = await shop.collect(inventoryStockStatus, { kind: 'ids', ids: [3] });
    expect(one.items).toEqual(all.items.filter(({ productId }) => productId === 3));
  });

  test('takes as many queries however many products there are', async () => {
    const queries = async (): Promise<number> => {
      const before = shop.queries;
      await shop.collect(inventoryStockStatus);
      return shop.queries - before;
    };
    const few = await queries();
    const more = Array.from({ length: 200 }, (_, at) => `sku ${at}`);
    await insertProducts(shop, edition, 100, more);
    await shop.insert(
      'inventory_stock_2',
      more.map((sku) => ({ sku, quantity: 1, is_salable: 1 })),
    );
    expect(await queries()).toBe(few);
    expect((await shop.collect(inventoryStockStatus)).items.length).toBe(4 + 200);
  });
});

describe('stock', () => {
  let shop: TestShop;

  beforeAll(async () => {
    shop = await stockShop('open-source');
  });
  afterAll(() => shop.close());

  const infinite = async (): Promise<unknown[]> =>
    sorted((await shop.collect(inventoryStockStatus)).items).map(
      ({ infiniteStock }) => infiniteStock,
    );

  test('without settings of its own is infinite as the default store view is configured', async () => {
    await shop.insert('store_website', [
      { website_id: 1, code: 'base', default_group_id: 1, is_default: 1 },
    ]);
    await shop.insert('store_group', [
      { group_id: 1, website_id: 1, code: 'main', name: '', default_store_id: 1 },
    ]);
    await shop.insert('store', [
      { store_id: 1, code: 'default', group_id: 1, website_id: 1, name: '' },
    ]);
    expect(await infinite()).toEqual([false, true, false, false]);
    const options = 'cataloginventory/item_options';
    await shop.insert('core_config_data', [
      { scope: 'default', scope_id: 0, path: `${options}/manage_stock`, value: '1' },
      { scope: 'default', scope_id: 0, path: `${options}/backorders`, value: '2' },
    ]);
    expect(await infinite()).toEqual([false, true, false, true]);
    await shop.insert('core_config_data', [
      { scope: 'websites', scope_id: 1, path: `${options}/backorders`, value: '0' },
    ]);
    expect(await infinite()).toEqual([false, true, false, false]);
    await shop.run(
      `UPDATE {core_config_data} SET value = '0' WHERE path = '${options}/manage_stock'`,
    );
    expect(await infinite()).toEqual([false, true, false, true]);
  });
});
