import type { Read } from '../../commerce/read.js';
import type { Selection } from '../../commerce/selection.js';
import type { Collected, FeedContext, ItemFailure } from '../feed.js';
import { BrokenOrder } from './broken-order.js';
import { listOrNull } from './casts.js';
import { creditMemos, inTaxOrder } from './credit-memos.js';
import { readDocuments, type DocumentRows } from './document-rows.js';
import { invoice, shipment, transaction } from './documents.js';
import { grouped } from './grouping.js';
import {
  readAddresses,
  readItems,
  readTransactions,
  readUuidsOfItems,
  type ItemRow,
} from './item-rows.js';
import { orderItem } from './items.js';
import { orderItemOf, type OrderFeedItem, type OrderParts } from './order.js';
import { readOrders, type OrderRow } from './order-rows.js';
import { takenUuid, type PartUuids } from './part-uuids.js';
import { trackingBase } from './tracking-url.js';
import type { OrderUuids } from './uuids.js';
import { windowStart } from './window.js';

/** Collects pages of orders; one for each epoch. */
export class OrderCollector {
  readonly #shop: FeedContext['shop'];
  readonly #uuids: OrderUuids;
  readonly #since: string;
  readonly #trackingBase: string;

  constructor(context: FeedContext) {
    this.#shop = context.shop;
    this.#uuids = context.orderUuids;
    this.#since = windowStart(context);
    this.#trackingBase = trackingBase(context.shop.configuration);
  }

  /**
   * At most 14 queries for a page. A range holds only orders within the window of days; orders
   * that are named are taken whatever their age.
   */
  async collect(read: Read, selection: Selection): Promise<Collected<OrderFeedItem>> {
    const since = selection.kind === 'range' ? this.#since : undefined;
    const rows = await readOrders(this.#shop, read, selection, since);
    const uuids = await this.#uuids.resolve(
      'order',
      rows.map(({ id, uuid }) => ({ entityId: id, ofShop: uuid, assign: false })),
    );
    const linked = rows.filter(({ id }) => uuids.has(id));
    const failures: ItemFailure[] = rows
      .filter(({ id, uuid }) => uuid !== null && !uuids.has(id))
      .map(({ id }) => failureOf(id, takenUuid('order', id)));
    if (linked.length === 0) return { items: [], failures };

    const partsOf = await this.#readParts(read, linked);
    const items: OrderFeedItem[] = [];
    for (const row of linked) {
      try {
        items.push(partsOf(row, uuids.get(row.id) ?? ''));
      } catch (error) {
        if (!(error instanceof BrokenOrder)) throw error;
        failures.push(failureOf(row.id, error));
      }
    }
    return { items, failures };
  }

  /** Reads what belongs to the orders, and returns what puts one together. */
  async #readParts(
    read: Read,
    orders: readonly OrderRow[],
  ): Promise<(row: OrderRow, uuid: string) => OrderFeedItem> {
    const shop = this.#shop;
    const selection = closeTogether(orders.map(({ id }) => id));
    const asked = new Set(orders.map(({ id }) => id));
    const ours = <Row extends readonly [number, number, ...unknown[]]>(rows: Row[]): Row[] =>
      selection.kind === 'ids' ? rows : rows.filter(([, orderId]) => asked.has(orderId));

    const addresses = grouped(ours(await readAddresses(shop, read, selection)), second);
    const itemRows = ours(await readItems(shop, read, selection));
    const items = grouped(itemRows, second);
    const transactions = grouped(ours(await readTransactions(shop, read, selection)), second);
    const all = await readDocuments(shop, read, selection);
    const documents = {
      ...all,
      invoices: ours([...all.invoices]),
      shipments: ours([...all.shipments]),
      creditMemos: ours([...all.creditMemos]),
    };
    const uuids = await this.#partUuids(read, itemRows, documents);
    const invoices = grouped(documents.invoices, second);
    const shipments = grouped(documents.shipments, second);
    const memos = grouped(documents.creditMemos, second);
    const invoiceItems = grouped(documents.invoiceItems, second);
    const shipmentItems = grouped(documents.shipmentItems, second);
    const tracks = grouped(documents.tracks, second);
    const memoItems = grouped(documents.creditMemoItems, second);
    const comments = grouped(documents.comments, second);
    const taxes = grouped(documents.taxes, second);

    return (row, uuid) => {
      const orderTaxes = inTaxOrder(taxes.get(row.id) ?? []);
      const parts: OrderParts = {
        items: listOrNull(items.get(row.id)?.map((item) => orderItem(item, uuids))),
        invoices: listOrNull(
          invoices.get(row.id)?.map((each) => invoice(each, invoiceItems.get(each[0]), uuids)),
        ),
        creditMemos: listOrNull(
          memos
            .get(row.id)
            ?.flatMap((memo) =>
              creditMemos(memo, memoItems.get(memo[0]), comments.get(memo[0]), orderTaxes, uuids),
            ),
        ),
        transactions: listOrNull(transactions.get(row.id)?.map(transaction)),
        shipments: listOrNull(
          shipments
            .get(row.id)
            ?.map((each) =>
              shipment(
                each,
                shipmentItems.get(each[0]),
                tracks.get(each[0]),
                uuids,
                this.#trackingBase,
              ),
            ),
        ),
      };
      return orderItemOf(row, uuid, addresses.get(row.id), parts);
    };
  }

  /** UUIDs of all parts; those that have none get one, if this is an export. */
  async #partUuids(
    read: Read,
    items: readonly ItemRow[],
    documents: DocumentRows,
  ): Promise<PartUuids> {
    const own = items.map(([id, , ofShop]) => ({ entityId: id, ofShop, assign: true }));
    const present = new Set(own.map(({ entityId }) => entityId));
    const referred = [
      ...documents.invoiceItems,
      ...documents.shipmentItems,
      ...documents.creditMemoItems,
    ].flatMap(([, , itemId]) => (itemId === null || present.has(itemId) ? [] : [itemId]));
    const gone = [...new Set(referred)];
    const ofGone = new Map(
      gone.length === 0 ? [] : await readUuidsOfItems(this.#shop, read, { kind: 'ids', ids: gone }),
    );
    const wantedOfGone = gone.map((id) => ({
      entityId: id,
      ofShop: ofGone.get(id) ?? null,
      assign: false,
    }));
    return {
      items: await this.#uuids.resolve('order_item', [...own, ...wantedOfGone]),
      creditMemos: await this.#uuids.resolve('credit_memo', documents.creditMemos.map(wanted)),
      shipments: await this.#uuids.resolve('order_shipment', documents.shipments.map(wanted)),
    };
  }
}

function wanted([entityId, , ofShop]: readonly [number, number, string | null, ...unknown[]]) {
  return { entityId, ofShop, assign: true };
}

function second(row: readonly [number, number, ...unknown[]]): number {
  return row[1];
}

function failureOf(id: number, { code, message }: BrokenOrder): ItemFailure {
  return {
    sourceId: id,
    identity: [String(id)],
    code,
    message: `Order ${id} cannot be exported: ${message}`,
  };
}

/** A range where the ids, ascending, lie close together: it is read faster than a list. */
function closeTogether(ids: readonly number[]): Selection {
  const from = ids[0] ?? 0;
  const to = ids.at(-1) ?? 0;
  return to - from < 2 * ids.length ? { kind: 'range', from, to } : { kind: 'ids', ids };
}
