import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import type { RunCounts } from '../../src/feeds/counts.js';
import type { FeedName } from '../../src/feeds/names.js';
import type { FullSyncInput } from '../../src/workflows/messages.js';
import { TestSystem } from '../system.js';

/** Eight pages of products and four of prices: as many segments. */
const PRODUCTS = 2_000;
const SLOWLY = 150;
const SYNC: FullSyncInput = { force: true, batchSize: 50, threadCount: 4 };

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: PRODUCTS, storeViews: 1 },
    capture: true,
    // Fewer places than segments, so that one worker cannot take all.
    settings: { SERVICE_TIMEOUT_SECONDS: '10', WORKER_CONCURRENCY: '2' },
  });
});
afterAll(() => system.stop());
afterEach(async () => {
  await system.stopWorkers();
});

test('two workers share the segments of a feed, and never have one item in flight twice', async () => {
  for (let i = 0; i < 2; i++) await system.startWorker();
  const together = countTogether();
  const full = await system.startFullSync({ ...SYNC, feeds: ['products'] });
  for (let id = 50; id < 56; id++) {
    await rename(id, `two-workers-${id}`);
    await rename(id, `two-workers-again-${id}`);
    await system.partialSync({ feeds: ['products'] });
  }
  expect((await full.result()).outcome).toBe('completed');
  expect(together()).toBe(0);
  const { segments, workers } = await sendersOf('products');
  expect(segments).toBeGreaterThanOrEqual(2);
  expect(workers.size).toBe(2);
  await system.partialSync({ feeds: ['products'] });
  await system.expectConverged(['products']);
}, 180_000);

test('three workers share the work of two feeds', async () => {
  for (let i = 0; i < 3; i++) await system.startWorker();
  const together = countTogether();
  const feeds: readonly FeedName[] = ['products', 'prices'];
  const syncs = await Promise.all(
    feeds.map((feed) => system.startFullSync({ ...SYNC, feeds: [feed] })),
  );
  for (const sync of syncs) expect((await sync.result()).outcome).toBe('completed');
  expect(together()).toBe(0);
  const senders = await Promise.all(feeds.map(sendersOf));
  for (const { segments } of senders) expect(segments).toBeGreaterThanOrEqual(2);
  expect(new Set(senders.flatMap(({ workers }) => [...workers])).size).toBe(3);
  await system.expectConverged(feeds);
}, 180_000);

/** Slows all requests down, and counts items that are in flight twice at the same time. */
function countTogether(): () => number {
  const inFlight = new Map<string, number>();
  let together = 0;
  system.proxy.fault = (seen) => {
    const keys = seen
      .items()
      .map(
        (item) =>
          `${seen.path} ${['sku', 'storeViewCode', 'websiteCode', 'customerGroupCode'].map((field) => String(item[field])).join(' ')}`,
      );
    for (const key of keys) {
      const already = inFlight.get(key) ?? 0;
      if (already > 0) together += 1;
      inFlight.set(key, already + 1);
    }
    void sleep(SLOWLY - 10).then(() => {
      for (const key of keys) inFlight.set(key, (inFlight.get(key) ?? 1) - 1);
    });
    return { delayMs: SLOWLY };
  };
  return () => together;
}

/** The segments of a feed's last full sync, and the workers that sent items of them: `pid@host`. */
async function sendersOf(feed: FeedName): Promise<{ segments: number; workers: Set<string> }> {
  const [run] = await system.store.rows<{ workflow_id: string; workflow_run_id: string }>(
    `SELECT workflow_id, workflow_run_id FROM sync_run
     WHERE feed = ? AND operation = 'full sync' ORDER BY run_id DESC LIMIT 1`,
    [feed],
  );
  const { events } = await system.client.workflow
    .getHandle(run!.workflow_id, run!.workflow_run_id)
    .fetchHistory();
  const workers = new Set<string>();
  let segments = 0;
  for (const event of events ?? []) {
    const done = event.activityTaskCompletedEventAttributes;
    const at = (id: unknown) => events?.find(({ eventId }) => String(eventId) === String(id));
    const scheduled = at(done?.scheduledEventId)?.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name !== 'exportSegment') continue;
    segments += 1;
    const text = Buffer.from(done?.result?.payloads?.[0]?.data ?? []).toString();
    if ((JSON.parse(text) as RunCounts).sent > 0) workers.add(String(done?.identity));
  }
  return { segments, workers };
}

async function rename(id: number, sku: string): Promise<void> {
  await system.shop.query('UPDATE catalog_product_entity SET sku = ? WHERE entity_id = ?', [
    sku,
    id,
  ]);
}
