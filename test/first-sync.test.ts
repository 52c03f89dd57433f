import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { FeedName } from '../src/feeds/names.js';
import { feedNamed } from '../src/feeds/registry.js';
import { NEVER_EXPORTED, requestSyncs } from '../src/store/sync-requests.js';
import { queuedSyncId } from '../src/workflows/names.js';
import { lastRun, PATIENCE, runOf } from './steering-system.js';
import { TestSystem } from './system.js';

const FEEDS: readonly FeedName[] = ['productAttributes', 'categories', 'reviews'];

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 40, storeViews: 2 },
    capture: true,
    settings: { INITIAL_SYNC: 'auto', FEEDS: FEEDS.join(',') },
  });
  await system.startWorker();
});
afterAll(() => system.stop());

const queued = (): Promise<{ feed: string; reason: string }[]> =>
  system.store.rows(`SELECT feed, reason FROM ${system.store.t('sync_request')}`);

async function ended(): Promise<void> {
  for (const feed of FEEDS) {
    await system.client.workflow
      .getHandle(queuedSyncId(system.instance, feed))
      .result()
      .catch(() => undefined);
  }
}

test('feeds that never ran start by themselves, and the audit says why', async () => {
  system.proxy.fault = (seen) => (seen.path.includes('categories') ? { delayMs: 1000 } : {});
  const { fullSyncs } = await system.partialSync();
  expect(Object.keys(fullSyncs).sort()).toEqual([...FEEDS].sort());
  for (const reason of Object.values(fullSyncs)) expect(reason).toContain(NEVER_EXPORTED);
  await vi.waitFor(async () => expect(await lastRun(system, 'categories')).toBeDefined(), PATIENCE);
  // What runs already is not started again.
  expect((await system.partialSync()).fullSyncs).toEqual({});
  await ended();
  for (const feed of FEEDS) {
    expect(await lastRun(system, feed)).toMatchObject({
      operation: 'full sync',
      requested_by: 'partialSync',
      reason: expect.stringContaining(NEVER_EXPORTED) as string,
      outcome: 'completed',
    });
  }
  expect(await queued()).toEqual([]);
  await system.expectConverged(FEEDS);
});

test('a first sync that was cancelled is left to people: it does not start again', async () => {
  await system.store.run(`DELETE FROM feed_binding WHERE feed = 'categories'`);
  await system.store.run(
    `UPDATE ${system.store.t(feedNamed('categories').table)} SET feed_hash = ''`,
  );
  system.proxy.fault = () => ({ delayMs: 3000 });
  const before = (await lastRun(system, 'categories'))['run_id'];
  expect((await system.partialSync()).fullSyncs).toEqual({
    categories: NEVER_EXPORTED,
  });
  await vi.waitFor(
    async () => expect((await lastRun(system, 'categories'))['run_id']).not.toBe(before),
    PATIENCE,
  );
  await system.client.workflow.getHandle(queuedSyncId(system.instance, 'categories')).cancel();
  await ended();
  expect((await lastRun(system, 'categories'))['outcome']).toBe('cancelled');
  system.proxy.fault = () => ({});
  expect((await system.partialSync()).fullSyncs).toEqual({});
  await system.fullSync({ feeds: ['categories'] });
  await system.expectConverged(FEEDS);
});

test('full syncs that were queued start with all of their reasons, and leave the queue when done', async () => {
  await requestSyncs(system.store, [
    { feed: 'categories', reason: 'The table a was swapped.' },
    { feed: 'categories', reason: 'The table b was swapped.' },
    { feed: 'reviews', reason: 'The table a was swapped.' },
  ]);
  const { fullSyncs } = await system.partialSync();
  expect(fullSyncs).toEqual({
    categories: 'The table a was swapped.; The table b was swapped.',
    reviews: 'The table a was swapped.',
  });
  await ended();
  expect((await lastRun(system, 'categories'))['reason']).toContain('The table b was swapped.');
  expect(await queued()).toEqual([]);
  await system.expectConverged(FEEDS);
});

test('while a feed is paused, the queued full sync of another one runs', async () => {
  const reason = 'The table a was swapped.';
  await system.shop.query(`UPDATE review_detail SET title = CONCAT(title, ' again')`);
  system.proxy.fault = (seen) => (seen.path.includes('categories') ? { delayMs: 2000 } : {});
  await system.fullSync({ feeds: ['reviews'] });
  await system.store.run(
    `UPDATE ${system.store.t(feedNamed('categories').table)} SET feed_hash = ''`,
  );
  await requestSyncs(system.store, [{ feed: 'categories', reason }]);
  expect((await system.partialSync()).fullSyncs).toEqual({ categories: reason });
  await vi.waitFor(() => runOf(system, 'categories').signal('pause', { by: 'ada' }), PATIENCE);

  const before = (await lastRun(system, 'reviews'))['run_id'];
  await requestSyncs(system.store, [{ feed: 'reviews', reason }]);
  expect((await system.partialSync()).fullSyncs).toEqual({ reviews: reason });
  await system.client.workflow.getHandle(queuedSyncId(system.instance, 'reviews')).result();
  const run = await lastRun(system, 'reviews');
  expect(run).toMatchObject({ operation: 'full sync', reason, outcome: 'completed' });
  expect(run['run_id']).not.toBe(before);
  expect((await queued()).map(({ feed }) => feed)).toEqual(['categories']);

  system.proxy.fault = () => ({});
  await runOf(system, 'categories').signal('resume');
  await ended();
  expect(await queued()).toEqual([]);
  await system.expectConverged(FEEDS);
});
