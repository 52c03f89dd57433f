import { versionedProducts } from '../concerned-products.js';
import type { WatchedTable } from '../feed.js';
import {
  CUSTOMER_GROUP,
  gone,
  PRODUCT,
  PRODUCT_WEBSITE,
  scopes,
  settings,
  staging,
} from '../shared-watches.js';
import { PERMISSION_INDEX, PERMISSION_INDEX_COLUMNS } from './index-tables.js';

const ALL = 'all products';

/** Not watched: `magento_catalogpermissions`, of which Commerce makes the index. */
export const PRODUCT_OVERRIDE_WATCHES: readonly WatchedTable[] = [
  // In the indexer's dimension mode the index is several tables, whose names are not published.
  {
    table: `${PERMISSION_INDEX}*`,
    suffix: 'any',
    key: ['product_id'],
    concerns: 'the product',
    names: { column: 'product_id', as: 'entity' },
    swapped: PERMISSION_INDEX_COLUMNS,
  },
  { ...PRODUCT_WEBSITE, concerns: 'the product', names: { column: 'product_id', as: 'entity' } },
  {
    ...PRODUCT,
    only: ['sku', 'created_in', 'updated_in'],
    concerns: 'the product',
    names: { column: 'entity_id', as: 'entity' },
  },
  ...scopes(ALL),
  {
    ...CUSTOMER_GROUP,
    only: [],
    concerns: `${ALL}, when a group is gone`,
    entities: gone('customer_group', 'customer_group_id'),
    // Which tables the index consists of.
    cached: true,
  },
  settings(ALL, ['catalog/magento_catalogpermissions/']),
  staging('products with scheduled updates', versionedProducts),
];
