import { afterAll, beforeAll, expect, test } from 'vitest';

import { settle } from '../settle.js';
import { TestSystem } from '../system.js';

/** Rule prices of the generated catalog are those of this day and its neighbours. */
const DAY = new Date('2026-06-15T12:00:00Z');
let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 60, storeViews: 3, websites: 2, now: DAY },
    capture: true,
    // The worker's clock stands still; each new one has its own time.
    settings: { EXPORTER_NOW: DAY.toISOString() },
  });
  await system.shop.query(
    `INSERT INTO core_config_data (scope, scope_id, path, value) VALUES
       ('websites', 1, 'general/locale/timezone', 'Pacific/Auckland'),
       ('websites', 2, 'general/locale/timezone', 'America/Los_Angeles')
     ON DUPLICATE KEY UPDATE value = VALUES(value)`,
  );
  // Each day has prices of its own.
  await system.shop.query('DELETE FROM catalogrule_product_price');
  await system.shop.query(
    `INSERT INTO catalogrule_product_price
       (rule_date, customer_group_id, product_id, rule_price, website_id)
     SELECT d.day, 1, p.entity_id, 1 + d.price, w.website_id
     FROM (SELECT '2026-06-14' AS day, 1 AS price UNION SELECT '2026-06-15', 2
           UNION SELECT '2026-06-16', 3 UNION SELECT '2026-06-17', 4) d,
          catalog_product_entity p, store_website w
     WHERE w.website_id > 0 AND p.entity_id BETWEEN 1 AND 12`,
  );
  system.now = DAY;
  await system.startWorker();
  await system.fullSync({ feeds: ['prices'] });
  await settle(system);
  await system.expectConverged(['prices']);
});
afterAll(() => system.stop());

test.each([
  // Midnight of the 16th has passed in Auckland at noon of the 15th, UTC; in Los Angeles at 7 in the morning.
  ['in no website', '2026-06-15T20:00:00Z', false],
  ['in one website', '2026-06-16T08:00:00Z', true],
  ['in the other website', '2026-06-16T13:00:00Z', true],
])('a new date %s: prices follow (%s)', async (_, now, changes) => {
  const before = JSON.stringify(await system.held('prices'));
  await system.stopWorkers();
  await system.startWorker({ EXPORTER_NOW: now });
  system.now = new Date(now);
  await system.partialSync();
  await settle(system);
  await system.expectConverged(['prices']);
  expect(JSON.stringify(await system.held('prices')) !== before).toBe(changes);
});
