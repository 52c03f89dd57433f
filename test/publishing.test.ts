import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { feedNamed } from '../src/feeds/registry.js';
import type { ServerProcess } from '../src/sandbox/servers/processes.js';
import type { Fault, SeenRequest } from './fault-proxy.js';
import { PATIENCE, progressOf, quiet, runOf } from './steering-system.js';
import { TestSystem } from './system.js';

let system: TestSystem;
let worker: ServerProcess;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 120, storeViews: 2 },
    settings: { SERVICE_TIMEOUT_SECONDS: '10', SERVICE_REQUESTS_IN_FLIGHT: '6' },
  });
  worker = await system.startWorker();
});
afterAll(() => system.stop());
beforeEach(() => {
  system.proxy.fault = () => ({});
  system.proxy.requests.length = 0;
});

describe('a slow service', () => {
  test('gets as many requests at once as it may, so that its latency does not bound the sync', async () => {
    let open = 0;
    let most = 0;
    system.proxy.fault = () => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => (open -= 1), 2000);
      return { delayMs: 2000 };
    };
    const result = await system.fullSync({ feeds: ['products'], force: true, batchSize: 4 });
    expect(result.outcome).toBe('completed');
    // How many requests a second that makes is for `npm run bench:budget`.
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(6 + 1);
    await system.expectConverged(['products']);
  });
});

describe('429 with Retry-After', () => {
  test('is obeyed by every feed: no request leaves for so long', async () => {
    let limitedAt: number | undefined;
    system.proxy.fault = (seen) => {
      if (limitedAt !== undefined) return {};
      limitedAt = seen.at;
      return { status: 429, body: 'slow down', headers: { 'retry-after': '4' } };
    };
    const result = await system.fullSync({
      feeds: ['products', 'productAttributes', 'categories', 'prices'],
      force: true,
    });
    expect(result.outcome).toBe('completed');
    const later = system.proxy.requests
      .map(({ at }) => at - limitedAt!)
      .filter((after) => after > 0);
    // Requests that were on their way with the refused one may have arrived after it: of each feed
    // as many as may be in flight, and none of those that are due in the four seconds.
    expect(later.filter((after) => after > 2000 && after < 4000)).toEqual([]);
    expect(later.length).toBeGreaterThan(4);
    await system.expectConverged(['products', 'productAttributes', 'categories', 'prices']);
  });
});

describe('403', () => {
  test('is probed with one request, nothing is collected anew, and the sync goes on after it', async () => {
    const until = Date.now() + 20_000;
    system.proxy.fault = () =>
      Date.now() < until
        ? { status: 403, body: '{"error_code":"403053","message":"JWT is invalid"}' }
        : {};
    const run = await system.startFullSync({ feeds: ['products'], force: true });
    await system.proxy.seen(1);
    await sleep(3000);
    expect(system.proxy.requests.length).toBeLessThanOrEqual(2);
    const seqs = await collections();
    const result = await run.result();
    expect(result.outcome).toBe('completed');
    // The page that was refused and the one read ahead; then those that follow.
    expect((await collections()) - seqs).toBeLessThan(10);
    await system.expectConverged(['products']);
  });

  test('does not keep a sync from being cancelled at once', async () => {
    system.proxy.fault = () => ({ status: 403 });
    const run = await system.startFullSync({ feeds: ['products'], force: true });
    await system.proxy.seen(1);
    await sleep(1000);
    await run.cancel();
    await expect(run.result()).rejects.toThrow();
    system.proxy.fault = () => ({});
    await system.store.run(`DELETE FROM ${system.store.t('circuit')}`);
    expect((await system.fullSync({ feeds: ['products'] })).outcome).toBe('completed');
    await system.expectConverged(['products']);
  });

  const collections = async (): Promise<number> => {
    const [row] = await system.store.rows<{ value: number }>(
      `SELECT value FROM ${system.store.t('sequence')} WHERE name = 'collected'`,
    );
    return row!.value;
  };
});

describe('a run that waits', () => {
  test.each<[string, Fault]>([
    ['for a circuit', { status: 403, body: 'JWT is invalid' }],
    ['for as long as the service asks', { status: 429, headers: { 'retry-after': '3600' } }],
  ])(
    '%s can be paused meanwhile: it lets go, and nothing leaves until it is resumed',
    { timeout: 180_000 },
    async (_, fault) => {
      const products = system.store.t(feedNamed('products').table);
      system.proxy.fault = () => fault;
      const run = await system.startFullSync({ feeds: ['products'], force: true });
      await vi.waitFor(
        async () => expect((await progressOf(system, 'products')).waitsFor).toBeDefined(),
        PATIENCE,
      );
      const feedRun = runOf(system, 'products');
      await feedRun.executeUpdate('pause', { args: [{ by: 'ada' }] });
      // What was to be sent is given back.
      await vi.waitFor(
        async () =>
          expect(
            await system.store.rows(`SELECT 1 FROM ${products} WHERE in_flight_until IS NOT NULL`),
          ).toEqual([]),
        PATIENCE,
      );
      system.proxy.fault = () => ({});
      await system.store.run(`DELETE FROM ${system.store.t('circuit')}`);
      await system.store.run(
        `UPDATE ${system.store.t('request_budget')} SET blocked_until = NULL, blocked_seconds = 0`,
      );
      const before = system.proxy.requests.length;
      expect(await quiet(system, 2500)).toBe(before);
      expect(await progressOf(system, 'products')).toMatchObject({ paused: { by: 'ada' } });

      await feedRun.executeUpdate('resume', { args: [{ by: 'bob' }] });
      expect((await run.result()).outcome).toBe('completed');
      await system.expectConverged(['products']);
    },
  );
});

describe('400', () => {
  test('for one invalid item of a hundred: ninety-nine are accepted in the end', async () => {
    const fresh = (await system.fresh('products')) as { sku: string }[];
    const culprit = fresh[0]!.sku;
    const bad = (item: Record<string, unknown>): boolean => item['sku'] === culprit;
    const guilty = fresh.filter(({ sku }) => sku === culprit).map(({ sku }) => sku);
    system.proxy.fault = refuse(bad);
    const result = await system.fullSync({ feeds: ['products'], force: true, batchSize: 100 });
    const counts = result.feeds.products!.counts;
    expect(result.outcome).toBe('completed with failures');
    expect(await skusWith(400)).toEqual(guilty);
    expect(counts.rejected).toBe(guilty.length);
    expect(counts.accepted).toBe(fresh.length - guilty.length);
    expect(counts.accepted + counts.rejected).toBe(counts.sent);
    expect(await rowsWith(2)).toEqual([]);
    await putRight();
  });

  test('that names the fifth item fails exactly that one', async () => {
    let named: unknown;
    system.proxy.fault = (seen): Fault => {
      if (seen.number > 1) return {};
      named = seen.items()[5]!['sku'];
      const invalidFeedItems = [
        { itemIndex: 5, code: 'name', message: 'wrong' },
        { field: 'unusable', message: 'no index' },
      ];
      return { status: 400, body: JSON.stringify({ feedItemReceivedCount: 0, invalidFeedItems }) };
    };
    await system.fullSync({ feeds: ['products'], force: true, batchSize: 100 });
    const failed = await rowsWith(1);
    expect(failed).toHaveLength(1);
    expect(JSON.parse(failed[0]!.feed_data)).toMatchObject({ sku: named });
    await putRight();
  });

  const skusWith = async (status: number): Promise<string[]> =>
    (await rowsWith(status)).map((row) => (JSON.parse(row.feed_data) as { sku: string }).sku);

  /** Lets what was refused through again, and ends with the invariant. */
  async function putRight(): Promise<void> {
    system.proxy.fault = () => ({});
    await system.fullSync({ feeds: ['products'], force: true });
    await system.expectConverged(['products']);
    expect(await system.store.rows('SELECT * FROM refused_item')).toEqual([]);
  }
});

describe('a worker that dies after the answer and before it is stored', () => {
  test(
    'repeats that request at most, and the deletion of its items still works',
    { timeout: 150_000 },
    async () => {
      await system.store.run(
        `DELETE FROM ${feedNamed('products').table} WHERE source_entity_id = 1`,
      );
      // The service has taken the items when the worker dies, and the product leaves the shop.
      system.proxy.fault = () => ({ answerDelayMs: 5000 });
      const run = await system.startFullSync({
        feeds: ['products'],
        ids: ['1'],
        idType: 'productId',
      });
      await system.proxy.seen(1);
      await sleep(500);
      await worker.kill();
      await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id = 1');
      system.proxy.fault = () => ({});
      worker = await system.startWorker();
      expect((await run.result()).outcome).toBe('completed');
      const versions = system.proxy.requests.map((seen) =>
        seen.items().map((item) => item['deleted']),
      );
      expect(versions).toEqual([
        [false, false],
        [true, true],
      ]);
      await system.fullSync({ feeds: ['products'] });
      await system.expectConverged(['products']);
    },
  );
});

async function rowsWith(status: number): Promise<{ feed_data: string }[]> {
  return system.store.rows<{ feed_data: string }>(
    `SELECT feed_data FROM ${feedNamed('products').table} WHERE status = ?`,
    [status],
  );
}

/** Refuses requests that hold such an item with 400, without a name. */
function refuse(isBad: (item: Record<string, unknown>) => boolean): (seen: SeenRequest) => Fault {
  return (seen) => (seen.items().some(isBad) ? { status: 400, body: 'bad request' } : {});
}
