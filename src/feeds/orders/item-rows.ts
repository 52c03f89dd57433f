import type { Read } from '../../commerce/read.js';
import { among, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { joinUuid } from './order-rows.js';

export type ItemRow = readonly [
  id: number,
  orderId: number,
  uuid: string | null,
  parentId: number | null,
  isVirtual: number | null,
  invoiced: string | null,
  shipped: string | null,
  backordered: string | null,
  ordered: string | null,
  refunded: string | null,
  canceled: string | null,
  productType: string | null,
  productOptions: string | null,
  productId: number | null,
  sku: string | null,
  /** What the product is called now; null where it is gone. */
  currentSku: string | null,
  name: string | null,
  price: string | null,
  rowTotal: string | null,
  discount: string | null,
  tax: string | null,
  rowTotalWithTax: string | null,
  weight: string | null,
  updatedAt: string | null,
  additionalData: string | null,
];

/** All items of the orders, parents and children alike. */
export async function readItems(shop: Shop, read: Read, orders: Selection): Promise<ItemRow[]> {
  return read.rows<ItemRow>(`
    SELECT i.item_id, i.order_id, u.uuid, i.parent_item_id, i.is_virtual, i.qty_invoiced,
           i.qty_shipped, i.qty_backordered, i.qty_ordered, i.qty_refunded, i.qty_canceled,
           i.product_type, i.product_options, i.product_id, i.sku, c.sku, i.name, i.base_price,
           i.base_row_total, i.base_discount_amount, i.base_tax_amount, i.base_row_total_incl_tax,
           i.weight, i.updated_at, i.additional_data
    FROM ${shop.t('sales_order_item')} i
    ${joinUuid(shop, 'i.item_id', 'order_item')}
    LEFT JOIN ${shop.t(shop.product.name)} c
      ON c.entity_id = i.product_id AND i.product_type IN ('configurable', 'bundle')
      AND ${shop.product.active('c')}
    WHERE ${among('i.order_id', orders)}`);
}

/** The shop's UUIDs of order items that documents refer to and that are gone. */
export async function readUuidsOfItems(
  shop: Shop,
  read: Read,
  itemIds: Selection,
): Promise<(readonly [itemId: number, uuid: string])[]> {
  if (!shop.hasTable('data_exporter_uuid')) return [];
  return read.rows<[number, string]>(`
    SELECT entity_id, uuid FROM ${shop.t('data_exporter_uuid')}
    WHERE type = 'order_item' AND ${among('entity_id', itemIds)}`);
}

export type AddressRow = readonly [
  id: number,
  orderId: number,
  type: string | null,
  telephone: string | null,
  region: string | null,
  postcode: string | null,
  street: string | null,
  city: string | null,
  country: string | null,
  firstname: string | null,
  lastname: string | null,
];

export async function readAddresses(
  shop: Shop,
  read: Read,
  orders: Selection,
): Promise<AddressRow[]> {
  return read.rows<AddressRow>(`
    SELECT entity_id, parent_id, address_type, telephone, region, postcode, street, city,
           country_id, firstname, lastname
    FROM ${shop.t('sales_order_address')}
    WHERE ${among('parent_id', orders)}`);
}

export type TransactionRow = readonly [
  id: number,
  orderId: number,
  txnId: string | null,
  type: string | null,
  createdAt: string | null,
];

export async function readTransactions(
  shop: Shop,
  read: Read,
  orders: Selection,
): Promise<TransactionRow[]> {
  return read.rows<TransactionRow>(`
    SELECT transaction_id, order_id, txn_id, txn_type, created_at
    FROM ${shop.t('sales_payment_transaction')}
    WHERE ${among('order_id', orders)}`);
}
