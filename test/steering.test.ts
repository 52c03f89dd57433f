import { WithStartWorkflowOperation } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import type { FeedName } from '../src/feeds/names.js';
import type { FeedSyncResult, FullSyncInput, FullSyncResult } from '../src/workflows/messages.js';
import { feedSyncId, WORKFLOW } from '../src/workflows/names.js';
import {
  detailsOf,
  inPhase,
  inState,
  lastRun,
  PATIENCE,
  progressOf,
  quiet,
  runOf,
} from './steering-system.js';
import { TestSystem } from './system.js';

/** An immediate and a legacy feed, and the attributes that products follow. */
const FEEDS: readonly FeedName[] = ['productAttributes', 'products', 'reviews'];
const SLOW = { delayMs: 60 };
/** Sends everything in small requests, so that there is time to steer. */
const LONG: FullSyncInput = { feeds: ['products'], force: true, batchSize: 5 };

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 150, storeViews: 2 }, capture: true });
  await system.startWorker();
  await system.fullSync({ feeds: FEEDS });
  await system.partialSync({ feeds: FEEDS });
});
afterAll(() => system.stop());
beforeEach(() => {
  system.proxy.fault = () => SLOW;
  system.proxy.requests.length = 0;
});
// Whatever people ordered, in the end the service holds what a fresh export would give.
afterEach(async () => {
  system.proxy.fault = () => ({});
  await system.partialSync({ feeds: FEEDS });
  await system.expectConverged(FEEDS);
});

describe('a paused run', () => {
  test('lets nothing leave, not even changes, and says who paused it and why', async () => {
    const launcher = await system.startFullSync(LONG);
    await system.proxy.seen(3);
    const run = runOf(system, 'products');
    const answer = await run.executeUpdate('pause', {
      args: [{ reason: 'stock-taking', by: 'ada' }],
    });
    expect(answer).toBe(
      'products is paused by ada (stock-taking): pages in flight end, then nothing leaves.',
    );
    const before = await quiet(system, 2500);

    await renameProduct(12, 'changed-while-paused');
    const partial = await system.partialSync({ feeds: ['products'], listenSeconds: 2 });
    expect(partial.started).toEqual([]);
    expect(partial.handedOver).toEqual(['products']);
    expect(system.proxy.requests.length).toBe(before);
    expect(await progressOf(system, 'products')).toMatchObject({
      phase: 'exporting',
      paused: { reason: 'stock-taking', by: 'ada' },
    });
    const details = await detailsOf(run);
    expect(details).toContain('**products**: full sync, paused');
    expect(details).toContain('This run is paused by ada (stock-taking); nothing leaves.');
    expect(await run.executeUpdate('pause', { args: [{}] })).toBe(
      'products is paused by ada (stock-taking) already.',
    );

    expect(await run.executeUpdate('resume', { args: [{ by: 'bob' }] })).toBe(
      'products goes on by bob.',
    );
    expect((await progressOf(system, 'products')).paused).toBeUndefined();
    system.proxy.fault = () => ({});
    const result = await launcher.result();
    expect(result.feeds.products).toMatchObject({ outcome: 'completed' });
    expect(result.feeds.products?.counts.processed).toBeGreaterThanOrEqual(150);
    await system.expectConverged(FEEDS);
  });

  test('keeps its place: what was sent before is not sent again', async () => {
    const launcher = await system.startFullSync(LONG);
    await system.proxy.seen(4);
    await runOf(system, 'products').signal('pause');
    const sent = await quiet(system, 2500);
    expect(sent).toBeLessThan(30);
    await runOf(system, 'products').signal('resume');
    system.proxy.fault = () => ({});
    await launcher.result();
    const skus = system.proxy.requests.flatMap((seen) =>
      seen.items().map((item) => `${String(item['sku'])} ${String(item['storeViewCode'])}`),
    );
    expect(skus.length).toBe(new Set(skus).size);
  });

  test('pauses a full sync with the feeds that have not started', async () => {
    const launcher = await system.startFullSync({ ...LONG, feeds: ['products', 'reviews'] });
    const paused = await launcher.executeUpdate('pause', { args: [{ by: 'ada' }] });
    expect(paused).toBe(
      'The full sync is paused by ada: pages in flight end, then nothing leaves.',
    );
    const sent = await quiet(system, 2500);
    expect(await detailsOf(launcher)).toContain('This full sync is paused by ada.');
    expect(system.proxy.requests.length).toBe(sent);
    await launcher.signal('resume');
    system.proxy.fault = () => ({});
    expect((await launcher.result()).outcome).toBe('completed');
  });
});

describe('a run that waits for the service', () => {
  test('says why and until when, and no longer when it goes on', async () => {
    let limited = false;
    system.proxy.fault = () => {
      if (limited) return SLOW;
      limited = true;
      return { status: 429, body: 'slow down', headers: { 'retry-after': '8' } };
    };
    const launcher = await system.startFullSync(LONG);
    const progress = await vi.waitFor(async () => {
      const found = await progressOf(system, 'products');
      expect(found.waitsFor).toBeDefined();
      return found;
    }, PATIENCE);
    expect(progress.waitsFor?.reason).toMatch(/slow down|could not take a request/);
    expect(Date.parse(progress.waitsFor!.until)).toBeGreaterThan(Date.parse(progress.startedAt));
    expect(await detailsOf(runOf(system, 'products'))).toContain('Waiting until ');
    await system.proxy.seen(10);
    await vi.waitFor(async () => {
      expect((await progressOf(system, 'products')).waitsFor).toBeUndefined();
    }, PATIENCE);
    system.proxy.fault = () => ({});
    expect((await launcher.result()).outcome).toBe('completed');
  });
});

describe('cleanupFeed', () => {
  const everything = (result: FullSyncResult, feed: FeedName): void => {
    const { sent, collected } = result.feeds[feed]!.counts;
    expect(collected).toBeGreaterThan(0);
    expect(sent).toBeGreaterThanOrEqual(collected);
  };

  test('while a run exports starts it over: all items count as never sent', async () => {
    const launcher = await system.startFullSync({ feeds: ['products'], force: true, batchSize: 5 });
    await system.proxy.seen(3);
    const answer = await runOf(system, 'products').executeUpdate('cleanupFeed', {
      args: [{ by: 'ada' }],
    });
    expect(answer).toBe(
      'products starts over as a full sync by ada: every item counts as never sent.',
    );
    system.proxy.fault = () => ({});
    everything(await launcher.result(), 'products');
    const { options } = await lastRun(system, 'products');
    expect(JSON.parse(String(options))).toMatchObject({ cleanupFeed: true });
  });

  test('while a run begins and plans', async () => {
    const launcher = await system.startFullSync({ feeds: ['products'] });
    await vi.waitFor(() => runOf(system, 'products').signal('cleanupFeed'), PATIENCE);
    system.proxy.fault = () => ({});
    everything(await launcher.result(), 'products');
  });

  test('while a run is paused, which starts over when it is resumed', async () => {
    const launcher = await system.startFullSync(LONG);
    await system.proxy.seen(2);
    const run = runOf(system, 'products');
    await run.signal('pause', { by: 'ada' });
    await run.signal('cleanupFeed');
    const before = await quiet(system, 2500);
    expect((await progressOf(system, 'products')).paused).toEqual({ by: 'ada' });
    expect(system.proxy.requests.length).toBe(before);
    await run.signal('resume');
    system.proxy.fault = () => ({});
    everything(await launcher.result(), 'products');
  });

  test('while deletions are sent, which are not forgotten', async () => {
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id IN (20, 21, 22)');
    const isDeletion = (item: Record<string, unknown>): boolean => item['deleted'] === true;
    system.proxy.fault = (seen) => (seen.items().some(isDeletion) ? { delayMs: 3000 } : {});
    const launcher = await system.startFullSync({ feeds: ['products'] });
    await inPhase(system, 'products', 'deletions');
    await runOf(system, 'products').signal('cleanupFeed');
    everything(await launcher.result(), 'products');
  });

  test('while a legacy feed is published', async () => {
    system.proxy.fault = () => ({ delayMs: 2000 });
    const launcher = await system.startFullSync({ feeds: ['reviews'], cleanupFeed: true });
    await inPhase(system, 'reviews', 'publishing');
    await system.proxy.seen(1);
    await runOf(system, 'reviews').signal('cleanupFeed');
    system.proxy.fault = () => ({});
    everything(await launcher.result(), 'reviews');
    expect(system.proxy.requests.length).toBeGreaterThan(1);
  });

  test('to a full sync starts all of its feeds over, also those that have ended', async () => {
    const launcher = await system.startFullSync({
      ...LONG,
      feeds: ['productAttributes', 'products'],
    });
    await inState(launcher, 'productAttributes', 'completed');
    await inState(launcher, 'products', 'running');
    const answer = await launcher.executeUpdate('cleanupFeed', { args: [{ by: 'ada' }] });
    expect(answer).toBe(
      'All feeds of the full sync start over by ada: every item counts as never sent.',
    );
    system.proxy.fault = () => ({});
    const result = await launcher.result();
    everything(result, 'productAttributes');
    everything(result, 'products');
    const runs = await system.store.rows(
      `SELECT 1 FROM ${system.store.t('sync_run')}
       WHERE feed = 'productAttributes' AND launched_by = ?`,
      [launcher.workflowId],
    );
    expect(runs).toHaveLength(2);
  });

  test('to a full sync whose feed waits for another run is not lost', async () => {
    const other = await system.startFullSync(LONG);
    await system.proxy.seen(2);
    const launcher = await system.startFullSync({ feeds: ['products'] });
    await inState(launcher, 'products', 'waiting for another run');
    await launcher.signal('cleanupFeed');
    system.proxy.fault = () => ({});
    await other.result();
    everything(await launcher.result(), 'products');
  });
});

describe('noReindex', () => {
  test('makes a legacy feed send what is stored, and collect nothing', async () => {
    system.proxy.fault = () => ({ delayMs: 1500 });
    const launcher = await system.startFullSync({ feeds: ['reviews'], cleanupFeed: true });
    await system.proxy.seen(1);
    const answer = await runOf(system, 'reviews').executeUpdate('noReindex', { args: [{}] });
    expect(answer).toBe(
      'reviews starts over as a full sync: stored items are sent again, nothing is collected.',
    );
    system.proxy.fault = () => ({});
    const { counts } = (await launcher.result()).feeds.reviews!;
    expect(counts).toMatchObject({ processed: 0, collected: 0 });
    expect(counts.sent).toBe((await system.held('reviews')).length);
  });

  test('changes nothing for an immediate feed, and says so', async () => {
    const launcher = await system.startFullSync(LONG);
    await system.proxy.seen(1);
    const answer = await runOf(system, 'products').executeUpdate('noReindex', { args: [{}] });
    expect(answer).toBe(
      'products keeps no payloads that could be sent again, so its run goes on as it is.',
    );
    system.proxy.fault = () => ({});
    expect((await launcher.result()).feeds.products?.counts.processed).toBeGreaterThan(100);
  });
});

describe('approveDeletions', () => {
  test('sends what the run would have held back', async () => {
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id > 90');
    const launcher = await system.startFullSync(LONG);
    await system.proxy.seen(1);
    const answer = await runOf(system, 'products').executeUpdate('approveDeletions', {
      args: [{ by: 'ada' }],
    });
    expect(answer).toBe('The deletions of products go out, however many there are by ada.');
    system.proxy.fault = () => ({});
    const { outcome, counts } = (await launcher.result()).feeds.products!;
    expect(outcome).toBe('completed');
    expect(counts.held).toBe(0);
    expect(counts.deleted).toBeGreaterThan(100);
  });
});

describe('cancelling', () => {
  test('ends a run after its page, keeps what was sent, and the audit says who did it', async () => {
    const launcher = await system.startFullSync(LONG);
    await system.proxy.seen(3);
    await runOf(system, 'products').cancel();
    const result = await launcher.result();
    expect(result.outcome).toBe('cancelled');
    const record = await lastRun(system, 'products');
    const who = system.client.options.identity;
    expect(record['outcome']).toBe('cancelled');
    expect(record['sentence']).toContain(`Full sync of products was cancelled by ${who} after`);
    expect(Number(record['sent'])).toBe(
      system.proxy.requests.flatMap((seen) => seen.items()).length,
    );
  });

  test('a full sync cancels the feeds that it started, and waits until they have ended', async () => {
    const launcher = await system.startFullSync({ ...LONG, feeds: ['products', 'reviews'] });
    await system.proxy.seen(3);
    await launcher.cancel();
    await expect(launcher.result()).rejects.toThrow();
    expect((await runOf(system, 'products').describe()).status.name).toBe('CANCELLED');
    const { sentence } = await lastRun(system, 'products');
    const who = system.client.options.identity;
    expect(sentence).toContain(`was cancelled by ${launcher.workflowId}, cancelled by ${who}`);
  });

  test('while it is paused, or before it has planned', async () => {
    const paused = await system.startFullSync(LONG);
    await system.proxy.seen(1);
    await runOf(system, 'products').signal('pause');
    await runOf(system, 'products').cancel();
    expect((await paused.result()).outcome).toBe('cancelled');
    expect((await lastRun(system, 'products'))['outcome']).toBe('cancelled');

    const begun = await system.startFullSync(LONG);
    await vi.waitFor(() => runOf(system, 'products').cancel(), PATIENCE);
    const { feeds } = await begun.result();
    expect(['cancelled', 'completed']).toContain(feeds.products?.outcome);
    expect((await lastRun(system, 'products'))['ended_at']).not.toBeNull();
  });
});

describe('a run whose history grows long', () => {
  test('continues as new with all that it knows, and stays one run', async () => {
    const launcher = await system.startFullSync({ ...LONG, requestedBy: 'ada' });
    await system.proxy.seen(3);
    const run = runOf(system, 'products');
    const { runId: first } = await run.describe();
    await run.signal('approveDeletions', { by: 'ada' });
    await run.signal('pause', { by: 'ada' });
    await quiet(system, 2500);
    const sent = (await progressOf(system, 'products')).sent;
    // They change nothing for an immediate feed.
    await Promise.all(Array.from({ length: 800 }, () => run.signal('noReindex')));
    await run.signal('resume');
    system.proxy.fault = () => ({});
    const { outcome, counts } = (await launcher.result()).feeds.products!;
    expect(outcome).toBe('completed');
    expect(counts.sent).toBeGreaterThan(sent);
    const firstRun = system.client.workflow.getHandle(run.workflowId, first);
    expect((await firstRun.describe()).status.name).toBe('CONTINUED_AS_NEW');
    expect((await firstRun.describe()).historyLength).toBeLessThan(1000);
    expect((await run.describe()).runId).not.toBe(first);
    const items = system.proxy.requests.flatMap((seen) => seen.items());
    expect(counts.sent).toBe(items.length);
    expect(await lastRun(system, 'products')).toMatchObject({
      requested_by: 'ada',
      outcome: 'completed',
      workflow_run_id: first,
      sent: items.length,
    });
  });
});

describe('orders that come too early or too late', () => {
  test('a signal that starts the workflow counts from the beginning', async () => {
    const handle = await system.client.workflow.signalWithStart(WORKFLOW.fullSync, {
      workflowId: `${system.instance} any ID will do: ${randomUUID()}`,
      taskQueue: system.taskQueue,
      args: [{ feeds: ['productAttributes'] }],
      signal: 'cleanupFeed',
      signalArgs: [{ by: 'ada' }],
    });
    const result = (await handle.result()) as FullSyncResult;
    const { sent, collected } = result.feeds.productAttributes!.counts;
    expect(sent).toBe(collected);
  });

  test.each([
    [WORKFLOW.fullSync, { feeds: ['productAttributes'] }],
    ['feedSync', { feed: 'productAttributes' }],
  ])('a pause with the start of a %s holds it before it sends anything', async (type, input) => {
    const handle = await system.client.workflow.signalWithStart(type, {
      workflowId:
        type === 'feedSync'
          ? feedSyncId(system.instance, 'productAttributes')
          : `${system.instance} paused from the start`,
      taskQueue: system.taskQueue,
      args: [{ ...input, force: true }],
      signal: 'pause',
      signalArgs: [{ by: 'ada' }],
    });
    await quiet(system);
    expect(system.proxy.requests).toEqual([]);
    expect(await detailsOf(handle)).toContain('is paused by ada');
    await handle.signal('resume', { by: 'bob' });
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
  });

  test('an update can start the workflow, and is answered', async () => {
    const operation = new WithStartWorkflowOperation(WORKFLOW.fullSync, {
      workflowId: `${system.instance}-with-start`,
      taskQueue: system.taskQueue,
      args: [{ feeds: ['productAttributes'] }],
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    const answer = await system.client.workflow.executeUpdateWithStart('cleanupFeed', {
      startWorkflowOperation: operation,
      args: [{}],
    });
    expect(answer).toContain('All feeds of the full sync start over');
    const handle = await operation.workflowHandle();
    expect(((await handle.result()) as FullSyncResult).outcome).toBe('completed');
  });

  test('an update with a wrong payload is refused at once, and nothing is changed', async () => {
    const launcher = await system.startFullSync(LONG);
    await system.proxy.seen(1);
    const run = runOf(system, 'products');
    await expect(
      run.executeUpdate('pause', { args: [{ because: 'lunch' }] }),
    ).rejects.toMatchObject({
      cause: {
        type: 'InvalidInput',
        message: expect.stringContaining('Unknown field “because”. Fields: by, reason.') as string,
      },
    });
    await run.signal('pause', 'lunch');
    await run.signal('cleanupFeed', { by: 7 });
    expect((await progressOf(system, 'products')).paused).toBeUndefined();
    system.proxy.fault = () => ({});
    expect((await launcher.result()).feeds.products?.outcome).toBe('completed');
    const { options } = await lastRun(system, 'products');
    expect(JSON.parse(String(options))).not.toHaveProperty('cleanupFeed');
  });

  test('an update of a run that has ended is answered at once', async () => {
    await system.fullSync({ feeds: ['productAttributes'] });
    await expect(runOf(system, 'productAttributes').executeUpdate('pause')).rejects.toThrow(
      /already completed|not found/i,
    );
  });
});

describe('every workflow', () => {
  const start = (type: string, args: unknown[]) =>
    system.client.workflow.start(type, {
      workflowId: `${system.instance}/${type} by hand/${randomUUID()}`,
      taskQueue: system.taskQueue,
      args,
    });

  test.each([
    [WORKFLOW.fullSync, { feeds: ['product'] }, 'There is no feed “product”. Feeds: productA'],
    [WORKFLOW.fullSync, { feed: ['products'] }, 'Unknown field “feed”. Fields: feeds, noReindex'],
    [WORKFLOW.fullSync, { ids: ['1'], noReindex: true }, '“ids” does not go with “noReindex”'],
    [WORKFLOW.fullSync, { ids: ['1'], cleanupFeed: true }, '“ids” does not go with “cleanupFeed”'],
    [WORKFLOW.fullSync, { noReindex: true, cleanupFeed: true }, 'does not go with “cleanupFeed”'],
    [WORKFLOW.fullSync, { idType: 'sku' }, '“idType” needs “ids”'],
    [WORKFLOW.fullSync, { threadCount: 0 }, '“threadCount” must be a whole number from 1 to 32'],
    [WORKFLOW.fullSync, { force: 'yes' }, '“force” must be true or false'],
    [WORKFLOW.fullSync, 'products', 'The input must be one JSON object, for example {}.'],
    [WORKFLOW.partialSync, { listenSeconds: -1 }, '“listenSeconds” must be a whole number from 0'],
    [WORKFLOW.partialSync, { cleanupFeed: true }, 'Unknown field “cleanupFeed”. Fields: feeds'],
    [WORKFLOW.retryFailedItems, { feeds: [] }, '“feeds” must name at least one feed'],
    [WORKFLOW.publishLegacyFeeds, { feeds: ['x'] }, 'There is no feed “x”'],
    [WORKFLOW.cleanupDeletedItems, { olderThanDays: 1.5 }, '“olderThanDays” must be a whole'],
    [WORKFLOW.cleanupDeletedItems, ['products'], 'The input must be one JSON object'],
  ])('%s refuses %j at once and says what is allowed', async (type, input, message) => {
    const handle = await start(type, [input]);
    await expect(handle.result()).rejects.toMatchObject({
      cause: {
        type: 'InvalidInput',
        nonRetryable: true,
        message: expect.stringContaining(message) as string,
      },
    });
  });

  test.each([
    [WORKFLOW.retryFailedItems],
    [WORKFLOW.publishLegacyFeeds],
    [WORKFLOW.cleanupDeletedItems],
  ])('%s takes no input, {} and null for the defaults', async (type) => {
    system.proxy.fault = () => ({});
    for (const args of [[], [{}], [null]]) await (await start(type, args)).result();
  });

  test('fullSync takes no input for all feeds, and every documented field', async () => {
    system.proxy.fault = () => ({});
    const all = (await (await start(WORKFLOW.fullSync, [])).result()) as FullSyncResult;
    expect(Object.keys(all.feeds)).toHaveLength(13);
    const input: Required<FullSyncInput> = {
      feeds: ['products'],
      noReindex: false,
      cleanupFeed: false,
      dryRun: true,
      ids: ['1', '2'],
      idType: 'productId',
      force: true,
      approveDeletions: false,
      threadCount: 2,
      batchSize: 10,
      requestedBy: 'ada',
      reason: 'a rehearsal',
    };
    const result = (await (await start(WORKFLOW.fullSync, [input])).result()) as FullSyncResult;
    expect(result.feeds.products).toMatchObject<Partial<FeedSyncResult>>({ outcome: 'completed' });
  });
});

async function renameProduct(id: number, sku: string): Promise<void> {
  await system.shop.query('UPDATE catalog_product_entity SET sku = ? WHERE entity_id = ?', [
    sku,
    id,
  ]);
}
