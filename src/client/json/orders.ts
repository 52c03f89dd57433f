import { Type } from 'typebox';

import { count, exactly, nullable, text, yes, type JsonDocument } from './document.js';

const orderIds = (description: string) => Type.Array(Type.Integer({ minimum: 1 }), { description });

/** The commands for identifiers and personal data of orders. */
export const ORDERS: readonly JsonDocument[] = [
  {
    command: 'orders link',
    forms: [
      {
        schema: exactly({
          state: nullable(text('of the filter')),
          from: nullable(text('of the filter, UTC')),
          to: nullable(text('of the filter, UTC')),
          orders: count('orders that the filter found'),
          linked: count('of those, orders that got a UUID; they are queued'),
          uuids: count('UUIDs made, of orders and their parts'),
          uuidsByType: exactly({
            order: count(),
            order_item: count(),
            credit_memo: count(),
            order_shipment: count(),
          }),
        }),
      },
    ],
  },
  {
    command: 'orders erase',
    forms: [
      {
        schema: exactly({
          dryRun: yes('nothing was removed'),
          found: orderIds('orders of the customer that the exporter knows'),
          erased: orderIds('of those, orders whose payload was kept, and is removed'),
          sent: orderIds('of those, orders that the service may hold'),
          gone: orderIds('sent orders that Commerce no longer has'),
          inCommerce: orderIds('orders that Commerce has under this customer id or address'),
          todo: Type.Array(Type.String(), { description: 'what is left to do elsewhere' }),
        }),
      },
    ],
  },
];
