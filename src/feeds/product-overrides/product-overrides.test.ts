import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../../test/test-shop.js';
import { customerGroupCode } from '../../commerce/customer-groups.js';
import type { Edition } from '../../sandbox/catalog/options.js';
import { feedValidator } from '../validation.js';
import { productOverrides } from './feed.js';

const INDEX = 'magento_catalogpermissions_index_product';
const GENERAL = 1;
const VIP = 4;

/** Rows of the index: product, store view, group, then category view, price, checkout. */
type IndexRow = readonly [number, number, number, number | null, number | null, number | null];

const indexRow = ([product, store, group, view, price, checkout]: IndexRow) => ({
  product_id: product,
  store_id: store,
  customer_group_id: group,
  grant_catalog_category_view: view,
  grant_catalog_product_price: price,
  grant_checkout_items: checkout,
});

const setting = (path: string, value: string | null, websiteId = 0) => ({
  scope: websiteId === 0 ? 'default' : 'websites',
  scope_id: websiteId,
  path: `catalog/magento_catalogpermissions/${path}`,
  value,
});

/** Websites base (store views 1 and 2) and eu (3); products 1 on both, 2 on base, 3 on none. */
async function permissionShop(edition: Edition, tablePrefix = ''): Promise<TestShop> {
  const shop = await TestShop.bare({
    edition,
    tablePrefix,
    tables: ['catalog_product_website', 'sequence_product'],
  });
  // Made by hand, since an Open Source schema has none.
  for (const suffix of ['', '_tmp', '_replica']) {
    await shop.run(`
      CREATE TABLE {${INDEX}${suffix}} (
        product_id int unsigned NOT NULL, store_id smallint unsigned NOT NULL,
        customer_group_id int unsigned NOT NULL, grant_catalog_category_view smallint,
        grant_catalog_product_price smallint, grant_checkout_items smallint,
        UNIQUE (product_id, store_id, customer_group_id))`);
  }
  await shop.insert('store_website', [
    { website_id: 1, code: 'base' },
    { website_id: 2, code: 'eu' },
  ]);
  await shop.insert('store_group', [
    { group_id: 1, website_id: 1, code: 'main', name: '' },
    { group_id: 2, website_id: 2, code: 'eu_store', name: '' },
  ]);
  await shop.insert('store', [
    { store_id: 1, code: 'default', group_id: 1, website_id: 1, name: '' },
    { store_id: 2, code: 'us_es', group_id: 1, website_id: 1, name: '' },
    { store_id: 3, code: 'eu_en', group_id: 2, website_id: 2, name: '' },
  ]);
  const products = [
    { entity_id: 1, sku: '24-MB01' },
    { entity_id: 2, sku: '000123' },
    { entity_id: 3, sku: 'nowhere' },
  ];
  if (edition === 'commerce') {
    await shop.insert(
      'sequence_product',
      products.map((each) => ({ sequence_value: each.entity_id })),
    );
    await shop.insert('flag', [{ flag_code: 'staging', flag_data: '{"current_version":"500"}' }]);
    await shop.insert('catalog_product_entity', [
      { row_id: 11, entity_id: 1, sku: 'before', created_in: 1, updated_in: 500 },
      { row_id: 12, entity_id: 1, sku: '24-MB01', created_in: 500, updated_in: 900 },
      { row_id: 13, entity_id: 1, sku: 'after', created_in: 900, updated_in: 2147483647 },
      { row_id: 14, entity_id: 2, sku: '000123', created_in: 1, updated_in: 2147483647 },
      { row_id: 15, entity_id: 3, sku: 'nowhere', created_in: 1, updated_in: 2147483647 },
    ]);
  } else {
    await shop.insert('catalog_product_entity', products);
  }
  await shop.insert('catalog_product_website', [
    { product_id: 1, website_id: 1 },
    { product_id: 1, website_id: 2 },
    { product_id: 2, website_id: 1 },
  ]);
  return shop;
}

/** Items as `sku website group: flags`, a letter for each of displayable, price, buyable. */
async function summary(shop: TestShop): Promise<string[]> {
  const names = new Map([0, GENERAL, VIP].map((id) => [customerGroupCode(id), String(id)]));
  return (await shop.collect(productOverrides)).items.map((item) => {
    const flags =
      (item['displayable'] === true ? 'D' : '-') +
      (item['priceDisplayable'] === true ? 'P' : '-') +
      (item['buyable'] === true ? 'B' : '-');
    const group = names.get(String(item['customerGroupCode'])) ?? '?';
    return `${String(item['sku'])} ${String(item['websiteCode'])} ${group}: ${flags}`;
  });
}

describe.each(['open-source', 'commerce'] as const)(
  'productOverrides on a %s schema',
  (edition) => {
    let shop: TestShop;

    beforeAll(async () => {
      shop = await permissionShop(edition, 'm2_');
      await shop.insert('core_config_data', [setting('enabled', '1')]);
      await shop.insert(
        INDEX,
        (
          [
            [1, 1, GENERAL, -1, -2, -2],
            [1, 3, 0, -1, -1, -1],
            [2, 1, VIP, -2, -2, -2],
            // The admin store, an unknown one, a website without the product, no website, no product.
            [1, 0, GENERAL, -1, -1, -1],
            [1, 9, GENERAL, -1, -1, -1],
            [2, 3, VIP, -1, -1, -1],
            [3, 1, VIP, -1, -1, -1],
            [4, 1, VIP, -1, -1, -1],
          ] as const
        ).map(indexRow),
      );
      await shop.insert(`${INDEX}_tmp`, [indexRow([2, 1, 0, -1, -1, -1])]);
      await shop.insert(`${INDEX}_replica`, [indexRow([2, 1, 0, -1, -1, -1])]);
    });
    afterAll(() => shop.close());

    test('exports the index for products in their websites, under the SKU in force', async () => {
      expect(await shop.preview(productOverrides)).toEqual([
        {
          sku: '24-MB01',
          productId: 1,
          websiteCode: 'base',
          customerGroupCode: '356a192b7913b04c54574d18c28d46e6395428ab',
          displayable: true,
          buyable: false,
          priceDisplayable: false,
          deleted: false,
          modifiedAt: '2026-11-21 22:40:09',
        },
        {
          sku: '24-MB01',
          productId: 1,
          websiteCode: 'eu',
          customerGroupCode: 'b6589fc6ab0dc82cf12099d1c2d40ab994e8410c',
          displayable: true,
          buyable: true,
          priceDisplayable: true,
          deleted: false,
          modifiedAt: '2026-11-21 22:40:09',
        },
        {
          sku: '000123',
          productId: 2,
          websiteCode: 'base',
          customerGroupCode: '1b6453892473a467d07372d45eb05abc2031647a',
          displayable: false,
          buyable: false,
          priceDisplayable: false,
          deleted: false,
          modifiedAt: '2026-11-21 22:40:09',
        },
      ]);
    });

    test('yields what the contract allows', async () => {
      const validate = feedValidator(productOverrides);
      expect((await shop.preview(productOverrides)).flatMap(validate)).toEqual([]);
    });

    test('counts each product once in a full sync', async () => {
      expect((await shop.pages(productOverrides, 250)).total).toBe(3);
    });
  },
);

describe('the grants of productOverrides', () => {
  let shop: TestShop;

  beforeAll(async () => {
    shop = await permissionShop('commerce');
  });
  afterAll(() => shop.close());

  async function given(
    settings: readonly ReturnType<typeof setting>[],
    rows: readonly IndexRow[],
  ): Promise<string[]> {
    await shop.run('DELETE FROM {core_config_data}');
    await shop.run(`DELETE FROM {${INDEX}}`);
    await shop.insert('core_config_data', settings);
    await shop.insert(INDEX, rows.map(indexRow));
    return summary(shop);
  }
  const enabled = setting('enabled', '1');

  test('are joined over the store views of a website: one that allows is enough', async () => {
    const rows: IndexRow[] = [
      [1, 1, GENERAL, -1, -2, -2],
      [1, 2, GENERAL, -2, -2, -1],
      [1, 3, GENERAL, -2, -2, -2],
    ];
    expect(await given([enabled], rows)).toEqual(['24-MB01 base 1: D-B', '24-MB01 eu 1: ---']);
  });

  test('are nobody’s where neither index nor configuration says so', async () => {
    expect(await given([enabled], [[1, 1, GENERAL, 0, null, 0]])).toEqual(['24-MB01 base 1: ---']);
  });

  test('follow the configuration of website and group where the index leaves it open', async () => {
    const settings = [
      enabled,
      setting('grant_catalog_category_view', '1'),
      setting('grant_catalog_product_price', '2'),
      setting('grant_catalog_product_price_groups', '4, 7'),
      setting('grant_catalog_category_view', '0', 2),
      setting('grant_checkout_items', '1', 2),
      setting('grant_catalog_product_price_groups', '1', 2),
    ];
    const open = (storeId: number, groupId: number): IndexRow => [1, storeId, groupId, 0, null, 0];
    const rows = [open(1, GENERAL), open(1, VIP), open(3, GENERAL), open(3, VIP)];
    expect(await given(settings, rows)).toEqual([
      '24-MB01 base 1: D--',
      '24-MB01 base 4: DP-',
      '24-MB01 eu 1: -PB',
      '24-MB01 eu 4: --B',
    ]);
  });

  test('deny what one store view denies and another leaves to a configuration that denies', async () => {
    const rows: IndexRow[] = [
      [1, 1, GENERAL, -2, -2, -2],
      [1, 2, GENERAL, 0, 0, 0],
    ];
    const settings = [enabled, setting('grant_checkout_items', '1')];
    expect(await given(settings, rows)).toEqual(['24-MB01 base 1: --B']);
  });

  test('are not exported while permissions are off, which is the default', async () => {
    const rows: IndexRow[] = [[1, 1, GENERAL, -1, -1, -1]];
    expect(await given([setting('enabled', '0')], rows)).toEqual([]);
    expect(await given([setting('grant_checkout_items', '1')], rows)).toEqual([]);
  });
});

describe('the permission index', () => {
  test('may be spread over a table for each customer group', async () => {
    const shop = await permissionShop('commerce', 'p_');
    await shop.insert('core_config_data', [setting('enabled', '1')]);
    await shop.run(`CREATE TABLE {${INDEX}_4} LIKE {${INDEX}}`);
    await shop.run(`CREATE TABLE {${INDEX}_4_replica} LIKE {${INDEX}}`);
    await shop.run(`CREATE TABLE {${INDEX}_other} (product_id int)`);
    await shop.insert(INDEX, [indexRow([1, 1, GENERAL, -1, -1, -1])]);
    await shop.insert(`${INDEX}_4`, [indexRow([1, 1, VIP, -1, -2, -1])]);
    await shop.insert(`${INDEX}_4_replica`, [indexRow([1, 2, VIP, -1, -1, -1])]);
    expect(await summary(shop)).toEqual(['24-MB01 base 1: DPB', '24-MB01 base 4: D-B']);
    await shop.close();
  });

  test('that is missing is an error, and never means that nothing is permitted', async () => {
    const shop = await permissionShop('commerce');
    await shop.insert('core_config_data', [setting('enabled', '1')]);
    await shop.run(`DROP TABLE {${INDEX}}`);
    await expect(shop.collect(productOverrides)).rejects.toMatchObject({ code: 'CDE01-05' });
    await shop.close();
  });
});

test('productOverrides of a generated shop are what its index says, whatever is configured', async () => {
  const shop = await TestShop.generated({
    products: 120,
    edition: 'commerce',
    tablePrefix: 'gx_',
  });
  interface Resolved {
    readonly entity_id: number;
    readonly code: string;
    readonly customer_group_id: number;
    readonly allowed: number;
    readonly open: number;
  }
  const resolved = await shop.rows<Resolved>(`
    SELECT p.entity_id, w.code, i.customer_group_id,
           MAX(i.grant_checkout_items = -1) AS allowed,
           MAX(COALESCE(i.grant_checkout_items, 0) NOT IN (-1, -2)) AS open
    FROM {${INDEX}} i
    JOIN {store} s ON s.store_id = i.store_id AND s.store_id <> 0
    JOIN {store_website} w ON w.website_id = s.website_id
    JOIN {catalog_product_website} a ON a.product_id = i.product_id AND a.website_id = w.website_id
    JOIN {sequence_product} q ON q.sequence_value = i.product_id
    JOIN (SELECT DISTINCT entity_id FROM {catalog_product_entity}) p ON p.entity_id = i.product_id
    GROUP BY p.entity_id, w.code, i.customer_group_id`);
  const items = await shop.preview(productOverrides);
  await shop.close();

  const key = (productId: unknown, website: unknown, group: unknown): string =>
    [productId, website, group].map(String).join(' ');
  const buyable = new Map(
    items.map((item) => [
      key(item['productId'], item['websiteCode'], item['customerGroupCode']),
      item['buyable'],
    ]),
  );
  expect(buyable.size).toBe(items.length);
  expect([...buyable.keys()].sort()).toEqual(
    resolved
      .map((row) => key(row.entity_id, row.code, customerGroupCode(row.customer_group_id)))
      .sort(),
  );
  const decided = resolved.filter((row) => row.open === 0 || row.allowed === 1);
  expect(decided.length).toBeGreaterThan(0);
  for (const row of decided) {
    const id = key(row.entity_id, row.code, customerGroupCode(row.customer_group_id));
    expect(buyable.get(id), id).toBe(row.allowed === 1);
  }
});
