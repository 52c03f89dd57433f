import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ProductShop } from '../../../test/product-shop.js';
import type { AttributeEntry } from './contract.js';

describe.each(['open-source', 'commerce'] as const)('attributes[] (%s)', (edition) => {
  let shop: ProductShop;
  beforeAll(async () => {
    shop = await ProductShop.create(edition);
    await shop.options('color', { 10: 'Red', 11: 'Blue' });
    await shop.optionLabel(10, 2, 'Rojo');
    await shop.optionLabel(10, 3, 'Rouge');
    await shop.optionLabel(10, 3, 'Rot');
    await shop.optionLabel(11, 2, null);
    await shop.options('fabrics', { 20: 'Wool', 21: 'Silk' });
  });
  afterAll(() => shop.close());

  const entries = async (
    id: number,
    values: Readonly<Record<string, string | number | null>>,
    storeView = 'default',
  ): Promise<AttributeEntry[] | null> => {
    await shop.add(id, { values: { status: 1, ...values } });
    return (await shop.item(id, storeView)).attributes;
  };

  test('list user-defined attributes and two system ones, by value table and attribute id', async () => {
    const values = {
      zeta: 'z',
      motto: 'Second of its table',
      fabrics: 'none',
      color: 10,
      cost: '12.345600',
      news_from_date: '2026-01-01 00:00:00',
      meta_title: 'not listed',
    };
    expect(await entries(1, values)).toEqual([
      { attributeCode: 'color', value: ['Red'] },
      { attributeCode: 'cost', value: ['12.345600'] },
      { attributeCode: 'fabrics', value: ['none'] },
      { attributeCode: 'motto', value: ['Second of its table'] },
      { attributeCode: 'news_from_date', value: ['2026-01-01 00:00:00'] },
      { attributeCode: 'zeta', value: ['z'] },
    ]);
  });

  test('name options by the store view’s label, else by the default one, else by id', async () => {
    const labels = async (id: number, storeView: string): Promise<unknown> =>
      (await shop.item(id, storeView)).attributes?.[0]?.value;
    await shop.add(2, { values: { status: 1, color: 10 } });
    await shop.add(3, { values: { status: 1, color: 11 } });
    await shop.add(4, { values: { status: 1, color: 99 } });
    expect(await labels(2, 'us')).toEqual(['Rojo']);
    expect(await labels(2, 'eu_en')).toEqual(['Rot']);
    expect(await labels(3, 'us')).toEqual(['Blue']);
    expect(await labels(4, 'us')).toEqual(['99']);
  });

  test.each([
    ['21,20,21', ['Silk', 'Wool', 'Silk']],
    ['20,77', ['Wool', '77']],
    ['10', ['10']],
    ['', ['']],
    ['020, 20', ['020', ' 20']],
  ])('split the values of a multiselect: %j', async (value, expected) => {
    const id = 100 + expected.join().length + value.length;
    expect(await entries(id, { fabrics: value })).toEqual([
      { attributeCode: 'fabrics', value: expected },
    ]);
  });

  test('keep texts whole', async () => {
    expect(await entries(5, { motto: 'One, two, three' })).toEqual([
      { attributeCode: 'motto', value: ['One, two, three'] },
    ]);
  });

  test('say yes and no for one source model alone', async () => {
    expect(await entries(6, { handmade: 1, limited: 1 })).toEqual([
      { attributeCode: 'handmade', value: ['yes'] },
      { attributeCode: 'limited', value: ['1'] },
    ]);
    expect(await entries(7, { handmade: 0 })).toEqual([
      { attributeCode: 'handmade', value: ['no'] },
    ]);
    expect(await entries(8, { handmade: 5 })).toEqual([
      { attributeCode: 'handmade', value: ['5'] },
    ]);
  });

  test('stand without a value where the store view’s row is NULL', async () => {
    expect(await entries(9, { motto: 'All', 'motto@2': null }, 'us')).toEqual([
      { attributeCode: 'motto' },
    ]);
    expect((await shop.item(9)).attributes).toEqual([{ attributeCode: 'motto', value: ['All'] }]);
  });

  test('list a value that only the store view has', async () => {
    expect(await entries(10, { 'motto@2': 'Here', color: 10 }, 'us')).toEqual([
      { attributeCode: 'color', value: ['Rojo'] },
      { attributeCode: 'motto', value: ['Here'] },
    ]);
    expect((await shop.item(10)).attributes).toHaveLength(1);
  });
});

describe('attributes[] with the add-on ExtraProductAttributes', () => {
  const rules = { manage_stock: 0, use_config_manage_stock: 0, backorders: 2 };
  let shop: ProductShop;
  beforeAll(async () => {
    shop = await ProductShop.create('open-source');
    await shop.insert('eav_attribute_set', {
      attribute_set_id: 4,
      entity_type_id: 4,
      attribute_set_name: 'Default',
    });
    await shop.add(1, { values: { status: 1, motto: 'First', tax_class_id: 2 } });
    await shop.add(2, { columns: { attribute_set_id: 99 } });
    await shop.insert('cataloginventory_stock_item', {
      product_id: 1,
      stock_id: 1,
      website_id: 0,
      ...rules,
      use_config_backorders: 0,
      min_sale_qty: '2.5000',
      use_config_min_sale_qty: 0,
      max_sale_qty: '7.0000',
      use_config_max_sale_qty: 1,
    });
  });
  afterAll(() => shop.close());

  test('end with attribute set, tax class and stock settings', async () => {
    const items = await shop.collectWith({ extraProductAttributes: true }, 1, 2);
    const ofProduct = (id: number): AttributeEntry[] =>
      items.find((item) => item.productId === id)?.attributes ?? [];
    expect(ofProduct(1)).toEqual([
      { attributeCode: 'motto', value: ['First'] },
      { attributeCode: 'ac_attribute_set', value: ['Default'] },
      { attributeCode: 'ac_tax_class', value: ['Goods'] },
      {
        attributeCode: 'ac_inventory',
        value: [
          '{"manageStock":false,"cartMinQty":2.5,"cartMaxQty":10000,"backorders":"allow_and_notify","enableQtyIncrements":false,"qtyIncrements":1}',
        ],
      },
    ]);
    expect(ofProduct(2)).toEqual([
      { attributeCode: 'ac_attribute_set', value: [null] },
      { attributeCode: 'ac_tax_class', value: ['no'] },
    ]);
  });
});
