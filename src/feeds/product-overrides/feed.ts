import { permissionsEnabled } from '../../commerce/category-permissions.js';
import { defineFeed } from '../feed.js';
import { OverrideCollector } from './collect.js';
import { ProductOverride } from './contract.js';
import { findIndexTables, isIndexEmpty, PERMISSION_INDEX } from './index-tables.js';
import { PRODUCT_OVERRIDE_WATCHES } from './watches.js';

/**
 * Converged when the service holds what Commerce's permission index resolves for each product, each
 * website the product is assigned to and each customer group with a row there; nothing while
 * category permissions are switched off. A product without a row follows the fallbacks of
 * categoryPermissions. The reference exporter's payload is not published: this one is ours.
 */
export const productOverrides = defineFeed({
  name: 'productOverrides',
  summary: 'permissions of products per website and customer group (Adobe Commerce)',
  mode: 'immediate',
  table: 'cde_product_overrides_feed',
  version: 1,
  contract: ProductOverride,
  identity: ['sku', 'customerGroupCode', 'websiteCode'],
  minimalPayload: ['sku', 'productId', 'websiteCode', 'customerGroupCode', 'modifiedAt'],
  unhashed: [],
  stamp: { field: 'modifiedAt', format: 'sql' },
  sourceIdField: 'productId',
  batchSize: 100,
  pageSize: 250,
  source: ({ shop: { product } }) => ({
    table: product.ids.table,
    idColumn: product.ids.column,
    idTypes: { sku: 'sku' },
  }),
  requiredTables: [PERMISSION_INDEX],
  watches: PRODUCT_OVERRIDE_WATCHES,
  // A reindex that failed leaves an empty index, which would open all that is restricted.
  isSourceLost: async (shop, read) =>
    permissionsEnabled(shop.configuration) && (await isIndexEmpty(shop, read)),
  async open({ shop }, read) {
    if (!permissionsEnabled(shop.configuration)) {
      return () => Promise.resolve({ items: [], failures: [] });
    }
    const collector = new OverrideCollector(shop, await findIndexTables(shop, read));
    return (read, selection) => collector.collect(read, selection);
  },
});
