import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import type { Feed, SourceContext } from '../../feeds/feed.js';

/** How many items a feed comes to, and how that was counted. */
export interface Records {
  readonly records: number;
  /** For people: `100,000 products in 160,000 websites × their store views`. */
  readonly formula: string;
}

/** Counts the items that a full sync of a feed would collect: one or two queries, no collecting. */
export async function countRecords(
  read: Read,
  context: SourceContext,
  feed: Feed,
): Promise<Records> {
  const { shop } = context;
  switch (feed.name) {
    case 'products':
      return products(read, shop);
    case 'prices':
      return prices(read, shop, context.clock());
    case 'productAttributes': {
      const attributes = await count(
        read,
        `SELECT COUNT(*) FROM ${shop.t('eav_attribute')} a
         JOIN ${shop.t('catalog_eav_attribute')} c ON c.attribute_id = a.attribute_id
         JOIN ${shop.t('eav_entity_type')} y ON y.entity_type_id = a.entity_type_id
         WHERE y.entity_type_code = 'catalog_product'`,
      );
      const views = shop.storeViews.length;
      return {
        records: attributes * views,
        formula: `${n(attributes)} attributes × ${n(views)} store views`,
      };
    }
    case 'categories':
      return categories(read, shop);
    case 'productOverrides':
      return overrides(read, shop);
    case 'variants': {
      const { product } = shop;
      const links = await count(
        read,
        `SELECT COUNT(*) FROM ${shop.t('catalog_product_super_link')} l
         JOIN ${shop.t(product.name)} parent
           ON parent.${product.linkField} = l.parent_id AND ${product.active('parent')}`,
      );
      return { records: links, formula: `${n(links)} variants` };
    }
    case 'categoryPermissions': {
      const rules = await count(
        read,
        `SELECT COUNT(DISTINCT r.permission_id, g.website_id)
         FROM ${shop.t('magento_catalogpermissions')} r
         JOIN ${shop.t(shop.category.name)} c
           ON c.entity_id = r.category_id AND ${shop.category.active('c')}
         JOIN ${shop.t('store_group')} g
           ON g.root_category_id = SUBSTRING_INDEX(SUBSTRING_INDEX(c.path, '/', 2), '/', -1)
         WHERE g.website_id <> 0 AND (r.website_id IS NULL OR r.website_id = g.website_id)`,
      );
      return { records: rules + 4, formula: `${n(rules)} permissions + 4 fallback records` };
    }
    case 'inventoryStockStatus':
      return stock(read, shop);
    case 'ratingMetadata': {
      const records = await count(
        read,
        `SELECT COUNT(*) FROM ${shop.t('rating')} r
         JOIN ${shop.t('rating_store')} a ON a.rating_id = r.rating_id
         WHERE r.is_active = 1 AND a.store_id <> 0
           AND EXISTS (SELECT 1 FROM ${shop.t('rating_option')} o WHERE o.rating_id = r.rating_id)`,
      );
      return { records, formula: `${n(records)} ratings in store views` };
    }
    case 'orders':
    case 'reviews':
    case 'scopesCustomerGroup':
    case 'scopesWebsite': {
      const records = await entities(read, context, feed);
      return { records, formula: `${n(records)} source records` };
    }
  }
}

/** How many source entities a full sync covers. */
export async function entities(read: Read, context: SourceContext, feed: Feed): Promise<number> {
  const source = feed.source(context);
  const where = source.where === undefined ? '' : `WHERE ${source.where}`;
  return count(read, `SELECT COUNT(*) FROM ${context.shop.t(source.table)} ${where}`);
}

async function products(read: Read, shop: Shop): Promise<Records> {
  const rows = await read.rows<[number, number]>(
    `SELECT website_id, COUNT(*) FROM ${shop.t('catalog_product_website')} GROUP BY website_id`,
  );
  const parts = rows.flatMap(([websiteId, assigned]) => {
    const views = shop.storeViews.filter((view) => view.websiteId === websiteId).length;
    return views === 0 ? [] : [{ assigned, views }];
  });
  return {
    records: parts.reduce((sum, { assigned, views }) => sum + assigned * views, 0),
    formula: sumOf(
      parts.map(({ assigned, views }) => `${n(assigned)} products × ${n(views)} store views`),
    ),
  };
}

/** Its index is made of Commerce's single-source tables. */
const DEFAULT_STOCK = 1;

/** Types without a price of their own; of bundles, those that add up their selections have none. */
const WITHOUT_PRICE = `'configurable', 'giftcard'`;

async function prices(read: Read, shop: Shop, now: Date): Promise<Records> {
  const { product } = shop;
  const fallback = await count(
    read,
    `SELECT COUNT(*) FROM ${shop.t('catalog_product_website')} w
     JOIN ${shop.t(product.name)} e ON e.entity_id = w.product_id AND ${product.active('e')}
     WHERE e.type_id NOT IN (${WITHOUT_PRICE}) AND w.website_id <> 0`,
  );
  const tier = await count(
    read,
    `SELECT COUNT(DISTINCT ${product.linkField}, customer_group_id, website_id)
     FROM ${shop.t('catalog_product_entity_tier_price')} WHERE all_groups = 0`,
  );
  const rules = shop.hasTable('catalogrule_product_price')
    ? await count(
        read,
        `SELECT COUNT(DISTINCT product_id, customer_group_id, website_id)
         FROM ${shop.t('catalogrule_product_price')}
         WHERE rule_date = ? AND customer_group_id <> 0`,
        [now.toISOString().slice(0, 10)],
      )
    : 0;
  return {
    records: fallback + tier + rules,
    formula: `${n(fallback)} products in websites + ${n(tier)} group prices + ${n(rules)} rule prices`,
  };
}

async function categories(read: Read, shop: Shop): Promise<Records> {
  const rows = await read.rows<[string, number]>(
    `SELECT SUBSTRING_INDEX(SUBSTRING_INDEX(c.path, '/', 2), '/', -1), COUNT(*)
     FROM ${shop.t(shop.category.name)} c
     WHERE ${shop.category.active('c')} AND c.path LIKE '%/%' GROUP BY 1`,
  );
  const parts = rows.flatMap(([root, below]) => {
    const views = shop.storeViews.filter((view) => view.rootCategoryId === Number(root)).length;
    return views === 0 ? [] : [{ below, views }];
  });
  return {
    records: parts.reduce((sum, { below, views }) => sum + below * views, 0),
    formula: sumOf(
      parts.map(({ below, views }) => `${n(below)} categories × ${n(views)} store views`),
    ),
  };
}

async function overrides(read: Read, shop: Shop): Promise<Records> {
  const table = 'magento_catalogpermissions_index_product';
  if (!shop.hasTable(table)) return { records: 0, formula: 'no permission index' };
  const records = await count(
    read,
    `SELECT COUNT(DISTINCT i.product_id, i.customer_group_id, s.website_id)
     FROM ${shop.t(table)} i JOIN ${shop.t('store')} s ON s.store_id = i.store_id`,
  );
  return { records, formula: `${n(records)} products × websites × groups with permissions` };
}

async function stock(read: Read, shop: Shop): Promise<Records> {
  const stocks = await read.rows<[number]>(
    `SELECT stock_id FROM ${shop.t('inventory_stock')} ORDER BY 1`,
  );
  let records = 0;
  for (const [stockId] of stocks) {
    const index = `inventory_stock_${stockId}`;
    // The default stock's index is a view over all products.
    if (stockId === DEFAULT_STOCK) {
      records += await count(
        read,
        `SELECT COUNT(*) FROM ${shop.t('inventory_source_item')} WHERE source_code = 'default'`,
      );
    } else if (shop.hasTable(index)) {
      records += await count(read, `SELECT COUNT(*) FROM ${shop.t(index)}`);
    }
  }
  return { records, formula: `${n(records)} products in ${n(stocks.length)} stocks` };
}

async function count(read: Read, sql: string, values: readonly unknown[] = []): Promise<number> {
  const row = await read.row<[number | string]>(sql, values);
  return Number(row?.[0] ?? 0);
}

function sumOf(terms: readonly string[]): string {
  return terms.length === 0 ? 'none' : terms.join(' + ');
}

function n(value: number): string {
  return value.toLocaleString('en-US');
}
