import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ProductShop } from '../../../test/product-shop.js';

describe.each(['open-source', 'commerce'] as const)('categories of products (%s)', (edition) => {
  const versioned = edition === 'commerce';
  let shop: ProductShop;

  const addCategory = async (
    path: string,
    urlKeys: Readonly<Record<number, string | null>>,
  ): Promise<void> => {
    const id = Number(path.split('/').at(-1));
    const level = path.split('/').length - 1;
    const category = { entity_id: id, path, level, position: 1, children_count: 0 };
    const add = async (row: number, version: object, keys: typeof urlKeys): Promise<void> => {
      const columns = versioned ? { row_id: row, ...version } : {};
      await shop.insert('catalog_category_entity', { ...category, ...columns });
      for (const [storeId, value] of Object.entries(keys)) {
        await shop.insert('catalog_category_entity_varchar', {
          [shop.linkColumn]: versioned ? row : id,
          attribute_id: 119,
          store_id: Number(storeId),
          value,
        });
      }
    };
    await add(id + 100, { created_in: 1, updated_in: 2147483647 }, urlKeys);
    if (versioned) await add(id + 200, { created_in: 0, updated_in: 1 }, { 0: 'past' });
  };
  const assign = (categoryId: number, productId: number, position: number | null): Promise<void> =>
    shop.insert('catalog_category_product_index_store1', {
      category_id: categoryId,
      product_id: productId,
      position,
      store_id: 1,
      visibility: 4,
    });

  beforeAll(async () => {
    shop = await ProductShop.create(edition);
    for (const storeId of [1, 2]) {
      await shop.shop.run(`
        CREATE TABLE {catalog_category_product_index_store${storeId}} (
          category_id int unsigned, product_id int unsigned, position int,
          is_parent smallint unsigned NOT NULL DEFAULT 0, store_id smallint unsigned,
          visibility smallint unsigned, PRIMARY KEY (category_id, product_id, store_id))`);
    }
    await addCategory('1', { 0: 'tree' });
    await addCategory('1/2', { 0: 'root' });
    await addCategory('1/2/20', { 0: 'gear', 1: null });
    await addCategory('1/2/20/3', { 0: 'bags', 1: 'sacks' });
    await addCategory('1/2/20/3/5', {});
    await addCategory('1/2/6', {});
    await addCategory('1/2/7', { 0: '0' });
    await addCategory('1/2/broken/8', { 0: 'odd' });
    for (const id of [20, 5, 3, 2, 6, 7, 8, 404]) await assign(id, 1, id === 5 ? null : id * 2);
    await shop.insert('catalog_category_product_index_store2', {
      category_id: 3,
      product_id: 1,
      position: -1,
      store_id: 2,
      visibility: 4,
    });
    await shop.add(1);
  });
  afterAll(() => shop.close());

  test('are given by id, with the path of URL keys; those without a path are left out', async () => {
    const item = await shop.item(1);
    expect(item.categoryData).toEqual([
      { categoryId: '3', categoryPath: 'gear/sacks', productPosition: 6 },
      { categoryId: '5', categoryPath: 'gear/sacks' },
      { categoryId: '8', categoryPath: 'odd', productPosition: 16 },
      { categoryId: '20', categoryPath: 'gear', productPosition: 40 },
    ]);
    expect(item.categories).toEqual(['gear/sacks', 'gear/sacks', 'odd', 'gear']);
  });

  test('without a path are warned of, once for a page', async () => {
    await shop.add(2);
    await assign(6, 2, 1);
    expect((await shop.collect(1, 2)).warnings).toEqual([
      {
        code: 'CDE01-22',
        message: 'Category 6 has no URL path in store view default: its products do not name it.',
      },
      {
        code: 'CDE01-22',
        message: 'Category 7 has no URL path in store view default: its products do not name it.',
      },
    ]);
  });

  test('are those of the store view', async () => {
    expect((await shop.item(1, 'us')).categoryData).toEqual([
      { categoryId: '3', categoryPath: 'gear/bags', productPosition: -1 },
    ]);
  });

  test('are none in a store view that Commerce has not indexed yet', async () => {
    const item = await shop.item(1, 'eu_en');
    expect([item.categoryData, item.categories]).toEqual([null, undefined]);
  });
});
