import type { Shop } from '../commerce/shop.js';

/**
 * SQL that leads from products to others. All take and return a SELECT with the one column
 * `entity_id`. Joins are straight: what changed is little, and leads by an index.
 */

/** The values of a column of what changed. */
export function changedIds(column: string): string {
  return `SELECT DISTINCT c.${column} AS entity_id FROM changed c`;
}

/** The products whose link id a column of what changed holds. */
export function linkedProducts(shop: Shop, column: string): string {
  return owners(shop, `SELECT DISTINCT c.${column} AS link FROM changed c`);
}

/** All products with scheduled versions, past and future ones: any may have come into force. */
export function versionedProducts(shop: Shop): string | undefined {
  return shop.product.versioned ? versions(shop.t(shop.product.name)) : undefined;
}

/** All rows but those of entities that ever had one version. Both columns have an index. */
export function versions(table: string): string {
  return `SELECT v.entity_id FROM ${table} v WHERE v.created_in > 1
    UNION SELECT v.entity_id FROM ${table} v WHERE v.updated_in < ${LAST_VERSION}`;
}

/** `updated_in` of a version that no other one follows. */
const LAST_VERSION = 2_147_483_647;

/** Configurable products that the products are children of. */
export function configurablesOf(shop: Shop, ids: string): string {
  const link = shop.t('catalog_product_super_link');
  return owners(
    shop,
    `SELECT l.parent_id AS link FROM (${ids}) e STRAIGHT_JOIN ${link} l ON l.product_id = e.entity_id`,
  );
}

/** Bundles that offer the products. */
export function bundlesOf(shop: Shop, ids: string): string | undefined {
  if (!shop.hasTable('catalog_product_bundle_selection')) return undefined;
  const selection = shop.t('catalog_product_bundle_selection');
  return owners(
    shop,
    `SELECT s.parent_product_id AS link
     FROM (${ids}) e STRAIGHT_JOIN ${selection} s ON s.product_id = e.entity_id`,
  );
}

/** Products with links to the products: related and grouped ones, upsells, cross-sells. */
export function linkingTo(shop: Shop, ids: string): string {
  const link = shop.t('catalog_product_link');
  return owners(
    shop,
    `SELECT l.product_id AS link
     FROM (${ids}) e STRAIGHT_JOIN ${link} l ON l.linked_product_id = e.entity_id`,
  );
}

/** Children of the products, of any kind. */
export function childrenOf(shop: Shop, ids: string): string {
  return `SELECT r.child_id AS entity_id
    FROM ${withLinks(shop, ids)} STRAIGHT_JOIN ${shop.t('catalog_product_relation')} r
      ON r.parent_id = e.link`;
}

/** Children of the products as configurable ones. */
export function variantsOf(shop: Shop, ids: string): string {
  return `SELECT l.product_id AS entity_id
    FROM ${withLinks(shop, ids)} STRAIGHT_JOIN ${shop.t('catalog_product_super_link')} l
      ON l.parent_id = e.link`;
}

/** All that show something of the products: SKU, type, websites, names, choices. */
export function relativesOf(shop: Shop, ids: string): string {
  return union(
    linkingTo(shop, ids),
    bundlesOf(shop, ids),
    configurablesOf(shop, ids),
    childrenOf(shop, ids),
  );
}

/** The entity ids of products whose link ids a SELECT yields as `link`. */
export function owners(shop: Shop, links: string): string {
  const { name, versioned } = shop.product;
  return versioned
    ? `SELECT p.entity_id FROM (${links}) o STRAIGHT_JOIN ${shop.t(name)} p ON p.row_id = o.link`
    : `SELECT o.link AS entity_id FROM (${links}) o`;
}

/** Those of the SELECTs that there are, as one. */
export function union(...selects: readonly (string | undefined)[]): string {
  return selects.filter((select) => select !== undefined).join('\nUNION ');
}

/** A table expression `e` with the link ids of products as `link`, of all their versions. */
function withLinks(shop: Shop, ids: string): string {
  const { name, versioned } = shop.product;
  return versioned
    ? `(SELECT p.row_id AS link
        FROM (${ids}) i STRAIGHT_JOIN ${shop.t(name)} p ON p.entity_id = i.entity_id) e`
    : `(SELECT i.entity_id AS link FROM (${ids}) i) e`;
}
