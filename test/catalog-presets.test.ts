import { afterAll, beforeAll, expect, test } from 'vitest';

import { TestSystem } from './system.js';

const FEEDS = [
  'productAttributes',
  'products',
  'scopesWebsite',
  'scopesCustomerGroup',
  'prices',
  'categories',
] as const;

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 60, storeViews: 2 },
    settings: {
      SERVICE_ROUTES: 'commerce-optimizer',
      SERVICE_LOCALES: '{"default": "en-US"}',
      SERVICE_CURRENCIES: '{"base": "USD"}',
      FEEDS: FEEDS.join(','),
    },
  });
  await system.startWorker();
});
afterAll(() => system.stop());

test('Commerce Optimizer takes all feeds that have a shape there, and their deletions', async () => {
  const first = await system.fullSync();
  expect(first.outcome).toBe('completed');
  for (const feed of FEEDS) {
    const counts = first.feeds[feed]!.counts;
    expect(counts.accepted, feed).toBe(counts.sent);
    expect(counts.sent, feed).toBeGreaterThan(0);
  }

  await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id <= 3');
  system.proxy.requests.length = 0;
  const second = await system.fullSync({ feeds: ['products', 'prices'] });
  expect(second.outcome).toBe('completed');
  expect(second.feeds.products!.counts.deleted).toBeGreaterThan(0);
  const deletions = system.proxy.requests.filter(({ path }) => path.endsWith('/delete'));
  expect(deletions.length).toBeGreaterThan(0);
  for (const request of deletions) {
    for (const item of request.items()) {
      const keys = request.path.includes('prices') ? ['sku', 'priceBookId'] : ['sku', 'source'];
      expect(Object.keys(item)).toEqual(keys);
    }
  }
});
