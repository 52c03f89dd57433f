import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../../test/test-shop.js';
import { customerGroupCode } from '../../commerce/customer-groups.js';
import { identityOf, preparePage } from '../item.js';
import { feedValidator } from '../validation.js';
import { categoryPermissions } from './feed.js';

const RULES = 'magento_catalogpermissions';
const OPEN_SOURCE_DDL = `
  CREATE TABLE {${RULES}} (
    permission_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    category_id int unsigned NOT NULL, website_id smallint unsigned, customer_group_id int unsigned,
    grant_catalog_category_view smallint, grant_catalog_product_price smallint,
    grant_checkout_items smallint, UNIQUE (category_id, website_id, customer_group_id))`;

const rule = (
  id: number,
  categoryId: number,
  websiteId: number | null,
  groupId: number | null,
  [view, price, checkout]: readonly (number | null)[] = [-1, -1, -1],
) => ({
  permission_id: id,
  category_id: categoryId,
  website_id: websiteId,
  customer_group_id: groupId,
  grant_catalog_category_view: view ?? null,
  grant_catalog_product_price: price ?? null,
  grant_checkout_items: checkout ?? null,
});

const setting = (path: string, value: string | null, websiteId = 0) => ({
  scope: websiteId === 0 ? 'default' : 'websites',
  scope_id: websiteId,
  path: `catalog/magento_catalogpermissions/${path}`,
  value,
});

/** Roots 2 (website base), 41 (eu) and 58 (of no store group). */
const PATHS: readonly (readonly [id: number, path: string])[] = [
  [1, '1'],
  [2, '1/2'],
  [3, '1/2/3'],
  [11, '1/2/3/11'],
  [41, '1/41'],
  [42, '1/41/42'],
  [58, '1/58'],
];

async function permissionShop(edition: 'open-source' | 'commerce'): Promise<TestShop> {
  const shop = await TestShop.bare({ edition, tables: [RULES], tablePrefix: 'm2_' });
  if (edition === 'open-source') await shop.run(OPEN_SOURCE_DDL);
  await shop.insert('store_website', [
    { website_id: 1, code: 'base' },
    { website_id: 2, code: 'eu' },
  ]);
  await shop.insert('store_group', [
    { group_id: 1, website_id: 1, code: 'main', name: '', root_category_id: 2 },
    { group_id: 2, website_id: 2, code: 'eu_store', name: '', root_category_id: 41 },
  ]);
  const category = ([id, path]: readonly [number, string]) => ({
    entity_id: id,
    path,
    position: 0,
    children_count: 0,
  });
  if (edition === 'commerce') {
    await shop.insert('flag', [{ flag_code: 'staging', flag_data: '{"current_version":500}' }]);
    const version = (from: number, to: number) => ({ created_in: from, updated_in: to });
    await shop.insert('catalog_category_entity', [
      ...PATHS.map((each) => ({ ...category(each), ...version(1, 2147483647) })),
      // Below the unused root until version 500, gone from then on.
      { ...category([12, '1/2/12']), ...version(1, 500) },
      // Below the unused root until version 500, then moved to that of base.
      { ...category([13, '1/58/13']), ...version(1, 500) },
      { ...category([13, '1/2/13']), ...version(500, 2147483647) },
    ]);
  } else {
    await shop.insert('catalog_category_entity', PATHS.map(category));
  }
  return shop;
}

describe.each(['open-source', 'commerce'] as const)(
  'the rules of categoryPermissions on a %s schema',
  (edition) => {
    let shop: TestShop;

    beforeAll(async () => {
      shop = await permissionShop(edition);
      await shop.insert(RULES, [
        rule(1, 11, 1, 1, [-1, 0, -2]),
        rule(2, 3, null, null, [-2, -2, null]),
        rule(3, 2, 1, 0),
        rule(4, 41, 0, null),
        // Of another website's root, of no website's, of the tree root, of a category that is gone.
        rule(5, 11, 2, 1),
        rule(6, 58, null, null),
        rule(7, 1, null, null),
        rule(8, 99, null, null),
        // Says the same as rule 2, later.
        rule(9, 3, null, null, [-2, -1, 0]),
      ]);
    });
    afterAll(() => shop.close());

    test('name website and group, or null for all of them', async () => {
      const allow = { displayable: 'ALLOW', priceDisplayable: 'ALLOW', buyable: 'ALLOW' };
      const ids = PATHS.map(([id]) => id);
      const { items, failures, warnings } = await shop.collect(categoryPermissions, {
        kind: 'ids',
        ids,
      });
      expect(warnings).toEqual([
        {
          code: 'CDE01-24',
          message:
            'Permissions 2 and 9 of category 3 are for the same website and customer group: 9 counts.',
        },
      ]);
      expect(failures).toEqual([]);
      expect(items).toEqual([
        {
          type: 'RULE',
          categoryId: '2',
          websiteCode: 'base',
          customerGroupCode: customerGroupCode(0),
          ...allow,
        },
        {
          type: 'RULE',
          categoryId: '3',
          websiteCode: null,
          customerGroupCode: null,
          displayable: 'DENY',
          priceDisplayable: 'ALLOW',
          buyable: 'PARENT',
        },
        {
          type: 'RULE',
          categoryId: '11',
          websiteCode: 'base',
          customerGroupCode: '356a192b7913b04c54574d18c28d46e6395428ab',
          displayable: 'ALLOW',
          priceDisplayable: 'PARENT',
          buyable: 'DENY',
        },
        {
          type: 'RULE',
          categoryId: '41',
          websiteCode: null,
          customerGroupCode: null,
          ...allow,
        },
      ]);
    });

    test('are covered by a full sync together with the fallbacks, each category once', async () => {
      expect(await shop.pages(categoryPermissions, 3)).toEqual({
        total: 6,
        pages: [
          { kind: 'range', from: 0, to: 3 },
          { kind: 'range', from: 4, to: 58 },
        ],
      });
      const types = (await shop.preview(categoryPermissions)).map((item) => item['type']);
      expect(types.filter((type) => type === 'RULE')).toHaveLength(4);
      expect(types.filter((type) => type === 'FALLBACK')).toHaveLength(4);
    });

    test('and fallbacks are what the contract allows', async () => {
      const validate = feedValidator(categoryPermissions);
      expect((await shop.preview(categoryPermissions)).flatMap(validate)).toEqual([]);
    });

    test('with a grant of unknown meaning are reported, not guessed', async () => {
      await shop.insert(RULES, [rule(10, 42, null, 5, [-1, 7, -1])]);
      const selection = { kind: 'ids', ids: [41, 42] } as const;
      const { items, failures } = await shop.collect(categoryPermissions, selection);
      await shop.run(`DELETE FROM {${RULES}} WHERE permission_id = 10`);
      expect(items).toHaveLength(1);
      expect(failures).toEqual([
        {
          sourceId: 42,
          identity: ['RULE', '42', '', customerGroupCode(5), ''],
          code: 'CDE01-23',
          message:
            'Permission 10 of category 42 has a grant that is none of -1, -2, 0 and NULL: -1, 7, -1.',
        },
      ]);
    });
  },
);

test('the rules of a category follow the version in force', async () => {
  const shop = await permissionShop('commerce');
  await shop.insert(RULES, [rule(1, 12, null, null), rule(2, 13, null, null)]);
  const { items } = await shop.collect(categoryPermissions, { kind: 'ids', ids: [12, 13] });
  expect(items.map((item) => item['categoryId'])).toEqual(['13']);
  await shop.close();
});

describe('the fallbacks of categoryPermissions', () => {
  let shop: TestShop;

  beforeAll(async () => {
    shop = await permissionShop('commerce');
  });
  afterAll(() => shop.close());

  async function given(settings: readonly ReturnType<typeof setting>[]) {
    await shop.run('DELETE FROM {core_config_data}');
    if (settings.length > 0) await shop.insert('core_config_data', settings);
    return (await shop.collect(categoryPermissions, { kind: 'ids', ids: [0] })).items;
  }
  const fallback = (name: string, ...values: readonly object[]) => ({
    type: 'FALLBACK',
    setting: name,
    values,
  });
  const value = (websiteCode: string | null, mode: string, groupIds: readonly number[] = []) => ({
    websiteCode,
    mode,
    customerGroupCodes: groupIds.map(customerGroupCode),
  });

  test('are four, and allow nobody anything where nothing is configured', async () => {
    expect(await given([])).toEqual([
      fallback('enabled', value(null, 'NONE')),
      fallback('displayable', value(null, 'NONE')),
      fallback('priceDisplayable', value(null, 'NONE')),
      fallback('buyable', value(null, 'NONE')),
    ]);
  });

  test('name groups by ascending id, and websites with a setting of their own', async () => {
    const settings = [
      setting('enabled', '1'),
      setting('grant_catalog_category_view', '1'),
      setting('grant_catalog_product_price', '2'),
      setting('grant_catalog_product_price_groups', '10,2, 3,2'),
      setting('grant_catalog_product_price', '1', 2),
      setting('grant_checkout_items', '2'),
      setting('grant_checkout_items_groups', '4'),
      setting('grant_checkout_items_groups', '5', 1),
      setting('grant_checkout_items', null, 2),
    ];
    expect(await given(settings)).toEqual([
      fallback('enabled', value(null, 'ALL')),
      fallback('displayable', value(null, 'ALL')),
      fallback('priceDisplayable', value(null, 'GROUPS', [2, 3, 10]), value('eu', 'ALL')),
      fallback(
        'buyable',
        value(null, 'GROUPS', [4]),
        value('base', 'GROUPS', [5]),
        value('eu', 'NONE'),
      ),
    ]);
  });

  test('are kept under source id 0, with an identity of their own each', async () => {
    const page = preparePage(categoryPermissions, { items: await given([]), failures: [] });
    expect(page.items.map((item) => item.sourceId)).toEqual([0, 0, 0, 0]);
    expect(page.items.map((item) => item.identity)).toEqual(
      ['enabled', 'displayable', 'priceDisplayable', 'buyable'].map((name) => [
        'FALLBACK',
        '',
        '',
        '',
        name,
      ]),
    );
  });
});

describe('the contract of categoryPermissions', () => {
  const validate = feedValidator(categoryPermissions);
  const stamped = { deleted: false, modifiedAt: '2026-11-21 22:40:09' };
  const fallback = {
    type: 'FALLBACK',
    setting: 'enabled',
    values: [{ websiteCode: null, mode: 'ALL', customerGroupCodes: [] }],
    ...stamped,
  };

  test.each([
    ['a fallback with a category', { ...fallback, categoryId: '3' }],
    ['a fallback without values', { ...fallback, values: undefined }],
    ['a rule with a setting', { ...fallback, type: 'RULE' }],
    ['a rule without grants', { type: 'RULE', categoryId: '3', websiteCode: null, ...stamped }],
  ])('refuses %s', (_, item) => {
    expect(validate(JSON.parse(JSON.stringify(item)) as Record<string, unknown>)).not.toEqual([]);
  });

  test('takes a fallback, and the deletion of a rule', () => {
    expect(validate(fallback)).toEqual([]);
    const deletion = {
      type: 'RULE',
      categoryId: '11',
      websiteCode: 'base',
      customerGroupCode: null,
      modifiedAt: '2026-11-21 22:40:09',
      deleted: true,
    };
    expect(validate(deletion)).toEqual([]);
    expect(identityOf(categoryPermissions, deletion)).toEqual(['RULE', '11', 'base', '', '']);
  });
});
