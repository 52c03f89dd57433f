import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { WORKFLOW } from '../../src/workflows/names.js';
import { runOf } from '../steering-system.js';
import { TestSystem } from '../system.js';

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 20_000, storeViews: 2 },
    capture: true,
  });
  await system.startWorker();
}, 300_000);
afterAll(() => system.stop());

describe('histories', { timeout: 600_000 }, () => {
  test('of a full sync of 20,000 products stay under 300 events, each', async () => {
    const launcher = await system.startFullSync({});
    expect((await launcher.result()).outcome).toBe('completed');
    const lengths = [
      await describeHistory('fullSync of all feeds', launcher),
      await describeHistory('feedSync of products', runOf(system, 'products')),
      await describeHistory('feedSync of prices', runOf(system, 'prices')),
      await describeHistory('feedSync of reviews (legacy)', runOf(system, 'reviews')),
    ];
    expect(Math.max(...lengths)).toBeLessThan(300);
  });

  test.each([
    [WORKFLOW.partialSync, { listenSeconds: 10 }],
    [WORKFLOW.retryFailedItems, {}],
    [WORKFLOW.publishLegacyFeeds, {}],
    [WORKFLOW.cleanupDeletedItems, {}],
  ])('of a %s stay under 100', async (type, input) => {
    await system.shop.query(
      `UPDATE catalog_product_entity_varchar SET value = CONCAT(value, '.')
       WHERE entity_id BETWEEN 10 AND 20`,
    );
    const handle = await system.client.workflow.start(type, {
      workflowId: `${system.instance}-${type}`,
      taskQueue: system.taskQueue,
      args: [input],
    });
    await handle.result();
    expect(await describeHistory(type, handle)).toBeLessThan(100);
    if (type === WORKFLOW.partialSync) {
      const run = runOf(system, 'products');
      await run.result();
      expect(await describeHistory('feedSync of changed products', run)).toBeLessThan(100);
    }
  });

  test('are of a system that has converged', async () => {
    await system.partialSync();
    await system.expectConverged(['products', 'prices', 'reviews']);
  });
});

/** Prints what a history holds; returns the number of its events. */
async function describeHistory(name: string, handle: WorkflowHandle): Promise<number> {
  const { historyLength, startTime, closeTime } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const activities = (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes);
  const seconds = ((closeTime?.getTime() ?? Date.now()) - startTime.getTime()) / 1000;
  console.log(
    `${name}: ${historyLength} events, ${activities.length} activities, ${seconds.toFixed(1)} s`,
  );
  return historyLength;
}
