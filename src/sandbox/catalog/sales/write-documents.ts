import type { Catalog } from '../catalog.js';
import { timestamp } from '../dates.js';
import { inBothCurrencies, money, type OrderAmounts } from './amounts.js';
import type { Order } from './order.js';
import { linkOf } from './uuid-writer.js';
import type { WrittenItem } from './write-items.js';

type Written = (order: Order, amounts: OrderAmounts, items: readonly WrittenItem[]) => void;

/** Invoices, shipments with tracks, credit memos with comments, payment transactions. */
export function documentWriter(catalog: Catalog): Written {
  const { writer } = catalog;
  let lastInvoice = 0;
  let lastShipment = 0;
  let lastMemo = 0;
  return (order, amounts, items) => {
    const { kind } = order;
    if (kind.invoiced) writeInvoice(order, amounts, items);
    if (kind.shipped !== 'no' && !order.virtual) writeShipments(order, items);
    if (kind.refunded !== 'no') writeMemo(order, amounts, items);
    if (order.id % 3 === 1) writeTransaction(order);
  };

  function writeInvoice(order: Order, amounts: OrderAmounts, items: readonly WrittenItem[]): void {
    lastInvoice += 1;
    writer.records('sales_invoice', [
      {
        entity_id: lastInvoice,
        order_id: order.id,
        store_id: order.store?.id ?? null,
        increment_id: String(lastInvoice).padStart(9, '0'),
        state: 2,
        is_used_for_refund: order.kind.refunded === 'no' ? null : 1,
        total_qty: amounts.quantity,
        base_currency_code: 'USD',
        ...inBothCurrencies(
          {
            grand_total: amounts.grandTotal,
            subtotal: amounts.subtotal,
            tax_amount: amounts.tax,
            shipping_amount: amounts.shipping,
            discount_amount: amounts.discount,
          },
          1,
        ),
        ...times(order),
      },
    ]);
    writer.records(
      'sales_invoice_item',
      items.map((item) => ({
        parent_id: lastInvoice,
        ...reference(item),
        qty: item.amounts.quantity,
        ...inBothCurrencies({ price: item.amounts.price, row_total: item.amounts.rowTotal }, 1),
      })),
    );
  }

  /** A partly shipped order has its first item on the way; every third parcel has two tracks. */
  function writeShipments(order: Order, items: readonly WrittenItem[]): void {
    const shipped = order.kind.shipped === 'fully' ? items : items.slice(0, 1);
    lastShipment += 1;
    const id = lastShipment;
    writer.records('sales_shipment', [
      {
        entity_id: id,
        order_id: order.id,
        store_id: order.store?.id ?? null,
        customer_id: order.customerId ?? null,
        increment_id: String(id).padStart(9, '0'),
        total_qty: shipped.reduce((sum, { amounts }) => sum + amounts.quantity, 0),
        ...times(order),
      },
    ]);
    writer.records(
      'sales_shipment_item',
      shipped.map((item) => ({
        parent_id: id,
        ...reference(item),
        qty: item.amounts.quantity,
        price: item.amounts.price,
      })),
    );
    const tracks = id % 4 === 0 ? [] : id % 3 === 0 ? ['ups', 'dhl'] : ['ups'];
    writer.records(
      'sales_shipment_track',
      tracks.map((carrier, at) => ({
        parent_id: id,
        order_id: order.id,
        track_number: `1Z${String(id * 10 + at).padStart(8, '0')}`,
        title: carrier.toUpperCase(),
        carrier_code: carrier,
        ...times(order),
      })),
    );
    writer.table('inventory_shipment_source', ['shipment_id', 'source_code']).add(id, 'default');
    if (order.linked) linkOf(catalog, order)('order_shipment', id);
  }

  function writeMemo(order: Order, amounts: OrderAmounts, items: readonly WrittenItem[]): void {
    const whole = order.kind.refunded === 'fully';
    const refunded = whole ? items : items.slice(0, 1);
    lastMemo += 1;
    const id = lastMemo;
    const adjustment = whole ? 0 : money(amounts.refunded / 10);
    writer.records('sales_creditmemo', [
      {
        entity_id: id,
        order_id: order.id,
        store_id: order.store?.id ?? null,
        increment_id: String(id).padStart(9, '0'),
        state: 2,
        base_currency_code: 'USD',
        ...inBothCurrencies(
          {
            grand_total: amounts.refunded,
            subtotal: whole ? amounts.subtotal : money(amounts.subtotal / 2),
            tax_amount: whole ? amounts.tax : 0,
            shipping_amount: whole ? amounts.shipping : 0,
            shipping_tax_amount: 0,
            adjustment,
          },
          1,
        ),
        ...times(order),
      },
    ]);
    writer.records(
      'sales_creditmemo_item',
      refunded.map((item) => ({
        parent_id: id,
        ...reference(item),
        qty: item.amounts.quantity,
        ...inBothCurrencies(
          {
            price: item.amounts.price,
            row_total: item.amounts.rowTotal,
            discount_amount: item.amounts.discount,
            tax_amount: item.amounts.tax,
          },
          1,
        ),
      })),
    );
    writer.records(
      'sales_creditmemo_comment',
      [null, 'Sorry about “that”.'].slice(id % 3).map((comment) => ({
        parent_id: id,
        is_customer_notified: 0,
        comment,
        created_at: timestamp(order.updatedAt),
      })),
    );
    if (order.linked) linkOf(catalog, order)('credit_memo', id);
  }

  function writeTransaction(order: Order): void {
    writer.records('sales_payment_transaction', [
      {
        order_id: order.id,
        payment_id: order.id,
        txn_id: order.id % 2 === 0 ? null : `txn_${order.id}`,
        txn_type: order.kind.invoiced ? 'capture' : 'authorization',
        is_closed: order.kind.invoiced ? 1 : 0,
        created_at: timestamp(order.createdAt),
      },
    ]);
  }
}

function times({ createdAt, updatedAt }: Order) {
  return { created_at: timestamp(createdAt), updated_at: timestamp(updatedAt) };
}

function reference({ id, line }: WrittenItem) {
  const { entityId, sku, name } = line.product;
  return { order_item_id: id, product_id: entityId, sku, name };
}
