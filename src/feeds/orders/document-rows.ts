import type { Read } from '../../commerce/read.js';
import { among, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { joinUuid } from './order-rows.js';

export type InvoiceRow = readonly [
  id: number,
  orderId: number,
  isUsedForRefund: number | null,
  grandTotal: string | null,
  createdAt: string | null,
  incrementId: string | null,
];

/** An item of an invoice or a shipment. */
export type DocumentItemRow = readonly [
  id: number,
  documentId: number,
  orderItemId: number | null,
  quantity: string | null,
];

export type ShipmentRow = readonly [
  id: number,
  orderId: number,
  uuid: string | null,
  createdAt: string | null,
  updatedAt: string | null,
  incrementId: string | null,
];

/** A parcel; method and code are those of the order that the parcel itself names. */
export type TrackRow = readonly [
  id: number,
  shipmentId: number,
  carrier: string | null,
  trackNumber: string | null,
  shippingMethod: string | null,
  protectCode: string | null,
];

export type CreditMemoRow = readonly [
  id: number,
  orderId: number,
  uuid: string | null,
  state: number | null,
  createdAt: string | null,
  shipping: string | null,
  shippingTax: string | null,
  adjustment: string | null,
  currency: string | null,
  subtotal: string | null,
  tax: string | null,
  grandTotal: string | null,
  incrementId: string | null,
];

export type CreditMemoItemRow = readonly [
  id: number,
  creditMemoId: number,
  orderItemId: number | null,
  quantity: string | null,
  price: string | null,
  discount: string | null,
];

export type CommentRow = readonly [id: number, creditMemoId: number, comment: string | null];

/** A tax of an order, once for each thing that is taxed. */
export type TaxRow = readonly [
  id: number,
  orderId: number,
  title: string | null,
  /** Of the whole order, in base currency. */
  baseAmount: string | null,
  priority: number,
  position: number,
  taxItemId: number,
  /** The order item that is taxed; null for shipping. */
  itemId: number | null,
  type: string,
  /** Of the item, in order currency. */
  amount: string,
];

/** Everything that came after the order. */
export interface DocumentRows {
  readonly invoices: readonly InvoiceRow[];
  readonly invoiceItems: readonly DocumentItemRow[];
  readonly shipments: readonly ShipmentRow[];
  readonly shipmentItems: readonly DocumentItemRow[];
  readonly tracks: readonly TrackRow[];
  readonly creditMemos: readonly CreditMemoRow[];
  readonly creditMemoItems: readonly CreditMemoItemRow[];
  readonly comments: readonly CommentRow[];
  readonly taxes: readonly TaxRow[];
}

/** At most nine queries; those of parts are left out where no document has any. */
export async function readDocuments(
  shop: Shop,
  read: Read,
  orders: Selection,
): Promise<DocumentRows> {
  const { t } = shop;
  const of = (column: string): string => among(column, orders);
  const invoices = await read.rows<InvoiceRow>(`
    SELECT entity_id, order_id, is_used_for_refund, base_grand_total, created_at, increment_id
    FROM ${t('sales_invoice')} WHERE ${of('order_id')}`);
  const shipments = await read.rows<ShipmentRow>(`
    SELECT d.entity_id, d.order_id, u.uuid, d.created_at, d.updated_at, d.increment_id
    FROM ${t('sales_shipment')} d
    ${joinUuid(shop, 'd.entity_id', 'order_shipment')}
    WHERE ${of('d.order_id')}`);
  const creditMemos = await read.rows<CreditMemoRow>(`
    SELECT d.entity_id, d.order_id, u.uuid, d.state, d.created_at, d.base_shipping_amount,
           d.base_shipping_tax_amount, d.base_adjustment, d.base_currency_code, d.base_subtotal,
           d.base_tax_amount, d.base_grand_total, d.increment_id
    FROM ${t('sales_creditmemo')} d
    ${joinUuid(shop, 'd.entity_id', 'credit_memo')}
    WHERE ${of('d.order_id')}`);

  const refundedOrders = [...new Set(creditMemos.map(([, orderId]) => orderId))];
  const partsOf = async <Row extends readonly unknown[]>(
    documents: readonly unknown[],
    sql: string,
  ): Promise<Row[]> => (documents.length === 0 ? [] : read.rows<Row>(sql));
  return {
    invoices,
    shipments,
    creditMemos,
    invoiceItems: await partsOf(
      invoices,
      `SELECT i.entity_id, i.parent_id, i.order_item_id, i.qty
       FROM ${t('sales_invoice')} d JOIN ${t('sales_invoice_item')} i ON i.parent_id = d.entity_id
       WHERE ${of('d.order_id')}`,
    ),
    shipmentItems: await partsOf(
      shipments,
      `SELECT i.entity_id, i.parent_id, i.order_item_id, i.qty
       FROM ${t('sales_shipment')} d JOIN ${t('sales_shipment_item')} i ON i.parent_id = d.entity_id
       WHERE ${of('d.order_id')}`,
    ),
    tracks: await partsOf(
      shipments,
      `SELECT p.entity_id, p.parent_id, p.carrier_code, p.track_number, o.shipping_method,
              o.protect_code
       FROM ${t('sales_shipment')} d
       JOIN ${t('sales_shipment_track')} p ON p.parent_id = d.entity_id
       JOIN ${t('sales_order')} o ON o.entity_id = p.order_id
       WHERE ${of('d.order_id')}`,
    ),
    creditMemoItems: await partsOf(
      creditMemos,
      `SELECT i.entity_id, i.parent_id, i.order_item_id, i.qty, i.base_price,
              i.base_discount_amount
       FROM ${t('sales_creditmemo')} d
       JOIN ${t('sales_creditmemo_item')} i ON i.parent_id = d.entity_id
       WHERE ${of('d.order_id')}`,
    ),
    comments: await partsOf(
      creditMemos,
      `SELECT c.entity_id, c.parent_id, c.comment
       FROM ${t('sales_creditmemo')} d
       JOIN ${t('sales_creditmemo_comment')} c ON c.parent_id = d.entity_id
       WHERE ${of('d.order_id')}`,
    ),
    taxes: await partsOf(
      creditMemos,
      `SELECT x.tax_id, x.order_id, x.title, x.base_amount, x.priority, x.position,
              i.tax_item_id, i.item_id, i.taxable_item_type, i.amount
       FROM ${t('sales_order_tax')} x
       JOIN ${t('sales_order_tax_item')} i ON i.tax_id = x.tax_id
       WHERE ${among('x.order_id', { kind: 'ids', ids: refundedOrders })}`,
    ),
  };
}
