import type { Read } from '../../commerce/read.js';
import { among, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';

/** An order with one of its payments; decimals and times are text. */
export interface OrderRow {
  readonly id: number;
  readonly uuid: string | null;
  readonly paymentId: number;
  readonly incrementId: string | null;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly state: string | null;
  readonly status: string | null;
  readonly totalInvoiced: string | null;
  readonly totalQuantity: string | null;
  readonly isVirtual: number | null;
  readonly subtotal: string | null;
  readonly grandTotal: string | null;
  readonly discount: string | null;
  readonly tax: string | null;
  readonly currency: string | null;
  readonly storeId: number | null;
  readonly storeViewCode: string | null;
  readonly storeCode: string | null;
  readonly websiteCode: string | null;
  readonly customerId: number | null;
  readonly customerEmail: string | null;
  readonly customerNote: string | null;
  readonly shippingMethod: string | null;
  readonly shippingDescription: string | null;
  readonly shippingAmount: string | null;
  readonly shippingTax: string | null;
  readonly paidOnline: string | null;
  readonly refundedOnline: string | null;
  readonly authorized: string | null;
  readonly paid: string | null;
  readonly refunded: string | null;
  readonly canceled: string | null;
  readonly method: string | null;
  readonly information: string | null;
}

const COLUMNS: Readonly<Record<keyof OrderRow, string>> = {
  id: 'o.entity_id',
  uuid: 'u.uuid',
  paymentId: 'p.entity_id',
  incrementId: 'o.increment_id',
  createdAt: 'o.created_at',
  updatedAt: 'o.updated_at',
  state: 'o.state',
  status: 'o.status',
  totalInvoiced: 'o.base_total_invoiced',
  totalQuantity: 'o.total_qty_ordered',
  isVirtual: 'o.is_virtual',
  subtotal: 'o.base_subtotal',
  grandTotal: 'o.base_grand_total',
  discount: 'o.base_discount_amount',
  tax: 'o.base_tax_amount',
  currency: 'o.base_currency_code',
  storeId: 'o.store_id',
  storeViewCode: 's.code',
  storeCode: 'g.code',
  websiteCode: 'w.code',
  customerId: 'o.customer_id',
  customerEmail: 'o.customer_email',
  customerNote: 'o.customer_note',
  shippingMethod: 'o.shipping_method',
  shippingDescription: 'o.shipping_description',
  shippingAmount: 'o.base_shipping_amount',
  shippingTax: 'o.base_shipping_tax_amount',
  paidOnline: 'p.base_amount_paid_online',
  refundedOnline: 'p.base_amount_refunded_online',
  authorized: 'p.base_amount_authorized',
  paid: 'p.base_amount_paid',
  refunded: 'p.base_amount_refunded',
  canceled: 'p.base_amount_canceled',
  method: 'p.method',
  information: 'p.additional_information',
};

const FIELDS = Object.keys(COLUMNS) as readonly (keyof OrderRow)[];
const SELECTED = Object.values(COLUMNS).join(', ');

/**
 * Orders with their payment, ascending. Orders: without a payment they are not exported; of several
 * payments the last one counts.
 *
 * @param since only orders updated from then on (`YYYY-MM-DD HH:MM:SS`, UTC); all by default.
 */
export async function readOrders(
  shop: Shop,
  read: Read,
  selection: Selection,
  since?: string,
): Promise<OrderRow[]> {
  // Orders come first, found by id or by time, whichever is less: from the payments' side a page
  // whose range begins long before the window is a scan of the table.
  const rows = await read.rows(`
    SELECT ${SELECTED}
    FROM ${shop.t('sales_order')} o
    STRAIGHT_JOIN ${shop.t('sales_order_payment')} p ON p.parent_id = o.entity_id
    ${joinUuid(shop, 'o.entity_id', 'order')}
    LEFT JOIN ${shop.t('store')} s ON s.store_id = o.store_id
    LEFT JOIN ${shop.t('store_group')} g ON g.group_id = s.group_id
    LEFT JOIN ${shop.t('store_website')} w ON w.website_id = s.website_id
    WHERE ${among('o.entity_id', selection)}
    ${since === undefined ? '' : `AND o.updated_at >= '${since}'`}`);
  const orders = new Map<number, OrderRow>();
  for (const values of rows) {
    const row = rowOf(values);
    const other = orders.get(row.id);
    if (other === undefined || other.paymentId < row.paymentId) orders.set(row.id, row);
  }
  return [...orders.values()].sort((a, b) => a.id - b.id);
}

/** Joins the shop's UUID as `u.uuid`; NULL everywhere in shops that keep none. */
export function joinUuid(shop: Shop, id: string, type: string): string {
  return shop.hasTable('data_exporter_uuid')
    ? `LEFT JOIN ${shop.t('data_exporter_uuid')} u ON u.entity_id = ${id} AND u.type = '${type}'`
    : 'LEFT JOIN (SELECT NULL AS uuid) u ON FALSE';
}

function rowOf(values: readonly unknown[]): OrderRow {
  const row: Record<string, unknown> = {};
  FIELDS.forEach((field, index) => {
    row[field] = values[index];
  });
  return row as unknown as OrderRow;
}
