import { afterAll, beforeAll, expect, test } from 'vitest';

import { feedNamed } from '../src/feeds/registry.js';
import { TestSystem } from './system.js';

const THREADS = 2;
const BATCH = 20;

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 900, storeViews: 3 },
    // So much longer the requests of the worker that was killed are waited for.
    settings: { SERVICE_TIMEOUT_SECONDS: '10' },
  });
});
afterAll(() => system.stop());

test('a full sync survives kill -9 of its worker, and sends at most a page of each segment again', async () => {
  const first = await system.startWorker();
  system.proxy.fault = () => ({ delayMs: 20 });
  const run = await system.startFullSync({
    feeds: ['products'],
    threadCount: THREADS,
    batchSize: BATCH,
  });
  await system.proxy.seen(30);
  await first.kill();
  await system.startWorker();
  system.proxy.fault = () => ({});

  const result = await run.result();
  expect(result.outcome).toBe('completed');
  await system.expectConverged(['products']);

  const sentTimes = new Map<string, number>();
  for (const request of system.proxy.requests) {
    for (const item of request.items()) {
      const key = `${String(item['sku'])}/${String(item['storeViewCode'])}`;
      sentTimes.set(key, (sentTimes.get(key) ?? 0) + 1);
    }
  }
  const again = [...sentTimes.values()].filter((times) => times > 1).length;
  expect(again).toBeLessThanOrEqual(THREADS * feedNamed('products').pageSize * 3);
  // Better than a page: what was answered is stored with each request.
  expect(again).toBeLessThanOrEqual(THREADS * BATCH);
});
