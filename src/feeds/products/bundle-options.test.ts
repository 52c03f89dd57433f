import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ProductShop } from '../../../test/product-shop.js';
import type { Option } from './contract-options.js';
import { base64, optionValue } from './option-values.js';

describe.each(['open-source', 'commerce'] as const)('bundles (%s)', (edition) => {
  let shop: ProductShop;
  beforeAll(async () => {
    shop = await ProductShop.create(edition);
  });
  afterAll(() => shop.close());

  test('list their options and selections by id, with the website’s prices', async () => {
    await shop.add(1, { type: 'bundle' });
    await shop.add(2, {
      websites: [],
      values: { name: 'Child', 'name@2': 'Niño', 'name@1': null },
    });
    const parent = shop.link(1);
    await shop.insert(
      'catalog_product_bundle_option',
      { option_id: 9, parent_id: parent, required: 0, position: 1, type: null },
      { option_id: 8, parent_id: parent, required: 1, position: 2, type: 'select' },
    );
    const title = { parent_product_id: parent, option_id: 8 };
    await shop.insert(
      'catalog_product_bundle_option_value',
      { ...title, store_id: 0, title: 'Part' },
      { ...title, store_id: 2, title: 'Parte' },
    );
    const selection = { option_id: 8, parent_product_id: parent, product_id: 2 };
    await shop.insert(
      'catalog_product_bundle_selection',
      {
        ...selection,
        selection_id: 31,
        selection_qty: '2.7500',
        selection_price_value: '3.2500',
        selection_price_type: 0,
        is_default: 1,
        position: 6,
        selection_can_change_qty: 1,
      },
      {
        ...selection,
        selection_id: 30,
        selection_qty: null,
        selection_price_value: '10.0000',
        selection_price_type: 1,
        is_default: 0,
        position: 5,
        selection_can_change_qty: 0,
      },
      {
        ...selection,
        product_id: 404,
        selection_id: 32,
        selection_qty: '1.0000',
        selection_price_value: '0.0000',
        selection_price_type: 0,
        is_default: 0,
        position: 0,
        selection_can_change_qty: 0,
      },
    );
    await shop.insert('catalog_product_bundle_selection_price', {
      selection_id: 31,
      parent_product_id: parent,
      website_id: 2,
      selection_price_type: 1,
      selection_price_value: '4.500000',
    });
    const options: Option[] = [
      {
        id: '8',
        label: 'Parte',
        sortOrder: 2,
        required: true,
        renderType: 'select',
        type: 'bundle',
        values: [
          optionValue({
            id: base64('bundle/8/30/0'),
            label: 'Niño',
            sortOrder: 5,
            isDefault: false,
            qtyMutability: false,
            sku: 'P-2',
            price: 10,
            priceType: 'percent',
          }),
          optionValue({
            id: base64('bundle/8/31/2'),
            label: 'Niño',
            sortOrder: 6,
            isDefault: true,
            qtyMutability: true,
            qty: 2.75,
            sku: 'P-2',
            price: 3.25,
            priceType: 'fixed',
          }),
        ],
      },
      { id: '9', sortOrder: 1, required: false, type: 'bundle', values: null },
    ];
    expect((await shop.item(1, 'us')).optionsV2).toEqual(options);
    // A name that is NULL falls back, other than values of the product itself.
    expect((await shop.item(1)).optionsV2?.[0]?.values?.[1]).toMatchObject({ label: 'Child' });
    expect((await shop.item(1, 'eu_en')).optionsV2?.[0]).toMatchObject({
      label: 'Part',
      values: [{}, { price: 4.5, priceType: 'fixed' }],
    });
  });
});
