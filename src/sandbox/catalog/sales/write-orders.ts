import type { Catalog } from '../catalog.js';
import { timestamp } from '../dates.js';
import type { ProductPool } from '../products/pool.js';
import { customers } from '../scopes/write-scopes.js';
import { amountsOf, inBothCurrencies, type OrderAmounts } from './amounts.js';
import { orderCount, planOrder, type Order } from './order.js';
import { documentWriter } from './write-documents.js';
import { itemWriter } from './write-items.js';
import { linkOf } from './uuid-writer.js';

const statuses = [
  ['pending', 'Pending', 'new'],
  ['pending_payment', 'Pending Payment', 'pending_payment'],
  ['processing', 'Processing', 'processing'],
  ['complete', 'Complete', 'complete'],
  ['closed', 'Closed', 'closed'],
  ['canceled', 'Canceled', 'canceled'],
  ['holded', 'On Hold', 'holded'],
  ['payment_review', 'Payment Review', 'payment_review'],
  ['fraud', 'Suspected Fraud', 'payment_review'],
] as const;

/**
 * Orders with everything that hangs on them.
 *
 * @param written is called after every order with the number so far, and awaited.
 */
export async function writeOrders(
  catalog: Catalog,
  pool: ProductPool,
  written: (count: number, total: number) => Promise<void> | undefined,
): Promise<void> {
  const { writer, settings } = catalog;
  const status = writer.table('sales_order_status', ['status', 'label']);
  const state = writer.table('sales_order_status_state', [
    'status',
    'state',
    'is_default',
    'visible_on_front',
  ]);
  for (const [code, label, stateCode] of statuses) {
    status.add(code, label);
    state.add(code, stateCode, code === 'fraud' ? 0 : 1, 1);
  }
  const writeItems = itemWriter(catalog);
  const writeDocuments = documentWriter(catalog);
  const total = orderCount(settings.products);
  for (let id = 1; id <= total; id += 1) {
    const order = planOrder(catalog, pool, id);
    if (order.lines.length > 0) {
      const coupon = id % 6 === 1;
      const amounts = amountsOf(order.lines, order.kind, { virtual: order.virtual, coupon });
      writeOrder(catalog, order, amounts, coupon);
      const items = writeItems(order, amounts);
      writeDocuments(order, amounts, items);
    }
    await written(id, total);
  }
}

function writeOrder(catalog: Catalog, order: Order, amounts: OrderAmounts, coupon: boolean): void {
  const { writer } = catalog;
  const { id, kind, store, customerId, virtual, random } = order;
  const euro = (store?.websiteId ?? 1) === 2;
  const [firstname, lastname, groupId] = customers[(customerId ?? 1) - 1] ?? customers[0];
  const at = { created_at: timestamp(order.createdAt), updated_at: timestamp(order.updatedAt) };
  const addresses = virtual ? ['billing'] : ['shipping', 'billing'];
  const cancelled = kind.state === 'canceled' ? amounts.grandTotal : null;
  writer.records('sales_order', [
    {
      entity_id: id,
      state: kind.state,
      status: kind.status,
      coupon_code: coupon ? 'SUMMER10' : null,
      protect_code: random.uuid().replaceAll('-', ''),
      shipping_description: virtual ? null : 'Flat Rate - Fixed',
      shipping_method: virtual ? null : 'flatrate_flatrate',
      is_virtual: virtual ? 1 : 0,
      store_id: store?.id ?? null,
      customer_id: customerId ?? null,
      customer_is_guest: customerId === undefined ? 1 : 0,
      customer_group_id: customerId === undefined ? 0 : groupId,
      customer_email:
        customerId === undefined
          ? `guest${id}@example.com`
          : `${firstname}.${customerId}@example.com`.toLowerCase(),
      customer_firstname: firstname,
      customer_lastname: lastname,
      customer_note: id % 7 === 3 ? 'Please “ring” twice & wait' : null,
      increment_id: String(id).padStart(9, '0'),
      total_qty_ordered: amounts.quantity,
      total_item_count: amounts.lines.length,
      base_currency_code: 'USD',
      global_currency_code: 'USD',
      store_currency_code: 'USD',
      order_currency_code: euro ? 'EUR' : 'USD',
      base_to_global_rate: 1,
      base_to_order_rate: euro ? 0.9 : 1,
      remote_ip: '127.0.0.1',
      quote_id: id,
      ...inBothCurrencies(
        {
          subtotal: amounts.subtotal,
          grand_total: amounts.grandTotal,
          discount_amount: amounts.discount,
          tax_amount: amounts.tax,
          shipping_amount: amounts.shipping,
          shipping_tax_amount: 0,
          subtotal_incl_tax: amounts.subtotal + amounts.tax,
          total_invoiced: kind.invoiced ? amounts.invoiced : null,
          total_paid: kind.invoiced ? amounts.invoiced : null,
          total_refunded: kind.refunded === 'no' ? null : amounts.refunded,
          total_canceled: cancelled,
          total_due: amounts.grandTotal - amounts.invoiced,
        },
        euro ? 0.9 : 1,
      ),
      ...at,
    },
  ]);
  if (order.linked) linkOf(catalog, order)('order', id);

  writer.records(
    'sales_order_address',
    addresses.map((type) => ({
      parent_id: id,
      address_type: type,
      firstname,
      lastname,
      street: id % 4 === 0 ? '12 Main St\nApt 4\n' : '6146 Honey Bluff Parkway',
      city: 'Calder',
      region: id % 5 === 0 ? null : 'Michigan',
      region_id: id % 5 === 0 ? null : 33,
      postcode: '49628-7978',
      telephone: '(555) 229-3326',
      country_id: euro ? 'DE' : 'US',
      email: 'someone@example.com',
    })),
  );
  writer.records('sales_order_payment', [payment(order, amounts)]);
  writer.records('sales_order_status_history', [
    {
      parent_id: id,
      is_customer_notified: 1,
      comment: id % 3 === 0 ? 'We are on it.' : null,
      status: kind.status,
      created_at: at.updated_at,
      entity_name: 'order',
    },
  ]);
}

/** Online payments say more about themselves than offline ones. */
function payment({ id, kind }: Order, amounts: OrderAmounts) {
  const online = id % 3 === 1;
  const information = online
    ? {
        method_title: 'Credit Card',
        cc: { last4: '1111', checks: [true, null, 1.5] },
        risk: 0.25,
        path: 'a/b',
      }
    : { method_title: 'Check / Money order' };
  return {
    entity_id: id,
    parent_id: id,
    method: online ? 'sandbox_card' : 'checkmo',
    additional_information: JSON.stringify(information),
    ...inBothCurrencies(
      {
        amount_ordered: amounts.grandTotal,
        shipping_amount: amounts.shipping,
        amount_paid: kind.invoiced ? amounts.invoiced : null,
        amount_authorized: online ? amounts.grandTotal : null,
        amount_refunded: kind.refunded === 'no' ? null : amounts.refunded,
        amount_canceled: kind.state === 'canceled' ? amounts.grandTotal : null,
      },
      1,
    ),
    base_amount_paid_online: online && kind.invoiced ? amounts.invoiced : null,
    base_amount_refunded_online: online && kind.refunded !== 'no' ? amounts.refunded : null,
  };
}
