import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { FeedName } from '../src/feeds/names.js';
import { feedNamed } from '../src/feeds/registry.js';
import type { LauncherResult } from '../src/workflows/messages.js';
import { WORKFLOW } from '../src/workflows/names.js';
import { lastRun } from './steering-system.js';
import { TestSystem } from './system.js';

const FEEDS: readonly FeedName[] = ['products', 'reviews'];

let system: TestSystem;
let products: string;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 60, storeViews: 2 },
    capture: true,
    settings: { RETRY_MAX_AGE_DAYS: '7' },
  });
  products = system.store.t(feedNamed('products').table);
  await system.startWorker();
  await system.fullSync({ feeds: FEEDS });
  await system.partialSync({ feeds: FEEDS });
});
afterAll(() => system.stop());
afterEach(async () => {
  system.proxy.fault = () => ({});
  await system.partialSync({ feeds: FEEDS });
  await system.run(WORKFLOW.publishLegacyFeeds);
  await system.expectConverged(FEEDS);
});

const retry = (feeds: readonly FeedName[] = ['products']): Promise<LauncherResult> =>
  system.run<LauncherResult>(WORKFLOW.retryFailedItems, { feeds });

/** Changes a product, whose items the service cannot take: they wait to be sent again. */
async function fail(id: number): Promise<void> {
  const [sku] = await skuOf(id);
  system.proxy.fault = (seen) =>
    seen.items().some((item) => item['sku'] === sku) ? { status: 418, body: 'a teapot' } : {};
  await nameProduct(id, `name that fails ${id}`);
  await system.partialSync({ feeds: ['products'] });
}

async function nameProduct(id: number, name: string): Promise<void> {
  await system.shop.query(
    `UPDATE catalog_product_entity_varchar SET value = ?
     WHERE entity_id = ? AND attribute_id = (SELECT attribute_id FROM eav_attribute
       WHERE attribute_code = 'name' AND entity_type_id = 4)`,
    [name, id],
  );
}

async function skuOf(id: number): Promise<string[]> {
  const [rows] = await system.shop.query(
    'SELECT sku FROM catalog_product_entity WHERE entity_id = ?',
    [id],
  );
  return (rows as { sku: string }[]).map(({ sku }) => sku);
}

interface Retried {
  attempts: number;
  minutes: number | null;
}

function waitingRows(): Promise<Retried[]> {
  return system.store.rows<Retried>(
    `SELECT attempts, TIMESTAMPDIFF(SECOND, modified_at, next_try_at) / 60 AS minutes
     FROM ${products} WHERE attempts > 0`,
  );
}

async function makeDue(): Promise<void> {
  await system.store.run(
    `UPDATE ${products} SET next_try_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE attempts > 0`,
  );
}

describe('an item that the service did not take', () => {
  test('is tried again when its time has come, each time later, and then as the shop is', async () => {
    await fail(5);
    const first = await waitingRows();
    expect(first.length).toBeGreaterThan(0);
    expect(first.map(({ attempts }) => attempts)).toEqual(first.map(() => 1));
    // Its time has not come.
    expect(await retry()).toEqual({ started: [], handedOver: [], settled: {} });

    await makeDue();
    const failed = await retry();
    expect(failed.started).toEqual(['products']);
    const second = await waitingRows();
    expect(second.map(({ attempts }) => attempts)).toEqual(second.map(() => 2));
    expect(Number(second[0]!.minutes)).toBeGreaterThan(Number(first[0]!.minutes));

    system.proxy.fault = () => ({});
    await nameProduct(5, 'the newest name');
    await makeDue();
    const result = await retry();
    expect(result.settled.products).toMatchObject({ outcome: 'completed' });
    expect(await waitingRows()).toEqual([]);
    expect((await lastRun(system, 'products'))['operation']).toBe('retry failed items');
    const held = (await system.held('products')) as { name: string }[];
    expect(held.filter(({ name }) => name === 'the newest name').length).toBeGreaterThan(0);
  });

  test('is left to people when it has failed for too long, and goes out with a full sync', async () => {
    await fail(6);
    await system.store.run(
      `UPDATE ${products} SET first_failed_at = UTC_TIMESTAMP() - INTERVAL 8 DAY WHERE attempts > 0`,
    );
    await makeDue();
    expect((await retry()).started).toEqual([]);
    system.proxy.fault = () => ({});
    await system.fullSync({ feeds: ['products'] });
    expect(await waitingRows()).toEqual([]);
  });
});

describe('publishing of legacy feeds', () => {
  test('sends what was collected while the service did not answer', async () => {
    await system.shop.query(`UPDATE review_detail SET title = CONCAT(title, '!') LIMIT 2`);
    await system.partialSync({ feeds: ['reviews'] });
    const before = system.proxy.requests.length;
    const result = await system.run<LauncherResult>(WORKFLOW.publishLegacyFeeds);
    expect(result.started).toEqual(['reviews']);
    expect(result.settled.reviews).toMatchObject({ outcome: 'completed' });
    expect(system.proxy.requests.length).toBeGreaterThan(before);
    expect((await lastRun(system, 'reviews'))['operation']).toBe('publish');
    const nothing = await system.run<LauncherResult>(WORKFLOW.publishLegacyFeeds);
    expect(nothing.started).toEqual([]);
  });
});

describe('clean-up', () => {
  test('removes rows of deletions that were taken long ago, and no others', async () => {
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id IN (7, 8)');
    await system.partialSync({ feeds: ['products'] });
    const deleted = await system.store.rows(`SELECT 1 FROM ${products} WHERE is_deleted = 1`);
    expect(deleted.length).toBeGreaterThan(0);
    const clean = (): Promise<Record<string, number>> =>
      system.run(WORKFLOW.cleanupDeletedItems, { feeds: ['products'] });
    expect(await clean()).toEqual({ products: 0 });
    await system.store.run(
      `UPDATE ${products} SET modified_at = UTC_TIMESTAMP() - INTERVAL 8 DAY WHERE is_deleted = 1`,
    );
    expect(await clean()).toEqual({ products: deleted.length });
  });
});
