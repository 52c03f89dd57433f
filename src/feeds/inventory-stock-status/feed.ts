import { MODULES } from '../../commerce/modules.js';
import { defineFeed } from '../feed.js';
import { stockCollector } from './collect.js';
import { StockStatus } from './contract.js';
import { STOCK_WATCHES } from './watches.js';

/**
 * Converged when the service holds, for each stock, what its index says of each product that
 * exists, with the reservations of now; for the default stock, of products with a source item in
 * the source `default`. A stock whose index has not been made yet is left as it was.
 */
export const inventoryStockStatus = defineFeed({
  name: 'inventoryStockStatus',
  summary: 'salable quantities of products per stock',
  mode: 'immediate',
  table: 'inventory_data_exporter_stock_status_feed',
  version: 1,
  contract: StockStatus,
  identity: ['stockId', 'sku'],
  minimalPayload: [
    'stockId',
    'sku',
    'isSalable',
    'qty',
    'qtyForSale',
    'infiniteStock',
    'updatedAt',
  ],
  unhashed: ['productId'],
  stamp: { field: 'updatedAt', format: 'sql' },
  sourceIdField: 'productId',
  batchSize: 100,
  pageSize: 500,
  source: ({ shop: { product } }) => ({
    table: product.ids.table,
    idColumn: product.ids.column,
    idTypes: { sku: 'sku' },
  }),
  requiredTables: ['inventory_stock', 'inventory_source_item', 'inventory_reservation'],
  requiredModule: MODULES.inventory,
  watches: STOCK_WATCHES,
  open: ({ shop }) => Promise.resolve(stockCollector(shop)),
});
