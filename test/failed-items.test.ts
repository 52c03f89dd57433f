import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { FeedName } from '../src/feeds/names.js';
import { feedNamed } from '../src/feeds/registry.js';
import { STATUS } from '../src/store/settlements.js';
import { Engine } from './engine.js';
import { TestSystem } from './system.js';

let system: TestSystem;
let engine: Engine;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 60, storeViews: 3, edition: 'commerce', now: new Date() },
    capture: true,
  });
  engine = await Engine.open(system.settings);
  await engine.look();
});
afterAll(async () => {
  await engine.close();
  await system.stop();
});

/** How the service holds all but what is listed as failed; the rest stays as it was. */
const expectConverged = (feed: FeedName): Promise<void> =>
  system.expectConverged([feed], { lessFailed: true });

async function rows<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
  const [found] = await system.shop.query(sql, [...values]);
  return found as Row[];
}

const run = (sql: string, ...values: readonly unknown[]) => system.shop.query(sql, [...values]);

async function failures(feed: FeedName): Promise<string[]> {
  const found = await system.store.rows<{ errors: string }>(
    `SELECT errors FROM ${feedNamed(feed).table} WHERE status = ${STATUS.failed} ORDER BY errors`,
  );
  return found.map(({ errors }) => errors);
}

describe('of a category with a permission rule that fails', () => {
  const CATEGORY = 5;
  let ruleId: number;

  const heldGroups = async (): Promise<unknown[]> =>
    ((await system.held('categoryPermissions')) as Record<string, unknown>[])
      .filter((item) => item['categoryId'] === String(CATEGORY))
      .map((item) => item['customerGroupCode'])
      .sort();

  beforeAll(async () => {
    await run('DELETE FROM magento_catalogpermissions WHERE category_id = ?', CATEGORY);
    const [website] = await rows<{ id: number }>(
      `SELECT g.website_id AS id FROM store_group g
       JOIN catalog_category_entity c ON c.path LIKE CONCAT('1/', g.root_category_id, '/%')
       WHERE c.entity_id = ? AND g.website_id > 0 LIMIT 1`,
      [CATEGORY],
    );
    for (const group of [1, 2, 3]) {
      await run(
        `INSERT INTO magento_catalogpermissions (category_id, website_id, customer_group_id,
           grant_catalog_category_view, grant_catalog_product_price, grant_checkout_items)
         VALUES (?, ?, ?, -1, -1, -1)`,
        CATEGORY,
        website!.id,
        group,
      );
    }
    await engine.run('categoryPermissions', 'full sync');
    await engine.settle();
    await expectConverged('categoryPermissions');
    expect((await heldGroups()).length).toBe(3);
    const [rule] = await rows<{ id: number }>(
      `SELECT permission_id AS id FROM magento_catalogpermissions
       WHERE category_id = ? AND customer_group_id = 2`,
      [CATEGORY],
    );
    ruleId = rule!.id;
  });

  test('another rule that is removed is removed at the service, and the one that fails stays', async () => {
    const [, failing, other] = (await heldGroups()) as string[];
    await run(
      'UPDATE magento_catalogpermissions SET grant_checkout_items = 7 WHERE permission_id = ?',
      ruleId,
    );
    await run(
      'DELETE FROM magento_catalogpermissions WHERE category_id = ? AND customer_group_id = 1',
      CATEGORY,
    );
    await engine.settle();
    expect((await failures('categoryPermissions')).length).toBe(1);
    expect(await heldGroups()).toEqual([failing, other]);
    await expectConverged('categoryPermissions');
  });

  test('the failing one, too, once it is removed', async () => {
    await run('DELETE FROM magento_catalogpermissions WHERE permission_id = ?', ruleId);
    await engine.settle();
    expect(await failures('categoryPermissions')).toEqual([]);
    expect((await heldGroups()).length).toBe(1);
    await expectConverged('categoryPermissions');
  });
});

describe('of a product that fails', () => {
  let productId: number;
  let sku: string;

  const heldViews = async (): Promise<string[]> =>
    ((await system.held('products')) as { productId: number; storeViewCode: string }[])
      .filter((item) => item.productId === productId)
      .map((item) => item.storeViewCode)
      .sort();
  const viewsOf = async (websiteId: number): Promise<string[]> =>
    (
      await rows<{ code: string }>('SELECT code FROM store WHERE website_id = ? ORDER BY code', [
        websiteId,
      ])
    ).map(({ code }) => code);
  const assign = (websiteId: number) =>
    run('INSERT IGNORE INTO catalog_product_website VALUES (?, ?)', productId, websiteId);
  const unassign = (websiteId: number) =>
    run(
      'DELETE FROM catalog_product_website WHERE product_id = ? AND website_id = ?',
      productId,
      websiteId,
    );
  const statusIn = (storeId: number, status: number) =>
    run(
      `INSERT INTO catalog_product_entity_int (attribute_id, store_id, row_id, value)
       SELECT a.attribute_id, ?, p.row_id, ? FROM catalog_product_entity p
       JOIN eav_attribute a ON a.attribute_code = 'status'
       JOIN eav_entity_type y ON y.entity_type_id = a.entity_type_id
         AND y.entity_type_code = 'catalog_product'
       WHERE p.entity_id = ? ON DUPLICATE KEY UPDATE value = VALUES(value)`,
      storeId,
      status,
      productId,
    );

  let websites: number[];
  let brokenStore: { id: number; code: string };

  beforeAll(async () => {
    websites = (
      await rows<{ id: number }>(
        'SELECT DISTINCT website_id AS id FROM store WHERE website_id > 0 ORDER BY 1',
      )
    ).map(({ id }) => id);
    expect(websites.length).toBeGreaterThan(1);
    [brokenStore] = (await rows<{ id: number; code: string }>(
      'SELECT store_id AS id, code FROM store WHERE website_id = ? ORDER BY 1 LIMIT 1',
      [websites[0]],
    )) as [{ id: number; code: string }];
    const [product] = await rows<{ id: number; sku: string }>(
      `SELECT DISTINCT p.entity_id AS id, p.sku FROM catalog_product_entity p
       WHERE p.type_id = 'simple'
         AND p.entity_id NOT IN (SELECT child_id FROM catalog_product_relation)
       ORDER BY 1 DESC LIMIT 1`,
    );
    ({ id: productId, sku } = product!);
    for (const website of websites) await assign(website);
    await engine.run('products', 'full sync');
    await engine.settle();
    await expectConverged('products');
  });

  test('in one store view, the items of a website it leaves go', async () => {
    const [first, second] = websites as [number, number];
    await statusIn(brokenStore.id, 7);
    await unassign(second);
    await engine.settle();
    expect(await failures('products')).toEqual([
      expect.stringContaining(`in store view ${brokenStore.code} `),
    ]);
    const gone = await viewsOf(second);
    expect(await heldViews()).toEqual(expect.arrayContaining(await viewsOf(first)));
    expect((await heldViews()).filter((code) => gone.includes(code))).toEqual([]);
    await expectConverged('products');
    await statusIn(brokenStore.id, 1);
    await assign(second);
    await engine.settle();
    await expectConverged('products');
    expect(await failures('products')).toEqual([]);
  });

  test('and has another SKU at once, its items stay under the old one', async () => {
    const before = await heldViews();
    const skus = async () =>
      new Set(
        ((await system.held('products')) as { productId: number; sku: string }[])
          .filter((item) => item.productId === productId)
          .map((item) => item.sku),
      );
    for (const { id } of await rows<{ id: number }>('SELECT store_id AS id FROM store')) {
      await statusIn(id, 7);
    }
    await run('UPDATE catalog_product_entity SET sku = ? WHERE entity_id = ?', 'NEW', productId);
    await engine.settle();
    expect(await heldViews()).toEqual(before);
    expect(await skus()).toEqual(new Set([sku]));
    for (const { id } of await rows<{ id: number }>('SELECT store_id AS id FROM store')) {
      await statusIn(id, 1);
    }
    await engine.settle();
    expect(await skus()).toEqual(new Set(['NEW']));
    await expectConverged('products');
  });

  test('by a choice that offers nothing, it fails in each store view and leaves with its websites', async () => {
    const views = await heldViews();
    const [first, second, ...others] = websites as [number, number, ...number[]];
    const gone = await viewsOf(second);
    await run(
      `INSERT INTO catalog_product_option (option_id, product_id, type)
       SELECT 60000, row_id, 'radio' FROM catalog_product_entity WHERE entity_id = ?`,
      productId,
    );
    await run(
      `INSERT INTO catalog_product_option_title (option_id, store_id, title)
       VALUES (60000, 0, 'Choose')`,
    );
    await unassign(second);
    await engine.settle();
    const left = views.filter((code) => !gone.includes(code));
    expect((await failures('products')).length).toBe(left.length);
    for (const failure of await failures('products')) {
      expect(failure).toContain('offers no value with a title');
    }
    expect(await heldViews()).toEqual(left);
    await expectConverged('products');

    for (const website of [first, ...others]) await unassign(website);
    await engine.settle();
    expect(await heldViews()).toEqual([]);
    expect(await failures('products')).toEqual([]);
    await system.expectConverged(['products']);
  });
});
