import { afterAll, beforeAll, expect, test } from 'vitest';

import { feedNamed } from '../src/feeds/registry.js';
import type { SeenRequest } from './fault-proxy.js';
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

const keysOf = (requests: readonly SeenRequest[]): string[] =>
  requests
    .flatMap((request) => request.items())
    .map((item) => `${String(item['sku'])}/${String(item['storeViewCode'])}`);

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
  for (const key of keysOf(system.proxy.requests)) {
    sentTimes.set(key, (sentTimes.get(key) ?? 0) + 1);
  }
  const again = [...sentTimes.values()].filter((times) => times > 1).length;
  expect(again).toBeLessThanOrEqual(THREADS * feedNamed('products').pageSize * 3);
  // Better than a page: what was answered is stored with each request.
  expect(again).toBeLessThanOrEqual(THREADS * BATCH);
});

test('with force it sends also what the killed worker had begun to send, but the service never saw', async () => {
  const items = keysOf(system.proxy.requests);
  const from = system.proxy.requests.length;
  const arrive = 10;
  system.proxy.fault = ({ number }) => (number > from + arrive ? { delayMs: 3_600_000 } : {});
  const run = await system.startFullSync({
    feeds: ['products'],
    force: true,
    threadCount: THREADS,
    batchSize: BATCH,
  });
  await system.proxy.seen(from + arrive + THREADS);
  await system.killWorkers();
  const lost = system.proxy.requests.length;
  system.proxy.fault = () => ({});
  await system.startWorker();

  expect((await run.result()).outcome).toBe('completed');
  const { requests } = system.proxy;
  const arrived = [...requests.slice(from, from + arrive), ...requests.slice(lost)];
  expect(new Set(keysOf(arrived))).toEqual(new Set(items));
  await system.expectConverged(['products']);
});
