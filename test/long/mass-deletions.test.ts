import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { FeedName } from '../../src/feeds/names.js';
import { CONTROL, feedSyncId } from '../../src/workflows/names.js';
import { runProgram } from '../program.js';
import { availableFeeds, runsEnded, settle } from '../settle.js';
import { TestSystem } from '../system.js';

/** Feeds of which enough items hang on each product. */
const PRODUCT_FEEDS: readonly FeedName[] = ['products', 'prices', 'inventoryStockStatus'];

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 400, storeViews: 3, now: new Date() },
    capture: true,
  });
  await system.startWorker();
  await system.fullSync();
  await settle(system);
});
afterAll(() => system.stop());

const run = (...args: readonly string[]) => runProgram(args, system.settings);

const heldItems = async (feed: FeedName): Promise<number> => (await system.held(feed)).length;

const heldByCommand = async (): Promise<{ feed: FeedName; items: number }[]> =>
  JSON.parse((await run('deletions', 'list', '--json')).stdout) as {
    feed: FeedName;
    items: number;
  }[];

/** Takes products away and puts them back, with all that hangs on them. */
async function hideProducts(from: number): Promise<() => Promise<void>> {
  const { shop } = system;
  await shop.query('CREATE TABLE IF NOT EXISTS hidden_website LIKE catalog_product_website');
  await shop.query(
    'INSERT IGNORE INTO hidden_website SELECT * FROM catalog_product_website WHERE product_id >= ?',
    [from],
  );
  await shop.query('DELETE FROM catalog_product_website WHERE product_id >= ?', [from]);
  return async () => {
    await shop.query('INSERT IGNORE INTO catalog_product_website SELECT * FROM hidden_website');
    await shop.query('DELETE FROM hidden_website');
  };
}

describe('too many deletions', () => {
  test('of a half-restored dump are held, everything else goes out, and the exit code is 3', async () => {
    const before = await heldItems('products');
    const restore = await hideProducts(200);
    await system.shop.query(
      `UPDATE catalog_product_entity SET sku = 'STILL-HERE' WHERE entity_id = 10`,
    );
    const { code, stdout } = await run('resync', '--feed', PRODUCT_FEEDS.join(','));
    expect(code).toBe(3);
    expect(stdout).toMatch(/\d+ deletions held until somebody approves/);
    const skus = ((await system.held('products')) as { sku: string }[]).map(({ sku }) => sku);
    expect(skus.filter((sku) => sku === 'STILL-HERE').length).toBeGreaterThan(0);
    expect(skus.length).toBeGreaterThanOrEqual(before);
    expect((await heldByCommand()).find(({ feed }) => feed === 'products')?.items).toBeGreaterThan(
      100,
    );
    const list = await run('deletions', 'list');
    expect(list.stdout).toMatch(/products\s+\d+\s+\d{4}-\d\d-\d\d .*held/);

    await restore();
    await system.partialSync();
    await settle(system);
    await system.expectConverged(await availableFeeds(system));
    expect((await system.held('products')).length).toBe(before);
  });

  test('are held by a partial sync too, and released by the command as far as they still hold', async () => {
    const restore = await hideProducts(250);
    const { settled } = await system.partialSync();
    expect(settled.products).toMatchObject({ outcome: 'completed with failures' });
    expect(settled.products?.counts.held).toBeGreaterThan(100);
    // Again and again, they stay held.
    await system.fullSync({ feeds: ['products'] });
    const feeds = (await heldByCommand()).map(({ feed }) => feed);
    expect(feeds).toContain('products');

    // One comes back before somebody releases the rest, unnoticed by the triggers.
    await system.shop.query(
      `INSERT INTO catalog_product_website SELECT * FROM hidden_website WHERE product_id = 300`,
    );
    await system.shop.query('DELETE FROM saas_export_changelog WHERE source <> 0');
    for (const feed of feeds) {
      const released = await run('deletions', 'release', '--feed', feed);
      expect(released).toMatchObject({ code: 0 });
      expect(released.stdout).toMatch(/\d+ deletions of \w+ released/);
    }
    expect((await run('deletions', 'release', '--feed', 'products')).code).toBe(1);
    await system.partialSync();
    await runsEnded(system);
    await system.expectConverged(PRODUCT_FEEDS);
    expect(await heldByCommand()).toEqual([]);
    await restore();
    await settle(system);
    await system.expectConverged(PRODUCT_FEEDS);
  });

  test('are held also when they come in small steps, while one run listens', async () => {
    const before = await heldItems('products');
    const running = system.partialSync({ feeds: ['products'], listenSeconds: 20 });
    const restore = await hideProducts(380);
    while ((await heldItems('products')) === before) await sleep(100);
    await hideProducts(340);
    await running;
    await runsEnded(system);
    expect(await heldItems('products')).toBeGreaterThan(before - 100);
    expect((await heldByCommand()).map(({ feed }) => feed)).toContain('products');
    await restore();
    await settle(system);
    await system.expectConverged(PRODUCT_FEEDS);
  });

  test('that were released are not held again when the service fails meanwhile', async () => {
    const restore = await hideProducts(250);
    await system.partialSync();
    await run('deletions', 'release', '--feed', 'products');
    system.proxy.fault = () => ({ status: 503 });
    await system.partialSync({ feeds: ['products'] });
    system.proxy.fault = () => ({});
    expect((await run('deletions', 'list')).stdout).toMatch(/products .* released/);
    await settle(system);
    await system.expectConverged(PRODUCT_FEEDS);
    await restore();
    await settle(system);
    await system.expectConverged(PRODUCT_FEEDS);
  });

  test('that are dropped leave the items with the service until a sync misses them again', async () => {
    const before = await heldItems('products');
    const restore = await hideProducts(250);
    await system.partialSync({ feeds: ['products'] });
    const dropped = await run('deletions', 'drop', '--feed', 'products', '--json');
    expect(JSON.parse(dropped.stdout)).toMatchObject({ feed: 'products' });
    expect(await heldItems('products')).toBe(before);
    const again = await system.fullSync({ feeds: ['products'] });
    expect(again.feeds.products?.counts.held).toBeGreaterThan(100);
    await restore();
    await settle(system);
    await system.expectConverged(PRODUCT_FEEDS);
  });

  test('are approved by the input of a full sync, and by the flag of the command', async () => {
    const restore = await hideProducts(300);
    expect((await system.fullSync({ feeds: ['products'] })).outcome).toBe(
      'completed with failures',
    );
    const result = await system.fullSync({ feeds: ['products'], approveDeletions: true });
    expect(result.outcome).toBe('completed');
    expect(result.feeds.products?.counts.deleted).toBeGreaterThan(100);
    await system.expectConverged(['products']);
    const { code } = await run('resync', '--feed', 'prices', '--approve-deletions');
    expect(code).toBe(0);
    await system.expectConverged(['prices']);
    await restore();
    await settle(system);
    await system.expectConverged(PRODUCT_FEEDS);
  });

  test.each(['signal', 'update'])('are approved by %s while the run works', async (how) => {
    const restore = await hideProducts(300);
    // Something to send first, slowly: the approval comes before the deletions are counted.
    await system.shop.query(
      `UPDATE catalog_product_entity_varchar SET value = CONCAT(value, '${how}') WHERE entity_id < 50`,
    );
    system.proxy.fault = () => ({ answerDelayMs: 300 });
    const seen = system.proxy.requests.length;
    const running = system.fullSync({ feeds: ['products'], batchSize: 20 });
    await system.proxy.seen(seen + 1);
    const feedRun = system.client.workflow.getHandle(feedSyncId(system.instance, 'products'));
    if (how === 'signal') await feedRun.signal(CONTROL.approveDeletions, { by: 'ada' });
    else {
      const answer = await feedRun.executeUpdate<string, [object]>(CONTROL.approveDeletions, {
        args: [{ by: 'ada' }],
      });
      expect(answer).toContain('however many there are');
    }
    system.proxy.fault = () => ({});
    const { feeds } = await running;
    expect(feeds.products).toMatchObject({ outcome: 'completed', counts: { held: 0 } });
    await system.expectConverged(['products']);
    await restore();
    await settle(system);
    await system.expectConverged(PRODUCT_FEEDS);
  });
});

test('an index that is emptied takes nothing off the service', async () => {
  const before = await heldItems('inventoryStockStatus');
  await system.shop.query('CREATE TABLE hidden_source_item AS SELECT * FROM inventory_source_item');
  await system.shop.query('DELETE FROM inventory_source_item');
  const result = await system.fullSync({ feeds: ['inventoryStockStatus'] });
  expect(result.feeds.inventoryStockStatus?.counts.held).toBeGreaterThan(100);
  expect(await heldItems('inventoryStockStatus')).toBe(before);
  await system.shop.query('INSERT INTO inventory_source_item SELECT * FROM hidden_source_item');
  await settle(system);
  await system.expectConverged(PRODUCT_FEEDS);
});

test('deletions of a scope that is gone are not counted, however many', async () => {
  const [[view]] = (await system.shop.query(
    `SELECT code FROM store WHERE store_id = (SELECT MAX(store_id) FROM store)`,
  )) as unknown as [[{ readonly code: string }]];
  const items = (await system.held('products')) as { storeViewCode: string }[];
  const gone = items.filter(({ storeViewCode }) => storeViewCode === view.code);
  expect(gone.length).toBeGreaterThan(100);
  await system.shop.query('DELETE FROM store WHERE code = ?', [view.code]);
  await system.partialSync();
  await runsEnded(system);
  expect(await heldByCommand()).toEqual([]);
  const left = JSON.stringify(await system.held('products'));
  expect(left).not.toContain(`"${view.code}"`);
  await settle(system);
  await system.expectConverged(await availableFeeds(system));
});

test('a wrong table prefix sends nothing at all', async () => {
  const before = await heldItems('products');
  await system.killWorkers();
  await system.shop.query('CREATE TABLE other_store LIKE store');
  const seen = system.proxy.requests.length;
  const worker = await runProgram(['worker'], {
    ...system.settings,
    COMMERCE_TABLE_PREFIX: 'other_',
  });
  expect(worker.code).toBe(2);
  expect(worker.stderr).toContain('SDE20-02');
  expect(system.proxy.requests.length).toBe(seen);
  expect(await heldItems('products')).toBe(before);
  await system.startWorker();
  await system.fullSync({ feeds: ['products', 'prices'] });
  await system.expectConverged(['products', 'prices']);
});
