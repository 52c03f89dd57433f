import { afterAll, beforeAll, expect, test } from 'vitest';

import { feedNamed } from '../src/feeds/registry.js';
import { inReferenceOrder } from '../src/client/parity/reference-order.js';
import type { FeedItem } from '../src/feeds/feed.js';
import { runProgram } from './program.js';
import { fillReferenceTable } from './reference-tables.js';
import { TestSystem } from './system.js';

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 30, storeViews: 2, websites: 1 } });
});
afterAll(() => system.stop());

test('parity-check fails where the shop holds no state of the module', async () => {
  const { code, stderr } = await runProgram(['parity-check'], system.settings);
  expect(code).toBe(1);
  expect(stderr).toContain('SDE20-08');
});

test('after switching over, only what differs is sent and deleted', async () => {
  // The service has everything; the exporter knows nothing, and the module knows all.
  await system.startWorker();
  await system.fullSync({ feeds: ['products', 'scopesWebsite'] });
  for (const name of ['products', 'scopesWebsite'] as const) {
    const feed = feedNamed(name);
    const items = (await system.fresh(name)) as FeedItem[];
    await fillReferenceTable(
      system.shop,
      feed,
      items.map((item) => inReferenceOrder(name, item)),
    );
    await system.store.run(`DELETE FROM ${system.store.t(feed.table)}`);
  }
  const before = new Set((await system.fresh('products')).map((item) => JSON.stringify(item)));
  const [rows] = await system.shop.query(
    'SELECT entity_id AS id, sku FROM catalog_product_entity ORDER BY entity_id LIMIT 2',
  );
  const [changed, gone] = rows as { id: number; sku: string }[];
  await system.shop.query(
    `UPDATE catalog_product_entity_varchar v JOIN eav_attribute a USING (attribute_id)
     SET v.value = 'Changed' WHERE a.attribute_code = 'name' AND v.entity_id = ?`,
    [changed!.id],
  );
  await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id = ?', [gone!.id]);

  const after = (await system.fresh('products')).map((item) => JSON.stringify(item));
  // The changed product, and those that show it or the one that is gone.
  const toSend = after.filter((item) => !before.has(item)).length;
  const toDelete = before.size - after.length;
  expect(toDelete).toBe(2);
  expect(toSend).toBeGreaterThan(0);
  expect(toSend).toBeLessThan(after.length / 2);

  const adopted = await runProgram(['install', '--adopt'], system.settings);
  expect(adopted.stderr).toBe('');
  expect(adopted.stdout).toMatch(new RegExp(`products +\\d+ +${toSend} +${toDelete}`));
  // It may be repeated: what is there stays.
  expect((await runProgram(['install', '--adopt'], system.settings)).code).toBe(0);

  const { feeds } = await system.fullSync({ feeds: ['products', 'scopesWebsite'] });
  expect(feeds.products!.counts).toMatchObject({ sent: toSend + toDelete, deleted: 2 });
  await system.expectConverged(['products', 'scopesWebsite']);
});

test('a state of another data space is not mixed with it', async () => {
  const { code, stderr } = await runProgram(['install', '--adopt'], {
    ...system.settings,
    SERVICE_ENVIRONMENT_ID: 'another',
  });
  expect(code).toBe(1);
  expect(stderr).toContain('SDE30-02');
});
