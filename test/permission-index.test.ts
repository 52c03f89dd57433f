import { afterAll, beforeAll, expect, test } from 'vitest';

import { Engine } from './engine.js';
import { feedsWithHeldDeletions } from './settle.js';
import { TestSystem } from './system.js';

const FEED = 'productOverrides';
const INDEX = 'magento_catalogpermissions_index_product';

let system: TestSystem;
let engine: Engine;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 60, storeViews: 2, edition: 'commerce', now: new Date() },
    capture: true,
  });
  engine = await Engine.open(system.settings);
  await engine.look();
  await engine.run(FEED, 'full sync');
  await engine.settle();
});
afterAll(async () => {
  await engine.close();
  await system.stop();
});

const run = (sql: string) => system.shop.query(sql);
const heldItems = async (): Promise<number> => (await system.held(FEED)).length;

test('an index in tables of any names is exported, and each change of them', async () => {
  await run(`CREATE TABLE ${INDEX}_group2 LIKE ${INDEX}`);
  await run(`INSERT INTO ${INDEX}_group2 SELECT * FROM ${INDEX} WHERE customer_group_id = 2`);
  await run(`DELETE FROM ${INDEX} WHERE customer_group_id = 2`);
  await run(`CREATE TABLE ${INDEX}_group2_replica LIKE ${INDEX}`);
  await engine.look();
  await engine.settle();
  const before = await system.held(FEED);
  await system.expectConverged([FEED]);

  await run(`UPDATE ${INDEX}_group2 SET grant_checkout_items = -grant_checkout_items - 3`);
  await run(`INSERT INTO ${INDEX}_group2_replica SELECT * FROM ${INDEX}_group2`);
  expect(await engine.move()).toBeGreaterThan(0);
  await engine.settle();
  expect(await system.held(FEED)).not.toEqual(before);
  await system.expectConverged([FEED]);

  await run(`DELETE FROM ${INDEX}_group2`);
  await engine.settle();
  await system.expectConverged([FEED]);
  await run(`DROP TABLE ${INDEX}_group2, ${INDEX}_group2_replica`);
  await engine.look();
  await engine.settle();
  await system.expectConverged([FEED]);
});

test('an index without a row deletes nothing, however little is left, until somebody approves', async () => {
  await run(`CREATE TABLE hidden_rows AS SELECT * FROM ${INDEX}`);
  await run(
    `DELETE FROM ${INDEX} WHERE product_id <> (SELECT MIN(product_id) FROM hidden_rows)
       OR customer_group_id <> (SELECT MIN(customer_group_id) FROM hidden_rows)`,
  );
  await engine.settle();
  await system.expectConverged([FEED]);
  const left = await heldItems();
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(100);

  await run(`DELETE FROM ${INDEX}`);
  await engine.move();
  await engine.run(FEED, 'partial sync');
  await engine.run(FEED, 'full sync');
  expect(await heldItems()).toBe(left);
  expect(await feedsWithHeldDeletions(system.store)).toEqual([FEED]);

  await engine.run(FEED, 'full sync', { approveDeletions: true });
  expect(await heldItems()).toBe(0);
  await system.expectConverged([FEED], { mayBeEmpty: true });

  await run(`INSERT INTO ${INDEX} SELECT * FROM hidden_rows`);
  await engine.settle();
  await system.expectConverged([FEED]);
});

test('permissions that are switched off delete what the index says, empty or not', async () => {
  await run(`CREATE TABLE one_row AS SELECT i.* FROM ${INDEX} i JOIN store s USING (store_id)
     JOIN catalog_product_website w USING (product_id, website_id) LIMIT 1`);
  await run(`DELETE FROM ${INDEX}`);
  await run(`INSERT INTO ${INDEX} SELECT * FROM one_row`);
  await engine.settle();
  expect(await heldItems()).toBe(1);
  await run(`DELETE FROM ${INDEX}`);
  await run(
    `DELETE FROM core_config_data WHERE path = 'catalog/magento_catalogpermissions/enabled'`,
  );
  await engine.move();
  await engine.run(FEED, 'full sync');
  expect(await heldItems()).toBe(0);
  expect(await feedsWithHeldDeletions(system.store)).toEqual([]);
  await system.expectConverged([FEED], { mayBeEmpty: true });
});
