import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Feed, FeedItem, ItemFailure } from '../src/feeds/feed.js';
import { formatStamp, itemJson, preparePage } from '../src/feeds/item.js';
import { type FeedName } from '../src/feeds/names.js';
import { feedNamed } from '../src/feeds/registry.js';
import { feedValidator } from '../src/feeds/validation.js';
import type { Edition } from '../src/sandbox/catalog/options.js';
import { TestShop } from './test-shop.js';

/** An id that nothing has. */
const GONE = 60_000;
const now = new Date('2026-11-21T22:40:09Z');

interface Breakage {
  /** Completes “… stops nothing but itself”. */
  readonly what: string;
  readonly feeds: readonly FeedName[];
  /** SQL for the ids of the entities whose rows are broken, `{table}` with prefix. */
  readonly entities: string;
  /** Statements that break them; `?` stands for the first id. */
  readonly sql: readonly string[];
  /** What the entities fail with; undefined where they go out all the same. */
  readonly code?: ItemFailure['code'];
  /** What the first entity's items then are. */
  readonly then?: (items: readonly FeedItem[]) => void;
}

interface Export {
  readonly items: ReadonlyMap<string, { readonly sourceId: number; readonly item: FeedItem }>;
  readonly failures: readonly ItemFailure[];
}

/** A simple product that is sold by itself, a different one for each number. */
const simple = (n: number): string => `
  SELECT p.entity_id AS id FROM {catalog_product_entity} p
  JOIN {catalog_product_website} w ON w.product_id = p.entity_id AND w.website_id = 1
  WHERE p.type_id = 'simple'
    AND p.entity_id NOT IN (SELECT child_id FROM {catalog_product_relation})
    AND p.entity_id NOT IN (SELECT linked_product_id FROM {catalog_product_link})
  ORDER BY p.entity_id DESC LIMIT 1 OFFSET ${n}`;

/** A child of a configurable product with its parent. */
const child = (n: number): string => `
  SELECT product_id AS id FROM (SELECT product_id FROM {catalog_product_super_link}
    ORDER BY link_id DESC LIMIT 1 OFFSET ${n}) c
  UNION SELECT l.parent_id FROM {catalog_product_super_link} l
    WHERE l.product_id = (SELECT product_id FROM {catalog_product_super_link}
      ORDER BY link_id DESC LIMIT 1 OFFSET ${n})`;

const order = (n: number): string => `
  SELECT o.entity_id AS id FROM {sales_order} o
  JOIN {data_exporter_uuid} u ON u.entity_id = o.entity_id AND u.type = 'order'
  WHERE o.updated_at > '2026-11-15 00:00:00'
  ORDER BY o.entity_id DESC LIMIT 1 OFFSET ${n}`;

const attribute = (code: string, type = 'catalog_product'): string => `
  (SELECT a.attribute_id FROM {eav_attribute} a
   JOIN {eav_entity_type} y ON y.entity_type_id = a.entity_type_id
   WHERE y.entity_type_code = '${type}' AND a.attribute_code = '${code}')`;

const dangling: readonly Breakage[] = [
  {
    what: 'a link to a product that is gone',
    feeds: ['products'],
    entities:
      'SELECT product_id AS id FROM {catalog_product_link} WHERE link_type_id = 1 ORDER BY link_id LIMIT 1',
    sql: [
      `UPDATE {catalog_product_link} SET linked_product_id = ${GONE}
       WHERE product_id = ? AND link_type_id = 1 LIMIT 1`,
    ],
  },
  {
    what: 'a parent that is gone',
    feeds: ['products', 'prices'],
    entities: simple(0),
    sql: [`INSERT INTO {catalog_product_relation} (parent_id, child_id) VALUES (${GONE}, ?)`],
    then: (items) => {
      for (const item of items) expect(item['parents'] ?? null).toBeNull();
    },
  },
  {
    what: 'a category that is gone',
    feeds: ['products'],
    entities:
      'SELECT product_id AS id FROM {catalog_category_product_index_store1} ORDER BY product_id LIMIT 1',
    sql: [
      `UPDATE {catalog_category_product_index_store1} SET category_id = ${GONE}
       WHERE product_id = ? LIMIT 1`,
    ],
  },
  {
    what: 'a tax class that is gone',
    feeds: ['products'],
    entities: simple(0),
    sql: [
      `UPDATE {catalog_product_entity_int} SET value = ${GONE}
       WHERE entity_id = ? AND attribute_id = ${attribute('tax_class_id')}`,
    ],
    then: (items) => {
      for (const item of items) expect(item['taxClassId']).toBe('no');
    },
  },
  {
    what: 'an option that is gone',
    feeds: ['products', 'variants'],
    entities: child(0),
    sql: [
      `UPDATE {catalog_product_entity_int} SET value = ${GONE} WHERE entity_id = ? AND attribute_id IN
       (SELECT attribute_id FROM {catalog_product_super_attribute}) LIMIT 1`,
    ],
    then: (items) => {
      expect(JSON.stringify(items)).toContain(String(GONE));
    },
  },
  {
    what: 'a child of a configurable product that is gone',
    feeds: ['products', 'variants'],
    entities: child(1),
    sql: [`UPDATE {catalog_product_super_link} SET product_id = ${GONE} WHERE product_id = ?`],
  },
  {
    what: 'a part of a bundle that is gone',
    feeds: ['products'],
    entities:
      'SELECT parent_product_id AS id FROM {catalog_product_bundle_selection} ORDER BY selection_id LIMIT 1',
    sql: [
      `UPDATE {catalog_product_bundle_selection} SET product_id = ${GONE}
       WHERE parent_product_id = ? LIMIT 1`,
    ],
  },
  {
    what: 'an attribute of a value that is gone',
    feeds: ['products', 'prices'],
    entities: simple(0),
    sql: [
      `INSERT INTO {catalog_product_entity_int} (attribute_id, store_id, entity_id, value)
       VALUES (${GONE}, 0, ?, 1)`,
      `INSERT INTO {catalog_product_entity_varchar} (attribute_id, store_id, entity_id, value)
       VALUES (${attribute('name')}, ${GONE}, ?, 'in no store view')`,
    ],
  },
  {
    what: 'a price for a website or a customer group that is gone',
    feeds: ['prices'],
    entities: simple(1),
    sql: [
      `INSERT INTO {catalog_product_entity_tier_price}
         (entity_id, all_groups, customer_group_id, qty, value, website_id)
       VALUES (?, 1, 0, 5, 1, ${GONE}), (?, 0, ${GONE}, 5, 1, 0)`,
    ],
  },
  {
    what: 'a store view, an address and an ordered product that are gone',
    feeds: ['orders'],
    entities: order(0),
    sql: [
      `UPDATE {sales_order} SET store_id = ${GONE} WHERE entity_id = ?`,
      'DELETE FROM {sales_order_address} WHERE parent_id = ?',
      `UPDATE {sales_order_item} SET product_id = ${GONE}, parent_item_id = ${GONE} WHERE order_id = ?`,
    ],
    then: ([item]) => {
      expect(item).toMatchObject({ payment: { billingAddress: null } });
      expect(item).not.toHaveProperty('storeViewCode');
    },
  },
  {
    what: 'a store view and the option of a vote that are gone',
    feeds: ['reviews'],
    entities: `SELECT review_id AS id FROM {review} r JOIN {rating_option_vote} v USING (review_id)
      JOIN {review_store} s USING (review_id) WHERE r.status_id = 1 AND s.store_id <> 0 LIMIT 1`,
    sql: [
      `INSERT INTO {review_store} (review_id, store_id) VALUES (?, ${GONE})`,
      `UPDATE {rating_option_vote} SET option_id = ${GONE} WHERE review_id = ?`,
    ],
    then: ([item]) => {
      expect(item?.['ratings']).toContainEqual(expect.objectContaining({ value: null }));
    },
  },
  {
    what: 'a store view of a rating that is gone',
    feeds: ['ratingMetadata'],
    entities: 'SELECT rating_id AS id FROM {rating} LIMIT 1',
    sql: [`INSERT INTO {rating_store} (rating_id, store_id) VALUES (?, ${GONE})`],
  },
  {
    what: 'a stock, and the product of a reservation, that are gone',
    feeds: ['inventoryStockStatus'],
    entities: simple(0),
    sql: [
      `INSERT INTO {inventory_reservation} (stock_id, sku, quantity) VALUES (1, 'gone', -1)`,
      `INSERT INTO {inventory_reservation} (stock_id, sku, quantity)
       SELECT ${GONE}, sku, -1 FROM {catalog_product_entity} WHERE entity_id = ?`,
    ],
  },
  {
    what: 'a website that is closed to a customer group, and gone',
    feeds: ['scopesCustomerGroup', 'scopesWebsite'],
    entities: 'SELECT 1 AS id',
    sql: [
      `INSERT INTO {customer_group_excluded_website} (customer_group_id, website_id) VALUES (?, ${GONE})`,
      `INSERT INTO {store_group} (group_id, website_id, code, name, root_category_id)
       VALUES (${GONE}, ${GONE}, 'lost', 'Lost', 2)`,
    ],
  },
];

const impossible: readonly Breakage[] = [
  {
    what: 'an unknown product type',
    feeds: ['products', 'prices', 'inventoryStockStatus'],
    entities: simple(2),
    sql: [`UPDATE {catalog_product_entity} SET type_id = 'gizmo' WHERE entity_id = ?`],
    then: (items) => {
      for (const { type } of items)
        if (type !== undefined) expect(['gizmo', 'SIMPLE']).toContain(type);
    },
  },
  {
    what: 'an attribute without a table of values',
    feeds: ['productAttributes', 'products'],
    entities: `SELECT ${GONE} AS id`,
    sql: [
      `INSERT INTO {eav_attribute} (attribute_id, entity_type_id, attribute_code, backend_type,
         frontend_input, is_user_defined)
       SELECT ?, entity_type_id, 'shape', 'geometry', 'select', 1
       FROM {eav_entity_type} WHERE entity_type_code = 'catalog_product'`,
      'INSERT INTO {catalog_eav_attribute} (attribute_id) VALUES (?)',
    ],
  },
  {
    what: 'a status that is none',
    feeds: ['products'],
    entities: simple(3),
    sql: [
      `UPDATE {catalog_product_entity_int} SET value = 7
       WHERE entity_id = ? AND attribute_id = ${attribute('status')}`,
    ],
    code: 'CDE01-23',
  },
  {
    what: 'a product without any value',
    feeds: ['products'],
    entities: simple(4),
    sql: ['varchar', 'int', 'text', 'decimal', 'datetime'].map(
      (type) => `DELETE FROM {catalog_product_entity_${type}} WHERE entity_id = ?`,
    ),
    code: 'CDE01-23',
  },
  {
    what: 'an empty SKU',
    feeds: ['products', 'prices'],
    entities: simple(5),
    sql: [`UPDATE {catalog_product_entity} SET sku = '' WHERE entity_id = ?`],
    code: 'CDE01-16',
  },
  {
    what: 'a child with an empty SKU',
    feeds: ['variants'],
    entities: child(2),
    sql: [`UPDATE {catalog_product_entity} SET sku = '' WHERE entity_id = ?`],
    code: 'CDE01-16',
  },
  {
    what: 'a choice without values',
    feeds: ['products'],
    entities: simple(6),
    sql: [
      `INSERT INTO {catalog_product_option} (option_id, product_id, type) VALUES (${GONE}, ?, 'radio')`,
      `INSERT INTO {catalog_product_option_title} (option_id, store_id, title) VALUES (${GONE}, 0, 'Choose')`,
    ],
    code: 'CDE01-23',
  },
  {
    what: 'the largest amounts that columns hold',
    feeds: ['prices', 'products', 'inventoryStockStatus'],
    entities: simple(1),
    sql: [
      `UPDATE {catalog_product_entity_decimal} SET value = 99999999999999.999999 WHERE entity_id = ?`,
      `UPDATE {catalog_product_entity_tier_price} SET qty = 99999999.9999, value = 99999999999999.999999,
         percentage_value = NULL WHERE entity_id = ?`,
      'UPDATE {cataloginventory_stock_status} SET qty = 99999999.9999 WHERE product_id = ?',
      'UPDATE {cataloginventory_stock_item} SET qty = 99999999.9999, min_qty = -99999999.9999 WHERE product_id = ?',
    ],
  },
  {
    what: 'negative amounts',
    feeds: ['prices', 'products'],
    entities: simple(0),
    sql: [
      'UPDATE {catalog_product_entity_decimal} SET value = -99999999999999.999999 WHERE entity_id = ?',
      `INSERT INTO {catalog_product_entity_tier_price}
         (entity_id, all_groups, customer_group_id, qty, value, percentage_value, website_id)
       VALUES (?, 1, 0, -2, -1, NULL, 0), (?, 1, 0, 7, 0, -999.99, 0)`,
    ],
  },
  {
    what: 'dates of zeros',
    feeds: ['products', 'categories'],
    entities: 'SELECT 2 AS id',
    sql: [
      `UPDATE {catalog_product_entity} SET created_at = '0000-00-00 00:00:00' WHERE entity_id = ?`,
      `UPDATE {catalog_category_entity} SET created_at = '0000-00-00 00:00:00' WHERE entity_id = ?`,
    ],
  },
  {
    what: 'bytes that are no UTF-8',
    feeds: ['products', 'prices'],
    entities: simple(0),
    sql: [
      `UPDATE {catalog_product_entity_varchar} SET value = x'41FF42EDA080'
       WHERE entity_id = ? AND attribute_id = ${attribute('name')}`,
      `UPDATE {catalog_product_entity} SET sku = x'41FF42' WHERE entity_id = ?`,
    ],
    then: (items) => {
      for (const item of items) expect(item['sku']).toMatch(/^A.+B$/);
    },
  },
  {
    what: 'a text with a directive that is cut off',
    feeds: ['categories'],
    entities: 'SELECT 2 AS id',
    sql: [
      `REPLACE INTO {catalog_category_entity_text} (attribute_id, store_id, entity_id, value)
       VALUES (${attribute('description', 'catalog_category')}, 0, ?,
         '{{media url="{{config}} <div data-content-type="html" <p &#xFFFFFFFF;')`,
    ],
  },
  {
    what: 'the largest amounts of an order',
    feeds: ['orders'],
    entities: order(1),
    sql: [
      `UPDATE {sales_order} SET base_grand_total = 9999999999999999.9999,
         base_subtotal = -9999999999999999.9999 WHERE entity_id = ?`,
    ],
  },
];

const unreadable = (
  ['', 'not JSON', '5', '"text"', '{"a":', 'a:1:{s:1:"a";s:1:"b";}'] as const
).map((text, n): Breakage => ({
  what: `payment information that says ${text === '' ? 'nothing' : text}`,
  feeds: ['orders'],
  entities: order(n + 2),
  sql: [`UPDATE {sales_order_payment} SET additional_information = '${text}' WHERE parent_id = ?`],
  code: 'CDE01-23',
}));

const serialised: readonly Breakage[] = [
  ...unreadable,
  {
    what: 'half a character in payment information',
    feeds: ['orders'],
    entities: order(1),
    sql: [
      `UPDATE {sales_order_payment} SET additional_information = '{"a":"\\\\ud800"}' WHERE parent_id = ?`,
    ],
    code: 'CDE01-23',
  },
  {
    what: 'data of an ordered item that is no JSON',
    feeds: ['orders'],
    entities: order(8),
    sql: [`UPDATE {sales_order_item} SET additional_data = '{' WHERE order_id = ?`],
    code: 'CDE01-23',
  },
  {
    what: 'options of an ordered bundle that are no JSON',
    feeds: ['orders'],
    entities: order(9),
    sql: [
      `UPDATE {sales_order_item} SET product_type = 'bundle', product_options = '{' WHERE order_id = ?`,
    ],
    code: 'CDE01-23',
  },
];

const ofCommerce: readonly Breakage[] = [
  {
    what: 'a permission for a category, a website or a customer group that is gone',
    feeds: ['categoryPermissions'],
    entities:
      'SELECT category_id AS id FROM {magento_catalogpermissions} ORDER BY permission_id LIMIT 1',
    sql: [
      `INSERT INTO {magento_catalogpermissions} (category_id, website_id, customer_group_id)
       VALUES (${GONE}, NULL, NULL), (?, ${GONE}, NULL), (?, NULL, ${GONE})`,
    ],
  },
  {
    what: 'a permission for a product, a store view or a customer group that is gone',
    feeds: ['productOverrides'],
    entities:
      'SELECT product_id AS id FROM {magento_catalogpermissions_index_product} ORDER BY product_id LIMIT 1',
    sql: [
      `INSERT INTO {magento_catalogpermissions_index_product} (product_id, store_id, customer_group_id)
       VALUES (${GONE}, 1, 1), (?, ${GONE}, 1), (?, 1, ${GONE})`,
    ],
  },
  {
    what: 'values of a version that is gone',
    feeds: ['products', 'prices'],
    entities: 'SELECT 1 AS id',
    sql: [
      `INSERT INTO {catalog_product_entity_int} (attribute_id, store_id, row_id, value)
       VALUES (${attribute('status')}, 0, ${GONE}, 1)`,
      `INSERT INTO {catalog_product_relation} (parent_id, child_id) VALUES (${GONE}, ?)`,
    ],
  },
];

describe.each<[string, Edition, readonly Breakage[]]>([
  ['a reference to something that is gone', 'open-source', dangling],
  ['a row that should not be', 'open-source', impossible],
  ['a serialised value that cannot be read', 'open-source', serialised],
  ['on Adobe Commerce, a reference to something that is gone', 'commerce', ofCommerce],
])('%s stops one entity at most:', (_, edition, breakages) => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await TestShop.generated({ products: 80, storeViews: 3, edition, now });
    await shop.run(`SET foreign_key_checks = 0, sql_mode = ''`);
  });
  afterAll(() => shop.close());

  test.each(breakages)('$what', async ({ feeds, entities, sql, code, then }) => {
    const found = await shop.rows<{ id: number }>(entities);
    expect(found, 'entities to break').not.toEqual([]);
    const ids = new Set(found.map(({ id }) => id));
    const exports = async (): Promise<Export[]> => {
      const all: Export[] = [];
      for (const name of feeds) all.push(await exported(shop, feedNamed(name)));
      return all;
    };
    const before = await exports();
    for (const statement of sql) await shop.run(statement.replaceAll('?', String(found[0]!.id)));
    const after = await exports();

    const broken: FeedItem[] = [];
    for (const [index, name] of feeds.entries()) {
      const [was, is] = [before[index]!, after[index]!];
      expect(ofOthers(is, ids), `other items of ${name}`).toEqual(ofOthers(was, ids));
      const fresh = is.failures.filter(
        ({ message }) => !was.failures.some((known) => known.message === message),
      );
      if (code === undefined) expect(fresh).toEqual([]);
      else expect(fresh).not.toEqual([]);
      for (const failure of fresh) {
        expect(failure).toMatchObject({ sourceId: found[0]!.id, code });
      }
      const validate = feedValidator(feedNamed(name));
      for (const { sourceId, item } of is.items.values()) {
        expect(validate(item), `an item of ${name}`).toEqual([]);
        if (sourceId === found[0]!.id) broken.push(item);
      }
    }
    then?.(broken);
  });
});

describe('a category path that points nowhere', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await TestShop.generated({ products: 40, storeViews: 3, now });
  });
  afterAll(() => shop.close());

  test.each(['1/60000/60001', '', 'nonsense', '1', '//', '1/2/60000/'])(
    'like “%s” takes along nothing but what it leads to',
    async (path) => {
      const [leaf] = await shop.rows<{ id: number; parent: number }>(`
        SELECT c.entity_id AS id, c.parent_id AS parent FROM {catalog_category_entity} c
        WHERE c.children_count = 0 AND c.level > 1 ORDER BY c.entity_id DESC LIMIT 1`);
      const around = new Set([leaf!.id, leaf!.parent]);
      const before = await exported(shop, feedNamed('categories'));
      const products = await exported(shop, feedNamed('products'));
      await shop.run(
        `UPDATE {catalog_category_entity} SET path = '${path}' WHERE entity_id = ${leaf!.id}`,
      );
      const after = await exported(shop, feedNamed('categories'));
      expect(after.failures).toEqual([]);
      expect(ofOthers(after, around)).toEqual(ofOthers(before, around));
      const shown = await exported(shop, feedNamed('products'));
      expect(shown.failures).toEqual(products.failures);
      expect([...shown.items.keys()]).toEqual([...products.items.keys()]);
    },
  );
});

test('an attribute that loses its table of values is left out, and no product with it', async () => {
  const shop = await TestShop.generated({ products: 40, storeViews: 3, now });
  const [lost] = await shop.rows<{ id: number; code: string }>(`
    SELECT a.attribute_id AS id, a.attribute_code AS code FROM {eav_attribute} a
    JOIN {catalog_product_entity_int} v ON v.attribute_id = a.attribute_id
    WHERE a.is_user_defined = 1 LIMIT 1`);
  const before = await exported(shop, feedNamed('products'));
  await shop.run(
    `UPDATE {eav_attribute} SET backend_type = 'static' WHERE attribute_id = ${lost!.id}`,
  );
  const after = await exported(shop, feedNamed('products'));
  await shop.close();
  expect(after.failures).toEqual(before.failures);
  expect([...after.items.keys()]).toEqual([...before.items.keys()]);
  const listed = (items: Export): string => JSON.stringify([...items.items.values()]);
  expect(listed(before)).toContain(`"attributeCode":"${lost!.code}"`);
  expect(listed(after)).not.toContain(`"attributeCode":"${lost!.code}"`);
});

async function exported(shop: TestShop, feed: Feed): Promise<Export> {
  const page = preparePage(feed, await shop.collect(feed));
  const stamp = formatStamp(feed, now);
  return {
    failures: page.failures,
    items: new Map(
      page.items.map((prepared) => [
        prepared.feedId,
        {
          sourceId: prepared.sourceId,
          item: JSON.parse(itemJson(feed, prepared, stamp)) as FeedItem,
        },
      ]),
    ),
  };
}

function ofOthers({ items }: Export, ids: ReadonlySet<number>): Map<string, FeedItem> {
  const others = new Map<string, FeedItem>();
  for (const [key, { sourceId, item }] of items) if (!ids.has(sourceId)) others.set(key, item);
  return others;
}
