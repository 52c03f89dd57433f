import { afterAll, beforeAll, expect, test } from 'vitest';

import { queuedSyncs } from '../src/store/sync-requests.js';
import type { FeedName } from '../src/feeds/names.js';
import { TestSystem } from './system.js';

const FEEDS: readonly FeedName[] = ['products', 'prices'];

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 30, storeViews: 1 }, capture: true });
});
afterAll(() => system.stop());

test('a feed that is switched on again gets the changes of the time when it was off', async () => {
  const both = await system.startWorker({ FEEDS: FEEDS.join(',') });
  await system.fullSync({ feeds: FEEDS });
  await system.partialSync();
  await both.stop();

  const one = await system.startWorker({ FEEDS: 'products' });
  await system.shop.query(`UPDATE catalog_product_entity SET sku = CONCAT('R-', entity_id)`);
  await system.partialSync();
  await system.expectConverged(['products']);
  await one.stop();

  await system.startWorker({ FEEDS: FEEDS.join(',') });
  const { fullSyncs } = await system.partialSync();
  expect(fullSyncs).toEqual({ prices: 'The feed was switched on again.' });
  await expect
    .poll(() => queuedSyncs(system.store), { timeout: 60_000, interval: 200 })
    .toEqual([]);
  await system.expectConverged(FEEDS);
});
