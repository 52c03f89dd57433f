import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import type { FeedName } from '../../src/feeds/names.js';
import type { MariaDb } from '../../src/sandbox/servers/mariadb.js';
import type { TemporalServer } from '../../src/sandbox/servers/temporal-server.js';
import type {
  FullSyncInput,
  PartialSyncInput,
  PartialSyncResult,
} from '../../src/workflows/messages.js';
import { WORKFLOW } from '../../src/workflows/names.js';
import { OwnServer } from '../own-servers.js';
import { sentAgain } from '../repeated.js';
import { lastRun, PATIENCE, runOf } from '../steering-system.js';
import { TestSystem } from '../system.js';

const FEEDS: readonly FeedName[] = ['products', 'prices'];
const BATCH = 10;
const IN_FLIGHT = 2;
/** Sends everything in small requests, so that there is time for an outage; prices follow products. */
const LONG: FullSyncInput = { feeds: FEEDS, force: true, batchSize: BATCH };
const CATALOG = { products: 150, storeViews: 2 };
const SETTINGS = {
  // So much longer the requests of an attempt that was given up are waited for.
  SERVICE_TIMEOUT_SECONDS: '10',
  SERVICE_REQUESTS_IN_FLIGHT: String(IN_FLIGHT),
};

describe('a database that is killed and started again', () => {
  let mariadb: OwnServer<MariaDb>;
  let system: TestSystem;

  beforeAll(async () => {
    mariadb = await OwnServer.mariaDb();
    system = await TestSystem.start({
      catalog: CATALOG,
      capture: true,
      settings: SETTINGS,
      mariadb: mariadb.server,
    });
    await system.startWorker();
  });
  afterAll(async () => {
    await system.stop();
    await mariadb.close();
  });
  beforeEach(() => {
    system.proxy.fault = () => ({ delayMs: 60 });
    system.proxy.requests.length = 0;
  });

  test('before a full sync begins: it waits for the database, and no feed fails', async () => {
    await mariadb.kill();
    const full = await system.startFullSync({ ...LONG, requestedBy: 'ada' });
    await triedAgain(runOf(system, 'products'), 'beginRun');
    await mariadb.startAgain();
    const { outcome, feeds } = await full.result();
    expect([outcome, feeds.products?.outcome, feeds.prices?.outcome]).toEqual(
      Array(3).fill('completed'),
    );
    expect(await lastRun(system, 'products')).toMatchObject({ requested_by: 'ada' });
    await system.expectConverged(FEEDS);
  }, 180_000);

  test('while a full sync sends: it goes on, and repeats at most the requests in flight', async () => {
    const full = await system.startFullSync(LONG);
    await system.proxy.seen(6);
    await mariadb.kill();
    await triedAgain(runOf(system, 'products'), 'exportSegment');
    await mariadb.startAgain();
    expect((await full.result()).outcome).toBe('completed');
    expect(sentAgain(system)).toBeLessThanOrEqual(BATCH * IN_FLIGHT);
    await system.expectConverged(FEEDS);
  }, 180_000);

  test('while changes wait: they leave when it is back', async () => {
    const shop = await system.connect();
    await shop.query(`UPDATE catalog_product_entity SET sku = 'OUTAGE' WHERE entity_id = 12`);
    await mariadb.kill();
    const partial = await system.client.workflow.start<
      (input: PartialSyncInput) => Promise<PartialSyncResult>
    >(WORKFLOW.partialSync, {
      workflowId: `${system.instance}-changes`,
      taskQueue: system.taskQueue,
      args: [{ feeds: FEEDS, listenSeconds: 0 }],
    });
    await triedAgain(system.client.workflow.getHandle(partial.workflowId), 'captureChanges');
    await mariadb.startAgain();
    expect((await partial.result()).changes).toBeGreaterThan(0);
    await system.expectConverged(FEEDS);
  }, 180_000);
});

describe('a Temporal server that is killed and started again', () => {
  let temporal: OwnServer<TemporalServer>;
  let system: TestSystem;

  beforeAll(async () => {
    temporal = await OwnServer.temporal();
    system = await TestSystem.start({
      catalog: CATALOG,
      capture: true,
      settings: SETTINGS,
      temporal: temporal.server,
    });
    await system.startWorker();
  });
  afterAll(async () => {
    await system.stop();
    await temporal.close();
  });

  test('while a full sync sends: the worker goes on with it, and the run is one', async () => {
    system.proxy.fault = () => ({ delayMs: 300 });
    const full = await system.startFullSync(LONG);
    await system.proxy.seen(6);
    await temporal.kill();
    // What is under way needs no server: pages are sent and stored meanwhile.
    await system.proxy.seen(12);
    await temporal.startAgain();
    system.proxy.fault = () => ({});
    await vi.waitFor(
      async () => {
        for (const feed of FEEDS) {
          expect(await lastRun(system, feed)).toMatchObject({ outcome: 'completed' });
        }
      },
      { timeout: 120_000, interval: 500 },
    );
    const handle = system.client.workflow.getHandle(full.workflowId);
    expect(await handle.result()).toMatchObject({ outcome: 'completed' });
    const runs = await system.store.rows(`SELECT 1 FROM ${system.store.t('sync_run')}`);
    expect(runs).toHaveLength(FEEDS.length);
    expect(sentAgain(system)).toBeLessThanOrEqual(BATCH * IN_FLIGHT);
    await system.expectConverged(FEEDS);
  }, 240_000);
});

/** Waits until an activity of a run has been tried more than once. */
async function triedAgain(run: WorkflowHandle, activity: string): Promise<void> {
  await vi.waitFor(async () => {
    const { raw } = await run.describe();
    const pending = (raw.pendingActivities ?? []).find(
      ({ activityType }) => activityType?.name === activity,
    );
    expect(pending?.attempt).toBeGreaterThan(1);
  }, PATIENCE);
}
