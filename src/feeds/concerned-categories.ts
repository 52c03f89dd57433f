import type { Shop } from '../commerce/shop.js';
import { union, versions } from './concerned-products.js';

/**
 * SQL that leads from categories to others and to products. As in `concerned-products.ts`, all take
 * and return a SELECT with the one column `entity_id`.
 */

/**
 * From that many changed categories on the tree is not searched: each is looked for on the path of
 * every category (500 in a tree of 5,000: 0.3 s).
 */
export const MANY_CATEGORIES = 1000;

/** The categories whose link id a column of what changed holds. */
export function linkedCategories(shop: Shop, column: string): string {
  const { name, versioned } = shop.category;
  return versioned
    ? `SELECT DISTINCT k.entity_id
       FROM changed c STRAIGHT_JOIN ${shop.t(name)} k ON k.row_id = c.${column}`
    : `SELECT DISTINCT c.${column} AS entity_id FROM changed c`;
}

/** All categories with scheduled versions, past and future ones: any may have come into force. */
export function versionedCategories(shop: Shop): string | undefined {
  return shop.category.versioned ? versions(shop.t(shop.category.name)) : undefined;
}

/**
 * The categories and all below them: those whose path names them, be it that they are gone. The
 * path decides for collectors, not the parent's id.
 */
export function subtrees(shop: Shop, ids: string): string {
  return `SELECT e.entity_id FROM (${ids}) e
    UNION SELECT d.entity_id FROM (${ids}) e STRAIGHT_JOIN ${shop.t(shop.category.name)} d
      ON d.path LIKE CONCAT('%/', e.entity_id, '/%')`;
}

/**
 * The categories above the categories, which list them as children: the parent, and where levels
 * and paths do not fit together any of the path.
 */
export function ancestors(shop: Shop, ids: string): string {
  const table = shop.t(shop.category.name);
  return `SELECT a.entity_id
    FROM (${ids}) e STRAIGHT_JOIN ${table} d ON d.entity_id = e.entity_id
      STRAIGHT_JOIN ${table} a ON d.path LIKE CONCAT(a.path, '/%')`;
}

/** The products that Commerce's index has in the categories, in any store view. */
export function productsIn(shop: Shop, ids: string): string | undefined {
  const selects = shop.storeViews.flatMap(({ id }) => {
    const table = `catalog_category_product_index_store${id}`;
    return shop.hasTable(table)
      ? `SELECT i.product_id AS entity_id
         FROM (${ids}) k STRAIGHT_JOIN ${shop.t(table)} i ON i.category_id = k.entity_id`
      : [];
  });
  return selects.length === 0 ? undefined : union(...selects);
}
