import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { declareSchedules } from '../src/client/schedules/declarations.js';
import type { FeedName } from '../src/feeds/names.js';
import { recall, remember } from '../src/store/memory.js';
import { queuedSyncs, requestSyncs } from '../src/store/sync-requests.js';
import { Account } from './account.js';
import { Engine } from './engine.js';
import { availableFeeds, runsEnded } from './settle.js';
import { TestSystem } from './system.js';

const NOW = new Date();

describe('where no trigger tells of a change', () => {
  let system: TestSystem;
  let engine: Engine;
  /** The same under an account of least rights, which cannot read InnoDB’s numbers of tables. */
  let least: Engine;
  let account: Account;
  let feeds: readonly FeedName[];
  const sql = (statement: string) => system.shop.query(statement);

  beforeAll(async () => {
    system = await TestSystem.start({
      catalog: { products: 60, storeViews: 3, now: NOW },
      capture: true,
    });
    engine = await Engine.open(system.settings);
    account = await Account.make(system.settings);
    least = await Engine.open(account.settings);
    feeds = await availableFeeds(system);
    await engine.look();
    for (const feed of feeds) await engine.run(feed, 'full sync');
    await engine.settle();
  });
  afterAll(async () => {
    await Promise.all([engine.close(), least.close()]);
    await account.drop();
    await system.stop();
  });

  async function sync(by = engine): Promise<void> {
    await by.look();
    await by.settle();
    await system.expectConverged(feeds);
    expect((await recall(system.store, 'capture gaps')) ?? []).toEqual([]);
  }

  const SWAPPED = [
    ['catalogrule_product_price', 'rule_price = rule_price - 1', 'product_id'],
    ['catalog_category_product_index_store1', 'position = position + 3', 'product_id'],
    ['inventory_stock_2', 'quantity = quantity + 5', 'sku'],
  ] as const;

  test.each(
    SWAPPED.flatMap(([table, change, key]) => [
      [table, '_replica', change, key] as const,
      [table, '__temp0a1b2c3d', change, key] as const,
    ]),
  )(
    '%s is filled as its twin %s, and swapped in: what differs goes out',
    async (table, suffix, change, key) => {
      const where = `CRC32(${key}) % 3 = 0`;
      const twin = `${table}${suffix}`;
      await sql(`DROP TABLE IF EXISTS ${twin}`);
      await sql(`CREATE TABLE ${twin} LIKE ${table}`);
      await sql(`INSERT INTO ${twin} SELECT * FROM ${table}`);
      await sql(`UPDATE ${twin} SET ${change} WHERE ${where}`);
      await sql(`DELETE FROM ${twin} WHERE ${key} = (SELECT MIN(${key}) FROM ${table})`);
      // The twin does not count before it is swapped in.
      await sync();
      // A single row changes at the last moment, before the swap takes the triggers away.
      await sql(`UPDATE ${table} SET ${change} LIMIT 1`);
      await sql(`RENAME TABLE ${table} TO ${table}_outgoing, ${twin} TO ${table}`);
      await sql(
        suffix === '_replica'
          ? `RENAME TABLE ${table}_outgoing TO ${twin}`
          : `DROP TABLE ${table}_outgoing`,
      );
      await sync();
      // Row by row again.
      await sql(`UPDATE ${table} SET ${change} WHERE NOT (${where})`);
      await engine.settle();
      await system.expectConverged(feeds);
    },
  );

  test('a table is emptied by TRUNCATE', async () => {
    await sql(`INSERT IGNORE INTO catalog_product_entity_tier_price
      (entity_id, all_groups, customer_group_id, qty, value, website_id)
      SELECT entity_id, 0, 1, 1, 5, 0 FROM catalog_product_entity WHERE entity_id < 9`);
    await sync();
    await sql('TRUNCATE catalog_product_entity_tier_price');
    await sync();
    // An index table of which nobody knows what it held.
    await system.store.run('DELETE FROM index_snapshot');
    await sql('TRUNCATE catalogrule_product_price');
    await sync();
  });

  test('triggers are dropped, and changes follow', async () => {
    await sql('DROP TRIGGER saas_export_catalog_product_entity_varchar_au');
    await sql('DROP TRIGGER saas_export_catalog_product_entity_decimal_au');
    await sql(`UPDATE catalog_product_entity_varchar SET value = CONCAT(value, ' unseen')
      WHERE entity_id BETWEEN 3 AND 9`);
    await sql(`UPDATE catalog_product_entity_decimal SET value = value + 2 WHERE entity_id = 5`);
    await sync();
    await sql(`UPDATE catalog_product_entity_varchar SET value = CONCAT(value, ' seen')
      WHERE entity_id = 4`);
    await engine.settle();
    await system.expectConverged(feeds);
  });

  test.each([
    ['DELETE FROM saas_export_changelog', 'one of least rights', () => least],
    ['DELETE FROM saas_export_changelog WHERE changed_at < NOW(3)', 'any account', () => engine],
    ['TRUNCATE saas_export_changelog', 'one of least rights', () => least],
    ['DROP TABLE saas_export_changelog', 'any account', () => engine],
  ] as const)(
    'others empty the changelog before it was read: %s, noticed by %s',
    async (how, _, by) => {
      // The first change since the installation, or since the last time that it was emptied.
      await sql(`UPDATE catalog_product_entity_decimal SET value = value + 1 WHERE entity_id < 20`);
      await sql(how);
      await sync(by());
    },
  );

  test('a table that was empty at the installation is emptied by TRUNCATE, under least rights', async () => {
    await sql('DELETE FROM catalog_product_entity_tier_price');
    await sql('TRUNCATE catalog_product_entity_tier_price');
    await sync(least);
    await sql(`INSERT INTO catalog_product_entity_tier_price
      (entity_id, all_groups, customer_group_id, qty, value, website_id)
      SELECT entity_id, 0, 1, 1, 5, 0 FROM catalog_product_entity WHERE entity_id < 9`);
    await sync(least);
    // Only looking at what is in order tells the number that a TRUNCATE sets back.
    await least.look();
    await sql('TRUNCATE catalog_product_entity_tier_price');
    await sync(least);
  });

  test('while a transaction is open on a table without its trigger, all else goes out', async () => {
    await sql('DROP TRIGGER saas_export_catalog_product_entity_decimal_au');
    await sql('DROP TRIGGER saas_export_catalog_product_website_ad');
    const long = await system.connect();
    await long.query('START TRANSACTION');
    await long.query(`UPDATE catalog_product_entity_decimal SET value = value + 1
      WHERE entity_id = 11`);
    await sql(`UPDATE catalog_product_entity_varchar SET value = CONCAT(value, ' beside')
      WHERE entity_id = 12`);
    expect((await engine.capture()).changes).toBeGreaterThan(0);
    await engine.settle();
    await system.expectConverged(feeds);
    // Tables after it got theirs.
    const [triggers] = await sql(`SHOW TRIGGERS LIKE 'catalog\\_product\\_website'`);
    expect(triggers).toHaveLength(3);
    expect(await recall(system.store, 'capture gaps')).toEqual(['catalog_product_entity_decimal']);
    await long.query('COMMIT');
    await sync();
  });

  test('while the account may not make a missing trigger, all else goes out', async () => {
    await sql('DROP TRIGGER saas_export_catalog_product_entity_decimal_au');
    await sql(`UPDATE catalog_product_entity_decimal SET value = value + 1 WHERE entity_id = 13`);
    await sql(`UPDATE catalog_product_entity_varchar SET value = CONCAT(value, ' without right')
      WHERE entity_id = 14`);
    await account.revoke('TRIGGER');
    expect((await least.capture()).pending).toContain('products');
    await account.grant('TRIGGER');
    await sync(least);
  });

  test('while the changelog is gone and may not be made, queued full syncs start', async () => {
    await account.revokeChangelog();
    await sql('DROP TABLE saas_export_changelog');
    await requestSyncs(system.store, [{ feed: 'reviews', reason: 'Somebody asked for it.' }]);
    const { fullSyncs } = await least.capture();
    expect(fullSyncs.map(({ feed }) => feed)).toEqual(['reviews']);
    await account.grantChangelog();
    await sync();
  });

  test('the look is cut off after it has repaired: what it was to compare is compared', async () => {
    await sql('DROP TRIGGER saas_export_catalog_product_entity_varchar_au');
    await sql(`UPDATE catalog_product_entity_varchar SET value = CONCAT(value, ' lost')
      WHERE entity_id = 7`);
    await engine.look();
    // As if it had ended between the triggers and the queueing.
    await system.store.run('DELETE FROM sync_request');
    await remember(system.store, 'capture gaps', ['catalog_product_entity_varchar']);
    await engine.look();
    expect((await queuedSyncs(system.store)).map(({ feed }) => feed)).toContain('products');
    await sync();
  });

  test('a new store view and a new stock bring index tables that are captured', async () => {
    await sql(`INSERT INTO store (code, website_id, group_id, name, is_active)
      SELECT 'late', website_id, group_id, 'Late', 1 FROM store_group WHERE group_id = 1`);
    const [[{ id }]] = (await sql(
      `SELECT store_id AS id FROM store WHERE code = 'late'`,
    )) as unknown as [[{ readonly id: number }]];
    await sync();
    await sql(`CREATE TABLE catalog_category_product_index_store${id}
      LIKE catalog_category_product_index_store1`);
    await sql(`INSERT INTO catalog_category_product_index_store${id}
      SELECT * FROM catalog_category_product_index_store1`);
    await sync();
    await sql(`DELETE FROM catalog_category_product_index_store${id} LIMIT 3`);
    await engine.settle();
    await system.expectConverged(feeds);
  });
});

test('a mass import is answered by one full sync in the place of its pending entities', async () => {
  const system = await TestSystem.start({
    catalog: { products: 60, storeViews: 2, now: NOW },
    capture: true,
  });
  const engine = await Engine.open(system.settings);
  await engine.look();
  for (const feed of ['products', 'prices'] as const) await engine.run(feed, 'full sync');
  await engine.settle();
  await system.shop.query(
    `UPDATE catalog_product_entity_varchar SET value = CONCAT(value, ' new')`,
  );
  const [source] = await system.store.rows<{ source: number }>(
    `SELECT source FROM capture_source WHERE table_name = 'catalog_product_entity_varchar'
     AND key_columns LIKE '%entity_id%' ORDER BY source`,
  );
  // Far more than the shop has: most of the products were deleted since.
  await system.shop.query(
    `INSERT INTO saas_export_changelog (source, key1, key2, key3)
     SELECT ${source!.source}, key1, key2 + 60 * s.seq, key3
     FROM saas_export_changelog, seq_1_to_100 s WHERE source = ${source!.source}`,
  );
  await engine.move();
  const queued = await queuedSyncs(system.store);
  expect(queued.find(({ feed }) => feed === 'products')?.reason).toContain('mass import');
  const seen = system.proxy.requests.length;
  await engine.run('products', 'full sync');
  expect(system.proxy.requests.length).toBeGreaterThan(seen);
  expect(await system.store.rows(`SELECT 1 FROM pending_entity WHERE feed = 'products'`)).toEqual(
    [],
  );
  await engine.settle();
  await system.expectConverged(['products', 'prices']);
  await engine.close();
  await system.stop();
});

test('a staged update that comes into force goes out, and so does its end', async () => {
  const system = await TestSystem.start({
    catalog: { products: 60, storeViews: 2, edition: 'commerce', tablePrefix: 'm2_', now: NOW },
    capture: true,
  });
  const engine = await Engine.open(system.settings);
  const feeds = await availableFeeds(system);
  await engine.look();
  for (const feed of feeds) await engine.run(feed, 'full sync');
  await engine.settle();
  await system.expectConverged(feeds);
  const before = JSON.stringify(await system.held('products'));
  const [versions] = (await system.shop.query(
    `SELECT DISTINCT created_in AS version FROM m2_catalog_product_entity
     WHERE created_in > (SELECT CAST(JSON_VALUE(flag_data, '$.current_version') AS UNSIGNED)
                         FROM m2_flag WHERE flag_code = 'staging') ORDER BY 1`,
  )) as unknown as [{ readonly version: number }[]];
  expect(versions.length).toBeGreaterThan(0);
  for (const { version } of versions) {
    await system.shop.query(`UPDATE m2_flag SET flag_data = ? WHERE flag_code = 'staging'`, [
      JSON.stringify({ current_version: String(version) }),
    ]);
    await engine.settle();
    await system.expectConverged(feeds);
  }
  expect(JSON.stringify(await system.held('products'))).not.toBe(before);
  await engine.close();
  await system.stop();
});

test('without triggers, the scheduled comparison brings all changes to the service', async () => {
  const system = await TestSystem.start({
    catalog: { products: 60, storeViews: 2, now: NOW },
    capture: false,
  });
  await system.startWorker();
  const { on } = declareSchedules({
    instance: system.instance,
    taskQueue: system.taskQueue,
    capture: 'compare',
  });
  const compare = on.find(({ name }) => name === 'compare')!;
  await system.run(compare.workflowType, compare.input);
  const feeds = await availableFeeds(system);
  await system.expectConverged(feeds);
  const [triggers] = (await system.shop.query('SHOW TRIGGERS')) as unknown as [
    { readonly Trigger: string }[],
  ];
  expect(triggers.filter(({ Trigger }) => Trigger.startsWith('saas_export'))).toEqual([]);

  for (const change of [
    // An order that nobody linked.
    'CREATE TEMPORARY TABLE placed SELECT * FROM sales_order LIMIT 1',
    `UPDATE placed SET entity_id = 900001, increment_id = 'NEW', created_at = NOW(),
       updated_at = NOW()`,
    'INSERT INTO sales_order SELECT * FROM placed',
    'CREATE TEMPORARY TABLE paid SELECT * FROM sales_order_payment LIMIT 1',
    'UPDATE paid SET entity_id = 900001, parent_id = 900001',
    'INSERT INTO sales_order_payment SELECT * FROM paid',
    `UPDATE catalog_product_entity SET sku = 'COMPARED' WHERE entity_id = 4`,
    `UPDATE catalog_product_entity_decimal SET value = value + 1`,
    `DELETE FROM catalog_product_entity WHERE entity_id IN (8, 9)`,
    `UPDATE inventory_stock_2 SET quantity = quantity + 1`,
    `UPDATE store SET code = 'another_code' WHERE store_id = 2`,
    `INSERT INTO customer_group (customer_group_code) VALUES ('Press')`,
  ]) {
    await system.shop.query(change);
  }
  await system.partialSync();
  await system.run(compare.workflowType, compare.input);
  await runsEnded(system);
  await system.expectConverged(feeds);
  const orders = (await system.held('orders')) as { readonly commerceOrderId: string }[];
  expect(orders.map(({ commerceOrderId }) => commerceOrderId)).toContain('900001');
  await system.stop();
}, 120_000);
