import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ProductShop } from '../../../test/product-shop.js';
import { base64, optionValue } from './option-values.js';

describe.each(['open-source', 'commerce'] as const)('custom options (%s)', (edition) => {
  let shop: ProductShop;
  beforeAll(async () => {
    shop = await ProductShop.create(edition);
  });
  afterAll(() => shop.close());

  const addOption = async (
    productId: number,
    id: number,
    type: string,
    titles: Readonly<Record<number, string>>,
    columns: Readonly<Record<string, string | number | null>> = {},
  ): Promise<void> => {
    const option = { option_id: id, product_id: shop.link(productId), type, ...columns };
    await shop.insert('catalog_product_option', option);
    for (const [storeId, title] of Object.entries(titles)) {
      const row = { option_id: id, store_id: Number(storeId), title };
      await shop.insert('catalog_product_option_title', row);
    }
  };
  const addValue = async (
    optionId: number,
    id: number,
    titles: Readonly<Record<number, string>>,
    prices: Readonly<Record<number, readonly [string, string]>>,
    columns: Readonly<Record<string, string | number | null>> = {},
  ): Promise<void> => {
    const row = { option_type_id: id, option_id: optionId, ...columns };
    await shop.insert('catalog_product_option_type_value', row);
    for (const [storeId, title] of Object.entries(titles)) {
      await shop.insert('catalog_product_option_type_title', {
        option_type_id: id,
        store_id: Number(storeId),
        title,
      });
    }
    for (const [storeId, [price, priceType]] of Object.entries(prices)) {
      await shop.insert('catalog_product_option_type_price', {
        option_type_id: id,
        store_id: Number(storeId),
        price,
        price_type: priceType,
      });
    }
  };

  test('that are chosen from list their values by id, with prices of the default scope', async () => {
    await shop.add(1);
    await addOption(1, 12, 'radio', { 0: 'Wrap' }, { sort_order: 2, is_require: 0 });
    await addOption(1, 11, 'drop_down', { 0: 'Size', 2: 'Talla' }, { sort_order: 2 });
    await addOption(1, 13, 'checkbox', { 0: 'Extras' }, { sort_order: 1 });
    await addValue(11, 22, { 0: 'L' }, { 0: ['2.500000', 'fixed'], 2: ['9.000000', 'fixed'] });
    await addValue(11, 21, { 0: 'XL', 2: 'Grande' }, { 2: ['10.000000', 'percent'] });
    await addValue(11, 23, { 2: 'No default title' }, {});
    await addValue(12, 24, { 0: 'Paper' }, {}, { sku: 'wrap-p', sort_order: 4 });
    await addValue(13, 25, { 0: 'Tag' }, { 0: ['-1.000000', 'fixed'] });
    const item = await shop.item(1, 'us');
    expect(item.optionsV2?.map(({ id }) => id)).toEqual(['13', '11', '12']);
    expect(item.optionsV2?.[1]).toEqual({
      id: '11',
      label: 'Talla',
      sortOrder: 2,
      required: true,
      renderType: 'drop_down',
      type: 'custom_option',
      values: [
        optionValue({
          id: base64('custom-option/11/21'),
          label: 'Grande',
          sortOrder: 0,
          isDefault: false,
          price: 10,
          priceType: 'percent',
        }),
        optionValue({
          id: base64('custom-option/11/22'),
          label: 'L',
          sortOrder: 0,
          isDefault: false,
          price: 2.5,
          priceType: 'fixed',
        }),
      ],
    });
    expect(item.optionsV2?.[2]).toMatchObject({
      required: false,
      values: [{ sku: 'wrap-p', sortOrder: 4, price: null, priceType: null }],
    });
    expect((await shop.item(1)).optionsV2?.[1]).toMatchObject({
      label: 'Size',
      values: [{ label: 'XL', price: null }, { label: 'L' }],
    });
  });

  test('that are filled in say what may be entered', async () => {
    await shop.add(2);
    await addOption(
      2,
      31,
      'field',
      { 0: 'Engraving', 2: 'Grabado' },
      { max_characters: 20, sku: 'eng', sort_order: 3 },
    );
    await addOption(
      2,
      32,
      'file',
      { 0: 'Photo' },
      { file_extension: 'jpg', image_size_x: 800, image_size_y: 600, is_require: 0 },
    );
    await addOption(2, 33, 'hologram', { 0: 'Of no known kind' });
    await addOption(2, 34, 'date', { 2: 'Without default title' });
    const price = (optionId: number, storeId: number, amount: string): Promise<void> =>
      shop.insert('catalog_product_option_price', {
        option_id: optionId,
        store_id: storeId,
        price: amount,
        price_type: 'percent',
      });
    await price(31, 0, '5.000000');
    await price(31, 2, '6.250000');
    await price(32, 2, '7.000000');
    const item = await shop.item(2, 'us');
    expect(item.optionsV2).toBeNull();
    expect(item.shopperInputOptions).toEqual([
      {
        id: base64('custom-option/32'),
        label: 'Photo',
        sortOrder: 0,
        required: false,
        renderType: 'file',
        fileExtension: 'jpg',
        range: { from: null, to: null },
        imageSizeX: 800,
        imageSizeY: 600,
      },
      {
        id: base64('custom-option/31'),
        label: 'Grabado',
        sortOrder: 3,
        required: true,
        renderType: 'field',
        price: 6.25,
        sku: 'eng',
        range: { from: null, to: 20 },
      },
    ]);
    expect((await shop.item(2)).shopperInputOptions?.[1]).toMatchObject({ price: 5 });
  });

  test('that offer nothing break their product, and none else', async () => {
    await shop.add(3);
    await shop.add(4);
    await addOption(3, 41, 'multiple', { 0: 'Empty' });
    await addValue(41, 51, { 2: 'Only of a store view' }, {});
    const { items, failures } = await shop.collect(3, 4);
    expect(items.map((item) => item['sku'])).toEqual(['P-4', 'P-4', 'P-4']);
    // Once in each store view: what it leaves is told apart from what fails.
    expect(failures.map(({ identity }) => identity)).toEqual([
      ['P-3', 'default'],
      ['P-3', 'us'],
      ['P-3', 'eu_en'],
    ]);
    for (const failure of failures) {
      expect(failure).toMatchObject({
        sourceId: 3,
        code: 'CDE01-23',
        message: expect.stringMatching(
          /^Product P-3 in store view \w+ has a custom option \(41\) that offers no value with a title\.$/,
        ) as string,
      });
    }
  });
});
