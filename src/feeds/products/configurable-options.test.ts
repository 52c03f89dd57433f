import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { attributeId, ProductShop } from '../../../test/product-shop.js';
import type { OptionValue } from './contract-options.js';
import { base64, optionValue } from './option-values.js';

describe.each(['open-source', 'commerce'] as const)('configurable products (%s)', (edition) => {
  let shop: ProductShop;
  beforeAll(async () => {
    shop = await ProductShop.create(edition);
    await shop.options('color', { 12: 'Red', 11: 'Blue', 13: 'Green', 14: 'Grey' });
    await shop.optionLabel(11, 2, 'Azul');
    await shop.insert('catalog_eav_attribute', {
      attribute_id: attributeId('color'),
      additional_data: '{"swatch_input_type":"visual"}',
    });
    const label = { attribute_id: attributeId('color'), store_id: 2 };
    await shop.insert(
      'eav_attribute_label',
      { ...label, value: 'First' },
      { ...label, value: 'Tono' },
    );
    await shop.insert(
      'eav_attribute_option_swatch',
      { option_id: 11, store_id: 0, type: 1, value: '#00f' },
      { option_id: 11, store_id: 1, type: 2, value: null },
      { option_id: 12, store_id: 0, type: 2, value: '/r.png' },
      { option_id: 13, store_id: 0, type: 0, value: 'GR' },
      { option_id: 13, store_id: 2, type: 7, value: '' },
    );
    await shop.add(1, { type: 'configurable' });
    const parent = shop.link(1);
    const attribute = (code: 'color' | 'cost' | 'size', position: number) => ({
      product_id: parent,
      attribute_id: attributeId(code),
      position,
    });
    await shop.insert(
      'catalog_product_super_attribute',
      attribute('size', 2),
      attribute('cost', 10),
      attribute('color', 2),
      { product_id: parent, attribute_id: 9999, position: 0 },
    );
    await shop.options('size', { 40: 'S' });
  });
  afterAll(() => shop.close());

  const addChild = async (
    id: number,
    values: Readonly<Record<string, number | null>>,
  ): Promise<void> => {
    await shop.add(id, { websites: [], values });
    await shop.insert('catalog_product_super_link', { product_id: id, parent_id: shop.link(1) });
  };
  const colors = async (storeView: string): Promise<unknown> =>
    (await shop.item(1, storeView)).optionsV2?.find(({ id }) => id === 'color')?.values;

  test('have an entry for each attribute, without children too', async () => {
    expect((await shop.item(1, 'us')).optionsV2).toEqual([
      {
        id: 'color',
        label: 'Tono',
        sortOrder: 2,
        type: 'configurable',
        swatchType: '{"swatch_input_type":"visual"}',
        values: null,
      },
      { id: 'size', label: 'The size', sortOrder: 2, type: 'configurable', values: null },
      { id: 'cost', label: 'The cost', sortOrder: 10, type: 'configurable' },
    ]);
    expect((await shop.item(1)).optionsV2?.[0]).toMatchObject({ label: 'The color' });
  });

  test('offer the options of enabled children, by id, with swatches of the store view', async () => {
    await addChild(21, { status: 1, color: 13 });
    await addChild(22, { status: 1, color: 12, 'color@2': 14 });
    await addChild(23, { status: 1, color: 11 });
    await addChild(24, { status: 1, color: 11 });
    await addChild(25, { status: 2, color: 14 });
    await addChild(26, { color: 14 });
    await addChild(27, { status: null, color: 14 });
    await addChild(28, { status: 1, 'color@1': 14 });
    await addChild(29, { status: 1, color: 404 });
    const option = (id: number, set: Partial<OptionValue>): OptionValue =>
      optionValue({
        id: base64(`configurable/${attributeId('color')}/${id}`),
        sortOrder: 7,
        ...set,
      });
    const red = { label: 'Red', imageUrl: 'http://shop.test/media/attribute/swatch/r.png' };
    expect(await colors('eu_en')).toEqual([
      option(11, { label: 'Blue', colorHex: '#00f' }),
      option(12, red),
      option(13, { label: 'Green' }),
    ]);
    // Options with a swatch of the store view's own come first.
    expect(await colors('us')).toEqual([
      option(13, { label: 'Green', customSwatchValue: '' }),
      option(11, { label: 'Azul', colorHex: '#00f' }),
      option(12, red),
    ]);
  });

  test('leave out children that are disabled in the store view', async () => {
    await addChild(30, { status: 2, 'status@1': 1, color: 14 });
    const labels = async (storeView: string): Promise<unknown> =>
      ((await colors(storeView)) as OptionValue[]).map(({ label }) => label);
    expect(await labels('default')).toEqual(['Blue', 'Red', 'Green', 'Grey']);
    expect(await labels('eu_en')).toEqual(['Blue', 'Red', 'Green']);
  });

  test('are not hidden by a custom option whose id is that of an attribute', async () => {
    await shop.add(60, { type: 'configurable' });
    const id = attributeId('color');
    await shop.insert('catalog_product_super_attribute', {
      product_id: shop.link(60),
      attribute_id: id,
      position: 0,
    });
    await shop.insert('catalog_product_option', {
      option_id: id,
      product_id: shop.link(60),
      type: 'radio',
    });
    await shop.insert('catalog_product_option_title', {
      option_id: id,
      store_id: 0,
      title: 'Wrap',
    });
    await shop.insert('catalog_product_option_type_value', { option_type_id: 1, option_id: id });
    await shop.insert('catalog_product_option_type_title', {
      option_type_id: 1,
      store_id: 0,
      title: 'Yes',
    });
    const options = (await shop.item(60)).optionsV2 ?? [];
    expect(options.map((option) => [option.id, option.type])).toEqual([
      [String(id), 'custom_option'],
      ['color', 'configurable'],
    ]);
  });
});
