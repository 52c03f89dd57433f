import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { feedSyncId } from '../../src/workflows/names.js';
import { PATIENCE, runOf } from '../steering-system.js';
import type { SeenRequest } from '../fault-proxy.js';
import { TestSystem } from '../system.js';

const PRICE = 1234.5;

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 20_000, storeViews: 1 },
    capture: true,
    settings: { SERVICE_REQUESTS_PER_SECOND: '2' },
  });
  await system.startWorker();
});
afterAll(() => system.stop());

test('a price change leaves while an initial sync of many products uses up the request budget', async () => {
  await system.fullSync({ feeds: ['prices'], batchSize: 1000 });
  await system.partialSync({ feeds: ['prices'] });
  const full = await system.startFullSync({ feeds: ['products'], batchSize: 50, threadCount: 2 });
  await system.proxy.seen(system.proxy.requests.length + 4);
  const scheduled = await system.client.workflow.start('partialSync', {
    workflowId: `${system.instance}-scheduled`,
    taskQueue: system.taskQueue,
    args: [{ feeds: ['prices', 'products'], listenSeconds: 300 }],
  });
  const before = system.proxy.requests.length;
  const changed = performance.now();
  await system.shop.query(
    `UPDATE catalog_product_entity_decimal SET value = ${PRICE} WHERE entity_id BETWEEN 100 AND 110 AND attribute_id =
       (SELECT attribute_id FROM eav_attribute WHERE attribute_code = 'price' AND entity_type_id = 4)`,
  );
  const sent = await vi.waitFor(() => {
    const found = system.proxy.requests.slice(before).find(holdsThePrice);
    expect(found).toBeDefined();
    return found!;
  }, PATIENCE);
  const { status } = await system.client.workflow
    .getHandle(feedSyncId(system.instance, 'products'))
    .describe();
  expect(status.name).toBe('RUNNING');
  console.log(`the price change left after ${((sent.at - changed) / 1000).toFixed(1)} s`);
  expect(system.proxy.requests.length - before).toBeLessThan(40);

  // All of them have left when none is queued any more: no other sync makes up for one.
  await vi.waitFor(async () => {
    const queued = await system.store.rows(`SELECT 1 FROM pending_entity WHERE feed = 'prices'`);
    expect(queued).toEqual([]);
  }, PATIENCE);
  await scheduled.cancel();
  await expect(scheduled.result()).rejects.toThrow();
  await runOf(system, 'products').cancel();
  expect((await full.result()).outcome).toBe('cancelled');
  await system.expectConverged(['prices']);
}, 180_000);

/** Whether it tells the service the new price. */
function holdsThePrice(seen: SeenRequest): boolean {
  return seen
    .items()
    .some((item) => 'customerGroupCode' in item && JSON.stringify(item).includes(String(PRICE)));
}
