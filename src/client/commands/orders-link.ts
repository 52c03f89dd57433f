import { ExportError } from '../../errors/export-error.js';
import { findOrders, type OrderFilter } from '../../feeds/orders/linking.js';
import type { OrderUuidType } from '../../feeds/orders/uuids.js';
import { assignUuids } from '../../store/order-uuids.js';
import { openQueue } from '../../store/pending.js';
import { withDatabases, type Databases } from '../databases.js';
import { print, type ConnectionFlags, type JsonFlag } from '../edge.js';

export interface OrdersLinkFlags extends ConnectionFlags, JsonFlag {
  readonly state?: string;
  readonly from?: string;
  readonly to?: string;
  readonly batchSize: string;
}

/** What linking did. */
export interface LinkedOrders {
  /** Orders that the filter found. */
  readonly orders: number;
  /** Of those, orders that got a UUID; they are queued. */
  readonly linked: number;
  /** UUIDs made, orders and parts. */
  readonly uuids: number;
  readonly uuidsByType: Readonly<Record<OrderUuidType, number>>;
}

const TYPES = ['order', 'order_item', 'credit_memo', 'order_shipment'] as const;

/** Gives UUIDs to orders that have none, by state and date, and queues them for export. */
export async function ordersLink(flags: OrdersLinkFlags): Promise<void> {
  const filter = filterOf(flags);
  const batchSize = batchSizeOf(flags.batchSize);
  const result = await withDatabases(flags, (databases) =>
    linkOrders(databases, filter, batchSize),
  );
  const document = {
    state: filter.state ?? null,
    from: filter.from ?? null,
    to: filter.to ?? null,
    ...result,
  };
  print(flags.json, document, () => textOf(filter, result));
}

/** Links all orders that a filter finds. Running it again makes no further UUIDs. */
export async function linkOrders(
  { store, inShop }: Pick<Databases, 'store' | 'inShop'>,
  filter: OrderFilter,
  batchSize: number,
): Promise<LinkedOrders> {
  const uuidsByType = { order: 0, order_item: 0, credit_memo: 0, order_shipment: 0 };
  let orders = 0;
  for (let after = 0; ;) {
    const { orderIds, unlinked } = await inShop((shop, read) =>
      findOrders(shop, read, filter, after, batchSize),
    );
    const last = orderIds.at(-1);
    if (last === undefined) break;
    after = last;
    orders += orderIds.length;
    const queue = await openQueue(store, 'orders');
    const made = await store.transaction(async (transaction) => {
      const counts = { ...uuidsByType };
      for (const type of TYPES) {
        const assigned = await assignUuids(store, type, unlinked[type], { transaction });
        counts[type] = assigned.length;
        if (type === 'order') await queue(assigned, transaction);
      }
      return counts;
    });
    for (const type of TYPES) uuidsByType[type] += made[type];
  }
  const uuids = TYPES.reduce((sum, type) => sum + uuidsByType[type], 0);
  return { orders, linked: uuidsByType.order, uuids, uuidsByType };
}

function textOf(filter: OrderFilter, result: LinkedOrders): string {
  const { orders, linked, uuids } = result;
  const wanted = [
    filter.state === undefined ? 'of any state' : `of state ${filter.state}`,
    ...(filter.from === undefined ? [] : [`placed from ${filter.from} UTC on`]),
    ...(filter.to === undefined ? [] : [`placed until ${filter.to} UTC`]),
  ].join(', ');
  return [
    `Orders ${wanted}: ${orders}.`,
    `UUIDs assigned: ${uuids} (${TYPES.map((type) => `${type} ${result.uuidsByType[type]}`).join(', ')}).`,
    linked === 0
      ? 'No order was without one, so nothing was queued.'
      : `${linked} orders were linked and queued for export.`,
  ].join('\n');
}

/** @throws ExportError SDE10-03 for dates that are none. */
function filterOf({ state, from, to }: OrdersLinkFlags): OrderFilter {
  const filter: OrderFilter = {
    ...(state === undefined ? {} : { state: stateOf(state) }),
    ...(from === undefined ? {} : { from: timeOf('--from', from) }),
    ...(to === undefined ? {} : { to: timeOf('--to', to) }),
  };
  if (filter.from !== undefined && filter.to !== undefined && filter.from > filter.to) {
    throw new ExportError('SDE10-03', { message: `--from ${from} is later than --to ${to}.` });
  }
  return filter;
}

function stateOf(state: string): string {
  if (state.trim() === '') {
    throw new ExportError('SDE10-03', { message: '--state needs a state such as complete.' });
  }
  return state.trim();
}

const TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/** `YYYY-MM-DD HH:MM:SS`, UTC; a date alone is its first second. */
function timeOf(flag: string, written: string): string {
  const found = TIME.exec(written.trim());
  const [, year, month, day, hour = '00', minute = '00', second = '00', offset = 'Z'] = found ?? [];
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  // A day that the month has not, such as February 30, becomes another one.
  const asRead = new Date(`${wall}Z`);
  const valid = !Number.isNaN(asRead.getTime()) && asRead.toISOString().startsWith(wall);
  const time = new Date(`${wall}${offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase()}`);
  if (found === null || !valid || Number.isNaN(time.getTime())) {
    throw new ExportError('SDE10-03', {
      message: `${flag} takes a date such as 2026-11-21 or a time such as “2026-11-21 22:40:05” (UTC) or 2026-11-21T22:40:05+01:00, not “${written}”.`,
    });
  }
  return time.toISOString().slice(0, 19).replace('T', ' ');
}

const MOST_ORDERS = 100_000;

function batchSizeOf(text: string): number {
  const size = /^\d+$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > MOST_ORDERS) {
    throw new ExportError('SDE10-03', {
      message: `--batch-size takes a whole number from 1 to ${MOST_ORDERS}, not “${text}”.`,
    });
  }
  return size;
}
