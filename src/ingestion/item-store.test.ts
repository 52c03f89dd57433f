import fc from 'fast-check';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { feedIdOf } from '../feeds/item.js';
import { COUNTS, ItemStore } from './item-store.js';
import type { ReceivedItem } from './received-item.js';

const AT = new Date('2026-11-22T00:00:00Z');
const FEED = 'inventoryStockStatus';

let databaseUrl: string;
let store: ItemStore;
let environments = 0;

beforeAll(async () => {
  databaseUrl = (await freshDatabase('item_store')).url;
  store = await ItemStore.open({ databaseUrl });
});

afterAll(() => store.close());

const environment = (): string => `environment-${(environments += 1)}`;

function version(sku: string, second: number, more: Partial<ReceivedItem> = {}): ReceivedItem {
  return {
    feed: FEED,
    id: feedIdOf([sku]),
    identity: [sku],
    payload: Buffer.from(`{"sku":"${sku}","at":${second}}`),
    stamp: new Date(AT.getTime() + second * 1000),
    deleted: false,
    ...more,
  };
}

const save = (
  where: string,
  items: readonly ReceivedItem[],
  requestId = 'request',
  receivedAt = AT,
): Promise<void> => store.save(items, { environment: where, requestId, receivedAt });
const kept = async (where: string, sku: string): Promise<unknown> =>
  JSON.parse((await store.item(where, FEED, feedIdOf([sku])))?.payload ?? 'null');

describe('versions of one item', () => {
  test('come in any order, in any batches: the newest stays', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }), {
          minLength: 1,
          maxLength: 5,
        }),
        async (batches) => {
          const where = environment();
          for (const seconds of batches) {
            await save(
              where,
              seconds.map((second) => version('a', second)),
            );
          }
          expect(await kept(where, 'a')).toEqual({ sku: 'a', at: Math.max(...batches.flat()) });
        },
      ),
      { numRuns: 30 },
    );
  });

  test('of the same stamp: the last to arrive stays, within a batch too', async () => {
    const where = environment();
    const payload = (text: string): Partial<ReceivedItem> => ({ payload: Buffer.from(text) });
    await save(where, [version('a', 1, payload('{"n":1}')), version('a', 1, payload('{"n":2}'))]);
    expect(await kept(where, 'a')).toEqual({ n: 2 });
    await save(where, [version('a', 1, payload('{"n":3}'))]);
    expect(await kept(where, 'a')).toEqual({ n: 3 });
  });

  test('differ by milliseconds', async () => {
    const where = environment();
    await save(where, [version('a', 1.002), version('a', 1.001)]);
    expect(await kept(where, 'a')).toEqual({ sku: 'a', at: 1.002 });
  });

  test('are counted when they are kept, with their times and requests', async () => {
    const where = environment();
    const later = new Date('2026-11-22T00:01:00Z');
    await save(where, [version('a', 5)], 'r1');
    await save(where, [version('a', 7)], 'r2', later);
    await save(where, [version('a', 6)], 'r3', new Date('2026-11-22T00:02:00Z'));
    expect(await store.item(where, FEED, feedIdOf(['a']))).toEqual({
      id: feedIdOf(['a']),
      identity: ['a'],
      payload: '{"sku":"a","at":7}',
      deleted: false,
      stamp: '2026-11-22T00:00:07.000Z',
      receivedAt: '2026-11-22T00:01:00.000Z',
      firstReceivedAt: '2026-11-22T00:00:00.000Z',
      versions: 2,
      requestId: 'r2',
      history: [
        {
          stamp: '2026-11-22T00:00:07.000Z',
          receivedAt: '2026-11-22T00:01:00.000Z',
          deleted: false,
          requestId: 'r2',
        },
        {
          stamp: '2026-11-22T00:00:05.000Z',
          receivedAt: '2026-11-22T00:00:00.000Z',
          deleted: false,
          requestId: 'r1',
        },
      ],
    });
  });

  test('are remembered up to ten, the newest first', async () => {
    const where = environment();
    for (let second = 1; second <= 12; second += 1) {
      await save(where, [version('a', second, { deleted: second % 2 === 0 })]);
    }
    const { history, versions } = (await store.item(where, FEED, feedIdOf(['a'])))!;
    expect(versions).toBe(12);
    expect(history.map(({ stamp }) => new Date(stamp).getUTCSeconds())).toEqual([
      12, 11, 10, 9, 8, 7, 6, 5, 4, 3,
    ]);
    expect(history.map(({ deleted }) => deleted).slice(0, 3)).toEqual([true, false, true]);
  });

  test('sent twice are one version', async () => {
    const where = environment();
    const batch = [version('a', 1), version('b', 1)];
    await save(where, batch);
    await save(where, batch);
    expect(await store.item(where, FEED, feedIdOf(['a']))).toMatchObject({ versions: 1 });
    expect(await store.counts(where)).toMatchObject([{ items: 2, deleted: 0 }]);
  });
});

describe('a deletion', () => {
  test('leaves a tombstone, which an older version does not bring back', async () => {
    const where = environment();
    await save(where, [version('a', 1)]);
    await save(where, [version('a', 3, { deleted: true })]);
    await save(where, [version('a', 2)]);
    expect(await store.item(where, FEED, feedIdOf(['a']))).toMatchObject({ deleted: true });
    expect(await store.counts(where)).toMatchObject([{ items: 0, deleted: 1 }]);
  });

  test('of an item that never came is kept as well', async () => {
    const where = environment();
    await save(where, [version('a', 3, { deleted: true })]);
    await save(where, [version('a', 2)]);
    expect(await store.counts(where)).toMatchObject([{ items: 0, deleted: 1 }]);
  });

  test('is undone by a newer version', async () => {
    const where = environment();
    await save(where, [version('a', 1, { deleted: true })]);
    await save(where, [version('a', 2)]);
    expect(await store.counts(where)).toMatchObject([{ items: 1, deleted: 0 }]);
  });
});

test('identities that differ only in letter case or accents are different items', async () => {
  const where = environment();
  await save(where, [version('abc', 1), version('ABC', 1), version('äbc', 1)]);
  expect(await store.counts(where)).toMatchObject([{ items: 3 }]);
  expect(await store.item(where, FEED, feedIdOf(['äbc']))).toMatchObject({ identity: ['äbc'] });
});

test('a payload comes back byte by byte', async () => {
  const where = environment();
  const text = `{ "a":"'\\\\\\" \\u0000 😀 ü %s ? \`", "b":1.50,\n"c":"${'x'.repeat(70_000)}"}`;
  await save(where, [version('a', 1, { payload: Buffer.from(text) })]);
  expect((await store.item(where, FEED, feedIdOf(['a'])))?.payload).toBe(text);
});

test('a batch too large for one statement is stored whole', async () => {
  const where = environment();
  const payload = Buffer.from(`{"a":"${'x'.repeat(200_000)}"}`);
  await save(
    where,
    Array.from({ length: 100 }, (_, i) => version(`sku-${i}`, 1, { payload })),
  );
  expect(await store.counts(where)).toMatchObject([{ items: 100 }]);
});

test('requests with the same items in all orders, at the same time, end with the newest', async () => {
  const where = environment();
  const skus = Array.from({ length: 50 }, (_, i) => `sku-${i}`);
  const writers = Array.from({ length: 12 }, (_, writer) => {
    const items = skus.map((sku) => version(sku, writer));
    return save(where, writer % 2 === 0 ? items : items.toReversed());
  });
  await Promise.all(writers);
  for (const sku of skus) expect(await kept(where, sku)).toEqual({ sku, at: 11 });
});

test('reading does not wait for writing, nor writing for reading', async () => {
  const where = environment();
  await save(where, [version('a', 1)]);
  const other = await mysql.createConnection(databaseUrl);
  try {
    // A writer that has not committed yet: all rows of the item are locked.
    await other.query('BEGIN');
    await other.query('UPDATE ingestion_sequence SET value = value WHERE environment = ?', [where]);
    await other.query(`UPDATE ingestion_item SET payload = '{}' WHERE environment = ?`, [where]);
    expect(await kept(where, 'a')).toMatchObject({ at: 1 });
    const page = { environment: where, feed: FEED, after: '', limit: 10 } as const;
    expect(await store.page({ ...page, includeDeleted: true })).toHaveLength(1);
    expect(await store.counts(where)).toMatchObject([{ items: 1 }]);
    const last = await store.lastChange(where);
    const following = { environment: where, feeds: [FEED], after: last - 1, limit: 10 } as const;
    expect(await store.changes(following)).toHaveLength(1);
    await other.query('ROLLBACK');

    // A reader in the middle of what it reads, and it goes on seeing what it began with.
    await other.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    const read = async (): Promise<unknown> =>
      (await other.query('SELECT payload FROM ingestion_item WHERE environment = ?', [where]))[0];
    const before = await read();
    await save(where, [version('a', 2), version('b', 1)]);
    expect(await kept(where, 'a')).toMatchObject({ at: 2 });
    expect(await read()).toEqual(before);
  } finally {
    await other.end();
  }
});

test('several instances may bring the same new database up to date at once', async () => {
  const { url } = await freshDatabase('item_store_start');
  const stores = await Promise.all(
    Array.from({ length: 3 }, () => ItemStore.open({ databaseUrl: url })),
  );
  await Promise.all(stores.map((each) => each.ping()));
  await Promise.all(stores.map((each) => each.close()));
});

test('a start after another one was killed while migrating goes through', async () => {
  const connection = await mysql.createConnection(databaseUrl);
  await connection.query('UPDATE ingestion_migration_lock SET is_locked = 1');
  await connection.end();
  const again = await ItemStore.open({ databaseUrl });
  await again.close();
});

test('a page and the counts are read through indexes', async () => {
  const connection = await mysql.createConnection(databaseUrl);
  const plan = async (sql: string): Promise<{ table: string; key: string; Extra: string }[]> => {
    const [rows] = await connection.query(`EXPLAIN ${sql}`);
    return rows as { table: string; key: string; Extra: string }[];
  };
  const counts = await plan(COUNTS.replaceAll('?', "'environment-1'"));
  const keys = counts.filter(({ table }) => table === 'ingestion_item').map(({ key }) => key);
  expect(keys.toSorted()).toEqual(['changes', 'counts']);
  for (const { table, Extra } of counts) {
    if (table === 'ingestion_item') expect(Extra).toMatch(/Using index/);
  }
  expect(counts.find(({ table }) => table === 'newest')).toMatchObject({ key: 'changes' });
  const [page] = await plan(
    `SELECT payload FROM ingestion_item FORCE INDEX (item)
     WHERE environment = 'environment-1' AND feed = '${FEED}' AND item_id > '' AND deleted = 0
     ORDER BY item_id LIMIT 100`,
  );
  expect(page!.key).toBe('item');
  for (const { Extra } of [...counts, page!]) expect(Extra).not.toMatch(/temporary|filesort/);
  await connection.end();
});

test('a database that is not there is told as such', async () => {
  const missing = databaseUrl.replace(/\/[^/]*$/, '/test_no_such_database');
  await expect(ItemStore.open({ databaseUrl: missing })).rejects.toMatchObject({
    code: 'SDE60-01',
  });
});
