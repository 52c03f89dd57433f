import { defineFeed } from '../feed.js';
import { openCategories } from './collect.js';
import { Category } from './contract.js';
import { CATEGORY_WATCHES } from './watches.js';

/**
 * Converged when the service holds one item for each category and each store view whose store
 * group's root category is on the category's path, and none else. Categories of a store view with
 * the same URL path (or none) have one identity: the item of the highest id stands for them.
 */
export const categories = defineFeed({
  name: 'categories',
  summary: 'categories, per store view whose tree they are in',
  mode: 'immediate',
  table: 'cde_categories_feed',
  version: 1,
  contract: Category,
  identity: ['urlPath', 'storeViewCode'],
  // The URL path tells the item that goes from the one that stays when a category is renamed.
  minimalPayload: [
    'websiteCode',
    'storeCode',
    'storeViewCode',
    'categoryId',
    'urlPath',
    'modifiedAt',
  ],
  unhashed: ['updatedAt'],
  stamp: { field: 'modifiedAt', format: 'sql' },
  sourceIdField: 'categoryId',
  sharedIdentities: true,
  batchSize: 100,
  pageSize: 250,
  source: ({ shop: { category } }) => ({
    table: category.ids.table,
    idColumn: category.ids.column,
    idTypes: {},
  }),
  watches: CATEGORY_WATCHES,
  open: ({ shop }, read) => openCategories(shop, read),
});
