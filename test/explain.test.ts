import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Explanation } from '../src/client/explain/explanation.js';
import { queueEntities } from '../src/store/pending.js';
import { runProgram, type ProgramResult } from './program.js';
import { ServiceDouble } from './service-double.js';
import { TestSystem } from './system.js';

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 20, storeViews: 2, websites: 1 } });
  await system.startWorker();
  await system.fullSync({ feeds: ['products', 'categories'] });
});
afterAll(() => system.stop());

async function explained(
  ...args: string[]
): Promise<Explanation & { readonly code: number | null }> {
  const { code, stdout, stderr } = await run('explain', ...args, '--json');
  expect(stderr).toBe('');
  return { ...(JSON.parse(stdout) as Explanation), code };
}

function run(...args: string[]): Promise<ProgramResult> {
  return runProgram(args, system.settings);
}

async function product(): Promise<{ readonly id: number; readonly sku: string }> {
  const [rows] = await system.shop.query(
    'SELECT entity_id AS id, sku FROM catalog_product_entity ORDER BY entity_id LIMIT 1',
  );
  return (rows as { id: number; sku: string }[])[0]!;
}

describe('explain', () => {
  test('shows an item that is in the service, with all that the sentence rests on', async () => {
    const { id, sku } = await product();
    const { code, ...explanation } = await explained('products', sku);
    expect(code).toBe(0);
    expect(explanation).toMatchObject({
      feed: 'products',
      asked: { id: sku, readAs: 'sku' },
      available: true,
      sentence: expect.stringContaining('It is in the service, as it is in the shop now') as string,
    });
    const [entity] = explanation.entities;
    expect(entity).toMatchObject({
      entityId: id,
      source: { exists: true, covered: true, product: { sku } },
      pending: null,
      failures: [],
    });
    for (const item of entity!.items) {
      expect(item).toMatchObject({
        verdict: 'in the service',
        now: { hash: item.sent!.hash, item: { sku } },
        sent: { word: 'sent', status: 200, deleted: false, entityId: id, error: null },
        service: { state: 'held', requestId: item.sent!.requestId, payload: { sku } },
        quarantine: null,
        differences: [],
      });
    }
    const held = (await system.held('products')) as { sku: string; storeViewCode: string }[];
    expect(entity!.items.map(({ identity }) => identity?.join(' ')).sort()).toEqual(
      held.filter((each) => each.sku === sku).map((each) => `${sku} ${each.storeViewCode}`),
    );
  });

  test('reads numbers as entity ids and URL paths as identities', async () => {
    const { id, sku } = await product();
    expect((await explained('products', String(id))).entities[0]?.source.product?.sku).toBe(sku);
    const [category] = (await system.held('categories')).filter(
      (each) => (each as { urlPath: string }).urlPath !== '',
    ) as { urlPath: string; categoryId: string }[];
    const found = await explained('categories', category!.urlPath);
    expect(found).toMatchObject({
      asked: { readAs: 'identity' },
      entities: [{ entityId: Number(category!.categoryId) }],
    });
  });

  test('tells field by field what has changed, and whether anybody has noticed', async () => {
    const { id, sku } = await product();
    await system.shop.query(
      `UPDATE catalog_product_entity_varchar v JOIN eav_attribute a USING (attribute_id)
       SET v.value = 'Renamed' WHERE a.attribute_code = 'name' AND v.entity_id = ? AND v.store_id = 0`,
      [id],
    );
    const unnoticed = await explained('products', sku);
    const changed = unnoticed.entities[0]!.items.find(({ verdict }) => verdict === 'changed')!;
    expect(changed.differences).toContainEqual(
      expect.objectContaining({ path: 'name', now: 'Renamed' }),
    );
    expect(unnoticed.sentence).toContain('No change is noted');
    await queueEntities(system.store, 'products', [id]);
    const noticed = await explained('products', sku);
    expect(noticed.entities[0]!.pending).toMatchObject({ entityId: id });
    expect(noticed.sentence).toContain('next partial sync');
    await system.fullSync({ feeds: ['products'] });
    expect((await explained('products', sku)).sentence).toContain('It is in the service');
  });

  test('finds an item whose product is gone, by its SKU', async () => {
    const { id, sku } = await product();
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id = ?', [id]);
    expect((await explained('products', sku)).sentence).toContain('the service still has it');
    await system.fullSync({ feeds: ['products'] });
    const gone = await explained('products', sku);
    expect(gone.sentence).toContain('gone from the shop, and the service knows');
    expect(gone.entities[0]!.items[0]!.service.state).toBe('deleted');
    await system.expectConverged(['products']);
  });

  test('fails with a sentence where nothing is known', async () => {
    const { code, sentence, entities } = await explained('products', 'NO-SUCH-SKU');
    expect(code).toBe(1);
    expect(entities).toEqual([]);
    expect(sentence).toContain('has no NO-SUCH-SKU');
  });

  test('says where the service cannot be read', async () => {
    const { sku } = await product();
    const { stdout } = await runProgram(['explain', 'products', sku, '--json'], {
      ...system.settings,
      SERVICE_URL: 'http://127.0.0.1:1',
    });
    const [item] = (JSON.parse(stdout) as Explanation).entities[0]!.items;
    expect(item!.service).toEqual({
      state: 'unreadable',
      reason: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  test('tells all else where the service fails at items, and claims nothing of it', async () => {
    const { sku } = await product();
    const service = await ServiceDouble.start();
    const settings = { ...system.settings, SERVICE_URL: service.url };
    try {
      let asked = 0;
      service.reply = ({ path }) => {
        if (path.endsWith('/feeds')) return { body: { feeds: [] } };
        asked += 1;
        return asked === 1 ? { status: 503, body: 'overloaded' } : { cut: true };
      };
      const { stdout, code } = await runProgram(['explain', 'products', sku, '--json'], settings);
      expect(code).toBe(0);
      const { sentence, entities } = JSON.parse(stdout) as Explanation;
      expect(sentence).toContain('It was sent and accepted');
      expect(sentence).not.toContain('It is in the service');
      const reasons = entities[0]!.items.map((item) => {
        expect(item).toMatchObject({ verdict: 'accepted', sent: { word: 'sent' } });
        return item.service.state === 'unreadable' ? item.service.reason : item.service.state;
      });
      expect(reasons).toHaveLength(2);
      expect(reasons).toContainEqual(expect.stringContaining('answered 503'));

      // As Adobe's does.
      service.reply = () => ({ status: 404, body: {} });
      const adobe = await runProgram(['explain', 'products', sku], settings);
      expect(adobe.stdout).toContain('the service does not show what it holds');
      expect(adobe.stdout).not.toContain('It is in the service');
    } finally {
      await service.close();
    }
  });

  test('prints text for people', async () => {
    const { sku } = await product();
    const { stdout, code } = await run('explain', 'products', sku);
    expect(code).toBe(0);
    expect(stdout).toContain(`${sku} in products`);
  });
});

test('resync says that nobody polls the task queue', async () => {
  const { stderr, code } = await runProgram(['resync', '--feed', 'scopeswebsite', '--detach'], {
    ...system.settings,
    TEMPORAL_TASK_QUEUE: `${system.instance}-nobody`,
  });
  expect(stderr).toContain(`No worker polls the task queue ${system.instance}-nobody`);
  expect(code).toBe(0);
});
