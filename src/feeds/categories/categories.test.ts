import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { CategoryShop, type CategoryRowValues } from '../../../test/category-shop.js';
import type { TestShop } from '../../../test/test-shop.js';
import { preparePage } from '../item.js';
import { feedValidator } from '../validation.js';
import type { CollectedCategories } from './collect.js';
import type { Category } from './contract.js';
import { categories } from './feed.js';

const ON: CategoryRowValues = { is_active: 1, include_in_menu: 1 };

describe('categories', () => {
  let rows: CategoryShop;
  let shop: TestShop;

  beforeAll(async () => {
    rows = await CategoryShop.create('open-source');
    shop = rows.shop;
    await rows.setDescription(1, 1);
  });
  afterAll(() => shop.close());
  beforeEach(async () => {
    await rows.clear();
    await rows.add([
      ['1', {}],
      ['1/2', ON],
      ['1/3', ON],
      ['1/4', ON],
    ]);
  });

  const collect = async (...ids: number[]): Promise<CollectedCategories> =>
    (await shop.collect(categories, { kind: 'ids', ids })) as CollectedCategories;
  const itemsOf = async (...ids: number[]): Promise<Category[]> =>
    (await collect(...ids)).items as Category[];
  const itemOf = async (id: number, storeView = 'default'): Promise<Category> => {
    const item = (await itemsOf(id)).find(({ storeViewCode }) => storeViewCode === storeView);
    if (item === undefined) throw new Error(`category ${id} has no item in ${storeView}`);
    return item;
  };

  test('are exported for each store view whose group’s root category is on their path', async () => {
    await rows.add([
      ['1/2/10', ON],
      ['1/3/11', ON],
      ['1/4/12', ON],
    ]);
    const items = await itemsOf(1, 2, 3, 4, 10, 11, 12);
    expect(
      items.map((item) => `${item.categoryId} ${item.storeViewCode} ${item.storeCode}`),
    ).toEqual([
      '2 default main',
      '2 us main',
      '3 eu_en eu',
      '3 eu_b2b b2b',
      '10 default main',
      '10 us main',
      '11 eu_en eu',
      '11 eu_b2b b2b',
    ]);
  });

  test('carry what is stored, without keys for what is not', async () => {
    await rows.add([
      [
        '1/2/10',
        {
          ...ON,
          name: 'Gear',
          description: '<p>All "gear"</p>',
          meta_title: '',
          meta_keywords: 'k',
          meta_description: 'd',
          display_mode: 'PAGE',
          url_key: 'gear',
          image: 'gear.jpg',
          available_sort_by: 'name,bogus',
          default_sort_by: 'name',
          is_anchor: 0,
        },
      ],
    ]);
    expect(await itemOf(10)).toEqual({
      categoryId: '10',
      storeViewCode: 'default',
      storeCode: 'main',
      websiteCode: 'base',
      name: 'Gear',
      description: '<p>All "gear"</p>',
      metaTitle: '',
      metaKeywords: 'k',
      metaDescription: 'd',
      displayMode: 'PAGE',
      urlKey: 'gear',
      urlPath: 'gear',
      image: 'http://shop.test/media/catalog/category/gear.jpg',
      level: 2,
      path: '1/2/10',
      parentId: '2',
      children: null,
      position: 10,
      defaultSortBy: 'name',
      availableSortBy: ['name', 'bogus'],
      isAnchor: 0,
      includeInMenu: 1,
      isActive: 1,
      createdAt: '2026-11-21 22:35:13',
      updatedAt: '2026-11-21 22:36:30',
    });
  });

  test('without any value have what does not depend on values', async () => {
    await rows.add([['1/2/10', {}]]);
    const { items, failures } = await collect(10);
    expect(failures).toEqual([]);
    expect(Object.keys(items[0] ?? {})).toEqual([
      'categoryId',
      'storeViewCode',
      'storeCode',
      'websiteCode',
      'image',
      'level',
      'path',
      'parentId',
      'children',
      'position',
      'defaultSortBy',
      'availableSortBy',
      'createdAt',
      'updatedAt',
    ]);
  });

  test('have the value of the store view where it has a row, even a null one', async () => {
    await rows.add([
      ['1/2/10', { name: 'Gear', meta_title: 'Gear!', 'name@2': 'Equipo', 'meta_title@2': null }],
    ]);
    expect(await itemOf(10, 'default')).toMatchObject({ name: 'Gear', metaTitle: 'Gear!' });
    const item = await itemOf(10, 'us');
    expect(item.name).toBe('Equipo');
    expect(item).not.toHaveProperty('metaTitle');
  });

  describe('URL path', () => {
    test('joins the keys below the root category, those of inactive ancestors, too', async () => {
      await rows.add([
        ['1/2/10', { url_key: 'a', 'url_key@2': 'á', is_active: 0 }],
        ['1/2/10/11', { url_key: 'b' }],
        ['1/2/10/11/12', { url_key: 'c', 'url_key@2': 'ç' }],
      ]);
      expect((await itemOf(12, 'default')).urlPath).toBe('a/b/c');
      expect((await itemOf(12, 'us')).urlPath).toBe('á/b/ç');
    });

    test('falls back to the default key where that of the store view is null', async () => {
      await rows.add([['1/2/10', { url_key: 'a', 'url_key@2': null }]]);
      const item = await itemOf(10, 'us');
      expect(item.urlPath).toBe('a');
      expect(item).not.toHaveProperty('urlKey');
    });

    test('leaves out null keys and ancestors that are gone, and keeps empty ones', async () => {
      await rows.add([
        ['1/2/10', { url_key: null }],
        ['1/2/10/11', { url_key: 'b' }],
        ['1/2/10/11/404/12', { url_key: '' }],
      ]);
      expect((await itemOf(12)).urlPath).toBe('b/');
    });

    test('is empty for a root category, whatever its key', async () => {
      await rows.add([['1/2/10', { url_key: 'a' }]]);
      await shop.run(`UPDATE {catalog_category_entity} SET level = 1 WHERE entity_id = 10`);
      expect((await itemOf(10)).urlPath).toBe('');
      expect((await itemOf(2)).urlPath).toBe('');
    });

    test.each([[null], [''], ['0']])(
      'is absent, with a warning, when it comes out as %j',
      async (urlKey) => {
        await rows.add([['1/2/10', { ...ON, url_key: urlKey }]]);
        const { items, failures, warnings } = await collect(10);
        expect(items).toHaveLength(2);
        for (const item of items) expect(item).not.toHaveProperty('urlPath');
        expect(failures).toEqual([]);
        expect(warnings).toMatchObject([
          { sourceId: 10, code: 'CDE01-21', identity: ['default'] },
          { sourceId: 10, code: 'CDE01-21', identity: ['us'] },
        ]);
      },
    );

    test('is one identity with the store view: of two equal ones the higher id counts', async () => {
      await rows.add([
        ['1/2/11', { url_key: 'a' }],
        ['1/2/10', { url_key: 'a' }],
      ]);
      const page = preparePage(categories, await collect(10, 11));
      expect(page.items.map(({ sourceId, identity }) => [sourceId, identity])).toEqual([
        [11, ['a', 'default']],
        [11, ['a', 'us']],
      ]);
    });

    test('is in the deletion of an item, which else could not be told from its successor', () => {
      expect(categories.minimalPayload).toContain('urlPath');
    });
  });

  test('fit the contract', async () => {
    await rows.add([['1/2/10', { ...ON, url_key: 'a', available_sort_by: 'name' }]]);
    const items = await shop.preview(categories);
    expect(items).toHaveLength(6);
    expect(items.flatMap(feedValidator(categories))).toEqual([]);
  });

  test('take as many queries for one as for all, by range or by ids', async () => {
    await rows.add(
      Array.from({ length: 60 }, (_, index) => [`1/2/10/${100 + index}`, { ...ON, url_key: 'x' }]),
    );
    await rows.add([['1/2/10', { url_key: 'a' }]]);
    const count = async (select: () => Promise<unknown>): Promise<number> => {
      const before = shop.queries;
      await select();
      return shop.queries - before;
    };
    const ids = Array.from({ length: 60 }, (_, index) => 100 + index);
    const range = { kind: 'range', from: 100, to: 159 } as const;
    const one = await count(() => itemsOf(100));
    expect(await count(() => itemsOf(...ids))).toBe(one);
    expect(await count(() => shop.collect(categories, range))).toBe(one);
    expect((await shop.collect(categories, range)).items).toEqual(await itemsOf(...ids));
  });
});
