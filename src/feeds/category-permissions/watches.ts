import { changedIds, union } from '../concerned-products.js';
import { MANY_CATEGORIES, subtrees, versionedCategories } from '../concerned-categories.js';
import type { WatchedTable } from '../feed.js';
import { CATEGORY, CUSTOMER_GROUP, gone, scopes, settings, staging } from '../shared-watches.js';

const ALL = 'all rules and fallbacks';

export const CATEGORY_PERMISSION_WATCHES: readonly WatchedTable[] = [
  {
    table: 'magento_catalogpermissions',
    key: ['category_id'],
    concerns: 'the category',
    names: { column: 'category_id', as: 'entity' },
  },
  // A category takes its rules along by cascade; where it is decides whether they count.
  {
    ...CATEGORY,
    only: ['path', 'created_in', 'updated_in'],
    concerns: 'the category and those below it',
    tooMany: MANY_CATEGORIES,
    entities: (shop) => subtrees(shop, changedIds('entity_id')),
  },
  // Groups take rules along as well.
  {
    ...CUSTOMER_GROUP,
    only: [],
    concerns: `${ALL}, when a group is gone`,
    entities: gone('customer_group', 'customer_group_id'),
  },
  ...scopes(ALL),
  settings(ALL, ['catalog/magento_catalogpermissions/']),
  staging('categories with scheduled updates and those below them', (shop) => {
    const versioned = versionedCategories(shop);
    return versioned === undefined ? undefined : union(subtrees(shop, versioned));
  }),
];
