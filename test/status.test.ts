import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { installStore } from '../src/client/commands/install.js';
import type { FeedStatus } from '../src/client/status/feed-status.js';
import { lagText } from '../src/client/status/status-text.js';
import { CHANGELOG } from '../src/commerce/capture/changelog-table.js';
import { NO_COUNTS } from '../src/feeds/counts.js';
import { queueEntities } from '../src/store/pending.js';
import { recordRunEnd, recordRunStart, type RunRequest } from '../src/store/runs.js';
import { Store } from '../src/store/store.js';
import { runProgram } from './program.js';
import { freshDatabase } from './servers.js';
import { installTriggers } from './system.js';
import { TestShop } from './test-shop.js';

let shop: TestShop;
let store: Store;
let settings: Record<string, string>;

const request: RunRequest = {
  feed: 'products',
  operation: 'full sync',
  workflowId: 'sync/products',
  workflowRunId: 'first',
  launchedBy: undefined,
  requestedBy: undefined,
  reason: undefined,
  trigger: 'test',
  options: {},
  codeVersion: '0',
  contractVersion: 1,
};

beforeAll(async () => {
  shop = await TestShop.generated({ products: 12, storeViews: 1, websites: 1 });
  const { url } = await freshDatabase('status');
  await installStore(url, '');
  store = new Store({ databaseUrl: url });
  settings = { COMMERCE_DATABASE_URL: shop.url, EXPORT_DATABASE_URL: url };
  const statuses = [200, 200, 200, 400, 1, 2, 0];
  for (const [index, status] of statuses.entries()) {
    await store.run(
      `INSERT INTO ${store.t('cde_products_feed')}
         (feed_id, source_entity_id, feed_data, status, is_deleted, modified_at)
       VALUES (?, ?, '', ?, ?, UTC_TIMESTAMP(3))`,
      [String(index).padStart(40, '0'), index, status, index === 2 ? 1 : 0],
    );
  }
  await queueEntities(store, 'products', [1, 2, 3]);
  await store.run(
    `UPDATE ${store.t('pending_entity')} SET changed_at = changed_at - INTERVAL 100 SECOND
     WHERE entity_id = 2`,
  );
  const runId = await recordRunStart(store, request);
  await recordRunEnd(store, runId, {
    outcome: 'completed',
    sentence: 'All went well.',
    counts: NO_COUNTS,
  });
  await recordRunStart(store, { ...request, workflowRunId: 'second', operation: 'partial sync' });
});
afterAll(() => Promise.all([shop.close(), store.close()]));

describe('status', () => {
  test('tells for each feed what is sent, failed, waiting and late', async () => {
    const { stdout, code } = await runProgram(['status', '--json'], settings);
    expect(code).toBe(0);
    const rows = JSON.parse(stdout) as FeedStatus[];
    expect(rows.map(({ feed }) => feed)).toContain('ratingMetadata');
    const products = rows.find(({ feed }) => feed === 'products')!;
    expect(products).toMatchObject({
      available: true,
      sourceRecords: 12,
      accepted: 2,
      deleted: 1,
      failed: 2,
      retry: 1,
      waiting: 1,
      quarantined: 0,
      heldDeletions: 0,
      backlog: 3,
      running: 'partial sync',
      phase: null,
      paused: null,
      lastRun: { operation: 'full sync', outcome: 'completed', sentence: 'All went well.' },
    });
    expect(products.lagSeconds).toBeGreaterThanOrEqual(100);
    expect(products.runningSince).toMatch(/^\d{4}-/);
    expect(rows.find(({ feed }) => feed === 'prices')).toMatchObject({
      sourceRecords: 12,
      accepted: 0,
      backlog: 0,
      lagSeconds: 0,
      running: null,
      lastRun: null,
    });
    expect(rows.find(({ feed }) => feed === 'categoryPermissions')!.available).toBe(false);
  });

  test('counts changes that nobody has read yet as lag of every feed, and what waits for people', async () => {
    await installTriggers(shop.url, store, '');
    await shop.run(`UPDATE catalog_product_entity SET sku = CONCAT(sku, 'x') LIMIT 2`);
    await shop.run(`UPDATE ${CHANGELOG} SET changed_at = changed_at - INTERVAL 40 SECOND`);
    await store.run(
      `INSERT INTO ${store.t('refused_item')}
         (feed, feed_id, source_entity_id, feed_hash, refusals, state, first_refused_at, last_refused_at)
       VALUES ('prices', 'p', 1, 'h', 5, 'quarantined', NOW(3), NOW(3))`,
    );
    await store.run(
      `INSERT INTO ${store.t('held_deletions')} (feed, up_to_seq, run_id, held_at)
       VALUES ('prices', 10, 1, NOW(3))`,
    );
    await store.run(
      `INSERT INTO ${store.t('cde_product_prices_feed')}
         (feed_id, source_entity_id, feed_data, status, missing_seq, modified_at)
       VALUES ('p', 1, '{}', 200, 9, UTC_TIMESTAMP(3)), ('q', 2, '{}', 200, 11, UTC_TIMESTAMP(3))`,
    );
    const { stdout } = await runProgram(['status', '--json'], settings);
    const rows = JSON.parse(stdout) as FeedStatus[];
    const prices = rows.find(({ feed }) => feed === 'prices')!;
    expect(prices).toMatchObject({ quarantined: 1, heldDeletions: 1 });
    expect(prices.unreadChanges).toBeGreaterThan(0);
    expect(prices.lagSeconds).toBeGreaterThanOrEqual(40);
    expect((await runProgram(['status'], settings)).stdout).toMatch(
      /1 deletions of prices are held[^]*deletions list[^]*quarantine list --feed prices/,
    );
  });

  test('prints a table for people', async () => {
    const { stdout } = await runProgram(['status'], settings);
    expect(stdout).toMatch(/products +12 +2 +2 +1 +1 +0 +0 +1 +3 +\d+ (?:s|min) +partial sync/);
  });

  test('looks again and again with --watch, until it is stopped', async () => {
    const program = fileURLToPath(new URL('../bin/saas-export.mjs', import.meta.url));
    const child = spawn(
      process.execPath,
      [program, 'status', '--watch', '--json', '--interval', '0.5'],
      { env: { PATH: process.env['PATH'], ...settings }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    let looks = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      expect((JSON.parse(line) as FeedStatus[]).length).toBe(13);
      looks += 1;
      if (looks === 3) child.kill('SIGINT');
    }
    expect(looks).toBeGreaterThanOrEqual(3);
    expect(await ended).toBe(0);
  });

  test('refuses an interval that is none', async () => {
    const { code, stderr } = await runProgram(['status', '--watch', '--interval', '0'], settings);
    expect(code).toBe(2);
    expect(stderr).toContain('--interval');
  });
});

test.each([
  [0, '–'],
  [119, '119 s'],
  [120, '2 min'],
  [7200, '2 h'],
  [200_000, '2 d'],
])('a lag of %i seconds reads “%s”', (seconds, text) => {
  expect(lagText(seconds)).toBe(text);
});
