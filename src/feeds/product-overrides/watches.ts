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
import { PERMISSION_INDEX } from './index-tables.js';

const ALL = 'all products';
const SWAPPED = [
  'product_id',
  'store_id',
  'customer_group_id',
  'grant_catalog_category_view',
  'grant_catalog_product_price',
  'grant_checkout_items',
];

/** Not watched: `magento_catalogpermissions`, of which Commerce makes the index. */
export const PRODUCT_OVERRIDE_WATCHES: readonly WatchedTable[] = [
  // In the indexer's dimension mode the index is one table for each customer group.
  ...[PERMISSION_INDEX, `${PERMISSION_INDEX}_*`].map((table): WatchedTable => ({
    table,
    key: ['product_id'],
    concerns: 'the product',
    names: { column: 'product_id', as: 'entity' },
    swapped: SWAPPED,
  })),
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
  },
  settings(ALL, ['catalog/magento_catalogpermissions/']),
  staging('products with scheduled updates', versionedProducts),
];
