import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { feedNamed } from '../src/feeds/registry.js';
import type { ServerProcess } from '../src/sandbox/servers/processes.js';
import type { FullSyncInput, PartialSyncResult } from '../src/workflows/messages.js';
import { feedSyncId, WORKFLOW } from '../src/workflows/names.js';
import {
  inPhase,
  inState,
  lastRun,
  PATIENCE,
  progressOf,
  quiet,
  runOf,
} from './steering-system.js';
import { TestSystem } from './system.js';

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
  await system.fullSync({ feeds: ['products'] });
  await system.partialSync({ feeds: ['products'] });
});
afterAll(() => system.stop());
beforeEach(() => {
  system.proxy.fault = () => ({ delayMs: 60 });
  system.proxy.requests.length = 0;
});
afterEach(async () => {
  system.proxy.fault = () => ({});
  await system.partialSync({ feeds: ['products'] });
  await system.expectConverged(['products']);
});

const syncId = (): string => feedSyncId(system.instance, 'products');

describe('a full sync that a person asks for', () => {
  test('with other options waits for the running one, says for which, and then runs itself', async () => {
    const first = await system.startFullSync(LONG);
    await system.proxy.seen(2);
    const second = await system.startFullSync({ feeds: ['products'], cleanupFeed: true });
    const { waitsFor } = await inState(second, 'products', 'waiting for another run');
    expect(waitsFor).toBe(`${syncId()} (full sync)`);
    system.proxy.fault = () => ({});
    const [ended, own] = await Promise.all([first.result(), second.result()]);
    expect(own.feeds.products?.counts.sent).toBe(own.feeds.products?.counts.collected);
    expect(ended.feeds.products?.outcome).toBe('completed');
    expect((await lastRun(system, 'products'))['launched_by']).toBe(second.workflowId);
  });

  test('with the same options joins it, and has its result', async () => {
    const first = await system.startFullSync(LONG);
    await system.proxy.seen(2);
    const second = await system.startFullSync(LONG);
    const { waitsFor } = await inState(second, 'products', 'waiting for another run');
    expect(waitsFor).toBe(`${syncId()} (the same, joined)`);
    system.proxy.fault = () => ({});
    const [ended, joined] = await Promise.all([first.result(), second.result()]);
    expect(joined.feeds.products).toEqual(ended.feeds.products);
    expect((await lastRun(system, 'products'))['launched_by']).toBe(first.workflowId);
  });

  test('starts itself when the one that it joined is cancelled', async () => {
    const first = await system.startFullSync(LONG);
    await system.proxy.seen(2);
    const second = await system.startFullSync(LONG);
    await inState(second, 'products', 'waiting for another run');
    await first.cancel();
    await expect(first.result()).rejects.toThrow();
    system.proxy.fault = () => ({});
    const { outcome, counts } = (await second.result()).feeds.products!;
    expect(outcome).toBe('completed');
    expect(counts.sent).toBe(counts.collected);
    expect((await lastRun(system, 'products'))['launched_by']).toBe(second.workflowId);
  });

  test('makes a partial sync that listens end at once', async () => {
    const scheduled = await listeningSync();
    const asked = await system.fullSync({ feeds: ['products'] });
    expect(asked.feeds.products?.outcome).toBe('completed');
    const [partial] = await system.store.rows<Record<string, unknown>>(
      `SELECT * FROM ${system.store.t('sync_run')}
       WHERE feed = 'products' AND operation = 'partial sync' ORDER BY run_id DESC LIMIT 1`,
    );
    expect(partial?.['outcome']).toBe('completed');
    // It would have listened for a minute.
    expect((await scheduled.describe()).status.name).toBe('RUNNING');
    await scheduled.cancel();
    await expect(scheduled.result()).rejects.toThrow();
  });
});

describe('a scheduled sync', () => {
  test('hands over to the run that works on the feed, which loses nothing', async () => {
    const full = await system.startFullSync(LONG);
    await system.proxy.seen(2);
    await rename(31, 'handed-over');
    const { changes, started, handedOver } = await system.partialSync({ feeds: ['products'] });
    expect(changes).toBeGreaterThan(0);
    expect({ started, handedOver }).toEqual({ started: [], handedOver: ['products'] });
    await full.result();
    await system.expectConverged(['products']);
  });
});

describe('a launcher', () => {
  test('that is terminated leaves its runs running', async () => {
    const launcher = await system.startFullSync(LONG);
    await system.proxy.seen(2);
    await launcher.terminate('a slip of the hand');
    expect((await runOf(system, 'products').describe()).status.name).toBe('RUNNING');
    system.proxy.fault = () => ({});
    await runOf(system, 'products').result();
    expect((await lastRun(system, 'products'))['outcome']).toBe('completed');
  });

  test('of the schedule that is cancelled cancels what it started', async () => {
    const scheduled = await listeningSync();
    await scheduled.cancel();
    await expect(scheduled.result()).rejects.toThrow();
    await vi.waitFor(async () => {
      expect((await runOf(system, 'products').describe()).status.name).toBe('CANCELLED');
    }, PATIENCE);
    expect((await lastRun(system, 'products'))['sentence']).toContain(
      `Partial sync of products was cancelled by ${scheduled.workflowId}`,
    );
  });
});

test('a dry run beside a run changes nothing, and tells what it would send', async () => {
  const full = await system.startFullSync(LONG);
  await system.proxy.seen(2);
  await runOf(system, 'products').signal('pause');
  const requests = await quiet(system, 2500);
  const before = await system.storeContents();
  const dry = await system.fullSync({ feeds: ['products'], dryRun: true, cleanupFeed: true });
  expect(dry.feeds.products?.outcome).toBe('completed');
  expect(dry.feeds.products?.counts.processed).toBe(150);
  expect(await system.storeContents()).toEqual(before);
  expect(system.proxy.requests.length).toBe(requests);
  await runOf(system, 'products').signal('resume');
  system.proxy.fault = () => ({});
  expect((await full.result()).outcome).toBe('completed');
});

describe('a worker that was frozen', () => {
  test('past its heartbeat changes nothing when it wakes', async () => {
    const full = await system.startFullSync({ ...LONG, threadCount: 2 });
    await system.proxy.seen(4);
    process.kill(worker.pid, 'SIGSTOP');
    const second = await system.startWorker();
    // The server gives the work to the other worker when the heartbeat timeout is over.
    const result = await full.result();
    expect(result.outcome).toBe('completed');
    await rename(40, 'while-frozen');
    await system.partialSync({ feeds: ['products'] });
    await system.expectConverged(['products']);
    const rows = await states();
    const requests = system.proxy.requests.length;

    process.kill(worker.pid, 'SIGCONT');
    await sleep(3000);
    expect(await states()).toEqual(rows);
    // What was on its way when it froze may arrive; nothing else does.
    expect(system.proxy.requests.length - requests).toBeLessThanOrEqual(2);
    await system.expectConverged(['products']);
    await worker.stop();
    worker = second;
  }, 180_000);
});

describe('two workers', () => {
  test('never have one item in flight twice at the same time', async () => {
    const other = await system.startWorker();
    const inFlight = new Map<string, number>();
    let together = 0;
    system.proxy.fault = (seen) => {
      for (const key of keysOf(seen.items())) {
        const already = inFlight.get(key) ?? 0;
        if (already > 0) together += 1;
        inFlight.set(key, already + 1);
        setTimeout(() => inFlight.set(key, (inFlight.get(key) ?? 1) - 1), 140);
      }
      return { delayMs: 150 };
    };
    const full = await system.startFullSync({ ...LONG, threadCount: 2, batchSize: 20 });
    for (let id = 50; id < 60; id++) {
      await rename(id, `two-workers-${id}`);
      await rename(id, `two-workers-again-${id}`);
      await system.partialSync({ feeds: ['products'] });
    }
    await full.result();
    expect(together).toBe(0);
    await other.stop();
  });
});

/** A partial sync as the schedule starts it, whose run of products listens. */
async function listeningSync() {
  await rename(30, `listened-${Date.now()}`);
  system.proxy.fault = () => ({});
  const scheduled = await system.client.workflow.start<
    (input: unknown) => Promise<PartialSyncResult>
  >(WORKFLOW.partialSync, {
    workflowId: `${system.instance}-scheduled-${Date.now()}`,
    taskQueue: system.taskQueue,
    args: [{ feeds: ['products'], listenSeconds: 60 }],
  });
  await inPhase(system, 'products', 'listening');
  expect((await progressOf(system, 'products')).operation).toBe('partial sync');
  return scheduled;
}

async function rename(id: number, sku: string): Promise<void> {
  await system.shop.query('UPDATE catalog_product_entity SET sku = ? WHERE entity_id = ?', [
    sku,
    id,
  ]);
}

/** The state of all items; claims that the frozen worker held are given back, which is right. */
async function states(): Promise<object[]> {
  const rows = await system.store.rows<Record<string, unknown>>(
    `SELECT * FROM ${system.store.t(feedNamed('products').table)} ORDER BY id`,
  );
  return rows.map(({ in_flight_until: _, ...state }) => state);
}

function keysOf(items: readonly Record<string, unknown>[]): string[] {
  return items.map((item) => `${String(item['sku'])} ${String(item['storeViewCode'])}`);
}
