import type { Shop } from '../../commerce/shop.js';
import {
  linkedCategories,
  MANY_CATEGORIES,
  productsIn,
  subtrees,
} from '../concerned-categories.js';
import {
  bundlesOf,
  changedIds,
  childrenOf,
  configurablesOf,
  linkedProducts,
  linkingTo,
  relativesOf,
  union,
} from '../concerned-products.js';
import type { WatchedTable } from '../feed.js';
import { CATEGORY, ofAttributes, PRODUCT, PRODUCT_WEBSITE, values } from '../shared-watches.js';

/** Products that show another product: its links, children, parents and bundles. */
export const RELATIVES: readonly WatchedTable[] = [
  {
    ...PRODUCT,
    concerns: 'products that show it: linked ones, parents, children, bundles',
    entities: (shop) => relativesOf(shop, changedIds('entity_id')),
  },
  {
    ...PRODUCT_WEBSITE,
    concerns: 'products that show it: linked ones and children',
    entities: (shop) =>
      union(linkingTo(shop, changedIds('product_id')), childrenOf(shop, changedIds('product_id'))),
  },
  {
    ...values('product', 'int'),
    concerns: 'configurable products that offer it',
    entities: (shop) => configurablesOf(shop, linkedProducts(shop, 'entity_id')),
  },
  {
    ...values('product', 'int'),
    concerns: 'children of the bundle',
    limitedTo: 'of the kind of its price',
    when: ofAttributes('product', 'price_type'),
    entities: (shop) => childrenOf(shop, linkedProducts(shop, 'entity_id')),
  },
  {
    ...values('product', 'varchar'),
    concerns: 'bundles that offer it',
    limitedTo: 'of the name',
    when: ofAttributes('product', 'name'),
    entities: (shop) => bundlesOf(shop, linkedProducts(shop, 'entity_id')),
  },
];

/** Products of a category and of all below it, whose paths hold its URL key. */
export const CATEGORIES: readonly WatchedTable[] = [
  {
    ...CATEGORY,
    concerns: 'products of the category and of those below it',
    limitedTo: 'of path, level and versions',
    tooMany: MANY_CATEGORIES,
    entities: (shop) => productsIn(shop, subtrees(shop, movedCategories(shop))),
  },
  {
    ...values('category', 'varchar'),
    concerns: 'products of the category and of those below it',
    limitedTo: 'of the URL key',
    when: ofAttributes('category', 'url_key'),
    tooMany: MANY_CATEGORIES,
    entities: (shop) => productsIn(shop, subtrees(shop, linkedCategories(shop, 'entity_id'))),
  },
];

/**
 * Categories that are gone or were somewhere else. Versions may differ in values that belong to a
 * version, which the changed row does not tell: with versions, all.
 */
function movedCategories(shop: Shop): string {
  const { name, versioned } = shop.category;
  if (versioned) return changedIds('entity_id');
  return `SELECT DISTINCT c.entity_id
    FROM changed c LEFT JOIN ${shop.t(name)} k ON k.entity_id = c.entity_id
    WHERE k.entity_id IS NULL OR k.level <> c.level OR k.path <> CAST(c.path AS BINARY)`;
}
