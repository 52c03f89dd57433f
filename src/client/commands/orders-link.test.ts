import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import { addOrder, link, ORDER_TABLES, orderShop, uuidOf } from '../../../test/order-shop.js';
import { freshDatabase } from '../../../test/servers.js';
import type { TestShop } from '../../../test/test-shop.js';
import { orders } from '../../feeds/orders/feed.js';
import { migrate } from '../../store/migrate.js';
import { settledOrderUuids, storedOrderUuids } from '../../store/order-uuids.js';
import { pendingEntities } from '../../store/pending.js';
import { Store } from '../../store/store.js';
import { linkOrders, ordersLink, type LinkedOrders } from './orders-link.js';

let shop: TestShop;
let store: Store;

beforeAll(async () => {
  shop = await orderShop({ tablePrefix: 'm2_' });
  store = new Store({ databaseUrl: (await freshDatabase('link')).url, tablePrefix: 'x_' });
  await migrate(store, [orders.table]);
  return () => Promise.all([shop.close(), store.close()]);
});

afterEach(async () => {
  for (const table of ORDER_TABLES) await shop.run(`DELETE FROM {${table}}`);
  for (const table of ['order_uuid', 'pending_entity']) {
    await store.run(`DELETE FROM ${store.t(table)}`);
  }
});

const linkAll = (filter = {}, batchSize = 10_000): Promise<LinkedOrders> =>
  linkOrders({ store, inShop: (work) => shop.inShop(work) }, filter, batchSize);
const pending = async (): Promise<number[]> =>
  (await pendingEntities(store, 'orders', 100)).map(({ entityId }) => entityId);
const seen = async (): Promise<unknown[]> =>
  (await shop.collect(orders, undefined, storedOrderUuids(store))).items.map(
    (item) => item['commerceOrderId'],
  );

/** Order 1 is linked by the shop; 2, 3 and 4 are not. */
async function fourOrders(): Promise<void> {
  const placed = (day: string, state: string) => ({ created_at: `${day} 10:00:00`, state });
  await addOrder(shop, 1, { order: placed('2026-11-01', 'complete'), items: [{}, {}] });
  await link(shop, 'order_item', 100);
  await addOrder(shop, 2, {
    order: placed('2026-11-02', 'complete'),
    items: [{}],
    linked: false,
  });
  await addOrder(shop, 3, { order: placed('2026-11-03', 'new'), linked: false });
  await addOrder(shop, 4, { order: placed('2026-11-04', 'complete'), linked: false });
  await shop.insert('sales_creditmemo', [{ entity_id: 7, order_id: 2 }]);
  await shop.insert('sales_shipment', [{ entity_id: 8, order_id: 2 }]);
}

describe('linking orders', () => {
  test('gives UUIDs to orders and parts that have none, and queues the orders', async () => {
    await fourOrders();
    expect(await seen()).toEqual(['1']);
    expect(await linkAll()).toEqual({
      orders: 4,
      linked: 3,
      uuids: 7,
      uuidsByType: { order: 3, order_item: 2, credit_memo: 1, order_shipment: 1 },
    });
    expect(await pending()).toEqual([2, 3, 4]);
    expect(await seen()).toEqual(['1', '2', '3', '4']);
  });

  test('a second time changes nothing', async () => {
    await fourOrders();
    await linkAll();
    const rows = await store.rows(`SELECT * FROM ${store.t('order_uuid')} ORDER BY uuid`);
    await store.run(`DELETE FROM ${store.t('pending_entity')}`);
    expect(await linkAll()).toMatchObject({ orders: 4, linked: 0, uuids: 0 });
    expect(await pending()).toEqual([]);
    expect(await store.rows(`SELECT * FROM ${store.t('order_uuid')} ORDER BY uuid`)).toEqual(rows);
  });

  test.each([
    ['by state, in any letter case', { state: 'COMPLETE' }, [2, 4]],
    ['from a time on, itself included', { from: '2026-11-03 10:00:00' }, [3, 4]],
    ['until a time, itself included', { to: '2026-11-03 10:00:00' }, [2, 3]],
    [
      'by all of these',
      { state: 'complete', from: '2026-11-02 10:00:01', to: '2026-11-30 00:00:00' },
      [4],
    ],
    ['by a state that no order has', { state: 'no such' }, []],
  ])('%s', async (_, filter, expected) => {
    await fourOrders();
    await linkAll(filter);
    expect(await pending()).toEqual(expected);
  });

  test('in batches as in one', async () => {
    await fourOrders();
    expect(await linkAll({}, 1)).toMatchObject({ orders: 4, linked: 3, uuids: 7 });
    expect(await pending()).toEqual([2, 3, 4]);
  });

  test('gives way to a UUID of the shop that comes before the first export', async () => {
    await fourOrders();
    await linkAll();
    await link(shop, 'order', 3);
    const { items } = await shop.collect(orders, undefined, settledOrderUuids(store));
    expect(items[2]?.['orderId']).toEqual({ id: uuidOf('order', 3) });
    await shop.run('DELETE FROM {data_exporter_uuid}');
    expect((await shop.collect(orders, undefined, settledOrderUuids(store))).items).toEqual(items);
  });
});

describe('is refused before anything is touched:', () => {
  test.each<[string, Record<string, string>, string]>([
    ['a date that is none', { from: 'yesterday' }, '--from takes a date'],
    ['a day that the month has not', { to: '2026-02-30' }, '--to takes a date'],
    ['an hour that the day has not', { to: '2026-02-03 25:00' }, '--to takes a date'],
    ['an end before the beginning', { from: '2026-02-03', to: '2026-02-02' }, 'later than'],
    ['no state', { state: ' ' }, '--state'],
    ['a batch of none', { batchSize: '0' }, '--batch-size'],
    ['a batch of text', { batchSize: '1e3' }, '--batch-size'],
  ])('%s', async (_, flags, message) => {
    const refused = expect(ordersLink({ batchSize: '10', ...flags })).rejects;
    await refused.toMatchObject({ code: 'SDE10-03' });
    await refused.toThrow(message);
  });
});
