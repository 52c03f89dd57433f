import { afterAll, beforeAll, expect, test } from 'vitest';

import { failureInterceptor } from '../src/worker/failures.js';
import { Engine } from './engine.js';
import { runProgram } from './program.js';
import { TestSystem } from './system.js';

let system: TestSystem;
let engine: Engine;

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 60, storeViews: 2, now: new Date() } });
  engine = await Engine.open(system.settings);
  for (const feed of ['products', 'categories'] as const) await engine.run(feed, 'full sync');
});
afterAll(async () => {
  await engine.close();
  await system.stop();
});

const byIds = (ids: readonly string[], idType?: string) =>
  engine.run('products', 'full sync', { ids, ...(idType === undefined ? {} : { idType }) });

/** Products that nothing else refers to. */
async function aloneStanding(count: number): Promise<{ id: number; sku: string }[]> {
  const [rows] = await system.shop.query(
    `SELECT DISTINCT p.entity_id AS id, p.sku FROM catalog_product_entity p
     JOIN catalog_product_website w ON w.product_id = p.entity_id
     WHERE p.type_id = 'simple' AND p.entity_id NOT IN (SELECT child_id FROM catalog_product_relation)
       AND p.entity_id NOT IN (SELECT linked_product_id FROM catalog_product_link)
     ORDER BY 1 DESC LIMIT ${count}`,
  );
  return rows as { id: number; sku: string }[];
}

test.each([
  ['abc', 'productId'],
  ['-1', 'productId'],
  ['1.5', 'entityId'],
  ['0x10', 'entityId'],
  ['4294967296', 'entityId'],
  ['', 'entityId'],
])('“%s” as %s is a clear error', async (id, idType) => {
  await expect(byIds(['1', id], idType)).rejects.toMatchObject({
    code: 'CDE03-09',
    kind: 'usage',
    message: expect.stringContaining(`“${id}” is no ${idType}`) as string,
  });
});

test.each([
  [['4000000000', '4000000001'], 'productId'],
  [['no-such-sku'], undefined],
])('%j as %s are found nowhere', async (ids, idType) => {
  await expect(byIds(ids, idType)).rejects.toMatchObject({ code: 'CDE03-10' });
});

test('deletions go out of products that are gone, asked for by id or by their former SKU', async () => {
  const [byId, bySku, there] = (await aloneStanding(3)) as [
    { id: number; sku: string },
    { id: number; sku: string },
    { id: number; sku: string },
  ];
  await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id IN (?)', [
    [byId.id, bySku.id],
  ]);
  const heldIds = async (): Promise<unknown[]> =>
    ((await system.held('products')) as { productId: number }[]).map((item) => item.productId);
  expect(await heldIds()).toEqual(expect.arrayContaining([byId.id, bySku.id, there.id]));

  await byIds([String(byId.id), '4000000000'], 'productId');
  expect(await heldIds()).not.toContain(byId.id);
  await byIds([bySku.sku, there.sku]);
  expect(await heldIds()).not.toContain(bySku.id);
  expect(await heldIds()).toContain(there.id);
  await system.expectConverged(['products']);
});

test.each([
  [['foo'], 'CDE03-09'],
  [['4000000000'], 'CDE03-10'],
])('an activity with the ids %j fails with %s, and is not tried again', async (ids, code) => {
  const next = () => engine.run('categories', 'full sync', { ids });
  const input = { args: [], headers: {} };
  await expect(failureInterceptor.execute!(input, next)).rejects.toMatchObject({
    type: code,
    nonRetryable: true,
  });
  await system.expectConverged(['categories', 'products']);
});

test('a preview of ids that are none, or are unknown, says so and fails', async () => {
  const preview = (...args: readonly string[]) =>
    runProgram(['preview', 'products', ...args], system.settings);
  expect(await preview('--by-ids', 'abc', '--id-type', 'productId')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('CDE03-09') as string,
  });
  for (const args of [['no-such-sku'], ['4000000000', '--id-type', 'productId']]) {
    expect(await preview('--by-ids', ...args)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('CDE03-10') as string,
    });
  }
  const [product] = await aloneStanding(1);
  const known = await preview('--by-ids', `no-such-sku,${product!.sku.toLowerCase()}`);
  expect(known.code).toBe(0);
  expect(known.stdout).toContain(product!.sku);
});
