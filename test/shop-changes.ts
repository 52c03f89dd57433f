import type { FeedName } from '../src/feeds/names.js';
import type { Edition } from '../src/sandbox/catalog/options.js';
import type { TestShop } from './test-shop.js';

/** A change of a shop, as people or Commerce make it. */
export interface ShopChange {
  readonly name: string;
  /** Statements; `{table}` stands for the name with prefix, `{link}` for the link column. */
  readonly sql: readonly string[];
  /** Feeds of which items change, so that the change is known to be one. */
  readonly changes: readonly FeedName[];
  /** Default: both. */
  readonly edition?: Edition;
}

/** Some products of a shop by what they are, each with its id. */
export interface Picks {
  readonly link: 'entity_id' | 'row_id';
  /** Simple, of no other product. */
  readonly simple: readonly number[];
  /** A child of `configurable`. */
  readonly child: number;
  readonly configurable: number;
  readonly superAttribute: number;
  /** A choice of `child`. */
  readonly option: number;
  readonly bundle: number;
  readonly bundled: number;
  readonly grouped: number;
  readonly groupedChild: number;
  readonly downloadable: number;
  readonly withCustomOptions: number;
  /** A product that another one links to. */
  readonly linked: number;
  readonly multiselect: { readonly attribute: number; readonly option: number };
  readonly category: { readonly top: number; readonly leaf: number; readonly other: number };
  readonly order: number;
  readonly review: number;
}

/** Picks products whose items show what the changes below are about. */
export async function pick(shop: TestShop, edition: Edition): Promise<Picks> {
  const versioned = edition === 'commerce';
  const link = versioned ? 'row_id' : 'entity_id';
  const one = async <Row extends object>(sql: string): Promise<Row> => {
    const [row] = await shop.rows<Row>(sql.replaceAll('{link}', link));
    if (row === undefined) throw new Error(`The shop has no such thing: ${sql}`);
    return row;
  };
  const currentVersion = versioned ? '1781438400' : '0';
  const active = (alias: string): string =>
    versioned
      ? `${alias}.created_in <= ${currentVersion} AND ${alias}.updated_in > ${currentVersion}`
      : 'TRUE';
  const configurable = await one<{
    child: number;
    configurable: number;
    superAttribute: number;
    option: number;
  }>(`
    SELECT l.product_id AS child, p.entity_id AS configurable, s.attribute_id AS superAttribute,
           v.value AS \`option\`
    FROM {catalog_product_super_link} l
    JOIN {catalog_product_entity} p ON p.{link} = l.parent_id AND ${active('p')}
    JOIN {catalog_product_super_attribute} s ON s.product_id = p.{link}
    JOIN {catalog_product_entity} c ON c.entity_id = l.product_id AND ${active('c')}
    JOIN {catalog_product_entity_int} v ON v.{link} = c.{link} AND v.attribute_id = s.attribute_id
    JOIN {catalog_product_website} w ON w.product_id = p.entity_id AND w.website_id = 1
    JOIN {catalog_product_website} x ON x.product_id = c.entity_id AND x.website_id = 1
    WHERE v.store_id = 0 AND p.type_id = 'configurable' ORDER BY l.link_id LIMIT 1`);
  const bundle = await one<{ bundle: number; bundled: number }>(`
    SELECT p.entity_id AS bundle, s.product_id AS bundled
    FROM {catalog_product_bundle_selection} s
    JOIN {catalog_product_entity} p ON p.{link} = s.parent_product_id AND ${active('p')}
    JOIN {catalog_product_relation} r ON r.parent_id = p.{link} AND r.child_id = s.product_id
    WHERE s.product_id <> ${configurable.child} ORDER BY s.selection_id LIMIT 1`);
  const grouped = await one<{ grouped: number; groupedChild: number }>(`
    SELECT p.entity_id AS \`grouped\`, l.linked_product_id AS groupedChild
    FROM {catalog_product_link} l JOIN {catalog_product_entity} p ON p.{link} = l.product_id
    WHERE l.link_type_id = 3 AND ${active('p')} AND l.linked_product_id <> ${bundle.bundled}
    ORDER BY l.link_id LIMIT 1`);
  const { linked } = await one<{ linked: number }>(`
    SELECT l.linked_product_id AS linked
    FROM {catalog_product_link} l JOIN {catalog_product_entity} p ON p.{link} = l.product_id
    WHERE l.link_type_id = 1 AND ${active('p')} ORDER BY l.link_id LIMIT 1`);
  const { withCustomOptions } = await one<{ withCustomOptions: number }>(`
    SELECT p.entity_id AS withCustomOptions
    FROM {catalog_product_option} o
    JOIN {catalog_product_entity} p ON p.{link} = o.product_id AND ${active('p')}
    JOIN {catalog_product_option_type_value} v ON v.option_id = o.option_id
    ORDER BY o.option_id LIMIT 1`);
  const { downloadable } = await one<{ downloadable: number }>(`
    SELECT p.entity_id AS downloadable
    FROM {downloadable_link} o
    JOIN {catalog_product_entity} p ON p.{link} = o.product_id AND ${active('p')}
    ORDER BY o.link_id LIMIT 1`);
  const multiselect = await one<{ attribute: number; option: number }>(`
    SELECT o.attribute_id AS attribute, o.option_id AS \`option\`
    FROM {eav_attribute_option} o
    JOIN {eav_attribute} a ON a.attribute_id = o.attribute_id AND a.frontend_input = 'multiselect'
    JOIN {catalog_product_entity_${await multiselectType(shop)}} v
      ON v.attribute_id = o.attribute_id AND FIND_IN_SET(o.option_id, v.value) > 0
    ORDER BY o.option_id LIMIT 1`);
  const category = await one<{ top: number; leaf: number; other: number }>(`
    SELECT t.entity_id AS top, MIN(l.entity_id) AS leaf, MAX(o.entity_id) AS other
    FROM {catalog_category_entity} t
    JOIN {catalog_category_entity} l ON l.path LIKE CONCAT(t.path, '/%')
    JOIN {catalog_category_product_index_store1} i ON i.category_id = l.entity_id
    JOIN {catalog_category_entity} o
      ON o.level = 2 AND o.path LIKE '1/2/%' AND o.entity_id <> t.entity_id
    WHERE t.level = 2 AND t.path LIKE '1/2/%' GROUP BY t.entity_id ORDER BY t.entity_id LIMIT 1`);
  const { order } = await one<{ order: number }>(`
    SELECT i.order_id AS \`order\`
    FROM {sales_invoice} i
    JOIN {sales_order} o ON o.entity_id = i.order_id AND o.updated_at >= '2026-06-09'
    JOIN {sales_order_address} a ON a.parent_id = i.order_id
    JOIN {data_exporter_uuid} u ON u.entity_id = i.order_id AND u.type = 'order'
    ORDER BY i.entity_id LIMIT 1`);
  const { review } = await one<{ review: number }>(`
    SELECT r.review_id AS review
    FROM {review} r JOIN {rating_option_vote} v ON v.review_id = r.review_id
    JOIN {review_store} s ON s.review_id = r.review_id AND s.store_id <> 0
    WHERE r.status_id = 1 AND r.entity_id = 1 ORDER BY r.review_id LIMIT 1`);
  const simple = await shop.rows<{ id: number }>(
    `SELECT p.entity_id AS id
     FROM {catalog_product_entity} p
     JOIN {catalog_product_website} w ON w.product_id = p.entity_id AND w.website_id = 1
     JOIN {cataloginventory_stock_status} s ON s.product_id = p.entity_id
     WHERE p.type_id = 'simple' AND ${active('p')}
       AND p.entity_id NOT IN (SELECT child_id FROM {catalog_product_relation})
       AND p.entity_id NOT IN (SELECT linked_product_id FROM {catalog_product_link})
     ORDER BY p.entity_id LIMIT 8`,
  );
  return {
    link,
    simple: simple.map(({ id }) => id),
    ...configurable,
    ...bundle,
    ...grouped,
    linked,
    withCustomOptions,
    downloadable,
    multiselect,
    category,
    order,
    review,
  };
}

async function multiselectType(shop: TestShop): Promise<string> {
  const [row] = await shop.rows<{ type: string }>(
    `SELECT backend_type AS type FROM {eav_attribute}
     WHERE frontend_input = 'multiselect' AND backend_type IN ('text', 'varchar') LIMIT 1`,
  );
  return row?.type ?? 'text';
}

/** Sets the default value of an attribute, in all versions of an entity. */
function set(
  of: 'product' | 'category',
  id: number,
  code: string,
  type: string,
  value: string,
  storeId = 0,
): string {
  return `INSERT INTO {catalog_${of}_entity_${type}} ({link}, attribute_id, store_id, value)
    SELECT e.{link}, a.attribute_id, ${storeId}, ${value}
    FROM {catalog_${of}_entity} e, {eav_attribute} a
    JOIN {eav_entity_type} y ON y.entity_type_id = a.entity_type_id
    WHERE e.entity_id = ${id} AND a.attribute_code = '${code}'
      AND y.entity_type_code = 'catalog_${of}'
    ON DUPLICATE KEY UPDATE value = VALUES(value)`;
}

const linksOf = (id: number): string =>
  `(SELECT p.{link} FROM {catalog_product_entity} p WHERE p.entity_id = ${id})`;

/** The changes, one after the other; those that remove much come last. */
export function shopChanges(p: Picks): ShopChange[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = p.simple;
  const { top, leaf, other } = p.category;
  const attribute = (code: string): string =>
    `(SELECT x.attribute_id FROM {eav_attribute} x JOIN {eav_entity_type} y
      ON y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'catalog_product'
      WHERE x.attribute_code = '${code}')`;
  return [
    {
      name: 'a product gets a name of its own in a store view',
      sql: [set('product', a, 'name', 'varchar', `'Own name'`, 1)],
      changes: ['products'],
    },
    {
      name: 'a price changes',
      sql: [set('product', b, 'price', 'decimal', '77.5')],
      changes: ['prices'],
    },
    {
      name: 'a child’s price changes in a website',
      sql: [set('product', p.child, 'price', 'decimal', '12.25', 2)],
      changes: [],
    },
    {
      name: 'a product gets a group price',
      sql: [
        `INSERT INTO {catalog_product_entity_tier_price}
           ({link}, all_groups, customer_group_id, qty, value, website_id)
         SELECT e.{link}, 0, 2, 1, 5, 0 FROM {catalog_product_entity} e WHERE e.entity_id = ${c}`,
      ],
      changes: ['prices'],
    },
    {
      name: 'group prices go',
      sql: [`DELETE FROM {catalog_product_entity_tier_price} WHERE {link} IN ${linksOf(c)}`],
      changes: ['prices'],
    },
    {
      name: 'a product is disabled',
      sql: [set('product', a, 'status', 'int', '2')],
      changes: ['products'],
    },
    {
      name: 'a child is disabled',
      sql: [set('product', p.child, 'status', 'int', '2')],
      changes: ['products'],
    },
    {
      name: 'a child is enabled again',
      sql: [set('product', p.child, 'status', 'int', '1')],
      changes: ['products'],
    },
    {
      name: 'a child gets another choice',
      sql: [
        `UPDATE {catalog_product_entity_int} v SET v.value =
           (SELECT MAX(o.option_id) FROM {eav_attribute_option} o
            WHERE o.attribute_id = ${p.superAttribute})
         WHERE v.{link} IN ${linksOf(p.child)} AND v.attribute_id = ${p.superAttribute}`,
      ],
      changes: ['products', 'variants'],
    },
    {
      name: 'an option of a configurable attribute is renamed',
      sql: [
        `UPDATE {eav_attribute_option_value} l SET l.value = CONCAT(l.value, ' (new)')
         WHERE l.option_id = (SELECT MAX(o.option_id) FROM {eav_attribute_option} o
                              WHERE o.attribute_id = ${p.superAttribute})`,
      ],
      changes: ['products', 'variants'],
    },
    {
      name: 'options of a configurable attribute are put in another order',
      sql: [
        `UPDATE {eav_attribute_option} SET sort_order = 99 - sort_order
         WHERE attribute_id = ${p.superAttribute}`,
      ],
      changes: ['products'],
    },
    {
      name: 'swatches of a configurable attribute change',
      sql: [
        `UPDATE {eav_attribute_option_swatch} s SET s.value = '#010203', s.type = 1
         WHERE s.option_id IN (SELECT o.option_id FROM {eav_attribute_option} o
                               WHERE o.attribute_id = ${p.superAttribute})`,
      ],
      changes: [],
    },
    {
      name: 'an option of a list attribute is renamed',
      sql: [
        `UPDATE {eav_attribute_option_value} SET value = 'Renamed'
         WHERE option_id = ${p.multiselect.option}`,
      ],
      changes: ['products'],
    },
    {
      name: 'an option of a list attribute goes',
      sql: [`DELETE FROM {eav_attribute_option} WHERE option_id = ${p.multiselect.option}`],
      changes: ['products'],
    },
    {
      name: 'the label of a configurable attribute changes in a store view',
      sql: [
        `INSERT INTO {eav_attribute_label} (attribute_id, store_id, value)
         VALUES (${p.superAttribute}, 1, 'Which one?')`,
      ],
      changes: ['products', 'productAttributes'],
    },
    {
      name: 'properties of an attribute change',
      sql: [
        `UPDATE {catalog_eav_attribute} SET is_searchable = 1 - is_searchable, search_weight = 7
         WHERE attribute_id = ${p.superAttribute}`,
        `UPDATE {eav_attribute} SET frontend_label = 'Renamed attribute'
         WHERE attribute_id = ${p.superAttribute}`,
      ],
      changes: ['productAttributes', 'products'],
    },
    {
      name: 'the code of a configurable attribute changes',
      sql: [
        `UPDATE {eav_attribute} SET attribute_code = 'other_code'
         WHERE attribute_id = ${p.superAttribute}`,
      ],
      changes: ['productAttributes', 'products', 'variants'],
    },
    {
      name: 'an attribute can be sorted by no more',
      sql: [
        `UPDATE {catalog_eav_attribute} SET used_for_sort_by = 0
         WHERE attribute_id = ${attribute('price')}`,
      ],
      changes: ['productAttributes', 'categories'],
    },
    {
      name: 'an attribute is made',
      sql: [
        `INSERT INTO {eav_attribute} (entity_type_id, attribute_code, backend_type, frontend_input,
           frontend_label, is_user_defined)
         SELECT y.entity_type_id, 'late', 'varchar', 'text', 'Late', 1
         FROM {eav_entity_type} y WHERE y.entity_type_code = 'catalog_product'`,
        `INSERT INTO {catalog_eav_attribute} (attribute_id) VALUES (${attribute('late')})`,
      ],
      changes: ['productAttributes'],
    },
    {
      name: 'products get values of a new attribute',
      sql: [set('product', a, 'late', 'varchar', `'soon'`)],
      changes: ['products'],
    },
    {
      name: 'an attribute goes',
      sql: [`DELETE FROM {eav_attribute} WHERE attribute_code = 'late'`],
      changes: ['productAttributes', 'products'],
    },
    {
      name: 'an attribute with values is one of the system from now on',
      sql: [
        `UPDATE {eav_attribute} SET is_user_defined = 0
         WHERE attribute_id = ${p.multiselect.attribute}`,
      ],
      changes: ['productAttributes', 'products'],
    },
    {
      name: 'a tax class is renamed',
      sql: [`UPDATE {tax_class} SET class_name = CONCAT(class_name, ' X')`],
      changes: ['products'],
    },
    {
      name: 'a product leaves a website',
      sql: [
        `DELETE FROM {catalog_product_website} WHERE product_id = ${p.linked} AND website_id = 1`,
      ],
      changes: ['products'],
    },
    {
      name: 'a product enters websites',
      sql: [
        `INSERT IGNORE INTO {catalog_product_website} (product_id, website_id)
         VALUES (${p.linked}, 1), (${a}, 2)`,
      ],
      changes: ['products', 'prices'],
    },
    {
      name: 'a configurable product leaves a website',
      sql: [
        `DELETE FROM {catalog_product_website}
         WHERE product_id = ${p.configurable} AND website_id = 1`,
      ],
      changes: ['products', 'prices'],
    },
    {
      name: 'a configurable product enters a website',
      sql: [
        `INSERT INTO {catalog_product_website} (product_id, website_id)
         VALUES (${p.configurable}, 1)`,
      ],
      changes: ['products', 'prices'],
    },
    {
      name: 'a configurable product gets another SKU',
      sql: [
        `UPDATE {catalog_product_entity} SET sku = 'CFG-RENAMED'
         WHERE entity_id = ${p.configurable}`,
      ],
      changes: ['products', 'prices', 'variants'],
    },
    {
      name: 'a linked product gets another SKU',
      sql: [
        `UPDATE {catalog_product_entity} SET sku = 'LINKED-RENAMED' WHERE entity_id = ${p.linked}`,
      ],
      changes: ['products'],
    },
    {
      name: 'a bundled product gets another SKU and name',
      sql: [
        `UPDATE {catalog_product_entity} SET sku = 'BUNDLED-RENAMED'
         WHERE entity_id = ${p.bundled}`,
        set('product', p.bundled, 'name', 'varchar', `'Bundled and renamed'`),
      ],
      changes: ['products'],
    },
    {
      name: 'a bundle gets another kind of price',
      sql: [
        `UPDATE {catalog_product_entity_int} SET value = 1 - value
         WHERE attribute_id = ${attribute('price_type')} AND {link} IN ${linksOf(p.bundle)}`,
      ],
      changes: ['products'],
    },
    {
      name: 'a bundle’s selection has another quantity',
      sql: [
        `UPDATE {catalog_product_bundle_selection} SET selection_qty = 7
         WHERE parent_product_id IN ${linksOf(p.bundle)}`,
      ],
      changes: ['products'],
    },
    {
      name: 'a bundle’s option is renamed',
      sql: [
        `UPDATE {catalog_product_bundle_option_value} SET title = 'Other title'
         WHERE parent_product_id IN ${linksOf(p.bundle)}`,
      ],
      changes: ['products'],
    },
    {
      name: 'a grouped product’s child gets another SKU',
      sql: [
        `UPDATE {catalog_product_entity} SET sku = 'GROUPED-RENAMED'
         WHERE entity_id = ${p.groupedChild}`,
      ],
      changes: ['products'],
    },
    {
      name: 'quantities and order of grouped products change',
      sql: [
        `UPDATE {catalog_product_link_attribute_decimal} SET value = value + 3`,
        `UPDATE {catalog_product_link_attribute_int} SET value = value + 3`,
      ],
      changes: ['products'],
    },
    {
      name: 'a related product is taken away',
      sql: [
        `DELETE FROM {catalog_product_link}
         WHERE linked_product_id = ${p.linked} AND link_type_id = 1`,
      ],
      changes: ['products'],
    },
    {
      name: 'custom options are renamed and repriced',
      sql: [
        `UPDATE {catalog_product_option_title} SET title = 'Pick'`,
        `UPDATE {catalog_product_option_type_title} SET title = CONCAT(title, '!')`,
        `UPDATE {catalog_product_option_type_price} SET price = price + 1`,
        `UPDATE {catalog_product_option_price} SET price = price + 1`,
      ],
      changes: ['products'],
    },
    {
      name: 'a custom option goes',
      sql: [
        `DELETE FROM {catalog_product_option}
         WHERE product_id IN ${linksOf(p.withCustomOptions)}`,
      ],
      changes: ['products'],
    },
    {
      name: 'downloads are renamed and repriced',
      sql: [
        `UPDATE {downloadable_link_title} SET title = CONCAT(title, ' II')`,
        `UPDATE {downloadable_link_price} SET price = price + 1`,
        `UPDATE {downloadable_sample_title} SET title = CONCAT(title, ' II')`,
      ],
      changes: ['products'],
    },
    {
      name: 'a download goes',
      sql: [`DELETE FROM {downloadable_link} WHERE product_id IN ${linksOf(p.downloadable)}`],
      changes: ['products'],
    },
    {
      name: 'an image is replaced and labelled',
      sql: [
        `UPDATE {catalog_product_entity_media_gallery} SET value = '/n/e/new.jpg'
         ORDER BY value_id LIMIT 1`,
        `UPDATE {catalog_product_entity_media_gallery_value} SET label = 'New', position = 9
         ORDER BY record_id LIMIT 3`,
      ],
      changes: ['products'],
    },
    {
      name: 'an image goes',
      sql: [`DELETE FROM {catalog_product_entity_media_gallery} ORDER BY value_id LIMIT 2`],
      changes: ['products'],
    },
    {
      name: 'a video is renamed',
      sql: [`UPDATE {catalog_product_entity_media_gallery_value_video} SET title = 'Film'`],
      changes: [],
    },
    {
      name: 'a child leaves its configurable product',
      sql: [
        `DELETE FROM {catalog_product_super_link}
         WHERE product_id = ${p.child} AND parent_id IN ${linksOf(p.configurable)}`,
        `DELETE FROM {catalog_product_relation}
         WHERE child_id = ${p.child} AND parent_id IN ${linksOf(p.configurable)}`,
      ],
      changes: ['products', 'prices', 'variants'],
    },
    {
      name: 'a child enters a configurable product',
      sql: [
        `INSERT INTO {catalog_product_super_link} (product_id, parent_id)
         SELECT ${p.child}, p.{link} FROM {catalog_product_entity} p
         WHERE p.entity_id = ${p.configurable}`,
        `INSERT INTO {catalog_product_relation} (child_id, parent_id)
         SELECT ${p.child}, p.{link} FROM {catalog_product_entity} p
         WHERE p.entity_id = ${p.configurable}`,
      ],
      changes: ['products', 'prices', 'variants'],
    },
    {
      name: 'a configurable product is so by one attribute less',
      sql: [
        `DELETE FROM {catalog_product_super_attribute}
         WHERE product_id IN ${linksOf(p.configurable)} AND attribute_id = ${p.superAttribute}`,
      ],
      changes: ['products', 'variants'],
    },
    {
      name: 'the default stock has less of a product',
      sql: [
        `UPDATE {cataloginventory_stock_status} SET qty = 1, stock_status = 0
         WHERE product_id = ${b}`,
        `UPDATE {cataloginventory_stock_item} SET qty = 1, is_in_stock = 0 WHERE product_id = ${b}`,
      ],
      changes: ['inventoryStockStatus', 'products'],
    },
    {
      name: 'another stock has less of its products',
      sql: [`UPDATE {inventory_stock_2} SET quantity = quantity + 1, is_salable = 1 - is_salable`],
      changes: ['inventoryStockStatus', 'products'],
    },
    {
      name: 'a source has a product no more',
      sql: [
        `DELETE FROM {inventory_source_item} WHERE source_code = 'default'
           AND sku IN (SELECT sku FROM {catalog_product_entity} WHERE entity_id = ${b})`,
      ],
      changes: ['inventoryStockStatus'],
    },
    {
      name: 'a product is reserved',
      sql: [
        `INSERT INTO {inventory_reservation} (stock_id, sku, quantity)
         SELECT 1, sku, -2 FROM {catalog_product_entity} WHERE entity_id IN (${c}, ${d}) GROUP BY sku`,
      ],
      changes: ['inventoryStockStatus'],
    },
    {
      name: 'a product may be ordered without stock',
      sql: [
        `UPDATE {cataloginventory_stock_item}
         SET backorders = 1, use_config_backorders = 0, min_qty = 0, use_config_min_qty = 0
         WHERE product_id = ${c}`,
      ],
      changes: ['inventoryStockStatus'],
    },
    {
      name: 'a source leaves a stock',
      sql: [`DELETE FROM {inventory_source_stock_link} WHERE stock_id = 2 LIMIT 1`],
      changes: [],
    },
    {
      name: 'a website sells from another stock',
      sql: [`UPDATE {inventory_stock_sales_channel} SET stock_id = 1 WHERE code = 'eu'`],
      changes: ['products'],
    },
    {
      name: 'a catalog rule is applied',
      sql: [
        `UPDATE {catalogrule_product_price} SET rule_price = rule_price - 0.5
         WHERE rule_date = '2026-06-15'`,
        `DELETE FROM {catalogrule_product_price} ORDER BY rule_product_price_id LIMIT 9`,
      ],
      changes: ['prices'],
    },
    {
      name: 'a custom URL rewrite is made',
      sql: [
        `INSERT INTO {url_rewrite} (entity_type, entity_id, request_path, target_path,
           redirect_type, store_id, is_autogenerated)
         VALUES ('product', ${d}, 'my/own/path', 'catalog/product/view/id/${d}', 0, 1, 0)`,
      ],
      changes: ['products'],
    },
    {
      name: 'products are shown in another category, at another place',
      sql: [
        `UPDATE {catalog_category_product_index_store1} SET position = position + 5
         WHERE category_id = ${leaf}`,
        `DELETE FROM {catalog_category_product_index_store1} WHERE product_id = ${d}`,
      ],
      changes: ['products'],
    },
    {
      name: 'a category is renamed in a store view, with a URL key of its own',
      sql: [
        set('category', top, 'name', 'varchar', `'Otherwise'`, 1),
        set('category', top, 'url_key', 'varchar', `'otherwise'`, 1),
      ],
      changes: ['categories', 'products'],
    },
    {
      name: 'a top-level category is disabled and leaves the menu',
      sql: [
        set('category', top, 'is_active', 'int', '0'),
        set('category', top, 'include_in_menu', 'int', '0'),
      ],
      changes: ['categories'],
    },
    {
      name: 'a leaf category is disabled',
      sql: [set('category', leaf, 'is_active', 'int', '0')],
      changes: ['categories'],
    },
    {
      name: 'a category moves',
      sql: [
        `UPDATE {catalog_category_entity}
         SET path = CONCAT('1/2/${other}/', entity_id), parent_id = ${other}
         WHERE entity_id = ${leaf}`,
      ],
      changes: ['categories', 'products'],
    },
    {
      name: 'the texts of categories show a custom variable',
      sql: [set('category', other, 'description', 'text', `'<p>{{customVar code="fan"}}</p>'`)],
      changes: ['categories'],
    },
    {
      name: 'a custom variable is made',
      sql: [
        `INSERT INTO {variable} (code, name) VALUES ('fan', 'Fan')`,
        `INSERT INTO {variable_value} (variable_id, store_id, plain_value, html_value)
         SELECT variable_id, 0, 'out', '' FROM {variable} WHERE code = 'fan'`,
      ],
      changes: ['categories'],
    },
    {
      name: 'a custom variable goes',
      sql: [`DELETE FROM {variable} WHERE code = 'fan'`],
      changes: ['categories'],
    },
    ...[
      ['web/unsecure/base_url', 'http://moved.test/', ['categories', 'products', 'orders']],
      ['web/url/use_store', '1', ['products', 'orders']],
      ['currency/options/base', 'CHF', ['products']],
      ['general/locale/weight_unit', 'stone', ['products']],
      ['cataloginventory/options/stock_threshold_qty', '1000000', ['products']],
      ['catalog/frontend/default_sort_by', 'name', ['categories']],
      ['cataloginventory/item_options/backorders', '1', ['inventoryStockStatus']],
      ['general/locale/timezone', 'Pacific/Kiritimati', ['prices']],
    ].map(([path, value, changes]): ShopChange => ({
      name: `the setting ${String(path)} changes`,
      sql: [
        `UPDATE {core_config_data} SET value = '${String(value)}'
           WHERE path = '${String(path)}' AND scope = 'default'`,
      ],
      changes: changes as FeedName[],
    })),
    {
      name: 'a setting of a website goes',
      sql: [
        `DELETE FROM {core_config_data} WHERE path = 'currency/options/base' AND scope = 'websites'`,
      ],
      changes: ['products'],
    },
    {
      name: 'a customer group is made',
      sql: [`INSERT INTO {customer_group} (customer_group_code) VALUES ('Press')`],
      changes: ['scopesCustomerGroup'],
    },
    {
      name: 'a website is closed to a customer group',
      sql: [
        `INSERT INTO {customer_group_excluded_website} (customer_group_id, website_id)
         VALUES (1, 2)`,
      ],
      changes: ['scopesCustomerGroup'],
    },
    {
      name: 'a customer group goes',
      sql: [
        `INSERT INTO {catalog_product_entity_tier_price}
           ({link}, all_groups, customer_group_id, qty, value, website_id)
         SELECT e.{link}, 0, 3, 1, 5, 0 FROM {catalog_product_entity} e WHERE e.entity_id = ${d}`,
      ],
      changes: ['prices'],
    },
    {
      name: 'a customer group goes, with its prices',
      sql: [`DELETE FROM {customer_group} WHERE customer_group_id = 3`],
      changes: ['scopesCustomerGroup', 'prices'],
    },
    {
      name: 'a review is disapproved, another one gets another vote',
      sql: [
        `UPDATE {review} SET status_id = 3 WHERE review_id = ${p.review}`,
        `UPDATE {rating_option} SET value = 1 WHERE value = 4`,
      ],
      changes: ['reviews', 'ratingMetadata'],
    },
    {
      name: 'a review is approved and rewritten',
      sql: [
        `UPDATE {review} SET status_id = 1 WHERE review_id = ${p.review}`,
        `UPDATE {review_detail} SET title = 'On second thoughts' WHERE review_id = ${p.review}`,
      ],
      changes: ['reviews'],
    },
    {
      name: 'a vote goes, and a store view shows a review no more',
      sql: [
        `DELETE FROM {rating_option_vote} WHERE review_id = ${p.review} LIMIT 1`,
        `DELETE FROM {review_store} WHERE review_id = ${p.review} AND store_id <> 0 LIMIT 1`,
      ],
      changes: ['reviews'],
    },
    {
      name: 'a review goes',
      sql: [`DELETE FROM {review} WHERE review_id = ${p.review}`],
      changes: [],
    },
    {
      name: 'a rating is renamed in a store view, another one leaves one',
      sql: [
        `INSERT INTO {rating_title} (rating_id, store_id, value) VALUES (1, 2, 'Wert')
         ON DUPLICATE KEY UPDATE value = VALUES(value)`,
        `DELETE FROM {rating_store} WHERE rating_id = 2 AND store_id = 1`,
      ],
      changes: ['ratingMetadata'],
    },
    {
      name: 'a rating goes, with its votes',
      sql: [`DELETE FROM {rating} WHERE rating_id = 3`],
      changes: ['ratingMetadata', 'reviews'],
    },
    {
      name: 'an order’s parts change',
      sql: [
        `UPDATE {sales_order_address} SET city = 'Elsewhere' WHERE parent_id = ${p.order}`,
        `UPDATE {sales_invoice_item} SET qty = qty + 1
         WHERE parent_id IN (SELECT entity_id FROM {sales_invoice} WHERE order_id = ${p.order})`,
      ],
      changes: ['orders'],
    },
    {
      name: 'an order’s item is invoiced',
      sql: [`UPDATE {sales_order_item} SET qty_invoiced = 9 WHERE order_id = ${p.order}`],
      changes: ['orders'],
    },
    {
      name: 'parcels, refunds and taxes change',
      sql: [
        `UPDATE {sales_shipment_track} SET track_number = CONCAT(track_number, '9')`,
        `UPDATE {sales_shipment_item} SET qty = qty + 1`,
        `UPDATE {sales_creditmemo_item} SET qty = qty + 1`,
        `UPDATE {sales_creditmemo_comment} SET comment = 'Sorry'`,
        `UPDATE {sales_order_tax_item} SET real_amount = real_amount + 1`,
      ],
      changes: ['orders'],
    },
    {
      name: 'an order and an item get other UUIDs',
      sql: [
        `UPDATE {data_exporter_uuid} SET uuid = CONCAT('0', SUBSTRING(uuid, 2))
         WHERE entity_id = ${p.order} AND type = 'order'`,
        `UPDATE {data_exporter_uuid} SET uuid = CONCAT('1', SUBSTRING(uuid, 2))
         WHERE type = 'order_item' ORDER BY entity_id LIMIT 4`,
      ],
      changes: ['orders'],
    },
    {
      name: 'an attribute set is renamed',
      sql: [`UPDATE {eav_attribute_set} SET attribute_set_name = CONCAT(attribute_set_name, ' 2')`],
      changes: [],
    },
    {
      name: 'a store view gets another code',
      sql: [`UPDATE {store} SET code = 'renamed' WHERE store_id = 3`],
      changes: [
        'products',
        'categories',
        'productAttributes',
        'scopesWebsite',
        'reviews',
        'ratingMetadata',
      ],
    },
    {
      name: 'a store group gets another root category',
      sql: [`UPDATE {store_group} SET root_category_id = 3 WHERE group_id = 3`],
      changes: ['categories'],
    },
    {
      name: 'a store group gets another code',
      sql: [`UPDATE {store_group} SET code = 'renamed_group' WHERE group_id = 3`],
      changes: ['products', 'categories', 'productAttributes', 'scopesWebsite'],
    },
    {
      name: 'a store view is made',
      sql: [
        `INSERT INTO {store} (code, website_id, group_id, name, is_active)
         VALUES ('fresh', 2, 2, 'Fresh', 1)`,
      ],
      changes: ['products', 'categories', 'productAttributes', 'scopesWebsite'],
    },
    {
      name: 'a store view moves to another group and website',
      sql: [`UPDATE {store} SET group_id = 1, website_id = 1 WHERE code = 'fresh'`],
      changes: ['products', 'scopesWebsite', 'categories'],
    },
    {
      name: 'a website gets another code',
      sql: [`UPDATE {store_website} SET code = 'europe' WHERE website_id = 2`],
      changes: ['products', 'prices', 'scopesWebsite', 'scopesCustomerGroup', 'categories'],
    },
    {
      name: 'a permission of a category changes',
      edition: 'commerce',
      sql: [
        `UPDATE {magento_catalogpermissions} SET grant_catalog_category_view = -1,
           grant_catalog_product_price = -2`,
      ],
      changes: ['categoryPermissions'],
    },
    {
      name: 'permissions of products change',
      edition: 'commerce',
      sql: [
        `UPDATE {magento_catalogpermissions_index_product}
         SET grant_catalog_category_view = -2, grant_checkout_items = -2
         WHERE product_id <= 20`,
      ],
      changes: ['productOverrides'],
    },
    {
      name: 'a fallback of permissions changes',
      edition: 'commerce',
      sql: [
        `UPDATE {core_config_data} SET value = '2,3'
         WHERE path = 'catalog/magento_catalogpermissions/grant_checkout_items_groups'`,
      ],
      changes: ['categoryPermissions'],
    },
    {
      name: 'an update comes into force',
      edition: 'commerce',
      sql: [
        `UPDATE {flag} SET flag_data = '{"current_version":"1782129600"}'
         WHERE flag_code = 'staging'`,
      ],
      changes: ['products', 'categories'],
    },
    {
      name: 'an update goes back',
      edition: 'commerce',
      sql: [
        `UPDATE {flag} SET flag_data = '{"current_version":"1782734400"}'
         WHERE flag_code = 'staging'`,
      ],
      changes: ['products', 'categories'],
    },
    {
      name: 'a product is made',
      edition: 'open-source',
      sql: [
        `INSERT INTO {catalog_product_entity} (entity_id, attribute_set_id, type_id, sku)
         VALUES (5000, 4, 'simple', 'LATE')`,
        set('product', 5000, 'name', 'varchar', `'Late'`),
        set('product', 5000, 'status', 'int', '1'),
        set('product', 5000, 'visibility', 'int', '4'),
        set('product', 5000, 'price', 'decimal', '3'),
        `INSERT INTO {catalog_product_website} (product_id, website_id) VALUES (5000, 1)`,
      ],
      changes: ['products', 'prices'],
    },
    {
      name: 'two products swap their SKUs',
      edition: 'open-source',
      sql: [
        `UPDATE {catalog_product_entity} SET sku = 'SWAP' WHERE entity_id = 5000`,
        `UPDATE {catalog_product_entity} SET sku = 'LATE' WHERE entity_id = ${d}`,
        `UPDATE {catalog_product_entity} SET sku = 'D' WHERE entity_id = 5000`,
      ],
      changes: ['products', 'prices', 'inventoryStockStatus'],
    },
    ...(
      [
        ['a simple product', e, ['products', 'prices', 'inventoryStockStatus']],
        ['a linked product', p.linked, ['products']],
        ['a child of a configurable product', p.child, ['products', 'prices', 'variants']],
        ['a configurable product', p.configurable, ['products']],
        ['a bundle', p.bundle, ['products', 'prices']],
        ['a grouped product', p.grouped, ['products', 'prices']],
      ] as const
    ).map(([what, id, changes]): ShopChange => ({
      name: `${what} goes`,
      sql: [`DELETE FROM {catalog_product_entity} WHERE entity_id = ${id}`],
      changes,
    })),
    {
      name: 'a category goes',
      sql: [`DELETE FROM {catalog_category_entity} WHERE entity_id = ${other}`],
      changes: ['categories', 'products'],
    },
    {
      name: 'a store view goes',
      sql: [`DELETE FROM {store} WHERE store_id = 4`],
      changes: ['products', 'categories', 'productAttributes', 'scopesWebsite'],
    },
    {
      name: 'a stock goes',
      sql: [`DELETE FROM {inventory_stock} WHERE stock_id = 2`],
      changes: ['inventoryStockStatus'],
    },
    {
      name: 'a website goes, with its groups and store views',
      sql: [`DELETE FROM {store_website} WHERE website_id = 2`],
      changes: ['products', 'prices', 'categories', 'scopesWebsite', 'scopesCustomerGroup'],
    },
  ];
}
