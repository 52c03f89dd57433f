import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { feedIdOf } from '../feeds/item.js';
import type { ItemChange } from './change-stream.js';
import type { CollectionName } from './collections.js';
import { ItemStore } from './item-store.js';
import type { ReceivedItem } from './received-item.js';

const AT = new Date('2026-11-22T00:00:00Z');
const FEEDS: readonly CollectionName[] = ['inventoryStockStatus', 'prices'];

let databaseUrl: string;
/** Two instances of the service on one database. */
let stores: ItemStore[];
let environments = 0;

beforeAll(async () => {
  databaseUrl = (await freshDatabase('changes')).url;
  stores = [await ItemStore.open({ databaseUrl }), await ItemStore.open({ databaseUrl })];
});

afterAll(() => Promise.all(stores.map((store) => store.close())));

const environment = (): string => `environment-${(environments += 1)}`;

function version(sku: string, second: number, more: Partial<ReceivedItem> = {}): ReceivedItem {
  return {
    feed: 'inventoryStockStatus',
    id: feedIdOf([sku]),
    identity: [sku],
    payload: Buffer.from(`{"sku":"${sku}","at":${second}}`),
    stamp: new Date(AT.getTime() + second * 1000),
    deleted: false,
    ...more,
  };
}

const save = (where: string, items: readonly ReceivedItem[], store = stores[0]!): Promise<void> =>
  store.save(items, { environment: where, requestId: 'request', receivedAt: AT });
const changes = (where: string, after = 0, limit = 100, feeds = FEEDS): Promise<ItemChange[]> =>
  stores[0]!.changes({ environment: where, feeds, after, limit });
const told = (list: readonly ItemChange[]): string[] =>
  list.map(({ identity, payload }) => `${identity.join()}@${(JSON.parse(payload) as Item).at}`);

interface Item {
  readonly sku: string;
  readonly at: number;
}

describe('changes', () => {
  test('come in the order in which they were stored, each item with its last', async () => {
    const where = environment();
    await save(where, [version('a', 1)]);
    await save(where, [version('b', 1, { feed: 'prices' })]);
    await save(where, [version('a', 2, { deleted: true })]);
    const list = await changes(where);
    expect(told(list)).toEqual(['b@1', 'a@2']);
    expect(list.map(({ feed, deleted }) => [feed, deleted])).toEqual([
      ['prices', false],
      ['inventoryStockStatus', true],
    ]);
  });

  test('are none where nothing changed: older versions, and the same once more', async () => {
    const where = environment();
    await save(where, [version('a', 5)]);
    const [{ seq } = { seq: -1 }] = await changes(where);
    await save(where, [version('a', 4)]);
    await save(where, [version('a', 5)]);
    expect(await changes(where, seq)).toEqual([]);
    await save(where, [version('a', 5, { payload: Buffer.from('{"sku":"a","at":50}') })]);
    expect(told(await changes(where, seq))).toEqual(['a@50']);
  });

  test('come in pages, over all feeds or of some', async () => {
    const where = environment();
    for (let n = 0; n < 10; n += 1) {
      await save(where, [version(`s${n}`, n, n % 2 === 0 ? {} : { feed: 'prices' })]);
    }
    const first = await changes(where, 0, 7);
    const second = await changes(where, first.at(-1)!.seq, 7);
    expect(told([...first, ...second])).toEqual(Array.from({ length: 10 }, (_, n) => `s${n}@${n}`));
    expect(told(await changes(where, 0, 100, ['prices']))).toEqual(
      [1, 3, 5, 7, 9].map((n) => `s${n}@${n}`),
    );
  });

  test('of one data space are not those of another', async () => {
    const where = environment();
    await save(environment(), [version('a', 1)]);
    expect(await changes(where)).toEqual([]);
    expect(await stores[0]!.lastChange(where)).toBe(0);
  });
});

test('a transaction that commits late is not passed by: who comes after it waits', async () => {
  const where = environment();
  await save(where, [version('first', 1)]);
  const [{ seq } = { seq: -1 }] = await changes(where);
  const slow = await mysql.createConnection(databaseUrl);
  await slow.beginTransaction();
  await slow.query('UPDATE ingestion_sequence SET value = value + 1 WHERE environment = ?', [
    where,
  ]);
  const late = save(where, [version('late', 1)], stores[1]);
  await untilLocked(slow);
  expect(await changes(where, seq)).toEqual([]);
  // What the slow transaction changes has a lower number, although it is written later.
  await slow.query('UPDATE ingestion_item SET change_seq = ? WHERE environment = ?', [
    seq + 1,
    where,
  ]);
  await slow.commit();
  await slow.end();
  await late;
  expect(told(await changes(where, seq))).toEqual(['first@1', 'late@1']);
});

test('a reader that follows two busy instances misses nothing', async () => {
  const where = environment();
  const skus = Array.from({ length: 40 }, (_, n) => `sku-${n}`);
  let writing = true;
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let round = 1; round <= 12; round += 1) {
      const items = skus
        .filter((_sku, n) => (n + round) % 3 !== writer % 3)
        .map((sku) => version(sku, round * 10 + writer));
      await save(where, items, stores[writer % 2]);
    }
  });
  const seen = new Map<string, number>();
  const follow = async (): Promise<number> => {
    let after = 0;
    for (let last = false; ;) {
      const list = await changes(where, after, 17);
      for (const { payload } of list) {
        const { sku, at } = JSON.parse(payload) as Item;
        expect(at).toBeGreaterThan(seen.get(sku) ?? 0);
        seen.set(sku, at);
      }
      after = list.at(-1)?.seq ?? after;
      if (last && list.length === 0) return after;
      last = !writing;
    }
  };
  const reader = follow();
  await Promise.all(writers);
  writing = false;
  const after = await reader;
  expect(await changes(where, after)).toEqual([]);
  const kept = await stores[0]!.page({
    environment: where,
    feed: 'inventoryStockStatus',
    after: '',
    limit: 100,
    includeDeleted: false,
  });
  const expected = kept.map(({ payload }) => JSON.parse(payload) as Item);
  expect(new Map(expected.map(({ sku, at }) => [sku, at]))).toEqual(
    new Map([...seen].toSorted(([a], [b]) => (feedIdOf([a]) < feedIdOf([b]) ? -1 : 1))),
  );
});

test('one request that cannot be stored does not take others of its transaction with it', async () => {
  const where = environment();
  const settled = await Promise.allSettled([
    save(where, [version('a', 1)]),
    save(where, [version('b', 1)]),
    save(where, [version('c', 1, { id: 'x'.repeat(80) })]),
    save(where, [version('d', 1)]),
  ]);
  expect(settled.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(told(await changes(where))).toEqual(['a@1', 'b@1', 'd@1']);
});

test('what an update makes of an item is made of its newest version', async () => {
  const where = environment();
  const store = stores[0]!;
  await save(where, [version('n', 0)]);
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      stores[index % 2]!.update(
        'inventoryStockStatus',
        [feedIdOf(['n'])],
        (current) => {
          const { at } = JSON.parse(current.get(feedIdOf(['n']))?.payload ?? '{}') as Item;
          return [version('n', at + 1)];
        },
        { environment: where, requestId: 'r', receivedAt: AT },
      ),
    ),
  );
  const item = await store.item(where, 'inventoryStockStatus', feedIdOf(['n']));
  expect(JSON.parse(item?.payload ?? '{}')).toMatchObject({ at: 20 });
});

test('changes are found through the key that has them in order', async () => {
  const connection = await mysql.createConnection(databaseUrl);
  const [rows] = await connection.query(
    `EXPLAIN SELECT id, change_seq FROM ingestion_item
     WHERE environment = 'environment-1' AND feed = 'prices' AND change_seq > 1
     ORDER BY change_seq LIMIT 10`,
  );
  await connection.end();
  const [plan] = rows as { key: string; Extra: string }[];
  expect(plan?.key).toBe('changes');
  expect(plan?.Extra).not.toMatch(/temporary|filesort/);
});

async function untilLocked(connection: mysql.Connection): Promise<void> {
  for (;;) {
    const [rows] = await connection.query(
      `SELECT 1 FROM information_schema.processlist
       WHERE info LIKE 'UPDATE ingestion_sequence%' AND db = DATABASE()`,
    );
    if ((rows as unknown[]).length > 0) return;
    await sleep(20);
  }
}
