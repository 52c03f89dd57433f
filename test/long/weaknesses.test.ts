import type { Connection } from 'mysql2/promise';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { FeedName } from '../../src/feeds/names.js';
import { WORKFLOW } from '../../src/workflows/names.js';
import { Engine } from '../engine.js';
import { availableFeeds, makeRetriesDue, runsEnded, settle } from '../settle.js';
import { TestSystem } from '../system.js';

const PRODUCT_FEEDS: readonly FeedName[] = ['products', 'prices', 'variants'];
const ISOLATION_LEVELS = ['READ COMMITTED', 'REPEATABLE READ'] as const;

let system: TestSystem;
let feeds: readonly FeedName[];

beforeAll(async () => {
  system = await TestSystem.start({
    // Orders are exported for some days only.
    catalog: { products: 80, storeViews: 3, now: new Date() },
    capture: true,
    settings: { SERVICE_TIMEOUT_SECONDS: '10' },
  });
  await system.startWorker();
  await system.fullSync();
  await settle(system);
  feeds = await availableFeeds(system);
});
afterAll(() => system.stop());

describe.each(ISOLATION_LEVELS)('with the shop at %s', (isolation) => {
  /** Each level deletes products of its own. */
  const own = ISOLATION_LEVELS.indexOf(isolation) * 5;
  let slow: Connection;
  let quick: Connection;

  beforeAll(async () => {
    slow = await system.connect();
    quick = await system.connect();
    for (const connection of [slow, quick, system.shop]) {
      await connection.query(`SET SESSION TRANSACTION ISOLATION LEVEL ${isolation}`);
    }
    // Nobody of the shop waits, for the exporter least of all.
    await quick.query('SET SESSION innodb_lock_wait_timeout = 1');
  });

  test.each(['nothing', 'a full sync'])(
    'a change that is noted early and committed late goes out, with %s in between',
    async (between) => {
      const name = `${isolation}, ${between}`;
      await slow.query('START TRANSACTION');
      await rename(slow, 4, `slow: ${name}`);
      await rename(quick, 5, `quick: ${name}`);
      await system.partialSync();
      expect(await heldNames(5)).toContain(`quick: ${name}`);
      expect(await heldNames(4)).not.toContain(`slow: ${name}`);
      if (between === 'a full sync') await system.fullSync({ feeds: ['products'] });
      await slow.query('COMMIT');
      await system.partialSync();
      expect(await heldNames(4)).toContain(`slow: ${name}`);
      await system.expectConverged(PRODUCT_FEEDS);
    },
  );

  test('while a transaction stays open, other changes go out and no writer waits', async () => {
    await slow.query('START TRANSACTION');
    for (const id of [2, 3, 4]) await rename(slow, id, `open at ${isolation}`);
    let syncs = 0;
    // Runs that waited for the open transaction would not end before it, which the test never ends.
    const syncing = (async () => {
      for (; syncs < 3; syncs++) {
        await rename(quick, 10 + syncs, `${isolation} ${syncs}`);
        await system.partialSync();
        expect(await heldNames(10 + syncs)).toContain(`${isolation} ${syncs}`);
      }
      await system.fullSync({ feeds: ['products', 'prices'] });
    })();
    const state = { ended: false };
    void syncing.finally(() => (state.ended = true)).catch(() => undefined);
    // Writes beside them; one that waits a second for a lock fails.
    const writer = await system.connect();
    await writer.query('SET SESSION innodb_lock_wait_timeout = 1');
    let writes = 0;
    while (!state.ended) {
      await rename(writer, 20 + (writes % 20), `written ${(writes += 1)}`);
      // A busy shop, and not one that takes all of the machine from the exporter.
      await sleep(20);
    }
    await syncing;
    expect(writes).toBeGreaterThan(20);
    await slow.query('ROLLBACK');
    await system.partialSync();
    await system.expectConverged(PRODUCT_FEEDS);
  });

  test('a full sync that starts while failed items are retried leaves no change behind', async () => {
    system.proxy.fault = () => ({ status: 503 });
    await system.shop.query(`UPDATE catalog_product_entity_varchar SET value = CONCAT(value, ' r')
    WHERE entity_id BETWEEN 30 AND 60`);
    const failed = await system.partialSync();
    expect(failed.settled.products?.counts.failed).toBeGreaterThan(0);
    await makeRetriesDue(system.store);

    system.proxy.fault = () => ({ answerDelayMs: 500 });
    const seen = system.proxy.requests.length;
    const retry = system.run(WORKFLOW.retryFailedItems, { feeds: ['products'] });
    await system.proxy.seen(seen + 1);
    for (const id of [31, 32, 33])
      await rename(system.shop, id, `during the retry ${id}, ${isolation}`);
    const full = system.fullSync({ feeds: ['products'] });
    await rename(system.shop, 34, `while both are there, ${isolation}`);
    await Promise.all([retry, full, system.partialSync()]);
    system.proxy.fault = () => ({});
    await runsEnded(system);
    await settle(system);
    await system.expectConverged(feeds);
  });

  test('a stock change whose first attempt fails goes out with the second', async () => {
    const inventory = '/inventory';
    system.proxy.fault = ({ path }) => (path.includes(inventory) ? { status: 500 } : {});
    const seen = system.proxy.requests.length;
    await system.shop.query(
      `INSERT INTO inventory_reservation (stock_id, sku, quantity)
     SELECT 1, sku, -3 FROM catalog_product_entity WHERE entity_id IN (6, 7)`,
    );
    await system.partialSync();
    expect(
      system.proxy.requests.slice(seen).filter(({ path }) => path.includes(inventory)),
    ).not.toEqual([]);
    system.proxy.fault = () => ({});
    await makeRetriesDue(system.store);
    const retried = await system.run<{ readonly settled: object }>(WORKFLOW.retryFailedItems);
    expect(Object.keys(retried.settled)).toContain('inventoryStockStatus');
    await system.expectConverged(['inventoryStockStatus']);
  });

  test.each([{ dryRun: true }, { dryRun: true, cleanupFeed: true }])(
    'the full sync %o eats no pending change and changes no state',
    async (input) => {
      await rename(system.shop, 8, `${isolation} ${JSON.stringify(input)}`);
      await rename(system.shop, 9, `${isolation} ${JSON.stringify(input)}`);
      const before = await stateContents();
      const requests = system.proxy.requests.length;
      await system.fullSync({ ...input, feeds: ['products', 'prices'] });
      expect(await stateContents()).toEqual(before);
      expect(system.proxy.requests.length).toBe(requests);
      await system.partialSync();
      await system.expectConverged(['products', 'prices']);
    },
  );

  describe('a deletion', () => {
    test('within the second of the last sync is sent', async () => {
      for (const id of [61, 62, 63].map((each) => each + own)) {
        await rename(system.shop, id, 'soon gone');
        await system.partialSync();
        await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id = ?', [id]);
        await system.partialSync();
        const held = (await system.held('products')) as { readonly productId: number }[];
        expect(held.map(({ productId }) => productId)).not.toContain(id);
      }
      await settle(system);
      await system.expectConverged(feeds);
    });

    test('after everything counts as never sent is sent', async () => {
      await system.shop.query(`DELETE FROM catalog_product_entity WHERE entity_id = ${64 + own}`);
      await system.fullSync({ feeds: ['products'], cleanupFeed: true });
      await system.shop.query(`DELETE FROM catalog_product_entity WHERE entity_id = ${65 + own}`);
      await settle(system);
      await system.expectConverged(feeds);
    });
  });

  test('children go out with the new SKU of their parent', async () => {
    const [[parent]] = (await system.shop.query(
      `SELECT p.entity_id AS id, p.sku AS sku, COUNT(*) AS children
     FROM catalog_product_entity p JOIN catalog_product_super_link l ON l.parent_id = p.entity_id
     GROUP BY p.entity_id ORDER BY 1 LIMIT 1`,
    )) as unknown as [[{ readonly id: number; readonly sku: string; readonly children: number }]];
    expect(parent.children).toBeGreaterThan(0);
    await system.shop.query('UPDATE catalog_product_entity SET sku = ? WHERE entity_id = ?', [
      `NEW-PARENT-${own}`,
      parent.id,
    ]);
    const { settled } = await system.partialSync();
    expect(settled.products?.counts.sent).toBeGreaterThan(parent.children);
    expect(JSON.stringify(await system.held('products'))).not.toContain(`"${parent.sku}"`);
    await system.expectConverged(PRODUCT_FEEDS);
  });

  test('a setting that is changed by SQL resends what depends on it', async () => {
    const urls = async (): Promise<string> => JSON.stringify(await system.held('products'));
    const before = await urls();
    await system.shop.query(
      `INSERT INTO core_config_data (scope, scope_id, path, value)
     VALUES ('default', 0, 'web/url/use_store', '1')
     ON DUPLICATE KEY UPDATE value = IF(value = '1', '0', '1')`,
    );
    await settle(system);
    expect(await urls()).not.toBe(before);
    await system.expectConverged(feeds);
  });
});

describe('kill -9 of the worker', () => {
  test.each<readonly [string, () => Promise<unknown>]>([
    [
      'in a partial sync',
      async () => {
        await system.shop.query(`UPDATE catalog_product_entity_varchar
          SET value = CONCAT(value, ' k') WHERE entity_id BETWEEN 10 AND 50`);
        return system.partialSync();
      },
    ],
    ['in a full sync', () => system.fullSync({ feeds: ['products', 'prices'], force: true })],
  ])(
    '%s: another one goes on without an operator',
    async (_, start) => {
      system.proxy.fault = () => ({ answerDelayMs: 200 });
      const seen = system.proxy.requests.length;
      const run = start();
      await system.proxy.seen(seen + 1);
      await system.killWorkers();
      await rename(system.shop, 40, 'while no worker was there');
      await system.startWorker();
      system.proxy.fault = () => ({});
      await run;
      await settle(system);
      await system.expectConverged(feeds);
    },
    240_000,
  );
});

describe('with ids from 1 to 2,000 and one of twenty million', () => {
  let sparse: TestSystem;
  let engine: Engine;

  beforeAll(async () => {
    sparse = await TestSystem.start({
      catalog: { products: 2000, storeViews: 1, now: new Date() },
      capture: true,
    });
    engine = await Engine.open(sparse.settings);
  });
  afterAll(async () => {
    await engine.close();
    await sparse.stop();
  });

  test.each(ISOLATION_LEVELS)(
    'all are exported by a full sync, with the shop at %s',
    async (level) => {
      await sparse.shop.query(`SET SESSION TRANSACTION ISOLATION LEVEL ${level}`);
      await sparse.shop.query('DELETE FROM catalog_product_entity WHERE entity_id = 20000001');
      await copyProduct(sparse.shop, 5, 20_000_001, `FAR-AWAY ${level}`);
      await engine.run('products', 'full sync');
      const items = (await sparse.held('products')) as { readonly sku: string }[];
      expect(items.map(({ sku }) => sku)).toContain(`FAR-AWAY ${level}`);
      expect(items.length).toBeGreaterThan(1800);
      await sparse.expectConverged(['products']);
    },
  );
});

async function rename(connection: Connection, id: number, name: string): Promise<void> {
  await connection.query(
    `UPDATE catalog_product_entity_varchar v JOIN eav_attribute a USING (attribute_id)
     JOIN eav_entity_type t USING (entity_type_id) SET v.value = ?
     WHERE v.entity_id = ? AND a.attribute_code = 'name'
       AND t.entity_type_code = 'catalog_product'`,
    [name, id],
  );
}

async function heldNames(productId: number): Promise<string[]> {
  const items = (await system.held('products')) as {
    readonly productId: number | string;
    readonly name: string;
  }[];
  return items.filter((item) => Number(item.productId) === productId).map(({ name }) => name);
}

/** A copy of a product under another id, with its values, websites and stock. */
async function copyProduct(shop: Connection, from: number, to: number, sku: string): Promise<void> {
  await shop
    .query(
      `INSERT INTO sequence_product (sequence_value) SELECT ? FROM DUAL
     WHERE EXISTS (SELECT 1 FROM information_schema.tables
                   WHERE table_schema = DATABASE() AND table_name = 'sequence_product')`,
      [to],
    )
    .catch(() => undefined);
  await shop.query(
    `INSERT INTO catalog_product_entity (entity_id, attribute_set_id, type_id, sku)
     SELECT ?, attribute_set_id, 'simple', ? FROM catalog_product_entity WHERE entity_id = ?`,
    [to, sku, from],
  );
  for (const type of ['int', 'varchar', 'text', 'decimal', 'datetime']) {
    await shop.query(
      `INSERT INTO catalog_product_entity_${type} (attribute_id, store_id, entity_id, value)
       SELECT attribute_id, store_id, ?, value FROM catalog_product_entity_${type}
       WHERE entity_id = ?`,
      [to, from],
    );
  }
  await shop.query(
    `INSERT INTO catalog_product_website (product_id, website_id)
     SELECT ?, website_id FROM catalog_product_website WHERE product_id = ?`,
    [to, from],
  );
}

/** The exporter's tables but for the numbers that planning draws, and what waits in the shop. */
async function stateContents(): Promise<unknown> {
  const [changelog] = await system.shop.query('SELECT * FROM saas_export_changelog ORDER BY id');
  return { changelog, ...(await system.storeContents()) };
}
