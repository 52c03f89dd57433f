import { beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { addOrder, ORDER_TABLES, orderShop } from '../../../test/order-shop.js';
import { freshDatabase } from '../../../test/servers.js';
import type { TestShop } from '../../../test/test-shop.js';
import { hashVersion, preparePage } from '../../feeds/item.js';
import type { Customer } from '../../feeds/orders/customer.js';
import { orders } from '../../feeds/orders/feed.js';
import { claimItems, newClaimToken, storeWaiting, waitingItems } from '../../store/claims.js';
import { takeLease, type Lease } from '../../store/lease.js';
import { migrate } from '../../store/migrate.js';
import { pendingEntities } from '../../store/pending.js';
import { drawCollectedSeq } from '../../store/sequence.js';
import { settleItems, STATUS } from '../../store/settlements.js';
import { Store } from '../../store/store.js';
import { eraseOrders, ordersErase, type ErasedOrders } from './orders-erase.js';

let shop: TestShop;
let store: Store;
let lease: Lease;

beforeAll(async () => {
  shop = await orderShop();
  store = new Store({ databaseUrl: (await freshDatabase('erase')).url });
  await migrate(store, [orders.table]);
  lease = await takeLease(store, 'orders', 1);
  return () => Promise.all([shop.close(), store.close()]);
});

const ann = { customer_id: 5, customer_email: 'Ann@Example.com' };

/** Orders 1 (Ann), 2 (Bob), 3 (Ann) are sent, order 4 (Ann as a guest) waits. */
beforeEach(async () => {
  for (const table of ORDER_TABLES) await shop.run(`DELETE FROM {${table}}`);
  for (const table of [orders.table, 'pending_entity']) {
    await store.run(`DELETE FROM ${store.t(table)}`);
  }
  await addOrder(shop, 1, { order: ann });
  await addOrder(shop, 2, { order: { customer_id: 55, customer_email: 'bob@example.com' } });
  await addOrder(shop, 3, { order: ann });
  await addOrder(shop, 4, { order: { customer_email: 'ann@example.com' } });
  await index();
  await send([1, 2, 3]);
});

const erase = (customer: Customer, dryRun = false): Promise<ErasedOrders> =>
  eraseOrders({ store, inShop: (work) => shop.inShop(work) }, customer, { dryRun });
const byId = (id: number): Customer => ({ kind: 'id', id });
const byEmail = (email: string): Customer => ({ kind: 'email', email });

/** Collects all orders, as a run does, and stores them as waiting. */
async function index(collectedSeq?: number): Promise<void> {
  const seq = collectedSeq ?? (await drawCollectedSeq(store));
  const { items } = preparePage(orders, await shop.collect(orders));
  await store.transaction((transaction) =>
    storeWaiting(
      store,
      transaction,
      orders.table,
      hashVersion(orders),
      items.map((item) => ({ ...item, collectedSeq: seq })),
    ),
  );
}

async function send(ids: readonly number[]): Promise<void> {
  const settle = await claim(ids);
  await settle();
}

/** Claims waiting orders for a request; returns what settles them as accepted. */
async function claim(ids: readonly number[]): Promise<() => Promise<void>> {
  const rows = (await waitingItems(store, orders.table, 0, 100)).filter((row) =>
    ids.includes(row.sourceId),
  );
  const mark = { token: newClaimToken(), seconds: 60 };
  const { stamps } = await claimItems(store, lease, orders.table, rows, mark);
  expect(stamps.size).toBe(rows.length);
  return () =>
    store.transaction((transaction) =>
      settleItems(
        store,
        transaction,
        orders.table,
        hashVersion(orders),
        rows.map((row) => ({
          ...row,
          status: STATUS.accepted,
          error: null,
          requestId: null,
          ...mark,
        })),
      ),
    );
}

interface Kept {
  readonly source_entity_id: number;
  readonly feed_data: string;
  readonly feed_hash: string;
  readonly status: number;
}

const kept = (): Promise<Kept[]> =>
  store.rows<Kept>(
    `SELECT source_entity_id, feed_data, feed_hash, status FROM ${store.t(orders.table)}
     ORDER BY source_entity_id`,
  );
const withPayload = async (): Promise<number[]> =>
  (await kept()).filter((row) => row.feed_data !== '').map((row) => row.source_entity_id);
const queued = async (): Promise<number[]> =>
  (await pendingEntities(store, 'orders', 100)).map(({ entityId }) => entityId);

describe('erasing a customer’s orders', () => {
  test('by customer id removes the payloads of these orders and no others', async () => {
    const before = await kept();
    expect(await erase(byId(5))).toEqual({
      found: [1, 3],
      erased: [1, 3],
      sent: [1, 3],
      gone: [],
      inCommerce: [1, 3],
    });
    expect(await withPayload()).toEqual([2, 4]);
    expect(await queued()).toEqual([1, 3]);
    const after = await kept();
    const state = ({ feed_hash, status }: Kept) => ({ feed_hash, status });
    expect(after.map(state)).toEqual(before.map(state));
    expect(JSON.stringify(after)).not.toContain('Ann@Example.com');
  });

  test('by e-mail address takes guests as well, in any letter case', async () => {
    expect(await erase(byEmail(' ANN@example.COM '))).toMatchObject({
      found: [1, 3, 4],
      sent: [1, 3],
    });
    expect(await withPayload()).toEqual([2]);
  });

  test('finds orders that Commerce has anonymised or deleted since', async () => {
    await shop.run(`UPDATE {sales_order} SET customer_id = NULL, customer_email = 'gone'`);
    await shop.run('DELETE FROM {sales_order} WHERE entity_id = 3');
    expect(await erase(byId(5))).toEqual({
      found: [1, 3],
      erased: [1, 3],
      sent: [1, 3],
      gone: [3],
      inCommerce: [],
    });
  });

  test('only says what it would do in a dry run', async () => {
    const before = await kept();
    expect(await erase(byId(5), true)).toMatchObject({ found: [1, 3], erased: [1, 3] });
    expect(await kept()).toEqual(before);
    expect(await queued()).toEqual([]);
  });

  test('a second time finds the orders, and no payloads', async () => {
    await erase(byId(5));
    expect(await erase(byId(5))).toMatchObject({ found: [1, 3], erased: [] });
  });

  test('of somebody unknown does nothing', async () => {
    expect(await erase(byId(6))).toMatchObject({ found: [], erased: [] });
    expect(await erase(byEmail('nn@example.com'))).toMatchObject({ found: [] });
    expect(await withPayload()).toEqual([1, 2, 3, 4]);
  });

  test('leaves an order that waits unsent until it is collected again', async () => {
    await erase(byEmail('ann@example.com'));
    const waiting = await waitingItems(store, orders.table, 0, 100);
    expect(waiting.map((row) => [row.sourceId, row.storedJson])).toEqual([[4, '']]);
    await shop.run(`UPDATE {sales_order} SET customer_email = 'anonymous@example.com'`);
    await index();
    expect(await withPayload()).toContain(4);
    expect(JSON.stringify(await kept()).toLowerCase()).not.toContain('ann@example.com');
  });

  test('is not undone by a request that is under way', async () => {
    const settle = await claim([4]);
    await erase(byEmail('ann@example.com'));
    await settle();
    expect(await withPayload()).toEqual([2]);
  });

  test('is not undone by a page that was collected before', async () => {
    const seq = await drawCollectedSeq(store);
    await erase(byEmail('ann@example.com'));
    await index(seq);
    expect(await withPayload()).toEqual([2]);
    expect(await queued()).toEqual([1, 3, 4]);
  });
});

describe('is refused before anything is touched:', () => {
  test.each<[string, Record<string, string>]>([
    ['nobody', {}],
    ['both ways to name somebody', { customerId: '5', email: 'ann@example.com' }],
    ['a customer id of text', { customerId: 'ann' }],
    ['customer id 0', { customerId: '0' }],
    ['half an address', { email: 'ann' }],
    ['two addresses', { email: 'ann@example.com bob@example.com' }],
  ])('%s', async (_, flags) => {
    await expect(ordersErase(flags)).rejects.toMatchObject({ code: 'SDE10-03' });
  });
});
