import { BrokenOrder } from './broken-order.js';
import { date, decimal, flag, listOrNull, present, text, uuidRef } from './casts.js';
import type { Invoice, Shipment, Transaction } from './contract-documents.js';
import type { DocumentItemRow, InvoiceRow, ShipmentRow, TrackRow } from './document-rows.js';
import type { TransactionRow } from './item-rows.js';
import { partUuid, type PartUuids } from './part-uuids.js';
import { trackingUrl } from './tracking-url.js';

type InvoiceItem = NonNullable<Invoice['invoiceItems']>[number];
type ShipmentItem = NonNullable<Shipment['items']>[number];

/** @throws BrokenOrder where an item names no order item. */
export function invoice(
  [id, , isUsedForRefund, grandTotal, createdAt, incrementId]: InvoiceRow,
  items: readonly DocumentItemRow[] | undefined,
  uuids: PartUuids,
): Invoice {
  return present<Invoice>({
    entityId: String(id),
    isUsedForRefund: flag(isUsedForRefund),
    grandTotal: decimal(grandTotal),
    createdAt: date(createdAt),
    commerceInvoiceNumber: text(incrementId),
    invoiceItems: listOrNull(
      items?.map((item) =>
        present<InvoiceItem>({
          orderItemId: uuidRef(uuids.items.get(orderItemId(item, 'sales_invoice_item'))),
          qtyInvoiced: decimal(item[3]),
        }),
      ),
    ),
  });
}

/**
 * @param tracks the shipment's parcels, ascending.
 * @throws BrokenOrder where an item names no order item.
 */
export function shipment(
  [id, , uuid, createdAt, updatedAt, incrementId]: ShipmentRow,
  items: readonly DocumentItemRow[] | undefined,
  tracks: readonly TrackRow[] | undefined,
  uuids: PartUuids,
  trackingBase: string,
): Shipment {
  return present<Shipment>({
    shipmentId: partUuid(uuids.shipments, id, uuid, 'shipment'),
    createdAt: date(createdAt),
    updatedAt: date(updatedAt),
    trackingInfo: trackingInfo(tracks?.at(-1), trackingBase),
    commerceShipmentNumber: text(incrementId),
    items: listOrNull(
      items?.map((item) =>
        present<ShipmentItem>({
          orderItemId: uuidRef(uuids.items.get(orderItemId(item, 'sales_shipment_item'))),
          qtyShipped: decimal(item[3]),
        }),
      ),
    ),
  });
}

export function transaction([id, , txnId, type, createdAt]: TransactionRow): Transaction {
  return present<Transaction>({
    entityId: String(id),
    txnId: text(txnId),
    type: text(type),
    createdAt: date(createdAt),
  });
}

function trackingInfo(track: TrackRow | undefined, base: string): Shipment['trackingInfo'] {
  if (track === undefined) return null;
  const [id, , carrier, trackNumber, shippingMethod, protectCode] = track;
  return present<NonNullable<Shipment['trackingInfo']>>({
    shippingCarrier: text(carrier),
    shippingMethod: text(shippingMethod),
    trackingNumber: text(trackNumber),
    trackingUrl: trackingUrl(base, id, protectCode),
  });
}

function orderItemId([id, , itemId]: DocumentItemRow, table: string): number {
  if (itemId === null) throw new BrokenOrder(`${table} ${id} has no order_item_id.`);
  return itemId;
}
