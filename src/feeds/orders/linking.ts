import type { Read } from '../../commerce/read.js';
import { among, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { joinUuid } from './order-rows.js';
import type { OrderUuidType } from './uuids.js';

/** Which orders are linked; all by default. */
export interface OrderFilter {
  /** `sales_order.state`, in the database's collation, so letter case does not count. */
  readonly state?: string;
  /** When the order was placed, at the earliest and at the latest: `YYYY-MM-DD HH:MM:SS`, UTC. */
  readonly from?: string;
  readonly to?: string;
}

/** A slice of the orders that a filter finds. */
export interface FoundOrders {
  /** Ascending. */
  readonly orderIds: readonly number[];
  /** Of these orders and their parts, the ids that have no UUID in the shop's own table. */
  readonly unlinked: Readonly<Record<OrderUuidType, readonly number[]>>;
}

/** The orders after an id that a filter finds, at most `limit`: five queries. */
export async function findOrders(
  shop: Shop,
  read: Read,
  filter: OrderFilter,
  afterId: number,
  limit: number,
): Promise<FoundOrders> {
  const conditions = [
    ['state = ?', filter.state],
    ['created_at >= ?', filter.from],
    ['created_at <= ?', filter.to],
  ].filter((each): each is [string, string] => each[1] !== undefined);
  const found = await read.rows<[number]>(
    `SELECT entity_id FROM ${shop.t('sales_order')}
     WHERE ${['entity_id > ?', ...conditions.map(([sql]) => sql)].join(' AND ')}
     ORDER BY entity_id LIMIT ${limit}`,
    [afterId, ...conditions.map(([, value]) => value)],
  );
  const orderIds = found.map(([id]) => id);
  const selection: Selection = { kind: 'ids', ids: orderIds };
  const unlinked = async (
    type: OrderUuidType,
    table: string,
    id: string,
    orderId: string,
  ): Promise<number[]> => {
    const rows = await read.rows<[number]>(`
      SELECT e.${id} FROM ${shop.t(table)} e
      ${joinUuid(shop, `e.${id}`, type)}
      WHERE ${among(`e.${orderId}`, selection)} AND u.uuid IS NULL`);
    return rows.map(([each]) => each);
  };
  return {
    orderIds,
    unlinked: {
      order: await unlinked('order', 'sales_order', 'entity_id', 'entity_id'),
      order_item: await unlinked('order_item', 'sales_order_item', 'item_id', 'order_id'),
      credit_memo: await unlinked('credit_memo', 'sales_creditmemo', 'entity_id', 'order_id'),
      order_shipment: await unlinked('order_shipment', 'sales_shipment', 'entity_id', 'order_id'),
    },
  };
}

/** The last order that was placed before a time (seconds since the epoch); 0: none. */
export async function lastOrderBefore(shop: Shop, read: Read, seconds: number): Promise<number> {
  const [[id] = [null]] = await read.rows<[number | null]>(
    `SELECT MAX(entity_id) FROM ${shop.t('sales_order')} WHERE created_at < FROM_UNIXTIME(?)`,
    [seconds],
  );
  return id ?? 0;
}

/** Orders after an id that have no UUID in the shop's own table, ascending, at most `limit`. */
export async function unlinkedOrders(
  shop: Shop,
  read: Read,
  { after, limit, among: ids }: { after: number; limit: number; among?: readonly number[] },
): Promise<number[]> {
  const rows = await read.rows<[number]>(
    `SELECT o.entity_id FROM ${shop.t('sales_order')} o
     ${joinUuid(shop, 'o.entity_id', 'order')}
     WHERE u.uuid IS NULL AND o.entity_id > ?
       ${ids === undefined ? '' : `AND ${among('o.entity_id', { kind: 'ids', ids })}`}
     ORDER BY o.entity_id LIMIT ${limit}`,
    [after],
  );
  return rows.map(([id]) => id);
}
