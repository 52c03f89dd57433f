import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ProductShop } from '../../../test/product-shop.js';
import { optionValue } from './option-values.js';

describe.each(['open-source', 'commerce'] as const)('grouped products (%s)', (edition) => {
  let shop: ProductShop;
  beforeAll(async () => {
    shop = await ProductShop.create(edition);
    await shop.insert(
      'catalog_product_link_attribute',
      { product_link_attribute_id: 1, link_type_id: 1, product_link_attribute_code: 'position' },
      { product_link_attribute_id: 4, link_type_id: 3, product_link_attribute_code: 'position' },
      { product_link_attribute_id: 5, link_type_id: 3, product_link_attribute_code: 'qty' },
    );
    for (const id of [2, 3, 4]) await shop.add(id, { websites: id === 4 ? [2] : [1, 2] });
  });
  afterAll(() => shop.close());

  test('list what is in the website by id, with quantities and positions', async () => {
    await shop.add(1, { type: 'whatever' });
    for (const [id, linked] of [
      [11, 4],
      [12, 3],
      [13, 2],
    ] as const) {
      await shop.insert('catalog_product_link', {
        link_id: id,
        product_id: shop.link(1),
        linked_product_id: linked,
        link_type_id: 3,
      });
    }
    await shop.insert('catalog_product_link_attribute_int', {
      product_link_attribute_id: 4,
      link_id: 12,
      value: 7,
    });
    await shop.insert('catalog_product_link_attribute_decimal', {
      product_link_attribute_id: 5,
      link_id: 12,
      value: '2.5000',
    });
    expect((await shop.item(1)).optionsV2).toEqual([
      {
        id: '1',
        type: 'grouped',
        values: [
          optionValue({ id: '2', sortOrder: null, sku: 'P-2', qtyMutability: true }),
          optionValue({ id: '3', sku: 'P-3', qtyMutability: true, qty: 2.5, sortOrder: 7 }),
        ],
      },
    ]);
    const inEurope = (await shop.item(1, 'eu_en')).optionsV2?.[0]?.values;
    expect(inEurope?.map(({ id }) => id)).toEqual(['2', '3', '4']);
  });

  test('have no option where nothing of them is in the website', async () => {
    await shop.add(5);
    await shop.insert('catalog_product_link', {
      link_id: 21,
      product_id: shop.link(5),
      linked_product_id: 4,
      link_type_id: 3,
    });
    expect((await shop.item(5)).optionsV2).toBeNull();
  });
});
