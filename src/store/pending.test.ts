import { beforeAll, expect, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { migrate } from './migrate.js';
import { openQueue, pendingEntities, queueEntities, queueWithoutPayload } from './pending.js';
import { Store } from './store.js';

let store: Store;

beforeAll(async () => {
  store = new Store({ databaseUrl: (await freshDatabase('pending')).url });
  await migrate(store, ['some_feed']);
  return () => store.close();
});

test('an entity is queued once, and again with a newer number', async () => {
  await queueEntities(store, 'orders', [2, 1, 2]);
  const first = await pendingEntities(store, 'orders', 10);
  expect(first.map(({ entityId }) => entityId)).toEqual([1, 2]);
  await queueEntities(store, 'orders', [2]);
  const second = await pendingEntities(store, 'orders', 10);
  expect(second[0]).toEqual(first[0]);
  expect(second[1]?.queuedSeq).toBeGreaterThan(first[1]!.queuedSeq);
  expect(second[1]?.changedAt).toBe(first[1]?.changedAt);
});

test('each feed has a queue of its own', async () => {
  await queueEntities(store, 'products', [7]);
  expect(await pendingEntities(store, 'products', 10)).toMatchObject([{ entityId: 7 }]);
  expect(await pendingEntities(store, 'prices', 10)).toEqual([]);
});

test('a number drawn earlier does not lower one drawn later', async () => {
  const early = await openQueue(store, 'prices');
  await queueEntities(store, 'prices', [5]);
  const [before] = await pendingEntities(store, 'prices', 1);
  await early([5]);
  expect(await pendingEntities(store, 'prices', 1)).toEqual([before]);
});

test('queueing goes back with the transaction around it', async () => {
  const queue = await openQueue(store, 'reviews');
  await expect(
    store.transaction(async (transaction) => {
      await queue([1], transaction);
      throw new Error('given up');
    }),
  ).rejects.toThrow('given up');
  expect(await pendingEntities(store, 'reviews', 1)).toEqual([]);
});

test('items of which no payload is kept are queued, deletions are not', async () => {
  const row = (feedId: string, source: number, json: string, deleted: 0 | 1) =>
    store.run(
      `INSERT INTO some_feed (feed_id, source_entity_id, feed_data, is_deleted, modified_at)
       VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3))`,
      [feedId, source, json, deleted],
    );
  await row('a', 1, '', 0);
  await row('b', 2, '{}', 0);
  await row('c', 3, '', 1);
  await queueWithoutPayload(store, 'variants', 'some_feed');
  expect(await pendingEntities(store, 'variants', 10)).toMatchObject([{ entityId: 1 }]);
});
