import { createConnection } from 'mysql2/promise';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { settle } from '../settle.js';
import { TestSystem } from '../system.js';

const PRODUCTS = 300;
let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: PRODUCTS, storeViews: 2, now: new Date() },
    capture: true,
  });
  await system.startWorker();
  await system.fullSync({ feeds: ['products', 'prices'] });
  await settle(system);
});
afterAll(() => system.stop());

test('what changes while a full sync runs is not lost, and no version overtakes a newer one', async () => {
  // Requests and answers take their time, each another one, so that their order could change.
  system.proxy.fault = ({ number }) => ({
    delayMs: (number * 37) % 90,
    answerDelayMs: (number * 53) % 140,
  });
  const first = system.proxy.requests.length;
  const full = system.fullSync({
    feeds: ['products', 'prices'],
    force: true,
    threadCount: 3,
    batchSize: 30,
  });
  const state = { ended: false };
  void full.finally(() => (state.ended = true)).catch(() => undefined);
  let version = 0;
  while (!state.ended) {
    version += 1;
    for (let id = 1 + (version % 7); id <= PRODUCTS; id += 23) await rename(id, version);
    if (version % 5 === 0) void system.partialSync().catch(() => undefined);
    await sleep(40);
  }
  expect(version).toBeGreaterThan(5);
  system.proxy.fault = () => ({});
  await settle(system);
  await system.expectConverged(['products', 'prices']);

  // By the stamps of the requests, in the order in which the exporter sent them.
  const last = new Map<string, { stamp: string; version: number }>();
  let compared = 0;
  for (const request of system.proxy.requests.slice(first)) {
    for (const item of request.items()) {
      const [, number] = /^version (\d+)$/.exec(String(item['name'])) ?? [];
      if (number === undefined) continue;
      const key = `${String(item['sku'])} ${String(item['storeViewCode'])}`;
      const seen = { stamp: String(item['modifiedAt']), version: Number(number) };
      const before = last.get(key);
      if (before !== undefined) {
        compared += 1;
        expect(seen.version, key).toBeGreaterThanOrEqual(before.version);
        expect(seen.stamp > before.stamp, `${key}: ${seen.stamp}`).toBe(true);
      }
      last.set(key, seen);
    }
  }
  expect(compared).toBeGreaterThan(10);

  // By the order in which the service took them: it keeps the times of the last versions.
  const service = await createConnection(system.serviceDatabaseUrl);
  const [rows] = (await service.query('SELECT history FROM ingestion_item WHERE history <> ?', [
    '',
  ])) as [{ readonly history: string }[], unknown];
  await service.end();
  let versions = 0;
  for (const { history } of rows) {
    // Newest by stamp first; received in the same order.
    const times = history.split(' ').map((entry) => {
      const [stamp = '', received = ''] = entry.split('|');
      return { stamp: Number.parseInt(stamp, 36), received: Number.parseInt(received, 36) };
    });
    for (let at = 1; at < times.length; at++) {
      versions += 1;
      expect(times[at]!.stamp).toBeLessThanOrEqual(times[at - 1]!.stamp);
      expect(times[at]!.received).toBeLessThanOrEqual(times[at - 1]!.received);
    }
  }
  expect(versions).toBeGreaterThan(10);
}, 180_000);

async function rename(id: number, version: number): Promise<void> {
  await system.shop.query(
    `UPDATE catalog_product_entity_varchar v JOIN eav_attribute a USING (attribute_id)
     JOIN eav_entity_type t USING (entity_type_id) SET v.value = ?
     WHERE v.entity_id = ? AND a.attribute_code = 'name'
       AND t.entity_type_code = 'catalog_product'`,
    [`version ${version}`, id],
  );
}
