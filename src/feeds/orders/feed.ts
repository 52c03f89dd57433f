import { defineFeed } from '../feed.js';
import { OrderCollector } from './collect.js';
import { Order } from './contract.js';
import { windowStart } from './window.js';
import { ORDER_WATCHES } from './watches.js';

/**
 * Converged when the service holds, as they are now, all orders that own a UUID and were updated in
 * the last days (`ORDERS_DAYS`) or queued since they were linked. Orders are never deleted there:
 * those that leave the shop or lose their UUID stay as they were last sent.
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
  watches: ORDER_WATCHES,
  removable: false,
  open(context) {
    const collector = new OrderCollector(context);
    return Promise.resolve((read, selection) => collector.collect(read, selection));
  },
});
