import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Estimate } from '../src/client/estimate/estimate.js';
import { installStore } from '../src/client/commands/install.js';
import { countRecords } from '../src/client/estimate/records.js';
import { allFeeds } from '../src/feeds/registry.js';
import { DEFAULT_FEED_SETTINGS } from '../src/feeds/feed.js';
import { isAvailable } from '../src/feeds/availability.js';
import { recordRunEnd, recordRunStart } from '../src/store/runs.js';
import { Store } from '../src/store/store.js';
import { NO_COUNTS } from '../src/feeds/counts.js';
import { runProgram } from './program.js';
import { freshDatabase } from './servers.js';
import { TestShop } from './test-shop.js';

let shop: TestShop;
let storeUrl: string;

beforeAll(async () => {
  shop = await TestShop.generated({
    products: 300,
    edition: 'commerce',
    tablePrefix: 'm2_',
    now: new Date('2026-11-21T22:00:00Z'),
  });
  storeUrl = (await freshDatabase('estimate')).url;
  await installStore(storeUrl, '');
});
afterAll(() => shop.close());

const settings = (): Record<string, string> => ({
  COMMERCE_DATABASE_URL: shop.url,
  COMMERCE_TABLE_PREFIX: 'm2_',
  EXPORT_DATABASE_URL: storeUrl,
});

test.each(allFeeds().filter((feed) => feed.name !== 'productOverrides'))(
  'records of $name come within a tenth of what is collected',
  async (feed) => {
    const counted = await shop.inShop(async (inside, read) => {
      if (!isAvailable(inside, feed)) return undefined;
      const clock = (): Date => new Date('2026-11-21T22:40:09Z');
      return countRecords(read, { shop: inside, clock, settings: DEFAULT_FEED_SETTINGS }, feed);
    });
    const items = await shop.preview(feed);
    expect(counted!.formula).not.toBe('');
    expect(Math.abs(counted!.records - items.length)).toBeLessThanOrEqual(
      Math.ceil(Math.max(items.length, 10) / 10),
    );
  },
);

describe('estimate', () => {
  test('computes requests and time from the budget, and says what is not measured', async () => {
    const { stdout, code } = await runProgram(
      ['estimate', '--feed', 'products,scopesWebsite', '--json'],
      { ...settings(), FEED_PRODUCTS_BATCH_SIZE: '50', SERVICE_REQUESTS_PER_SECOND: '4' },
    );
    expect(code).toBe(0);
    const { feeds, total, requestsPerSecond } = JSON.parse(stdout) as Estimate;
    expect(requestsPerSecond).toBe(4);
    const [products, websites] = feeds;
    expect(products).toMatchObject({
      feed: 'products',
      available: true,
      batchSize: 50,
      requests: Math.ceil(products!.records / 50),
      collectSeconds: null,
      measured: null,
      boundBy: 'request budget',
    });
    expect(products!.seconds).toBeCloseTo(products!.requests / 4, 0);
    expect(total.records).toBe(products!.records + websites!.records);
    expect(total.requests).toBe(products!.requests + websites!.requests);
  });

  test('is bound by collecting where an earlier run was slower than the budget', async () => {
    const store = new Store({ databaseUrl: storeUrl });
    const runId = await recordRunStart(store, {
      feed: 'products',
      operation: 'full sync',
      workflowId: 'w',
      workflowRunId: 'r',
      launchedBy: undefined,
      requestedBy: undefined,
      reason: undefined,
      trigger: 'test',
      options: {},
      codeVersion: '0',
      contractVersion: 1,
    });
    await store.run(
      `UPDATE ${store.t('sync_run')} SET started_at = UTC_TIMESTAMP(3) - INTERVAL 1000 SECOND`,
    );
    await recordRunEnd(store, runId, {
      outcome: 'completed',
      sentence: '',
      counts: { ...NO_COUNTS, collected: 2000 },
    });
    await store.close();
    const { stdout } = await runProgram(['estimate', '--feed', 'products', '--json'], settings());
    expect((JSON.parse(stdout) as Estimate).feeds[0]).toMatchObject({
      measured: { runId, itemsPerSecond: 2 },
      boundBy: 'collecting',
    });
  });

  test('prints a table and a sentence for people', async () => {
    const { stdout } = await runProgram(['estimate'], settings());
    expect(stdout).toMatch(/In all [\d,]+ records in [\d,]+ requests/);
  });
});
