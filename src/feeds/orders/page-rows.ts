import type { Read } from '../../commerce/read.js';
import type { Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { listOrNull } from './casts.js';
import { creditMemos, inTaxOrder } from './credit-memos.js';
import {
  readDocuments,
  type CommentRow,
  type CreditMemoItemRow,
  type CreditMemoRow,
  type DocumentItemRow,
  type InvoiceRow,
  type ShipmentRow,
  type TaxRow,
  type TrackRow,
} from './document-rows.js';
import { invoice, shipment, transaction } from './documents.js';
import { idsOf, partsOf, type Parts } from './grouping.js';
import {
  readAddresses,
  readItems,
  readTransactions,
  type AddressRow,
  type ItemRow,
  type TransactionRow,
} from './item-rows.js';
import { orderItem } from './items.js';
import type { OrderParts } from './order.js';
import type { PartUuids } from './part-uuids.js';

/** All rows of a page's orders, by what they belong to. */
export interface PageRows {
  readonly addresses: Parts<AddressRow>;
  readonly items: Parts<ItemRow>;
  readonly transactions: Parts<TransactionRow>;
  readonly invoices: Parts<InvoiceRow>;
  readonly invoiceItems: Parts<DocumentItemRow>;
  readonly shipments: Parts<ShipmentRow>;
  readonly shipmentItems: Parts<DocumentItemRow>;
  readonly tracks: Parts<TrackRow>;
  readonly creditMemos: Parts<CreditMemoRow>;
  readonly creditMemoItems: Parts<CreditMemoItemRow>;
  readonly comments: Parts<CommentRow>;
  readonly taxes: Parts<TaxRow>;
}

/** @param orderIds ascending. */
export async function readPageRows(
  shop: Shop,
  read: Read,
  orderIds: readonly number[],
): Promise<PageRows> {
  const selection = closeTogether(orderIds);
  const orders = new Set(orderIds);
  const addresses = await readAddresses(shop, read, selection);
  const items = await readItems(shop, read, selection);
  const transactions = await readTransactions(shop, read, selection);
  const documents = await readDocuments(shop, read, selection);
  const invoices = partsOf(orders, documents.invoices);
  const shipments = partsOf(orders, documents.shipments);
  const memos = partsOf(orders, documents.creditMemos);
  const [invoiceIds, shipmentIds, memoIds] = [idsOf(invoices), idsOf(shipments), idsOf(memos)];
  return {
    addresses: partsOf(orders, addresses),
    items: partsOf(orders, items),
    transactions: partsOf(orders, transactions),
    invoices,
    invoiceItems: partsOf(invoiceIds, documents.invoiceItems),
    shipments,
    shipmentItems: partsOf(shipmentIds, documents.shipmentItems),
    tracks: partsOf(shipmentIds, documents.tracks),
    creditMemos: memos,
    creditMemoItems: partsOf(memoIds, documents.creditMemoItems),
    comments: partsOf(memoIds, documents.comments),
    taxes: partsOf(orders, documents.taxes),
  };
}

/**
 * The lists of one order.
 *
 * @throws BrokenOrder where one of its rows cannot be read.
 */
export function partsOfOrder(
  rows: PageRows,
  orderId: number,
  uuids: PartUuids,
  trackingBase: string,
): OrderParts {
  const taxes = inTaxOrder(rows.taxes.get(orderId) ?? []);
  return {
    items: listOrNull(rows.items.get(orderId)?.map((item) => orderItem(item, uuids))),
    invoices: listOrNull(
      rows.invoices.get(orderId)?.map((row) => invoice(row, rows.invoiceItems.get(row[0]), uuids)),
    ),
    creditMemos: listOrNull(
      rows.creditMemos.get(orderId)?.flatMap((row) => {
        const [id] = row;
        return creditMemos(row, rows.creditMemoItems.get(id), rows.comments.get(id), taxes, uuids);
      }),
    ),
    transactions: listOrNull(rows.transactions.get(orderId)?.map(transaction)),
    shipments: listOrNull(
      rows.shipments.get(orderId)?.map((row) => {
        const [id] = row;
        const tracks = rows.tracks.get(id);
        return shipment(row, rows.shipmentItems.get(id), tracks, uuids, trackingBase);
      }),
    ),
  };
}

/** A range where the ids, ascending, lie close together: it is read faster than a list. */
function closeTogether(ids: readonly number[]): Selection {
  const from = ids[0] ?? 0;
  const to = ids.at(-1) ?? 0;
  return to - from < 2 * ids.length ? { kind: 'range', from, to } : { kind: 'ids', ids };
}
