import { defineFeed } from '../feed.js';
import { collectProducts } from './collect.js';
import { Product } from './contract.js';
import { readEpoch } from './epoch.js';
import { PRODUCT_WATCHES } from './watches.js';

/**
 * Converged when the service holds one item for each product and each store view of the websites
 * it is assigned to, and none else: disabled, invisible and sold-out products included. Products
 * that are broken keep the items they had.
 */
export const products = defineFeed({
  name: 'products',
  summary: 'products as store views show them, without prices',
  mode: 'immediate',
  table: 'cde_products_feed',
  version: 1,
  contract: Product,
  identity: ['sku', 'storeViewCode'],
  minimalPayload: ['productId', 'sku', 'storeViewCode', 'storeCode', 'websiteCode', 'modifiedAt'],
  unhashed: ['updatedAt'],
  stamp: { field: 'modifiedAt', format: 'sql' },
  sourceIdField: 'productId',
  batchSize: 100,
  pageSize: 250,
  source: ({ shop: { product } }) => ({
    table: product.ids.table,
    idColumn: product.ids.column,
    idTypes: { sku: 'sku' },
  }),
  watches: PRODUCT_WATCHES,
  open: async (context, read) => {
    const epoch = await readEpoch(read, context);
    return (pageRead, selection) => collectProducts(context.shop, epoch, pageRead, selection);
  },
});
