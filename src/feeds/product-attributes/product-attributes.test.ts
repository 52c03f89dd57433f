import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../../test/test-shop.js';
import { feedValidator } from '../validation.js';
import { productAttributes } from './feed.js';

const PRODUCT = 4;

interface AttributeOptions {
  readonly code: string;
  /** Columns of `eav_attribute`. */
  readonly eav?: Readonly<Record<string, string | number | null>>;
  /** Columns of `catalog_eav_attribute`; null: it has no row there. */
  readonly catalog?: Readonly<Record<string, string | number>> | null;
}

/** Store views default and second of website base. */
describe('the feed productAttributes', () => {
  let shop: TestShop;
  let next = 100;

  beforeAll(async () => {
    shop = await TestShop.bare({
      tables: ['catalog_eav_attribute', 'eav_attribute_label'],
      tablePrefix: 'm2_',
    });
    await shop.insert('store_website', [{ website_id: 1, code: 'base' }]);
    await shop.insert('store_group', [{ group_id: 1, website_id: 1, code: 'main', name: '' }]);
    await shop.insert('store', [
      { store_id: 1, code: 'default', group_id: 1, website_id: 1, name: '' },
      { store_id: 2, code: 'second', group_id: 1, website_id: 1, name: '' },
    ]);
    await shop.insert('eav_entity_type', [
      { entity_type_id: 3, entity_type_code: 'catalog_category', entity_model: '' },
      { entity_type_id: PRODUCT, entity_type_code: 'catalog_product', entity_model: '' },
    ]);
  });
  afterAll(() => shop.close());

  /** Adds an attribute and returns its id. */
  async function add({ code, eav = {}, catalog = {} }: AttributeOptions): Promise<number> {
    const id = next++;
    await shop.insert('eav_attribute', [
      {
        attribute_id: id,
        entity_type_id: PRODUCT,
        attribute_code: code,
        backend_type: 'varchar',
        frontend_input: 'select',
        frontend_label: `Label of ${code}`,
        ...eav,
      },
    ]);
    if (catalog !== null) {
      await shop.insert('catalog_eav_attribute', [{ attribute_id: id, ...catalog }]);
    }
    return id;
  }

  /** Its items, in the order of store views. */
  async function items(id: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const page = await shop.collect(productAttributes, { kind: 'ids', ids: [id] });
    expect(page.failures).toEqual([]);
    const problemsOf = feedValidator(productAttributes);
    for (const item of page.items) {
      const stamped = { ...item, deleted: false, modifiedAt: '2026-11-21 22:40:05' };
      expect(problemsOf(stamped)).toEqual([]);
    }
    return page.items;
  }

  async function addLabels(
    id: number,
    ...labels: readonly (readonly [storeId: number, value: string | null])[]
  ): Promise<void> {
    for (const [storeId, value] of labels) {
      await shop.insert('eav_attribute_label', [{ attribute_id: id, store_id: storeId, value }]);
    }
  }

  test('says all of an attribute, once for each store view', async () => {
    const id = await add({
      code: 'color',
      eav: { backend_type: 'int', is_user_defined: 1, is_required: 1, is_unique: 0 },
      catalog: {
        is_global: 1,
        is_visible: 1,
        is_searchable: 1,
        is_filterable: 2,
        is_comparable: 1,
        used_in_product_listing: 1,
        used_for_sort_by: 0,
        is_visible_on_front: 1,
        is_filterable_in_search: 1,
        search_weight: 2.5,
        is_used_for_price_rules: 1,
        is_used_for_promo_rules: 0,
      },
    });
    const shared = {
      id: String(id),
      storeCode: 'main',
      websiteCode: 'base',
      attributeCode: 'color',
      attributeType: 'catalog_product',
      dataType: 'int',
      multi: false,
      frontendInput: 'select',
      label: 'Label of color',
      required: true,
      unique: false,
      systemAttribute: true,
      global: true,
      visible: true,
      searchable: true,
      filterable: true,
      visibleInCompareList: true,
      visibleInListing: true,
      sortable: false,
      visibleInSearch: true,
      filterableInSearch: true,
      searchWeight: 2.5,
      usedForRules: true,
      boolean: false,
      numeric: false,
    };
    expect(await items(id)).toEqual([
      { ...shared, storeViewCode: 'default' },
      { ...shared, storeViewCode: 'second' },
    ]);
  });

  test('is of products alone, and of those with catalog settings', async () => {
    const ofCategory = await add({ code: 'children', eav: { entity_type_id: 3 } });
    const bare = await add({ code: 'bare', catalog: null });
    expect(await items(ofCategory)).toEqual([]);
    expect(await items(bare)).toEqual([]);
  });

  test('takes the last label of a store view, an empty one too, else that of the attribute', async () => {
    const labels = async (id: number) => (await items(id)).map((item) => item['label']);
    const duplicate = await add({ code: 'duplicate' });
    await addLabels(duplicate, [1, 'first'], [1, 'last'], [2, '']);
    expect(await labels(duplicate)).toEqual(['last', '']);

    const empty = await add({ code: 'null_label' });
    await addLabels(empty, [1, 'first'], [1, null]);
    expect(await labels(empty)).toEqual(['Label of null_label', 'Label of null_label']);

    const unlabelled = await add({
      code: 'old_id',
      eav: { frontend_label: null, frontend_input: null },
    });
    await addLabels(unlabelled, [2, 'second alone']);
    const [first, second] = await items(unlabelled);
    expect(first).not.toHaveProperty('label');
    expect(first).not.toHaveProperty('frontendInput');
    expect(second).toMatchObject({ label: 'second alone' });
  });

  test.each([
    [0, false],
    [1, true],
    [2, true],
  ])('of scope %i is global: %s', async (scope, global) => {
    const id = await add({ code: `scope_${scope}`, catalog: { is_global: scope } });
    expect((await items(id))[0]).toMatchObject({ global });
  });

  test.each([
    ['boolean', 'int', null, 'switch', true, false],
    ['boolean', 'varchar', null, 'text_switch', false, false],
    ['select', 'int', null, 'has_options', true, false],
    ['price', 'decimal', null, 'cost', false, true],
    ['weight', 'decimal', null, 'weight', false, true],
    ['text', 'int', null, 'pages', false, true],
    ['text', 'varchar', null, 'title', false, false],
    ['select', 'decimal', null, 'choice', false, false],
    ['textarea', 'static', 'validate-number', 'entered', false, true],
    ['text', 'varchar', 'validate-digits', 'digits', false, true],
    ['text', 'varchar', 'validate-digits validate-x', 'more_digits', false, false],
    ['select', 'static', null, 'required_options', false, true],
    ['boolean', 'int', 'validate-number', 'numbered_switch', true, false],
  ])('%s of %s with class %s (%s): boolean %s, numeric %s', async (...given) => {
    const [frontendInput, backendType, frontendClass, code, boolean, numeric] = given;
    const id = await add({
      code,
      eav: {
        frontend_input: frontendInput,
        backend_type: backendType,
        frontend_class: frontendClass,
      },
    });
    expect((await items(id))[0]).toMatchObject({ boolean, numeric });
  });

  test.each([
    ['multiselect', true],
    ['multiline', true],
    ['select', false],
  ])('with the input %s has several values: %s', async (frontendInput, multi) => {
    const id = await add({ code: `by_${frontendInput}`, eav: { frontend_input: frontendInput } });
    expect((await items(id))[0]).toMatchObject({ multi });
  });

  test.each([
    ['ac_downloadable', 'OBJECT'],
    ['ac_inventory', 'OBJECT'],
    ['ac_tax_class', 'text'],
    ['ac_attribute_set', 'static'],
  ])('of the exporter (%s) looks the same everywhere', async (code, dataType) => {
    const id = await add({
      code,
      eav: { backend_type: 'static', frontend_input: 'textarea' },
      catalog: { is_visible: 0, is_visible_on_front: 1 },
    });
    expect((await items(id))[0]).toMatchObject({ dataType, visible: true, visibleInSearch: false });
  });

  test.each(['constructor', 'toString', '__proto__'])(
    'whose code is “%s” is one as any other',
    async (code) => {
      const id = await add({ code, catalog: { is_visible: 0, is_visible_on_front: 1 } });
      expect((await items(id))[0]).toMatchObject({
        attributeCode: code,
        dataType: 'varchar',
        visible: false,
        visibleInSearch: true,
      });
    },
  );
});
