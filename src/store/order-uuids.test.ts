import { afterEach, beforeAll, describe, expect, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { migrate } from './migrate.js';
import {
  assignOrderUuids,
  assignUuids,
  settledOrderUuids,
  storedOrderUuids,
  type OrderUuidType,
} from './order-uuids.js';
import { Store } from './store.js';

let store: Store;

beforeAll(async () => {
  store = new Store({ databaseUrl: (await freshDatabase('uuids')).url });
  await migrate(store, []);
  return () => store.close();
});

afterEach(async () => {
  await store.run(`DELETE FROM ${store.t('order_uuid')}`);
});

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const part = (entityId: number, ofShop: string | null = null) => ({
  entityId,
  ofShop,
  assign: true,
});
const whole = (entityId: number, ofShop: string | null = null) => ({
  entityId,
  ofShop,
  assign: false,
});

const exported = async (type: OrderUuidType, ...wanted: ReturnType<typeof part>[]) =>
  Object.fromEntries(await settledOrderUuids(store).resolve(type, wanted));
const looked = async (type: OrderUuidType, ...wanted: ReturnType<typeof part>[]) =>
  Object.fromEntries(await storedOrderUuids(store).resolve(type, wanted));

describe('the UUID of an entity', () => {
  test('is the shop’s', async () => {
    expect(await exported('order', whole(1, 'shop-1'), whole(2))).toEqual({ 1: 'shop-1' });
    expect(await looked('order', whole(1), whole(2))).toEqual({ 1: 'shop-1' });
  });

  test('is made for parts that have none, once', async () => {
    const first = await exported('order_item', part(1), part(2, 'shop-2'));
    expect(first[1]).toMatch(UUID_V4);
    expect(first[2]).toBe('shop-2');
    expect(await exported('order_item', part(1), part(2))).toEqual(first);
  });

  test('is not made by a look', async () => {
    expect(await looked('order_item', part(1), part(2, 'shop-2'))).toEqual({ 2: 'shop-2' });
    expect(await store.rows(`SELECT * FROM ${store.t('order_uuid')}`)).toEqual([]);
  });

  test('is the shop’s rather than one that was only assigned here', async () => {
    await assignOrderUuids(store, [1, 2]);
    expect(await looked('order', whole(1, 'shop-1'))).toEqual({ 1: 'shop-1' });
    expect(await exported('order', whole(1, 'shop-1'))).toEqual({ 1: 'shop-1' });
    expect((await exported('order', whole(2)))[2]).toMatch(UUID_V4);
  });

  test('never changes once it was exported, be it ours or the shop’s', async () => {
    const [ours] = Object.values(await exported('credit_memo', part(1)));
    await exported('credit_memo', part(2, 'shop-2'));
    for (const ask of [exported, looked]) {
      expect(await ask('credit_memo', part(1, 'shop-1'), part(2, 'other'))).toEqual({
        1: ours,
        2: 'shop-2',
      });
      expect(await ask('credit_memo', part(2))).toEqual({ 2: 'shop-2' });
    }
  });

  test('is one for each type', async () => {
    await exported('order', whole(1, 'shop-order'));
    await exported('order_shipment', part(1, 'shop-shipment'));
    expect(await looked('order_item', part(1))).toEqual({});
  });

  test('that the shop gives to one thing and we to another is given to neither twice', async () => {
    await exported('order_item', part(1, 'same'));
    expect(await exported('order_item', part(2, 'same'), part(3, 'shop-3'))).toEqual({
      3: 'shop-3',
    });
    expect(await exported('order', whole(1, 'same'))).toEqual({});
  });
});

describe('assigning', () => {
  test('gives a UUID to what has none, and tells which got one', async () => {
    expect(await assignOrderUuids(store, [3, 1, 3])).toEqual([1, 3]);
    const before = await looked('order', whole(1), whole(3));
    expect(Object.values(before).every((uuid) => UUID_V4.test(uuid))).toBe(true);
    expect(await assignOrderUuids(store, [1, 2, 3])).toEqual([2]);
    expect(await looked('order', whole(1), whole(3))).toEqual(before);
  });

  test('draws again when a UUID is taken, and gives up after ten draws', async () => {
    const draws = ['taken', 'taken', 'taken', 'free'];
    const newUuid = (): string => draws.shift() ?? 'taken';
    await assignUuids(store, 'order', [1], { newUuid });
    expect(await assignUuids(store, 'order', [2], { newUuid })).toEqual([2]);
    expect(await looked('order', whole(1), whole(2))).toEqual({ 1: 'taken', 2: 'free' });
    await expect(assignUuids(store, 'order', [3], { newUuid })).rejects.toMatchObject({
      code: 'CDE01-15',
    });
    await expect(
      settledOrderUuids(store, newUuid).resolve('order_item', [part(1)]),
    ).rejects.toMatchObject({ code: 'CDE01-15' });
  });

  test('many, far apart or close together', async () => {
    const ids = Array.from({ length: 5000 }, (_, index) => index + 1);
    expect(await assignOrderUuids(store, ids)).toHaveLength(5000);
    const far = ids.map((id) => 1_000_000 + id * 1000);
    expect(Object.keys(await exported('order_item', ...far.map((id) => part(id))))).toHaveLength(
      5000,
    );
    expect(new Set(Object.values(await looked('order', ...ids.map((id) => whole(id))))).size).toBe(
      5000,
    );
  });
});

describe('when several work at the same time', () => {
  test('all of them get the UUID of whoever was first', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => index + 1);
    for (let round = 0; round < 5; round += 1) {
      await store.run(`DELETE FROM ${store.t('order_uuid')}`);
      const results = await Promise.all(
        Array.from({ length: 6 }, (_, worker) => {
          // Each begins elsewhere, so that they meet in the middle.
          const mine = ids.slice(worker * 20, worker * 20 + 100);
          return exported('order_item', ...mine.map((id) => part(id)));
        }),
      );
      const settled = await looked('order_item', ...ids.map((id) => part(id)));
      for (const result of results) expect(settled).toMatchObject(result);
      expect(new Set(Object.values(settled)).size).toBe(Object.keys(settled).length);
    }
  });

  test('linking and exporting agree as well', async () => {
    const ids = Array.from({ length: 100 }, (_, index) => index + 1);
    const [assigned, result] = await Promise.all([
      assignOrderUuids(store, ids),
      exported('order', ...ids.map((id) => part(id))),
    ]);
    expect(assigned.length).toBeLessThanOrEqual(100);
    expect(await looked('order', ...ids.map((id) => whole(id)))).toEqual(result);
    expect(Object.keys(result)).toHaveLength(100);
  });
});
