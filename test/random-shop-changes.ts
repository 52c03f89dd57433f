import type { Connection } from 'mysql2/promise';

/** Picks by numbers that were drawn before: the same shop and numbers give the same change. */
export class Picker {
  readonly #connection: Connection;
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(connection: Connection, numbers: readonly number[]) {
    this.#connection = connection;
    this.#numbers = numbers;
  }

  /** A number from 0 to `below` - 1. */
  number(below: number): number {
    const drawn = this.#numbers[this.#at++ % this.#numbers.length] ?? 0;
    return (drawn + this.#at * 7919) % below;
  }

  from<T>(list: readonly T[]): T {
    return list[this.number(list.length)] as T;
  }

  /** One of the values of a query's only column; -1, which nothing has, where there is none. */
  async one(sql: string): Promise<number> {
    const [rows] = await this.#connection.query({ sql, rowsAsArray: true });
    const values = (rows as [number][]).map(([value]) => value);
    return values.length === 0 ? -1 : this.from(values);
  }

  /** A text that was not there before, mostly. */
  text(stem: string): string {
    return `${stem}-${this.number(10_000)}`;
  }
}

/** A kind of change: its statements, in one transaction. */
export type ChangeKind = (p: Picker) => readonly string[] | Promise<readonly string[]>;

const PRODUCT = 'SELECT entity_id FROM catalog_product_entity ORDER BY 1';
const SIMPLE = `SELECT entity_id FROM catalog_product_entity WHERE type_id = 'simple' ORDER BY 1`;
const CATEGORY = 'SELECT entity_id FROM catalog_category_entity WHERE level > 1 ORDER BY 1';
const STORE = 'SELECT store_id FROM store WHERE store_id > 0 ORDER BY 1';
const WEBSITE = 'SELECT website_id FROM store_website WHERE website_id > 0 ORDER BY 1';
const OPTION = `SELECT o.option_id FROM eav_attribute_option o
  JOIN eav_attribute a USING (attribute_id) JOIN eav_entity_type t USING (entity_type_id)
  WHERE t.entity_type_code = 'catalog_product' ORDER BY 1`;
const VALUE_TYPES = ['int', 'varchar', 'text', 'decimal', 'datetime'] as const;

const attributeId = (code: string, of: 'product' | 'category' = 'product'): string =>
  `(SELECT x.attribute_id FROM eav_attribute x JOIN eav_entity_type y USING (entity_type_id)
    WHERE y.entity_type_code = 'catalog_${of}' AND x.attribute_code = '${code}')`;

/** Sets a value of an attribute, at the default scope or a store view's. */
function set(
  of: 'product' | 'category',
  id: number,
  code: string,
  type: (typeof VALUE_TYPES)[number],
  value: string | number,
  storeId = 0,
): string {
  return `INSERT INTO catalog_${of}_entity_${type} (entity_id, attribute_id, store_id, value)
    SELECT e.entity_id, ${attributeId(code, of)}, ${storeId}, '${value}'
    FROM catalog_${of}_entity e WHERE e.entity_id = ${id}
    ON DUPLICATE KEY UPDATE value = VALUES(value)`;
}

/** Copies rows of a table, with expressions in the place of some columns. */
async function copyRows(
  connection: Connection,
  table: string,
  where: string,
  replaced: Readonly<Record<string, string>>,
): Promise<string> {
  const [rows] = await connection.query(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = ? AND extra NOT LIKE '%auto_increment%'
     ORDER BY ordinal_position`,
    [table],
  );
  const names = (rows as { readonly name: string }[]).map(({ name }) => name);
  const columns = [...new Set([...names, ...Object.keys(replaced)])];
  return `INSERT IGNORE INTO ${table} (${columns.map((name) => `\`${name}\``).join(', ')})
    SELECT ${columns.map((name) => replaced[name] ?? `\`${name}\``).join(', ')}
    FROM ${table} WHERE ${where}`;
}

/** Tables of which `putBack` knows what was, with the columns that tell a row. */
const KEPT = ['varchar', 'int', 'decimal'] as const;

/** Keeps the values of products as they are now. */
export async function keepValues(connection: Connection): Promise<void> {
  for (const type of KEPT) {
    const table = `catalog_product_entity_${type}`;
    await connection.query(`CREATE TABLE IF NOT EXISTS kept_${type} LIKE ${table}`);
    await connection.query(
      `REPLACE INTO kept_${type} SELECT v.* FROM ${table} v LEFT JOIN kept_${type} k USING (value_id)
       WHERE k.value_id IS NULL OR NOT (CAST(v.value AS BINARY) <=> CAST(k.value AS BINARY))`,
    );
  }
}

/** Puts the values of a product back as they were when they were kept; of one that has others. */
export const putBack: ChangeKind = async (p) => {
  const other = KEPT.map(
    (type) => `SELECT v.entity_id FROM catalog_product_entity_${type} v
      JOIN kept_${type} k USING (value_id)
      WHERE NOT (CAST(v.value AS BINARY) <=> CAST(k.value AS BINARY))`,
  );
  const id = await p.one(`${other.join(' UNION ')} ORDER BY 1`);
  return KEPT.map(
    (type) => `UPDATE catalog_product_entity_${type} v JOIN kept_${type} k USING (value_id)
      SET v.value = k.value WHERE v.entity_id = ${id}`,
  );
};

/** The kinds of change, by what they are. The shop is one of Open Source, without prefix. */
export function changeKinds(connection: Connection): Readonly<Record<string, ChangeKind>> {
  const productOf = async (p: Picker, type: string): Promise<readonly string[]> => {
    const from = await p.one(
      `SELECT entity_id FROM catalog_product_entity WHERE type_id = '${type}' ORDER BY 1`,
    );
    const to = 100_000 + p.number(1_000_000);
    const copy = (table: string, column: string, more: Record<string, string> = {}) =>
      copyRows(connection, table, `${column} = ${from}`, { [column]: String(to), ...more });
    return [
      await copy('catalog_product_entity', 'entity_id', { sku: `'NEW-${to}'` }),
      ...(await Promise.all(
        VALUE_TYPES.map((valueType) => copy(`catalog_product_entity_${valueType}`, 'entity_id')),
      )),
      set('product', to, 'url_key', 'varchar', `new-${to}`),
      await copy('catalog_product_website', 'product_id'),
      await copy('catalog_category_product', 'product_id'),
      await copy('catalog_product_super_attribute', 'product_id'),
      await copy('catalog_product_super_link', 'parent_id'),
      await copy('catalog_product_relation', 'parent_id'),
      await copy('catalog_product_link', 'product_id'),
      `INSERT INTO inventory_source_item (source_code, sku, quantity, status)
       VALUES ('default', 'NEW-${to}', ${p.number(50)}, 1)`,
    ];
  };
  return {
    'the values of a product are put back as they were': putBack,
    'a product is named': async (p) => [
      set('product', await p.one(PRODUCT), 'name', 'varchar', p.text('Name')),
    ],
    'a product is named in a store view': async (p) => [
      set('product', await p.one(PRODUCT), 'name', 'varchar', p.text('Own'), await p.one(STORE)),
    ],
    'a product falls back to its default name': async (p) => [
      `DELETE FROM catalog_product_entity_varchar WHERE entity_id = ${await p.one(PRODUCT)}
       AND store_id > 0`,
    ],
    'descriptions change': async (p) => [
      set('product', await p.one(PRODUCT), 'description', 'text', p.text('<p>Text</p>')),
      set('product', await p.one(PRODUCT), 'short_description', 'text', p.text('Short')),
    ],
    'a price changes': async (p) => [
      set('product', await p.one(PRODUCT), 'price', 'decimal', p.number(100)),
    ],
    'a price changes in a website': async (p) => [
      set('product', await p.one(PRODUCT), 'price', 'decimal', p.number(90), await p.one(STORE)),
    ],
    'a special price is given': async (p) => {
      const id = await p.one(PRODUCT);
      return [
        set('product', id, 'special_price', 'decimal', p.number(20)),
        set('product', id, 'special_from_date', 'datetime', p.from(['2020-01-01', '2090-01-01'])),
      ];
    },
    'a product is disabled or enabled': async (p) => [
      set('product', await p.one(PRODUCT), 'status', 'int', 1 + p.number(2)),
    ],
    'a product is disabled or enabled in a store view': async (p) => [
      set('product', await p.one(PRODUCT), 'status', 'int', 1 + p.number(2), await p.one(STORE)),
    ],
    'a product is hidden or shown': async (p) => [
      set('product', await p.one(PRODUCT), 'visibility', 'int', 1 + p.number(4)),
    ],
    'a product gets a URL key': async (p) => [
      set('product', await p.one(PRODUCT), 'url_key', 'varchar', p.text('key')),
    ],
    'a URL rewrite is made': async (p) => {
      const id = await p.one(PRODUCT);
      return [
        `INSERT INTO url_rewrite (entity_type, entity_id, request_path, target_path,
           redirect_type, store_id, is_autogenerated)
         VALUES ('product', ${id}, '${p.text('path')}', 'catalog/product/view/id/${id}', 0,
           ${await p.one(STORE)}, 1)`,
      ];
    },
    'URL rewrites go': async (p) => [
      `DELETE FROM url_rewrite WHERE entity_type = 'product' AND entity_id = ${await p.one(PRODUCT)}`,
    ],
    'a product has another tax class': async (p) => [
      set('product', await p.one(PRODUCT), 'tax_class_id', 'int', p.from([0, 2])),
    ],
    'a tax class is renamed': (p) => [
      `UPDATE tax_class SET class_name = '${p.text('Class')}' ORDER BY class_id LIMIT 1`,
    ],
    'a product gets another SKU': async (p) => [
      `UPDATE catalog_product_entity SET sku = '${p.text('SKU')}'
       WHERE entity_id = ${await p.one(PRODUCT)}`,
    ],
    'two products swap their SKUs': async (p) => {
      const [a, b] = [await p.one(PRODUCT), await p.one(PRODUCT)];
      return [
        `UPDATE catalog_product_entity x JOIN catalog_product_entity y
           ON (x.entity_id = ${a} AND y.entity_id = ${b}) OR (x.entity_id = ${b} AND y.entity_id = ${a})
         SET x.sku = CONCAT('SWAP-', y.sku)`,
        `UPDATE catalog_product_entity SET sku = SUBSTRING(sku, 6) WHERE sku LIKE 'SWAP-%'`,
      ];
    },
    'a simple product is made': (p) => productOf(p, 'simple'),
    'a configurable product is made': (p) => productOf(p, 'configurable'),
    'a bundle is made': (p) => productOf(p, 'bundle'),
    'a grouped product is made': (p) => productOf(p, 'grouped'),
    'a virtual product is made': (p) => productOf(p, 'virtual'),
    'a downloadable product is made': (p) => productOf(p, 'downloadable'),
    'a product goes': async (p) => [
      `DELETE FROM catalog_product_entity WHERE entity_id = ${await p.one(
        `SELECT entity_id FROM catalog_product_entity WHERE entity_id > 100000
         OR (SELECT COUNT(*) FROM catalog_product_entity) > 30 ORDER BY 1`,
      )}`,
    ],
    'a product enters a website': async (p) => [
      `INSERT IGNORE INTO catalog_product_website (product_id, website_id)
       VALUES (${await p.one(PRODUCT)}, ${await p.one(WEBSITE)})`,
    ],
    'a product leaves a website': async (p) => [
      `DELETE FROM catalog_product_website WHERE product_id = ${await p.one(PRODUCT)}
       AND website_id = ${await p.one(WEBSITE)}`,
    ],
    'a product enters a category': async (p) => {
      const [product, category] = [await p.one(PRODUCT), await p.one(CATEGORY)];
      return [
        `INSERT IGNORE INTO catalog_category_product (category_id, product_id, position)
         VALUES (${category}, ${product}, ${p.number(9)})`,
        `INSERT IGNORE INTO catalog_category_product_index_store1
           (category_id, product_id, position, is_parent, store_id, visibility)
         VALUES (${category}, ${product}, ${p.number(9)}, 1, 1, 4)`,
      ];
    },
    'a product leaves a category': async (p) => {
      const product = await p.one(PRODUCT);
      return [
        `DELETE FROM catalog_category_product WHERE product_id = ${product} LIMIT 1`,
        `DELETE FROM catalog_category_product_index_store1 WHERE product_id = ${product} LIMIT 1`,
      ];
    },
    'a category is named': async (p) => [
      set('category', await p.one(CATEGORY), 'name', 'varchar', p.text('Category')),
    ],
    'a category is named in a store view': async (p) => [
      set('category', await p.one(CATEGORY), 'name', 'varchar', p.text('Own'), await p.one(STORE)),
    ],
    'a category gets a URL key, maybe one that another has': async (p) => [
      set('category', await p.one(CATEGORY), 'url_key', 'varchar', `same-${p.number(4)}`),
      set('category', await p.one(CATEGORY), 'url_path', 'varchar', `same-${p.number(4)}`),
    ],
    'a category is disabled or enabled': async (p) => [
      set('category', await p.one(CATEGORY), 'is_active', 'int', p.number(2)),
    ],
    'a category moves': async (p) => {
      const [leaf, parent] = [
        await p.one(`SELECT entity_id FROM catalog_category_entity c WHERE level > 2
          AND NOT EXISTS (SELECT 1 FROM catalog_category_entity d WHERE d.parent_id = c.entity_id)
          ORDER BY 1`),
        await p.one('SELECT entity_id FROM catalog_category_entity WHERE level = 2 ORDER BY 1'),
      ];
      return [
        `UPDATE catalog_category_entity c JOIN catalog_category_entity d ON d.entity_id = ${parent}
         SET c.parent_id = ${parent}, c.level = d.level + 1,
             c.path = CONCAT(d.path, '/', c.entity_id)
         WHERE c.entity_id = ${leaf} AND c.entity_id <> ${parent}`,
      ];
    },
    'a category is made': async (p) => {
      const from = await p.one(CATEGORY);
      const to = 100_000 + p.number(1_000_000);
      const where = `entity_id = ${from}`;
      return [
        await copyRows(connection, 'catalog_category_entity', where, {
          entity_id: String(to),
          path: `CONCAT(SUBSTRING_INDEX(path, '/', level), '/${to}')`,
          children_count: '0',
        }),
        ...(await Promise.all(
          VALUE_TYPES.map((type) =>
            copyRows(connection, `catalog_category_entity_${type}`, where, {
              entity_id: String(to),
            }),
          ),
        )),
      ];
    },
    'a category goes': async (p) => [
      `DELETE FROM catalog_category_entity WHERE entity_id = ${await p.one(
        `SELECT c.entity_id FROM catalog_category_entity c WHERE c.level > 1
           AND NOT EXISTS (SELECT 1 FROM catalog_category_entity d WHERE d.parent_id = c.entity_id)
           AND (SELECT COUNT(*) FROM catalog_category_entity) > 6 ORDER BY 1`,
      )}`,
    ],
    'an option is renamed': async (p) => [
      `UPDATE eav_attribute_option_value SET value = '${p.text('Label')}'
       WHERE option_id = ${await p.one(OPTION)}`,
    ],
    'an option is labelled in a store view': async (p) => [
      `INSERT INTO eav_attribute_option_value (option_id, store_id, value)
       SELECT option_id, ${await p.one(STORE)}, '${p.text('Own')}' FROM eav_attribute_option
       WHERE option_id = ${await p.one(OPTION)}`,
    ],
    'an option is moved': async (p) => [
      `UPDATE eav_attribute_option SET sort_order = ${p.number(9)}
       WHERE option_id = ${await p.one(OPTION)}`,
    ],
    'a swatch changes': async (p) => [
      `UPDATE eav_attribute_option_swatch SET type = 1, value = '#00${1000 + p.number(8999)}'
       WHERE option_id = ${await p.one(OPTION)}`,
    ],
    'an attribute is made, with values': async (p) => {
      const code = `extra_${p.number(100_000)}`;
      return [
        `INSERT IGNORE INTO eav_attribute (entity_type_id, attribute_code, backend_type,
           frontend_input, frontend_label, is_user_defined)
         SELECT entity_type_id, '${code}', 'varchar', 'text', '${code}', 1
         FROM eav_entity_type WHERE entity_type_code = 'catalog_product'`,
        `INSERT IGNORE INTO catalog_eav_attribute (attribute_id) VALUES (${attributeId(code)})`,
        set('product', await p.one(PRODUCT), code, 'varchar', p.text('value')),
      ];
    },
    'an attribute changes': async (p) => [
      `UPDATE catalog_eav_attribute SET is_searchable = ${p.number(2)},
         is_filterable = ${p.number(2)}
       WHERE attribute_id = ${await p.one(
         `SELECT a.attribute_id FROM eav_attribute a WHERE a.is_user_defined = 1 ORDER BY 1`,
       )}`,
    ],
    'an attribute is labelled': async (p) => [
      `UPDATE eav_attribute SET frontend_label = '${p.text('Attribute')}'
       WHERE attribute_id = ${await p.one(
         'SELECT attribute_id FROM eav_attribute WHERE is_user_defined = 1 ORDER BY 1',
       )}`,
    ],
    'an attribute goes, with its values': async (p) => [
      `DELETE FROM eav_attribute WHERE attribute_id = ${await p.one(
        `SELECT attribute_id FROM eav_attribute WHERE attribute_code LIKE 'extra\\_%' ORDER BY 1`,
      )}`,
    ],
    'an attribute set is renamed': (p) => [
      `UPDATE eav_attribute_set SET attribute_set_name = '${p.text('Set')}'
       ORDER BY attribute_set_id DESC LIMIT 1`,
    ],
    'a group price is given': async (p) => [
      `INSERT IGNORE INTO catalog_product_entity_tier_price
         (entity_id, all_groups, customer_group_id, qty, value, website_id)
       VALUES (${await p.one(PRODUCT)}, ${p.number(2)}, ${p.number(3)}, ${p.from([1, 1, 5])},
         ${p.number(50)}, 0)`,
    ],
    'group prices go': async (p) => [
      `DELETE FROM catalog_product_entity_tier_price WHERE entity_id = ${await p.one(PRODUCT)}`,
    ],
    'rule prices change': async (p) => [
      `UPDATE catalogrule_product_price SET rule_price = ${p.number(40)} + 0.5
       WHERE product_id = ${await p.one(
         'SELECT DISTINCT product_id FROM catalogrule_product_price ORDER BY 1',
       )}`,
    ],
    'rule prices go': async (p) => [
      `DELETE FROM catalogrule_product_price WHERE product_id = ${await p.one(PRODUCT)}`,
    ],
    'rule prices are made': async (p) => [
      `INSERT IGNORE INTO catalogrule_product_price
         (rule_date, customer_group_id, product_id, rule_price, website_id)
       VALUES (CURRENT_DATE, ${p.number(3)}, ${await p.one(PRODUCT)}, ${p.number(30)},
         ${await p.one(WEBSITE)})`,
    ],
    'a stock item changes': async (p) => [
      `UPDATE cataloginventory_stock_item SET min_qty = ${p.number(5)}, use_config_min_qty = 0,
         backorders = ${p.number(2)}, use_config_backorders = ${p.number(2)}
       WHERE product_id = ${await p.one(PRODUCT)}`,
    ],
    'a stock status changes': async (p) => [
      `UPDATE cataloginventory_stock_status SET qty = ${p.number(50)},
         stock_status = ${p.number(2)}
       WHERE product_id = ${await p.one(PRODUCT)}`,
    ],
    'a source item changes': async (p) => [
      `UPDATE inventory_source_item SET quantity = ${p.number(50)}, status = ${p.number(2)}
       WHERE source_item_id = ${await p.one('SELECT source_item_id FROM inventory_source_item ORDER BY 1')}`,
    ],
    'a source item goes': async (p) => [
      `DELETE FROM inventory_source_item
       WHERE source_item_id = ${await p.one('SELECT source_item_id FROM inventory_source_item ORDER BY 1')}`,
    ],
    'a product is reserved': async (p) => [
      `INSERT INTO inventory_reservation (stock_id, sku, quantity)
       SELECT ${1 + p.number(2)}, sku, -1 FROM catalog_product_entity
       WHERE entity_id = ${await p.one(SIMPLE)}`,
    ],
    'reservations are cleared': () => ['DELETE FROM inventory_reservation LIMIT 5'],
    'another stock changes': (p) => [
      `UPDATE inventory_stock_2 SET quantity = ${p.number(30)}, is_salable = ${p.number(2)}
       ORDER BY sku LIMIT ${1 + p.number(5)}`,
    ],
    'a child leaves its configurable product': async (p) => {
      const child = await p.one('SELECT product_id FROM catalog_product_super_link ORDER BY 1');
      return [
        `DELETE FROM catalog_product_super_link WHERE product_id = ${child}`,
        `DELETE FROM catalog_product_relation WHERE child_id = ${child}`,
      ];
    },
    'a child enters a configurable product': async (p) => {
      const parent = await p.one(
        `SELECT entity_id FROM catalog_product_entity WHERE type_id = 'configurable' ORDER BY 1`,
      );
      const child = await p.one(SIMPLE);
      return [
        `INSERT IGNORE INTO catalog_product_super_link (product_id, parent_id)
         VALUES (${child}, ${parent})`,
        `INSERT IGNORE INTO catalog_product_relation (parent_id, child_id)
         VALUES (${parent}, ${child})`,
      ];
    },
    'a bundle’s selection changes': async (p) => [
      `UPDATE catalog_product_bundle_selection SET selection_qty = ${1 + p.number(9)}
       WHERE selection_id = ${await p.one('SELECT selection_id FROM catalog_product_bundle_selection ORDER BY 1')}`,
    ],
    'a bundle’s option is renamed': (p) => [
      `UPDATE catalog_product_bundle_option_value SET title = '${p.text('Bundle')}'
       ORDER BY value_id LIMIT ${1 + p.number(3)}`,
    ],
    'products are linked': async (p) => [
      `INSERT IGNORE INTO catalog_product_link (product_id, linked_product_id, link_type_id)
       VALUES (${await p.one(PRODUCT)}, ${await p.one(PRODUCT)}, ${p.from([1, 3, 4, 5])})`,
    ],
    'a link goes': async (p) => [
      `DELETE FROM catalog_product_link
       WHERE link_id = ${await p.one('SELECT link_id FROM catalog_product_link ORDER BY 1')}`,
    ],
    'an image is replaced': async (p) => [
      `UPDATE catalog_product_entity_media_gallery SET value = '/${p.text('image')}.jpg'
       WHERE value_id = ${await p.one('SELECT value_id FROM catalog_product_entity_media_gallery ORDER BY 1')}`,
    ],
    'an image is labelled': async (p) => [
      `UPDATE catalog_product_entity_media_gallery_value SET label = '${p.text('Picture')}',
         position = ${p.number(9)}, disabled = ${p.number(2)}
       WHERE entity_id = ${await p.one(PRODUCT)}`,
    ],
    'a custom option is renamed and repriced': async (p) => [
      `UPDATE catalog_product_option_title SET title = '${p.text('Pick')}'
       WHERE option_id = ${await p.one('SELECT option_id FROM catalog_product_option ORDER BY 1')}`,
      `UPDATE catalog_product_option_type_price SET price = ${p.number(9)}
       ORDER BY option_type_price_id LIMIT 2`,
    ],
    'a download is renamed': (p) => [
      `UPDATE downloadable_link_title SET title = '${p.text('Download')}'
       ORDER BY title_id LIMIT ${1 + p.number(3)}`,
    ],
    'a customer group is made': (p) => [
      `INSERT INTO customer_group (customer_group_code) VALUES ('${p.text('Group')}')`,
    ],
    'a customer group is renamed': async (p) => [
      `UPDATE customer_group SET customer_group_code = '${p.text('Renamed')}'
       WHERE customer_group_id = ${await p.one('SELECT customer_group_id FROM customer_group ORDER BY 1')}`,
    ],
    'a customer group goes': async (p) => [
      `DELETE FROM customer_group WHERE customer_group_id = ${await p.one(
        'SELECT customer_group_id FROM customer_group WHERE customer_group_id > 3 ORDER BY 1',
      )}`,
    ],
    'a store view is made': async (p) => {
      const website = await p.one(WEBSITE);
      return [
        `INSERT INTO store (code, website_id, group_id, name, is_active)
         SELECT 'view_${p.number(100_000)}', website_id, group_id, 'View', 1
         FROM store_group WHERE website_id = ${website} LIMIT 1`,
      ];
    },
    'a store view gets another code': async (p) => [
      `UPDATE store SET code = 'code_${p.number(100_000)}' WHERE store_id = ${await p.one(STORE)}`,
    ],
    'a store view goes': async (p) => [
      `DELETE FROM store WHERE store_id = ${await p.one(
        'SELECT store_id FROM store WHERE store_id > 3 ORDER BY 1',
      )}`,
    ],
    'a website gets another code': async (p) => [
      `UPDATE store_website SET code = 'site_${p.number(100_000)}'
       WHERE website_id = ${await p.one(WEBSITE)}`,
    ],
    'a store group is renamed': async (p) => [
      `UPDATE store_group SET code = 'group_${p.number(100_000)}' WHERE group_id = ${await p.one(
        'SELECT group_id FROM store_group WHERE group_id > 0 ORDER BY 1',
      )}`,
    ],
    'a setting changes': (p) => {
      const [path, values] = p.from<readonly [string, readonly string[]]>([
        ['web/unsecure/base_url', ['http://one.test/', 'http://two.test/']],
        ['web/url/use_store', ['0', '1']],
        ['general/locale/weight_unit', ['kgs', 'lbs']],
        ['currency/options/base', ['EUR', 'CHF']],
        ['cataloginventory/item_options/backorders', ['0', '1']],
        ['cataloginventory/options/stock_threshold_qty', ['0', '20']],
        ['catalog/frontend/default_sort_by', ['name', 'price']],
        ['catalog/seo/product_url_suffix', ['.html', '']],
        ['catalog/seo/category_url_suffix', ['.html', '/']],
      ]);
      return [
        `INSERT INTO core_config_data (scope, scope_id, path, value)
         VALUES ('default', 0, '${path}', '${p.from(values)}')
         ON DUPLICATE KEY UPDATE value = VALUES(value)`,
      ];
    },
    'a review is approved or not': async (p) => [
      `UPDATE review SET status_id = ${1 + p.number(3)}
       WHERE review_id = ${await p.one('SELECT review_id FROM review ORDER BY 1')}`,
    ],
    'a review is rewritten': async (p) => [
      `UPDATE review_detail SET title = '${p.text('Title')}'
       WHERE review_id = ${await p.one('SELECT review_id FROM review ORDER BY 1')}`,
    ],
    'a vote changes': async (p) => [
      `UPDATE rating_option_vote SET value = ${1 + p.number(5)}, percent = ${20 * p.number(6)}
       WHERE vote_id = ${await p.one('SELECT vote_id FROM rating_option_vote ORDER BY 1')}`,
    ],
    'a rating is renamed': async (p) => [
      `INSERT INTO rating_title (rating_id, store_id, value)
       VALUES (${1 + p.number(3)}, ${await p.one(STORE)}, '${p.text('Rating')}')
       ON DUPLICATE KEY UPDATE value = VALUES(value)`,
    ],
    'a rating is switched': (p) => [
      `UPDATE rating SET is_active = ${p.number(2)} WHERE rating_id = ${1 + p.number(2)}`,
    ],
    'an order changes': async (p) => {
      const order = await p.one('SELECT entity_id FROM sales_order ORDER BY 1');
      return [
        `UPDATE sales_order SET status = '${p.from(['processing', 'complete', 'holded'])}',
           updated_at = NOW() WHERE entity_id = ${order}`,
        `UPDATE sales_order_item SET qty_invoiced = ${p.number(5)} WHERE order_id = ${order}`,
        `UPDATE sales_order_address SET city = '${p.text('City')}' WHERE parent_id = ${order}`,
      ];
    },
  };
}
