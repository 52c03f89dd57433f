import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../../test/test-shop.js';
import { feedValidator } from '../validation.js';
import type { Variant } from './contract.js';
import { variants } from './feed.js';

const TABLES = [
  'catalog_product_entity_int',
  'catalog_product_super_attribute',
  'catalog_product_super_link',
  'eav_attribute_option_value',
];

const COLOR = 93;
const SIZE = 142;
const STATUS = 97;

/** Rows of a shop by product, whichever the edition: there, a row id is the entity id plus 1000. */
class Products {
  readonly #shop: TestShop;
  readonly #versioned: boolean;

  constructor(shop: TestShop, versioned: boolean) {
    this.#shop = shop;
    this.#versioned = versioned;
  }

  async add(id: number, sku: string): Promise<void> {
    await this.addVersion(id, this.#link(id), sku, 1, 2147483647);
  }

  async addVersion(id: number, row: number, sku: string, from: number, to: number): Promise<void> {
    const product = { entity_id: id, sku, type_id: 'simple' };
    const version = { row_id: row, created_in: from, updated_in: to };
    await this.#shop.insert('catalog_product_entity', [
      this.#versioned ? { ...product, ...version } : product,
    ]);
  }

  async configurable(id: number, sku: string, attributes: readonly number[]): Promise<void> {
    await this.add(id, sku);
    await this.chosenBy(this.#link(id), attributes);
  }

  /** `link` is a row id on Adobe Commerce, as in `value` and `child`. */
  async chosenBy(link: number, attributes: readonly number[]): Promise<void> {
    if (attributes.length === 0) return;
    const rows = attributes.map((id) => ({ product_id: link, attribute_id: id }));
    await this.#shop.insert('catalog_product_super_attribute', rows);
  }

  async child(
    id: number,
    sku: string,
    parents: readonly number[],
    values: readonly (readonly [attribute: number, option: number | null, store?: number])[],
  ): Promise<void> {
    await this.add(id, sku);
    for (const parent of parents) await this.link(id, this.#link(parent));
    for (const [attribute, option, store] of values) {
      await this.value(this.#link(id), attribute, option, store);
    }
  }

  async link(childId: number, parentLink: number): Promise<void> {
    const row = { product_id: childId, parent_id: parentLink };
    await this.#shop.insert('catalog_product_super_link', [row]);
  }

  async value(link: number, attribute: number, option: number | null, store = 0): Promise<void> {
    const column = this.#versioned ? 'row_id' : 'entity_id';
    await this.#shop.insert('catalog_product_entity_int', [
      { [column]: link, attribute_id: attribute, store_id: store, value: option },
    ]);
  }

  #link(id: number): number {
    return this.#versioned ? id + 1000 : id;
  }
}

async function shopWithAttributes(
  edition: 'open-source' | 'commerce',
): Promise<{ shop: TestShop; products: Products }> {
  const shop = await TestShop.bare({ edition, tables: TABLES, tablePrefix: 'm2_' });
  await shop.insert('eav_entity_type', [
    { entity_type_id: 4, entity_type_code: 'catalog_product', entity_model: '' },
  ]);
  const attribute = (id: number, code: string) => ({
    attribute_id: id,
    attribute_code: code,
    entity_type_id: 4,
    backend_type: 'int',
  });
  await shop.insert('eav_attribute', [
    attribute(COLOR, 'color'),
    attribute(STATUS, 'status'),
    attribute(SIZE, 'size'),
  ]);
  await shop.insert('eav_attribute_option_value', [
    { value_id: 1, option_id: 49, store_id: 0, value: 'Black' },
    { value_id: 2, option_id: 49, store_id: 3, value: 'Noir' },
    { value_id: 3, option_id: 52, store_id: 0, value: 'Gray' },
    { value_id: 4, option_id: 166, store_id: 0, value: 'XS' },
    { value_id: 5, option_id: 166, store_id: 2, value: null },
    { value_id: 6, option_id: 49, store_id: 2, value: 'Black EN' },
  ]);
  return { shop, products: new Products(shop, edition === 'commerce') };
}

describe('variants', () => {
  let shop: TestShop;

  beforeAll(async () => {
    const made = await shopWithAttributes('open-source');
    shop = made.shop;
    const { products } = made;
    await products.configurable(1, 'MH01', [SIZE, COLOR]);
    await products.configurable(2, 'MH02', [COLOR]);
    await products.configurable(3, 'MH03', []);
    await products.child(
      10,
      'MH01-XS-Black',
      [1],
      [
        [SIZE, 166],
        [COLOR, 52, 3],
        [COLOR, 49],
        [STATUS, 2],
      ],
    );
    await products.child(
      11,
      'both parents',
      [1, 2],
      [
        [COLOR, 49],
        [SIZE, 166],
      ],
    );
    await products.child(
      12,
      'no size',
      [1],
      [
        [COLOR, 52],
        [SIZE, null],
      ],
    );
    await products.child(13, 'no option row', [2], [[COLOR, 999]]);
    await products.child(14, 'no values', [1], [[STATUS, 1]]);
    await products.child(15, 'nothing to choose', [3], [[COLOR, 49]]);
    await products.child(16, 'orphan', [], [[COLOR, 49]]);
    await products.child(17, 'dangling parent', [404], [[COLOR, 49]]);
  });
  afterAll(() => shop.close());

  const itemsOf = async (...ids: number[]): Promise<Variant[]> => {
    const { items, failures } = await shop.collect(variants, { kind: 'ids', ids });
    expect(failures).toEqual([]);
    return items as unknown as Variant[];
  };

  test('an item has an entry for each label of each value, by attribute, scope and label id', async () => {
    const black = { attributeCode: 'color', uid: 'Y29uZmlndXJhYmxlLzkzLzQ5', valueIndex: '49' };
    const xs = { attributeCode: 'size', uid: 'Y29uZmlndXJhYmxlLzE0Mi8xNjY=', valueIndex: '166' };
    expect(await itemsOf(10)).toEqual([
      {
        id: '4c3206d5168cde6e7630e082b3e39feb',
        optionValues: [
          { ...black, label: 'Black' },
          { ...black, label: 'Noir' },
          { ...black, label: 'Black EN' },
          {
            attributeCode: 'color',
            uid: 'Y29uZmlndXJhYmxlLzkzLzUy',
            label: 'Gray',
            valueIndex: '52',
          },
          { ...xs, label: 'XS' },
          { ...xs, label: null },
        ],
        parentId: '1',
        productId: '10',
        parentSku: 'MH01',
        productSku: 'MH01-XS-Black',
      },
    ]);
  });

  test('a child of two parents has an item for each, with the attributes of that parent', async () => {
    const items = await itemsOf(11);
    const codes = items.map(({ parentSku, optionValues }) => [
      parentSku,
      [...new Set(optionValues.map(({ attributeCode }) => attributeCode))],
    ]);
    expect(Object.fromEntries(codes)).toEqual({ MH01: ['color', 'size'], MH02: ['color'] });
  });

  test('an attribute without a value, or with a null one, is left out', async () => {
    const [item] = await itemsOf(12);
    expect(item?.optionValues.map(({ label }) => label)).toEqual(['Gray']);
  });

  test('an option that has no labels has one entry without label', async () => {
    const [item] = await itemsOf(13);
    expect(item?.optionValues).toEqual([
      {
        attributeCode: 'color',
        uid: 'Y29uZmlndXJhYmxlLzkzLzk5OQ==',
        label: null,
        valueIndex: '999',
      },
    ]);
  });

  test.each([
    ['has no value of an attribute of its parent', 14],
    ['is linked to a product without configurable attributes', 15],
    ['is linked to no product', 16],
    ['is linked to a product that is gone', 17],
    ['is the parent', 1],
    ['is gone', 404],
  ])('a product that %s yields no item', async (_, id) => {
    expect(await itemsOf(id)).toEqual([]);
  });

  test('a range of ids gives the same as the ids, in as many queries for one as for all', async () => {
    const count = async (select: () => Promise<unknown>): Promise<number> => {
      const before = shop.queries;
      await select();
      return shop.queries - before;
    };
    const ids = Array.from({ length: 100 }, (_, index) => index + 1);
    const all = await itemsOf(...ids);
    const { items } = await shop.collect(variants, { kind: 'range', from: 1, to: 100 });
    expect(items).toEqual(all);
    expect(all).toHaveLength(5);
    expect(await count(() => itemsOf(...ids))).toBe(await count(() => itemsOf(12)));
  });

  test('items fit the contract', async () => {
    const items = await shop.preview(variants);
    expect(items).toHaveLength(5);
    expect(items.flatMap(feedValidator(variants))).toEqual([]);
  });

  test('children can be named by their SKU', async () => {
    const items = await shop.preview(variants, ['no size', 'orphan']);
    expect(items).toMatchObject([{ productSku: 'no size' }]);
  });
});

describe('variants on Adobe Commerce', () => {
  let shop: TestShop;

  beforeAll(async () => {
    const made = await shopWithAttributes('commerce');
    shop = made.shop;
    const { products } = made;
    await shop.insert('flag', [{ flag_code: 'staging', flag_data: '{"current_version":500}' }]);
    // The parent had another SKU and other attributes before version 500.
    await products.addVersion(1, 1001, 'MH01-old', 1, 500);
    await products.addVersion(1, 1002, 'MH01', 500, 2147483647);
    await products.chosenBy(1001, [SIZE]);
    await products.chosenBy(1002, [COLOR]);
    // The child will have another colour from version 900 on.
    await products.addVersion(10, 1010, 'child', 1, 900);
    await products.addVersion(10, 1011, 'child', 900, 2147483647);
    await products.value(1010, COLOR, 49);
    await products.value(1010, SIZE, 166);
    await products.value(1011, COLOR, 52);
    await products.link(10, 1001);
    await products.link(10, 1002);
    // Not there before version 900.
    await products.addVersion(11, 1012, 'future child', 900, 2147483647);
    await products.value(1012, COLOR, 49);
    await products.link(11, 1002);
  });
  afterAll(() => shop.close());

  test.each([
    { kind: 'range', from: 1, to: 100 } as const,
    { kind: 'ids', ids: [1, 10, 11] } as const,
  ])('both products count in the version in force ($kind)', async (selection) => {
    const { items } = await shop.collect(variants, selection);
    expect(items).toMatchObject([
      {
        parentId: '1',
        parentSku: 'MH01',
        productId: '10',
        productSku: 'child',
        optionValues: [{ label: 'Black' }, { label: 'Noir' }, { label: 'Black EN' }],
      },
    ]);
  });
});
