import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

import {
  declareSchedules,
  type ScheduleSettings,
} from '../../src/client/schedules/declarations.js';
import { applySchedules } from '../../src/client/schedules/reconcile.js';
import { pauseSchedules, resumeSchedules } from '../../src/client/schedules/pause.js';
import type { FeedStatus } from '../../src/client/status/feed-status.js';
import { feedSyncId } from '../../src/workflows/names.js';
import { documentedTasks, notLedTo, outputMatches } from '../documented-commands.js';
import { runProgram, type ProgramResult } from '../program.js';
import { TestSystem } from '../system.js';

let system: TestSystem;
let schedules: ScheduleSettings;
const ids = new Map<string, number>();

/** The products that docs/tasks.md and docs/troubleshooting.md speak of. */
const SKUS = ['24-MB01', '24-MB02', '24-MB03', '24-MB04', '24-MB05', '24-MB06'];

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 40, storeViews: 2, websites: 1, now: new Date() },
    capture: true,
  });
  const [rows] = await system.shop.query(
    `SELECT p.entity_id AS id FROM catalog_product_entity p
     JOIN catalog_product_website w ON w.product_id = p.entity_id
     WHERE p.type_id = 'simple' ORDER BY 1 LIMIT ?`,
    [SKUS.length],
  );
  for (const [index, { id }] of (rows as { id: number }[]).entries()) {
    ids.set(SKUS[index]!, id);
    await system.shop.query('UPDATE catalog_product_entity SET sku = ? WHERE entity_id = ?', [
      SKUS[index],
      id,
    ]);
  }
  // 24-MB02 is disabled.
  await system.shop.query(
    `UPDATE catalog_product_entity_int SET value = 2 WHERE entity_id = ? AND attribute_id =
       (SELECT attribute_id FROM eav_attribute WHERE attribute_code = 'status' AND entity_type_id = 4)`,
    [ids.get('24-MB02')],
  );
  schedules = { instance: system.instance, taskQueue: system.taskQueue, capture: 'triggers' };
  await system.startWorker();
  await system.fullSync({ feeds: ['products', 'prices', 'categories'] });
  await system.partialSync({ feeds: ['products', 'prices', 'categories'] });
});
afterAll(() => system.stop());

function run(...args: string[]): Promise<ProgramResult> {
  return runProgram(args, system.settings);
}

describe('a symptom is explained by one command:', () => {
  test('nothing is sent, as the schedules are missing', async () => {
    expect((await run('doctor')).stdout).toMatch(
      /The schedule \S+saas-export-partial-sync is missing\.[^]*cure: saas-export schedules apply/,
    );
  });

  test('nothing is sent, as the schedules are paused', async () => {
    await applySchedules(system.client, schedules);
    await pauseSchedules(system.client, schedules, {
      schedule: undefined,
      reason: 'migration',
      by: 'ada',
    });
    expect((await run('status')).stdout).toContain(
      'partial-sync PAUSED (migration (paused by ada))',
    );
  });

  test('nothing is sent, as the keys are wrong', async () => {
    const { stdout } = await runProgram(['doctor'], {
      ...system.settings,
      SERVICE_API_KEY: 'wrong',
    });
    expect(stdout).toMatch(/refuses the credentials \(403\)/);
  });

  test('another operation works on the feed, and is paused', async () => {
    const workflowId = feedSyncId(system.instance, 'prices');
    const handle = await system.client.workflow.start('feedSync', {
      workflowId,
      taskQueue: system.taskQueue,
      args: [
        {
          feed: 'prices',
          operation: 'partial sync',
          trigger: 'test',
          listenUntil: new Date(Date.now() + 120_000).toISOString(),
        },
      ],
    });
    await vi.waitFor(async () => expect((await run('status')).stdout).toContain('listening'), {
      timeout: 30_000,
    });
    await run('pause', '--feed', 'prices', '--reason', 'sale');
    expect((await run('status')).stdout).toMatch(
      /The run of prices is paused by \S+ \(sale\): `saas-export resume --feed prices`/,
    );
    await run('cancel', '--feed', 'prices');
    await handle.result().catch(() => undefined);
  });

  test('a price of a catalog rule is missing, as the shop’s rule index is not run', async () => {
    await system.shop.query(
      `UPDATE indexer_state SET status = 'invalid' WHERE indexer_id = 'catalogrule_rule'`,
    );
    expect((await run('doctor')).stdout).toContain(
      'The indexer catalogrule_rule of the shop is invalid',
    );
  });

  test('a product is not on the storefront although it was sent: the service holds it', async () => {
    expect((await run('explain', 'products', '24-MB01')).stdout).toMatch(
      /It is in the service, as it is in the shop now \(sent [^]*held/,
    );
  });

  test('a product is not on the storefront, as it is disabled', async () => {
    expect((await run('explain', 'products', '24-MB02')).stdout).toContain(
      'It is disabled in all its store views, so the storefront does not show it there.',
    );
  });

  test('an item is refused with status 400, in the words of the service', async () => {
    await refuse('24-MB03');
    expect((await run('explain', 'products', '24-MB03')).stdout).toMatch(
      /in quarantine \([^)]*name is too long/,
    );
  });

  test('the service asks to slow down (429)', async () => {
    system.proxy.fault = () => ({ status: 429, headers: { 'retry-after': '10' } });
    await rename('24-MB04', 'slowly');
    const sync = run('sync', '--feed', 'products');
    await vi.waitFor(
      async () =>
        expect((await run('status')).stdout).toContain(
          'The run of products waits: the service asked to slow down',
        ),
      { timeout: 40_000, interval: 500 },
    );
    system.proxy.fault = () => ({});
    expect((await sync).code).toBe(0);
  });

  test('a deleted product remains at the service, as its state was lost', async () => {
    const id = ids.get('24-MB05');
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id = ?', [id]);
    await system.store.run(
      `DELETE FROM ${system.store.t('cde_products_feed')} WHERE source_entity_id = ?`,
      [id],
    );
    await system.partialSync({ feeds: ['products'] });
    const { stdout, code } = await run('verify', '--feed', 'products');
    expect(code).toBe(1);
    expect(stdout).toMatch(/2 items drifted[^]*unknown: saas-export explain products/);
    expect((await run('verify', '--feed', 'products', '--fix', '--restart')).stdout).toContain(
      'entities are queued',
    );
    await system.partialSync({ feeds: ['products'] });
    expect((await run('verify', '--feed', 'products', '--restart')).code).toBe(0);
  });

  test('one entity fails in each full sync', async () => {
    for (const type of ['int', 'varchar', 'text', 'decimal', 'datetime']) {
      await system.shop.query(`DELETE FROM catalog_product_entity_${type} WHERE entity_id = ?`, [
        ids.get('24-MB06'),
      ]);
    }
    const { code } = await run('resync', '--feed', 'products');
    expect(code).toBe(3);
    expect((await run('items', '--feed', 'products', '--status', 'failed')).stdout).toContain(
      'CDE01-',
    );
    expect((await run('explain', 'products', '24-MB06')).stdout).toMatch(
      /24-MB06 cannot be exported to products as it is: CDE01-\d\d/,
    );
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id = ?', [
      ids.get('24-MB06'),
    ]);
    await system.partialSync({ feeds: ['products'] });
  });
});

const tasks = documentedTasks('docs/tasks.md');

test('docs/tasks.md has ten tasks', () => expect(tasks).toHaveLength(10));

test.each(tasks)('$task is led to by --help alone', (task) => {
  expect(notLedTo(task)).toEqual([]);
});

describe('docs/tasks.md', () => {
  // What the page says of the shop, so that each task may be tried alone.
  beforeAll(async () => {
    await applySchedules(system.client, schedules);
    await haltSchedules();
    await run('resync', '--feed', 'categories', '--cleanup-feed', '--reason', 'new data space');
    await refuse('24-MB03');
  });
  // What a schedule started while a task had it on must be over before the next.
  afterEach(async () => {
    await haltSchedules();
    await vi.waitFor(
      async () => {
        const { stdout } = await run('status', '--json');
        const feeds = JSON.parse(stdout) as FeedStatus[];
        expect(feeds.filter(({ running }) => running !== null)).toEqual([]);
      },
      { timeout: 100_000, interval: 1_000 },
    );
  });

  test.each(tasks)('$task is done as it is written there', async ({ commands }) => {
    // They are off at other times, lest they start something beside a task.
    if (commands.some(({ command }) => command[0] === 'pause')) {
      await resumeSchedules(system.client, schedules, undefined);
    }
    let printed = '';
    for (const { command, output, code } of commands) {
      // A number that the command before has printed.
      const [, number = '?'] = /^ *(\d+) /m.exec(printed) ?? [];
      const words = command.map((word) => (word === '<run>' ? number : word));
      const result = await run(...words);
      printed = result.stdout + result.stderr;
      expect(result.code, `${words.join(' ')}: ${printed}`).toBe(code);
      expect(outputMatches(output, printed), `${words.join(' ')}: ${printed}`).toBe(true);
    }
  });
});

test('the schedules of the test are gone, and the service holds what the shop has', async () => {
  await Promise.all(
    declareSchedules(schedules).on.map(({ id }) => system.client.schedule.getHandle(id).delete()),
  );
  await system.partialSync();
  await system.expectConverged(['products', 'prices', 'categories']);
});

/** The service refuses the product, as its name is too long, until it is sent again. */
async function refuse(sku: string): Promise<void> {
  system.proxy.fault = (seen) =>
    seen.items().some((item) => item['sku'] === sku)
      ? { status: 400, body: JSON.stringify({ message: 'name is too long' }) }
      : {};
  // With another product, which tells that the service does not refuse everything.
  await rename('24-MB01', `Fine, beside ${sku} at ${new Date().toISOString()}`);
  await rename(sku, 'x'.repeat(200));
  await system.partialSync({ feeds: ['products'] });
  system.proxy.fault = () => ({});
}

async function haltSchedules(): Promise<void> {
  await pauseSchedules(system.client, schedules, {
    schedule: undefined,
    reason: 'between the tasks',
    by: 'ada',
  });
}

async function rename(sku: string, name: string): Promise<void> {
  await system.shop.query(
    `UPDATE catalog_product_entity_varchar SET value = ? WHERE entity_id = ? AND store_id = 0
     AND attribute_id = (SELECT attribute_id FROM eav_attribute WHERE attribute_code = 'name' AND entity_type_id = 4)`,
    [name, ids.get(sku)],
  );
}
