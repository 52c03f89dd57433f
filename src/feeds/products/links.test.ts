import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ProductShop } from '../../../test/product-shop.js';

describe.each(['open-source', 'commerce'] as const)('links and parents (%s)', (edition) => {
  let shop: ProductShop;
  beforeAll(async () => {
    shop = await ProductShop.create(edition);
    await shop.add(1, { sku: 'owner' });
    await shop.add(2, { sku: 'b' });
    await shop.add(3, { sku: 'B' });
    await shop.add(4, { sku: 'ä' });
    await shop.add(5, { sku: 'only-eu', websites: [2] });
    await shop.add(6, { sku: 'bundle', type: 'bundle', values: { price_type: 1 } });
    await shop.add(7, { sku: 'set', type: 'grouped', values: { status: 2 } });
    await shop.add(8, { sku: 'dynamic', type: 'bundle', values: { 'price_type@2': 1 } });
  });
  afterAll(() => shop.close());

  let nextLink = 1;
  const addLink = (owner: number, linked: number, type: number): Promise<void> =>
    shop.insert('catalog_product_link', {
      link_id: nextLink++,
      product_id: shop.link(owner),
      linked_product_id: linked,
      link_type_id: type,
    });

  test('links are ordered by type and SKU byte for byte, and know nothing of grouping', async () => {
    await addLink(1, 2, 1);
    await addLink(1, 4, 1);
    await addLink(1, 3, 1);
    await addLink(1, 3, 4);
    await addLink(1, 2, 5);
    await addLink(1, 2, 3);
    await addLink(1, 2, 9);
    expect((await shop.item(1)).links).toEqual([
      { sku: 'b', type: 'crosssell' },
      { sku: 'B', type: 'related' },
      { sku: 'b', type: 'related' },
      { sku: 'ä', type: 'related' },
      { sku: 'B', type: 'upsell' },
    ]);
  });

  test('links and parents must be in the website', async () => {
    await addLink(2, 5, 1);
    await shop.insert('catalog_product_relation', { parent_id: shop.link(5), child_id: 3 });
    expect((await shop.item(2)).links).toBeNull();
    expect((await shop.item(2, 'eu_en')).links).toEqual([{ sku: 'only-eu', type: 'related' }]);
    expect((await shop.item(3)).parents).toBeNull();
    expect((await shop.item(3, 'eu_en')).parents).toEqual([
      { sku: 'only-eu', productType: 'simple' },
    ]);
  });

  test('parents are named with their type, whatever their status', async () => {
    for (const parent of [7, 6, 8]) {
      const relation = { parent_id: shop.link(parent), child_id: 1 };
      await shop.insert('catalog_product_relation', relation);
    }
    expect((await shop.item(1)).parents).toEqual([
      { sku: 'dynamic', productType: 'bundle' },
      { sku: 'bundle', productType: 'bundle_fixed' },
      { sku: 'set', productType: 'grouped' },
    ]);
  });

  test('a link to a product that is gone is left out', async () => {
    await addLink(4, 404, 1);
    expect((await shop.item(4)).links).toBeNull();
  });
});
