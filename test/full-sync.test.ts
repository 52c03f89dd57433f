import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { FeedName } from '../src/feeds/names.js';
import { TestSystem } from './system.js';

const FEEDS: readonly FeedName[] = ['productAttributes', 'products', 'categories', 'prices'];

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 120, storeViews: 3 } });
  await system.startWorker();
});
afterAll(() => system.stop());

describe('a full sync', () => {
  test('brings the service to what a fresh export gives', async () => {
    const result = await system.fullSync({ feeds: FEEDS });
    expect(result.outcome).toBe('completed');
    expect(result.feeds.products?.counts).toMatchObject({ processed: 120, rejected: 0, failed: 0 });
    await system.expectConverged(FEEDS);
  });

  test('sends nothing when nothing has changed', async () => {
    const requests = system.proxy.requests.length;
    const result = await system.fullSync({ feeds: FEEDS });
    for (const feed of FEEDS) {
      const counts = result.feeds[feed]?.counts;
      expect(counts).toMatchObject({ sent: 0, requests: 0, unchanged: counts?.collected });
    }
    expect(system.proxy.requests.length).toBe(requests);
  });

  test('sends what has changed, and nothing else', async () => {
    await system.shop.query(
      `UPDATE catalog_product_entity SET sku = CONCAT(sku, '-renamed') WHERE entity_id = 5`,
    );
    const result = await system.fullSync({ feeds: ['products'] });
    const { sent = 0, deleted = 0 } = result.feeds.products?.counts ?? {};
    expect(deleted).toBeGreaterThan(0);
    expect(sent).toBeGreaterThanOrEqual(2 * deleted);
    expect(sent).toBeLessThan(60);
    await system.expectConverged(['products']);
  });

  test('reports products that are gone as deleted', async () => {
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id IN (1, 2, 3)');
    const result = await system.fullSync({ feeds: ['products', 'prices'] });
    expect(result.feeds.products?.counts.deleted).toBeGreaterThan(0);
    await system.expectConverged(['products', 'prices']);
  });

  test('by ids sends these entities, unchanged or not', async () => {
    const [rows] = await system.shop.query(
      `SELECT e.sku FROM catalog_product_entity e
       WHERE EXISTS (SELECT 1 FROM catalog_product_website w WHERE w.product_id = e.entity_id)
       ORDER BY e.entity_id LIMIT 2`,
    );
    const skus = (rows as { sku: string }[]).map(({ sku }) => sku);
    const result = await system.fullSync({ feeds: ['products'], ids: skus });
    const { processed, sent, collected } = result.feeds.products!.counts;
    expect(processed).toBe(2);
    expect(sent).toBe(collected);
    expect(sent).toBeGreaterThan(0);
    await system.expectConverged(['products']);
  });

  test('with force sends everything once', async () => {
    const result = await system.fullSync({ feeds: ['productAttributes'], force: true });
    const { sent, collected } = result.feeds.productAttributes!.counts;
    expect(sent).toBe(collected);
    await system.expectConverged(['productAttributes']);
  });

  test('with cleanupFeed counts every item as never sent', async () => {
    const result = await system.fullSync({ feeds: ['productAttributes'], cleanupFeed: true });
    const { sent, collected } = result.feeds.productAttributes!.counts;
    expect(sent).toBe(collected);
    await system.expectConverged(['productAttributes']);
  });

  test('holds as many items a request as asked for', async () => {
    const before = system.proxy.requests.length;
    const result = await system.fullSync({
      feeds: ['productAttributes'],
      force: true,
      batchSize: 7,
      threadCount: 3,
    });
    const { sent } = result.feeds.productAttributes!.counts;
    const requests = system.proxy.requests.length - before;
    expect(requests).toBeGreaterThanOrEqual(Math.ceil(sent / 7));
    // Each segment may end with a request that is not full.
    expect(requests).toBeLessThanOrEqual(Math.ceil(sent / 7) + 3);
  });

  test('as a dry run tells what would be sent, and leaves the store as it is byte by byte', async () => {
    await system.shop.query(
      `UPDATE catalog_product_entity SET sku = CONCAT(sku, '-dry') WHERE entity_id = 7`,
    );
    const before = await system.storeContents();
    const requests = system.proxy.requests.length;
    const result = await system.fullSync({ feeds: ['products'], dryRun: true });
    expect(result.feeds.products?.outcome).toBe('completed');
    expect(result.feeds.products?.counts.sent).toBeGreaterThan(0);
    expect(await system.storeContents()).toEqual(before);
    expect(system.proxy.requests.length).toBe(requests);
  });

  test('writes who asked, why and what came of it into the audit', async () => {
    await system.fullSync({ feeds: ['products'], requestedBy: 'ada', reason: 'after a rehearsal' });
    const [run] = await system.store.rows<Record<string, unknown>>(
      'SELECT * FROM sync_run ORDER BY run_id DESC LIMIT 1',
    );
    expect(run).toMatchObject({
      feed: 'products',
      operation: 'full sync',
      requested_by: 'ada',
      reason: 'after a rehearsal',
      outcome: 'completed',
      workflow_id: `${system.instance}/sync/products`,
    });
    expect(run?.['sentence']).toMatch(/^Full sync of products: \d+ entities gave \d+ items/);
    expect(await system.store.rows('SELECT * FROM sync_segment')).toEqual([]);
    await system.expectConverged(['products']);
  });

  test('of a feed that this edition lacks says so, and is no failure', async () => {
    const result = await system.fullSync({ feeds: ['categoryPermissions'] });
    expect(result.outcome).toBe('completed');
    expect(result.feeds.categoryPermissions?.outcome).toBe('not available');
  });

  test.each([
    [{ feeds: ['product'] }, /no feed “product”/],
    [{ feed: ['products'] }, /Unknown field “feed”/],
    [
      { feeds: ['products'], ids: ['1'], cleanupFeed: true },
      /“ids” does not go with “cleanupFeed”/,
    ],
    [{ batchSize: 0 }, /whole number from 1 to 1000/],
  ])('with the input %j fails at once and says what is allowed', async (input, message) => {
    const handle = await system.startFullSync(input as never);
    await expect(handle.result()).rejects.toMatchObject({
      cause: {
        type: 'InvalidInput',
        nonRetryable: true,
        message: expect.stringMatching(message) as string,
      },
    });
  });

  test('stops when the state belongs to another data space, and moves with cleanupFeed', async () => {
    await system.store.run(`UPDATE feed_binding SET environment_id = 'elsewhere'`);
    const result = await system.fullSync({ feeds: ['productAttributes'] });
    expect(result.feeds.productAttributes).toMatchObject({ outcome: 'failed' });
    expect(result.feeds.productAttributes?.sentence).toContain('--cleanup-feed');
    const moved = await system.fullSync({ feeds: ['productAttributes'], cleanupFeed: true });
    expect(moved.feeds.productAttributes?.outcome).toBe('completed');
  });
});
