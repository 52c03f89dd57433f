import { defineFeed } from '../feed.js';
import { OrderCollector } from './collect.js';
import { Order } from './contract.js';
import { windowStart } from './window.js';

/**
 * Converged when the service holds, as they are now, all orders that own a UUID and were updated in
 * the last days (`ORDERS_DAYS`) or queued since they were linked. Orders are never deleted there:
 * those that leave the window, the shop, or lose their UUID stay as they were last sent.
 */
export const orders = defineFeed({
  name: 'orders',
  summary: 'sales orders with their documents',
  mode: 'legacy',
  table: 'sales_data_exporter_orders_v2',
  version: 1,
  contract: Order,
  identity: ['commerceOrderId'],
  minimalPayload: ['commerceOrderId'],
  unhashed: [],
  stamp: { field: 'modifiedAt', format: 'rfc3339' },
  sourceIdField: 'commerceOrderId',
  batchSize: 100,
  pageSize: 250,
  source: (context) => ({
    table: 'sales_order',
    idColumn: 'entity_id',
    idTypes: { commerceOrderNumber: 'increment_id' },
    where: `updated_at >= '${windowStart(context)}'`,
    selective: true,
  }),
  watches: [
    // `updated_at` is in the payload, so it counts here as it does for items and shipments.
    { table: 'sales_order', column: 'entity_id', holds: 'entity_id', ignoring: [] },
    { table: 'sales_order_item', column: 'order_id', holds: 'entity_id', ignoring: [] },
    { table: 'sales_order_address', column: 'parent_id', holds: 'entity_id' },
    { table: 'sales_order_payment', column: 'parent_id', holds: 'entity_id' },
    { table: 'sales_order_tax', column: 'order_id', holds: 'entity_id' },
    { table: 'sales_order_tax_item', column: 'tax_id', holds: 'other' },
    { table: 'sales_payment_transaction', column: 'order_id', holds: 'entity_id' },
    { table: 'sales_invoice', column: 'order_id', holds: 'entity_id' },
    { table: 'sales_invoice_item', column: 'parent_id', holds: 'other' },
    { table: 'sales_shipment', column: 'order_id', holds: 'entity_id', ignoring: [] },
    { table: 'sales_shipment_item', column: 'parent_id', holds: 'other' },
    { table: 'sales_shipment_track', column: 'parent_id', holds: 'other' },
    { table: 'sales_creditmemo', column: 'order_id', holds: 'entity_id' },
    { table: 'sales_creditmemo_item', column: 'parent_id', holds: 'other' },
    { table: 'sales_creditmemo_comment', column: 'parent_id', holds: 'other' },
    // Which thing a UUID is for stands in `type`.
    { table: 'data_exporter_uuid', column: 'entity_id', holds: 'other', only: ['uuid'] },
    // A configurable or bundle is told by the SKU that it has now.
    { table: 'catalog_product_entity', column: 'entity_id', holds: 'other', only: ['sku'] },
    {
      table: 'store',
      column: 'store_id',
      holds: 'other',
      only: ['code', 'group_id', 'website_id'],
    },
    { table: 'store_group', column: 'group_id', holds: 'other', only: ['code'] },
    { table: 'store_website', column: 'website_id', holds: 'other', only: ['code'] },
  ],
  removable: false,
  open(context) {
    const collector = new OrderCollector(context);
    return Promise.resolve((read, selection) => collector.collect(read, selection));
  },
});
