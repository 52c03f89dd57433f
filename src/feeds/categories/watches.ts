import {
  ancestors,
  linkedCategories,
  MANY_CATEGORIES,
  subtrees,
  versionedCategories,
} from '../concerned-categories.js';
import { changedIds, union } from '../concerned-products.js';
import type { WatchedTable } from '../feed.js';
import {
  ATTRIBUTE,
  ATTRIBUTE_LABEL,
  CATALOG_ATTRIBUTE,
  CATEGORY,
  contentSources,
  CONTENT_SETTINGS,
  ofAttributes,
  scopes,
  settings,
  staging,
  URL_SETTINGS,
  values,
} from '../shared-watches.js';

const ALL = 'all categories';

/** Not watched: `eav_entity_type`, which the installer makes and nobody changes. */
export const CATEGORY_WATCHES: readonly WatchedTable[] = [
  {
    ...CATEGORY,
    concerns: 'the category, those above it, which list it, and those below it',
    tooMany: MANY_CATEGORIES,
    entities: (shop) => {
      const table = shop.t(shop.category.name);
      return union(
        subtrees(shop, changedIds('entity_id')),
        // Also those it was below: it may be gone from there.
        `SELECT a.entity_id FROM (SELECT DISTINCT c.path FROM changed c) c
         STRAIGHT_JOIN ${table} a
           ON CAST(c.path AS BINARY) LIKE CONCAT(CAST(a.path AS BINARY), '/%')`,
        ancestors(shop, changedIds('entity_id')),
      );
    },
  },
  ...['int', 'varchar', 'text', 'decimal', 'datetime'].map((type): WatchedTable => ({
    ...values('category', type),
    concerns: 'the category',
    names: { column: 'entity_id', as: 'category link' },
  })),
  {
    ...values('category', 'int'),
    concerns: 'the categories above, which list it, and those below',
    limitedTo: 'of activity and of the place in the menu',
    when: ofAttributes('category', 'is_active', 'include_in_menu'),
    tooMany: MANY_CATEGORIES,
    entities: (shop) => {
      const changed = linkedCategories(shop, 'entity_id');
      return union(ancestors(shop, changed), subtrees(shop, changed));
    },
  },
  {
    ...values('category', 'varchar'),
    concerns: 'the categories below',
    limitedTo: 'of the URL key',
    when: ofAttributes('category', 'url_key'),
    tooMany: MANY_CATEGORIES,
    entities: (shop) => subtrees(shop, linkedCategories(shop, 'entity_id')),
  },
  // Attributes of categories, and of products what these can be sorted by.
  {
    ...ATTRIBUTE,
    concerns: ALL,
    limitedTo: 'of categories, of sortable attributes of products, and when one is gone',
    entities: ({ t }) => `
      SELECT NULL AS entity_id
      FROM changed c
      JOIN ${t('eav_entity_type')} y ON y.entity_type_id = c.entity_type_id
      LEFT JOIN ${t('catalog_eav_attribute')} a ON a.attribute_id = c.attribute_id
      WHERE y.entity_type_code = 'catalog_category'
        OR y.entity_type_code = 'catalog_product'
          AND (a.attribute_id IS NULL OR a.used_for_sort_by = 1)`,
    cached: true,
  },
  {
    ...CATALOG_ATTRIBUTE,
    concerns: ALL,
    limitedTo: 'of sortable attributes and of the description',
    when: (key, shop) =>
      key['used_for_sort_by'] === 1 || ofAttributes('category', 'description')(key, shop),
    wholeFeed: true,
    cached: true,
  },
  {
    ...ATTRIBUTE_LABEL,
    concerns: ALL,
    limitedTo: 'of sortable attributes in the default scope',
    when: ({ store_id: storeId }) => storeId === 0,
    entities: ({ t }) => `
      SELECT NULL AS entity_id
      FROM changed c
      JOIN ${t('catalog_eav_attribute')} a
        ON a.attribute_id = c.attribute_id AND a.used_for_sort_by = 1`,
    cached: true,
  },
  ...scopes(ALL),
  settings(ALL, [...URL_SETTINGS, ...CONTENT_SETTINGS, 'catalog/frontend/default_sort_by']),
  ...contentSources(ALL),
  staging('categories with scheduled updates, those above and below them', (shop) => {
    const versioned = versionedCategories(shop);
    return versioned === undefined
      ? undefined
      : union(subtrees(shop, versioned), ancestors(shop, versioned));
  }),
];
