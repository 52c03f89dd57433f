import type { Read } from '../../commerce/read.js';
import type { Selection } from '../../commerce/selection.js';
import type { Collected, FeedContext, ItemFailure } from '../feed.js';
import { BrokenOrder } from './broken-order.js';
import { orderItemOf, type OrderFeedItem } from './order.js';
import { readOrders } from './order-rows.js';
import { partsOfOrder, readPageRows } from './page-rows.js';
import { resolvePartUuids, takenUuid } from './part-uuids.js';
import { trackingBase } from './tracking-url.js';
import { windowStart } from './window.js';

/** Collects pages of orders; one for each epoch. */
export class OrderCollector {
  readonly #context: FeedContext;
  readonly #since: string;
  readonly #trackingBase: string;

  constructor(context: FeedContext) {
    this.#context = context;
    this.#since = windowStart(context);
    this.#trackingBase = trackingBase(context.shop.configuration);
  }

  /**
   * At most 14 queries for a page. Of a range, orders within the window of days; orders that are
   * named are taken whatever their age.
   */
  async collect(read: Read, selection: Selection): Promise<Collected<OrderFeedItem>> {
    const { shop, orderUuids } = this.#context;
    const since = selection.kind === 'range' ? this.#since : undefined;
    const orders = await readOrders(shop, read, selection, since);
    const uuids = await orderUuids.resolve(
      'order',
      orders.map(({ id, uuid }) => ({ entityId: id, ofShop: uuid, assign: false })),
    );
    const items: OrderFeedItem[] = [];
    const failures: ItemFailure[] = [];
    for (const { id, uuid } of orders) {
      if (uuid !== null && !uuids.has(id)) failures.push(failureOf(id, takenUuid('order', id)));
    }
    if (uuids.size === 0) return { items, failures };

    const linked = orders.filter(({ id }) => uuids.has(id));
    const ids = linked.map(({ id }) => id);
    const rows = await readPageRows(shop, read, ids);
    const partUuids = await resolvePartUuids(shop, read, rows, orderUuids);
    for (const order of linked) {
      const { id } = order;
      try {
        const parts = partsOfOrder(rows, id, partUuids, this.#trackingBase);
        items.push(orderItemOf(order, uuids.get(id) ?? '', rows.addresses.get(id), parts));
      } catch (error) {
        failures.push(failureOf(id, brokenBy(error)));
      }
    }
    return { items, failures };
  }
}

// The message of an unexpected error may quote the row: only its name is told.
function brokenBy(error: unknown): BrokenOrder {
  if (error instanceof BrokenOrder) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new BrokenOrder(`its rows do not fit together (${name}).`);
}

function failureOf(id: number, { code, message }: BrokenOrder): ItemFailure {
  return {
    sourceId: id,
    identity: [String(id)],
    code,
    message: `Order ${id} cannot be exported: ${message}`,
  };
}
