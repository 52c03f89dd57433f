import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import type { FeedName } from '../../src/feeds/names.js';
import type { ServerProcess } from '../../src/sandbox/servers/processes.js';
import type { FullSyncInput } from '../../src/workflows/messages.js';
import { inPhase, lastRun, PATIENCE, runOf } from '../steering-system.js';
import { TestSystem } from '../system.js';

const FEEDS: readonly FeedName[] = ['products', 'reviews'];
const LONG: FullSyncInput = { feeds: ['products'], force: true, batchSize: 5 };

let system: TestSystem;
let worker: ServerProcess;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 150, storeViews: 2 },
    capture: true,
    settings: { SERVICE_TIMEOUT_SECONDS: '10' },
  });
  worker = await system.startWorker();
  await system.fullSync({ feeds: FEEDS });
});
afterAll(() => system.stop());
beforeEach(() => {
  system.proxy.fault = () => ({ delayMs: 60 });
  system.proxy.requests.length = 0;
});
// Nobody does anything about it but to start a worker again.
afterEach(async () => {
  system.proxy.fault = () => ({});
  await system.partialSync({ feeds: FEEDS });
  await system.expectConverged(FEEDS);
});

test('a deployment in the middle hands the place over: nothing is sent twice', async () => {
  const full = await system.startFullSync(LONG);
  await system.proxy.seen(5);
  await worker.stop();
  const sent = system.proxy.requests.length;
  worker = await system.startWorker();
  system.proxy.fault = () => ({});
  const { outcome, counts } = (await full.result()).feeds.products!;
  expect(outcome).toBe('completed');
  const items = system.proxy.requests.flatMap((seen) =>
    seen.items().map((item) => `${String(item['sku'])} ${String(item['storeViewCode'])}`),
  );
  expect(items.length).toBe(new Set(items).size);
  expect(system.proxy.requests.length).toBeGreaterThan(sent);
  expect(counts.sent).toBe(items.length);
}, 120_000);

describe('a worker that is killed', () => {
  const revive = async (): Promise<void> => {
    await worker.kill();
    system.proxy.fault = () => ({});
    worker = await system.startWorker();
  };

  test('while a run begins', async () => {
    const full = await system.startFullSync(LONG);
    await vi.waitFor(() => runOf(system, 'products').describe(), PATIENCE);
    await revive();
    expect((await full.result()).outcome).toBe('completed');
  }, 120_000);

  test('while it starts a run over', async () => {
    const full = await system.startFullSync(LONG);
    await system.proxy.seen(3);
    await runOf(system, 'products').executeUpdate('cleanupFeed');
    await revive();
    const { counts } = (await full.result()).feeds.products!;
    expect(counts.processed).toBe(150);
    expect(JSON.parse(String((await lastRun(system, 'products'))['options']))).toMatchObject({
      cleanupFeed: true,
    });
  }, 120_000);

  test('while deletions are sent', async () => {
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id IN (20, 21)');
    const isDeletion = (item: Record<string, unknown>): boolean => item['deleted'] === true;
    system.proxy.fault = (seen) => (seen.items().some(isDeletion) ? { answerDelayMs: 5000 } : {});
    const full = await system.startFullSync({ feeds: ['products'] });
    await inPhase(system, 'products', 'deletions');
    await system.proxy.seen(1);
    await revive();
    expect((await full.result()).outcome).toBe('completed');
  }, 120_000);

  test('while a legacy feed is published', async () => {
    system.proxy.fault = () => ({ answerDelayMs: 5000 });
    const full = await system.startFullSync({ feeds: ['reviews'], cleanupFeed: true });
    await system.proxy.seen(1);
    await revive();
    expect((await full.result()).outcome).toBe('completed');
  }, 120_000);
});
