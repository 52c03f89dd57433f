import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { makeRetriesDue } from '../settle.js';
import type { FeedName } from '../../src/feeds/names.js';
import type { LauncherResult, PartialSyncResult } from '../../src/workflows/messages.js';
import { WORKFLOW } from '../../src/workflows/names.js';
import { startAttributes } from '../../src/workflows/search-attributes.js';
import { lastRun, PATIENCE, progressOf, runOf } from '../steering-system.js';
import { TestSystem } from '../system.js';

const FEEDS: readonly FeedName[] = ['products', 'productAttributes', 'reviews'];

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 60, storeViews: 2 },
    capture: true,
    // The smallest worker: whoever waits must not take the place of the work that is waited for.
    // Small requests: a pause comes before the last one, however slow the machine is.
    settings: {
      WORKER_CONCURRENCY: '1',
      SERVICE_TIMEOUT_SECONDS: '10',
      FEED_PRODUCTS_BATCH_SIZE: '5',
      FEED_REVIEWS_BATCH_SIZE: '2',
    },
  });
  await system.startWorker();
  await system.fullSync({ feeds: FEEDS });
  await system.partialSync({ feeds: FEEDS });
});
afterAll(() => system.stop());
beforeEach(() => {
  system.proxy.fault = () => ({});
  system.proxy.requests.length = 0;
});

function start<Result>(type: string, input: unknown, requestedBy?: string) {
  return system.client.workflow.start<(input: unknown) => Promise<Result>>(type, {
    workflowId: `${system.instance}-${type}-${randomUUID()}`,
    taskQueue: system.taskQueue,
    args: [input],
    typedSearchAttributes: startAttributes({ syncType: type, requestedBy }),
  });
}

describe('with a single place for work', () => {
  test('who waits for a run does not keep it from its end', async () => {
    system.proxy.fault = () => ({ delayMs: 200 });
    const first = await system.startFullSync({ feeds: ['products'], force: true, batchSize: 5 });
    await system.proxy.seen(2);
    const second = await system.startFullSync({ feeds: ['products'], cleanupFeed: true });
    // Between two activities of the first one, the second one takes the place, and waits in it.
    system.proxy.fault = () => ({});
    const [ended, own] = await Promise.all([first.result(), second.result()]);
    expect([ended.outcome, own.outcome]).toEqual(['completed', 'completed']);
    await system.expectConverged(['products']);
  }, 300_000);
});

describe('a run that is paused', () => {
  test('keeps neither the next retry nor the next publication, nor those of other feeds', async () => {
    system.proxy.fault = () => ({ status: 418, body: 'a teapot' });
    await system.fullSync({ feeds: FEEDS, cleanupFeed: true });
    system.proxy.fault = () => ({ delayMs: 3_000 });
    await makeRetriesDue(system.store);
    const retry = await start<LauncherResult>(WORKFLOW.retryFailedItems, { feeds: ['products'] });
    const publish = await start<LauncherResult>(WORKFLOW.publishLegacyFeeds, {});
    for (const feed of ['products', 'reviews'] as const) {
      await vi.waitFor(async () => {
        const { operation } = await progressOf(system, feed);
        expect(operation).toBe(feed === 'products' ? 'retry failed items' : 'publish');
        await runOf(system, feed).executeUpdate('pause', { args: [{ by: 'ada' }] });
      }, PATIENCE);
    }
    system.proxy.fault = () => ({});

    expect(await retry.result()).toEqual({ started: ['products'], handedOver: [], settled: {} });
    expect(await publish.result()).toEqual({ started: ['reviews'], handedOver: [], settled: {} });
    const next = await system.run<LauncherResult>(WORKFLOW.retryFailedItems, { feeds: FEEDS });
    expect(next).toMatchObject({
      started: ['productAttributes'],
      handedOver: ['products'],
      settled: { productAttributes: { outcome: 'completed' } },
    });

    for (const feed of ['products', 'reviews'] as const) {
      expect((await progressOf(system, feed)).paused).toEqual({ by: 'ada' });
      await runOf(system, feed).executeUpdate('resume');
      await runOf(system, feed).result();
    }
    await system.expectConverged(FEEDS);
  }, 400_000);
});

describe('the audit', () => {
  test('names who asked for a partial sync; a schedule is nobody', async () => {
    for (const [requestedBy, recorded] of [
      ['ada', 'ada'],
      ['schedule', null],
    ] as const) {
      await system.shop.query('UPDATE catalog_product_entity SET sku = ? WHERE entity_id = 7', [
        `of-${requestedBy}`,
      ]);
      const sync = await start<PartialSyncResult>(
        WORKFLOW.partialSync,
        { feeds: ['products'], listenSeconds: 0 },
        requestedBy,
      );
      await sync.result();
      expect(await lastRun(system, 'products')).toMatchObject({
        operation: 'partial sync',
        requested_by: recorded,
        launched_by: sync.workflowId,
      });
    }
    await system.expectConverged(['products']);
  });

  test('says who paused and resumed a run, started it over, and approved its deletions', async () => {
    system.proxy.fault = () => ({ delayMs: 100 });
    const full = await system.startFullSync({ feeds: ['products'], force: true, batchSize: 5 });
    await system.proxy.seen(2);
    const products = runOf(system, 'products');
    await products.executeUpdate('approveDeletions', { args: [{ by: 'eve' }] });
    await products.executeUpdate('pause', { args: [{ by: 'ada', reason: 'stock-taking' }] });
    await products.executeUpdate('cleanupFeed', { args: [{ by: 'bob' }] });
    await products.executeUpdate('resume');
    system.proxy.fault = () => ({});
    await full.result();
    const at = 'at 20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ';
    expect((await lastRun(system, 'products'))['sentence']).toMatch(
      new RegExp(
        `^Full sync of products: .* unchanged\\. It was allowed all deletions by eve ${at}, ` +
          `paused by ada \\(stock-taking\\) ${at}, ` +
          `told to start over with cleanupFeed by bob ${at}, resumed by somebody ${at}\\.$`,
      ),
    );
    await system.expectConverged(['products']);
  });
});

describe('the run of a feed that is started by hand', () => {
  test.each([
    [undefined, '“feed” is missing. feedSync is started by the other workflows'],
    [{}, '“feed” is missing.'],
    [{ feed: 'product' }, '“feed” must be the name of a feed (productAttributes,'],
    [{ feed: 'products', fast: true }, 'Unknown field “fast”. Fields: feed, operation,'],
    [{ feed: 'products', operation: 'export' }, '“operation” must be one of full sync,'],
    [{ feed: 'products' }, 'has the workflow ID “'],
    [{ feed: 'products', trigger: 'x' }, 'start fullSync instead, under any ID.'],
    [{ feed: 'products', dryRun: true }, '/dry-run/products/…”, not “'],
    [{ feed: 'products', continued: { nextSegment: 5 } }, 'only for runs that continue as new'],
  ])('with %j under another ID fails at once and takes no lease', async (input, message) => {
    const leases = await system.store.rows('SELECT * FROM feed_lease ORDER BY feed');
    const run = await start(WORKFLOW.feedSync, input);
    await expect(run.result()).rejects.toMatchObject({
      cause: { type: 'InvalidInput', message: expect.stringContaining(message) as string },
    });
    expect(await system.store.rows('SELECT * FROM feed_lease ORDER BY feed')).toEqual(leases);
  });

  test('under the ID of another shop fails as well', async () => {
    const run = await system.client.workflow.start(WORKFLOW.feedSync, {
      workflowId: `other-${system.instance}/sync/products`,
      taskQueue: system.taskQueue,
      args: [{ feed: 'products' }],
    });
    await expect(run.result()).rejects.toMatchObject({ cause: { type: 'InvalidInput' } });
  });

  test('under its own ID is a full sync', async () => {
    const run = await system.client.workflow.start(WORKFLOW.feedSync, {
      workflowId: `${system.instance}/sync/products`,
      taskQueue: system.taskQueue,
      args: [{ feed: 'products' }],
    });
    expect(await run.result()).toMatchObject({ outcome: 'completed' });
    expect(await lastRun(system, 'products')).toMatchObject({ trigger_source: 'feedSync' });
  });
});
