import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ProductShop } from '../../../test/product-shop.js';
import { MODULES } from '../../commerce/modules.js';

describe.each(['open-source', 'commerce'] as const)('stock flags (%s)', (edition) => {
  let shop: ProductShop;
  beforeAll(async () => {
    shop = await ProductShop.create(edition);
    await shop.shop.run(`
      CREATE TABLE {inventory_stock_7} (
        sku varchar(64) PRIMARY KEY, quantity decimal(12,4) NOT NULL, is_salable tinyint NOT NULL)`);
    for (const id of [1, 2, 3]) await shop.add(id);
    await shop.insert(
      'cataloginventory_stock_status',
      { product_id: 1, website_id: 0, stock_id: 1, qty: '4.0000', stock_status: 1 },
      { product_id: 2, website_id: 0, stock_id: 1, qty: '100.0000', stock_status: 0 },
    );
    await shop.insert('inventory_stock_7', { sku: 'P-2', quantity: '-1.0000', is_salable: 1 });
  });
  afterAll(() => shop.close());

  const flags = async (id: number, storeView: string): Promise<unknown> => {
    const { inStock, lowStock, buyable } = await shop.item(id, storeView);
    return { inStock, lowStock, buyable };
  };

  test('without sales channels no website has stock', async () => {
    expect(await flags(1, 'default')).toEqual({ inStock: false, lowStock: false, buyable: false });
  });

  test('without Inventory there is one stock for all', async () => {
    const items = await shop.collectWithout(MODULES.inventory, 1);
    expect(items.map(({ inStock, lowStock }) => [inStock, lowStock])).toEqual([
      [true, false],
      [true, true],
      [true, false],
    ]);
  });

  test('follow the stock that the website sells from, and the store view’s threshold', async () => {
    await shop.insert(
      'inventory_stock_sales_channel',
      { type: 'website', code: 'base', stock_id: 1 },
      { type: 'website', code: 'eu', stock_id: 7 },
      { type: 'other', code: 'eu', stock_id: 1 },
    );
    expect(await flags(1, 'default')).toEqual({ inStock: true, lowStock: false, buyable: true });
    expect(await flags(1, 'us')).toEqual({ inStock: true, lowStock: true, buyable: true });
    expect(await flags(1, 'eu_en')).toEqual({ inStock: false, lowStock: false, buyable: false });
    expect(await flags(2, 'us')).toEqual({ inStock: false, lowStock: false, buyable: false });
    expect(await flags(2, 'eu_en')).toEqual({ inStock: true, lowStock: true, buyable: true });
    expect(await flags(3, 'us')).toEqual({ inStock: false, lowStock: true, buyable: false });
  });

  test('of a stock without an index table are false', async () => {
    await shop.shop.run(
      `UPDATE {inventory_stock_sales_channel} SET stock_id = 8 WHERE code = 'eu'`,
    );
    expect(await flags(2, 'eu_en')).toEqual({ inStock: false, lowStock: false, buyable: false });
  });
});
