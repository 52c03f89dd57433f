import { ExportError } from '../../errors/export-error.js';
import { defineFeed } from '../feed.js';
import { stockCollector } from './collect.js';
import { StockStatus } from './contract.js';
import { STOCK_WATCHES } from './watches.js';

const REQUIRED_TABLES = ['inventory_stock', 'inventory_source_item', 'inventory_reservation'];

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
  requiredTables: REQUIRED_TABLES,
  watches: STOCK_WATCHES,
  /** Fails with ExportError SDE40-02 where the inventory modules are off or were removed. */
  open({ shop, settings }) {
    const missing = REQUIRED_TABLES.filter((table) => !shop.hasTable(table));
    if (settings.inventory !== 'off' && missing.length === 0) {
      return Promise.resolve(stockCollector(shop));
    }
    const reason =
      missing.length > 0
        ? `the shop has no table ${missing.join(', ')}`
        : 'the inventory modules are switched off';
    return Promise.reject(
      new ExportError('SDE40-02', {
        message: `There is no stock to export: ${reason}.`,
        cure: 'Switch the feed inventoryStockStatus off (FEEDS).',
      }),
    );
  },
});
