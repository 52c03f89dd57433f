import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { CategoryShop, type CategoryRowValues } from '../../../test/category-shop.js';
import type { Category } from './contract.js';
import { categories } from './feed.js';

const ON: CategoryRowValues = { is_active: 1, include_in_menu: 1 };

describe.each(['open-source', 'commerce'] as const)('the category tree (%s)', (edition) => {
  let rows: CategoryShop;

  beforeAll(async () => {
    rows = await CategoryShop.create(edition);
    await rows.shop.insert('flag', [
      { flag_code: 'staging', flag_data: '{"current_version":500}' },
    ]);
  });
  afterAll(() => rows.shop.close());
  beforeEach(async () => {
    await rows.clear();
    await rows.add([['1/2', ON]]);
  });

  const itemsOf = async (...ids: number[]): Promise<Category[]> =>
    (await rows.shop.collect(categories, { kind: 'ids', ids })).items as Category[];
  const itemOf = async (id: number, storeView = 'default'): Promise<Category> => {
    const item = (await itemsOf(id)).find(({ storeViewCode }) => storeViewCode === storeView);
    if (item === undefined) throw new Error(`category ${id} has no item in ${storeView}`);
    return item;
  };

  test('lists direct children that are active by default, in order of id', async () => {
    await rows.add([
      ['1/2/10', ON],
      ['1/2/10/22', ON],
      ['1/2/10/21', ON],
      ['1/2/10/21/31', ON],
      ['1/2/10/23', { is_active: 0, 'is_active@1': 1 }],
      ['1/2/10/24', { is_active: 1, 'is_active@1': 0 }],
      ['1/2/10/25', { 'is_active@1': 1 }],
      ['1/2/10/26', { is_active: null }],
      ['1/2/100', ON],
      ['1/2/100/41', ON],
    ]);
    expect((await itemOf(10)).children).toEqual(['21', '22', '24']);
    expect((await itemOf(10, 'us')).children).toEqual(['21', '22', '24']);
    expect((await itemOf(2)).children).toEqual(['10', '100']);
    expect((await itemOf(21)).children).toEqual(['31']);
    expect((await itemOf(31)).children).toBeNull();
  });

  test('lists the children of all categories of a page at once', async () => {
    await rows.add([
      ['1/2/10', { is_active: 0 }],
      ['1/2/10/21', ON],
      ['1/2/10/21/31', ON],
    ]);
    const items = (await itemsOf(2, 10, 21, 31)).filter((item) => item.storeViewCode === 'us');
    expect(items.map(({ categoryId, children }) => [categoryId, children])).toEqual([
      ['2', null],
      ['10', ['21']],
      ['21', ['31']],
      ['31', null],
    ]);
  });

  describe('a category below a top-level one', () => {
    test.each<[string, CategoryRowValues, isActive: number, includeInMenu: number]>([
      ['has its own status when that is on', ON, 1, 1],
      ['is inactive with it', { is_active: 0, include_in_menu: 1 }, 0, 1],
      ['is not in the menu with it', { is_active: 1, include_in_menu: 0 }, 1, 0],
      ['follows its store view', { ...ON, 'is_active@1': 0, 'include_in_menu@2': 0 }, 0, 1],
      ['counts what it lacks as off', { is_active: 1 }, 1, 0],
      ['counts null as off', { is_active: null, include_in_menu: 1 }, 0, 1],
      ['counts a null of the store view as off', { ...ON, 'include_in_menu@1': null }, 1, 0],
      ['has its own status when that has none', {}, 1, 1],
    ])('%s', async (_, top, isActive, includeInMenu) => {
      await rows.add([
        ['1/2/10', top],
        ['1/2/10/21', { is_active: 0, include_in_menu: 0 }],
        ['1/2/10/21/31', ON],
      ]);
      expect(await itemOf(31)).toMatchObject({ isActive, includeInMenu });
      const together = await itemsOf(10, 21, 31);
      expect(together.find((item) => item.categoryId === '31')).toMatchObject({
        isActive,
        includeInMenu,
      });
    });

    test('keeps its own off, and gets an off it has no value for', async () => {
      await rows.add([
        ['1/2/10', { is_active: 0, include_in_menu: 1 }],
        ['1/2/10/21', { include_in_menu: 0 }],
      ]);
      expect(await itemOf(21)).toMatchObject({ isActive: 0, includeInMenu: 0 });
    });
  });

  test('leaves top-level categories and roots their own status', async () => {
    await rows.shop.run(`UPDATE {catalog_category_entity_int} SET value = 0`);
    await rows.add([['1/2/10', ON]]);
    expect(await itemOf(10)).toMatchObject({ isActive: 1, includeInMenu: 1 });
    expect(await itemOf(2)).toMatchObject({ isActive: 0, includeInMenu: 0 });
  });
});

describe('categories on Adobe Commerce', () => {
  let rows: CategoryShop;

  beforeAll(async () => {
    rows = await CategoryShop.create('commerce');
    await rows.shop.insert('flag', [
      { flag_code: 'staging', flag_data: '{"current_version":500}' },
    ]);
    await rows.add([['1/2', ON]]);
    const past = { from: 1, to: 500 };
    const present = { from: 500, to: 900 };
    const future = { from: 900, to: 2147483647 };
    await rows.addVersion('1/3/10', { url_key: 'past', ...ON }, { row: 1, ...past });
    await rows.addVersion('1/2/10', { url_key: 'top', is_active: 0 }, { row: 2, ...present });
    await rows.addVersion('1/2/10', { url_key: 'future', ...ON }, { row: 3, ...future });
    await rows.addVersion('1/2/10/21', { is_active: 0 }, { row: 4, ...past });
    await rows.addVersion('1/2/10/21', { url_key: 'b', ...ON }, { row: 5, ...present });
    await rows.addVersion('1/2/10/22', { url_key: 'c', ...ON }, { row: 6, ...future });
  });
  afterAll(() => rows.shop.close());

  test.each([
    { kind: 'range', from: 10, to: 30 } as const,
    { kind: 'ids', ids: [10, 21, 22] } as const,
  ])('they and their relatives count in the version in force ($kind)', async (selection) => {
    const { items } = await rows.shop.collect(categories, selection);
    const own = items.filter((item) => item['storeViewCode'] === 'default');
    expect(items).toHaveLength(4);
    expect(own).toMatchObject([
      { categoryId: '10', urlPath: 'top', children: ['21'], isActive: 0 },
      { categoryId: '21', urlPath: 'top/b', children: null, isActive: 0 },
    ]);
  });
});
