import type { Shop } from '../../commerce/shop.js';
import { union } from '../concerned-products.js';
import type { WatchedTable } from '../feed.js';
import { gone, PRODUCT, scopes, settings } from '../shared-watches.js';

const own = (
  table: string,
  column: string,
  counted: Pick<WatchedTable, 'only' | 'ignoring'> = {},
): WatchedTable => ({
  table,
  key: [column],
  ...counted,
  concerns: 'the order',
  names: { column, as: 'entity' },
});

/** A table whose rows belong to a document of an order. */
const part = (
  table: string,
  owner: string,
  [column, id]: readonly [string, string] = ['parent_id', 'entity_id'],
): WatchedTable => ({
  table,
  key: [column],
  concerns: 'the order',
  entities: ({ t }) =>
    `SELECT d.order_id FROM changed c STRAIGHT_JOIN ${t(owner)} d ON d.${id} = c.${column}`,
});

const ALL = 'all orders that were exported';

/** Where the things stand that UUIDs are for, with their ids. */
const UUID_OWNERS = [
  ['order_item', 'sales_order_item', 'item_id'],
  ['credit_memo', 'sales_creditmemo', 'entity_id'],
  ['order_shipment', 'sales_shipment', 'entity_id'],
] as const;

export const ORDER_WATCHES: readonly WatchedTable[] = [
  // `updated_at` is in the payload, so it counts here as it does for items and shipments.
  own('sales_order', 'entity_id', { ignoring: [] }),
  own('sales_order_item', 'order_id', { ignoring: [] }),
  own('sales_order_address', 'parent_id'),
  own('sales_order_payment', 'parent_id'),
  own('sales_order_tax', 'order_id'),
  part('sales_order_tax_item', 'sales_order_tax', ['tax_id', 'tax_id']),
  own('sales_payment_transaction', 'order_id'),
  own('sales_invoice', 'order_id'),
  part('sales_invoice_item', 'sales_invoice'),
  own('sales_shipment', 'order_id', { ignoring: [] }),
  part('sales_shipment_item', 'sales_shipment'),
  part('sales_shipment_track', 'sales_shipment'),
  own('sales_creditmemo', 'order_id'),
  part('sales_creditmemo_item', 'sales_creditmemo'),
  part('sales_creditmemo_comment', 'sales_creditmemo'),
  {
    table: 'data_exporter_uuid',
    key: ['entity_id', 'type'],
    only: ['uuid', 'entity_id', 'type'],
    concerns: 'the order',
    limitedTo: 'of orders',
    when: ({ type }) => type === 'order',
    names: { column: 'entity_id', as: 'entity' },
  },
  {
    table: 'data_exporter_uuid',
    key: ['entity_id', 'type'],
    only: ['uuid', 'entity_id', 'type'],
    concerns: 'the order',
    limitedTo: 'of items and documents',
    when: ({ type }) => UUID_OWNERS.some(([each]) => each === type),
    entities: ({ t }) =>
      union(
        ...UUID_OWNERS.map(
          ([type, table, id]) => `SELECT d.order_id
            FROM changed c STRAIGHT_JOIN ${t(table)} d ON d.${id} = c.entity_id
            WHERE CAST(c.type AS BINARY) = '${type}'`,
        ),
      ),
  },
  // A configurable or bundle is told by the SKU that it has now; SKUs are not staged. Order items
  // have no index on the product, so that the orders themselves cannot be told.
  {
    ...PRODUCT,
    only: ['sku', 'type_id'],
    concerns: ALL,
    limitedTo: 'of the SKU of configurable products and bundles, and when a product is gone',
    entities: renamed,
  },
  // What was theirs loses their id by a foreign key that fires no trigger.
  {
    table: 'customer_entity',
    key: ['entity_id'],
    only: [],
    concerns: `${ALL}, when a customer is gone`,
    entities: gone('customer_entity', 'entity_id'),
  },
  ...scopes(ALL),
  settings(ALL, [
    'web/unsecure/base_url',
    'web/unsecure/base_link_url',
    'web/secure/base_url',
    'web/seo/use_rewrites',
    'web/url/use_store',
  ]),
];

function renamed({ t, product }: Shop): string {
  return `SELECT NULL AS entity_id
    FROM changed c LEFT JOIN ${t(product.name)} p ON p.entity_id = c.entity_id
    WHERE p.entity_id IS NULL
      OR p.type_id IN ('configurable', 'bundle') AND p.sku <> CAST(c.sku AS BINARY)`;
}
