import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import type { Explanation } from '../../src/client/explain/explanation.js';
import {
  declareSchedules,
  type ScheduleSettings,
} from '../../src/client/schedules/declarations.js';
import { applySchedules } from '../../src/client/schedules/reconcile.js';
import type { FeedStatus } from '../../src/client/status/feed-status.js';
import type { LauncherResult, PartialSyncResult } from '../../src/workflows/messages.js';
import { feedSyncId } from '../../src/workflows/names.js';
import { runProgram, type ProgramResult } from '../program.js';
import { TestSystem } from '../system.js';

let system: TestSystem;
let schedules: ScheduleSettings;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 60, storeViews: 3, websites: 1 },
    capture: true,
  });
  schedules = { instance: system.instance, taskQueue: system.taskQueue, capture: 'triggers' };
  await system.startWorker();
  await system.fullSync({ feeds: ['products', 'prices'] });
});
afterAll(() => system.stop());

function run(...args: string[]): Promise<ProgramResult> {
  return runProgram(args, system.settings);
}

async function json<T>(...args: string[]): Promise<T> {
  const { stdout, stderr } = await run(...args, '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout) as T;
}

async function statusOf(feed: string): Promise<FeedStatus> {
  const rows = await json<FeedStatus[]>('status');
  return rows.find((row) => row.feed === feed)!;
}

async function skus(count: number): Promise<{ readonly id: number; readonly sku: string }[]> {
  const [rows] = await system.shop.query(
    'SELECT entity_id AS id, sku FROM catalog_product_entity ORDER BY entity_id LIMIT ?',
    [count],
  );
  return rows as { id: number; sku: string }[];
}

/** Typed, unlike what Vitest returns. */
function containing(text: string): string {
  return expect.stringContaining(text) as string;
}

describe('sync', () => {
  test('sends what has changed, and says what it did', async () => {
    const [{ id }] = (await skus(1)) as unknown as [{ id: number }];
    await system.shop.query(
      `UPDATE catalog_product_entity_varchar SET value = 'Renamed' WHERE entity_id = ? AND store_id = 0
       AND attribute_id = (SELECT attribute_id FROM eav_attribute WHERE attribute_code = 'name' AND entity_type_id = 4)`,
      [id],
    );
    const result = await json<PartialSyncResult>('sync', '--feed', 'products,prices');
    expect(result.changes).toBeGreaterThan(0);
    expect(result.settled.products).toMatchObject({ outcome: 'completed' });
    expect(result.settled.products?.counts.sent).toBeGreaterThan(0);
    await system.expectConverged(['products']);
    const again = await run('sync', '--feed', 'products,prices');
    expect(again).toMatchObject({ code: 0, stdout: containing('nothing to do') });
  });

  test('does not wait with --detach, and refuses feeds that do not exist', async () => {
    const detached = await run('sync', '--detach');
    expect(detached).toMatchObject({ code: 0, stdout: containing('sync-') });
    const wrong = await run('sync', '--feed', 'product');
    expect(wrong).toMatchObject({ code: 2, stderr: containing('product') });
  });
});

test('retry sends at once what waits for its next try, also what was left to people', async () => {
  const [, { id, sku }] = (await skus(2)) as [unknown, { id: number; sku: string }];
  await system.store.run(
    `UPDATE ${system.store.t('cde_products_feed')}
     SET status = 2, feed_hash = '', attempts = 9, errors = 'busy',
         next_try_at = UTC_TIMESTAMP() + INTERVAL 1 HOUR,
         first_failed_at = UTC_TIMESTAMP() - INTERVAL 400 DAY
     WHERE source_entity_id = ?`,
    [id],
  );
  const waits = await json<Explanation>('explain', 'products', sku);
  expect(waits.sentence).toContain('attempt 9 failed, next try from');
  expect(await run('retry', '--feed', 'categories')).toMatchObject({
    code: 0,
    stdout: containing('nothing to do'),
  });
  const result = await json<LauncherResult>('retry', '--feed', 'products');
  expect(result.settled.products?.counts.sent).toBe(3);
  expect((await json<Explanation>('explain', 'products', sku)).sentence).toContain(
    'It is in the service',
  );
  await system.expectConverged(['products']);
});

test('explain tells what is in quarantine, until the content changes', async () => {
  const [, , { id, sku }] = (await skus(3)) as [unknown, unknown, { id: number; sku: string }];
  await system.store.run(
    `INSERT INTO ${system.store.t('refused_item')}
       (feed, feed_id, source_entity_id, feed_hash, refusals, state, answer, first_refused_at, last_refused_at)
     SELECT 'products', feed_id, source_entity_id, feed_hash, 5, 'quarantined', 'name is too long', NOW(3), NOW(3)
     FROM ${system.store.t('cde_products_feed')} WHERE source_entity_id = ?`,
    [id],
  );
  const { sentence, entities } = await json<Explanation>('explain', 'products', sku);
  expect(sentence).toContain(
    'refused this content 5 times and is in quarantine (name is too long)',
  );
  expect(entities[0]!.items[0]).toMatchObject({
    verdict: 'quarantined',
    quarantine: { state: 'quarantined', refusals: 5 },
  });
  await system.shop.query(
    `UPDATE catalog_product_entity_varchar SET value = 'Short' WHERE entity_id = ? AND store_id = 0
     AND attribute_id = (SELECT attribute_id FROM eav_attribute WHERE attribute_code = 'name' AND entity_type_id = 4)`,
    [id],
  );
  const changed = await json<Explanation>('explain', 'products', sku);
  expect(changed.entities[0]!.items[0]).toMatchObject({ verdict: 'changed', quarantine: null });
  await run('sync');
  await system.expectConverged(['products']);
});

test('deletions that are held are shown, and sent once a person approves', async () => {
  const [{ n }] = (await system.store.rows<{ n: number }>(
    `SELECT COUNT(*) AS n FROM ${system.store.t('cde_products_feed')} WHERE is_deleted = 0`,
  )) as [{ n: number }];
  expect(n).toBeGreaterThan(50);
  const gone = (await skus(45)).slice(5);
  await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id IN (?)', [
    gone.map(({ id }) => id),
  ]);
  const held = await run('resync', '--feed', 'products');
  expect(held).toMatchObject({ code: 3, stdout: containing('held') });
  expect((await statusOf('products')).heldDeletions).toBeGreaterThan(100);
  const { sentence } = await json<Explanation>('explain', 'products', gone[0]!.sku);
  expect(sentence).toContain('`deletions list --feed products`');
  const approved = await run('resync', '--feed', 'products', '--approve-deletions');
  expect(approved.code).toBe(0);
  expect((await statusOf('products')).heldDeletions).toBe(0);
  await system.expectConverged(['products']);
});

describe('a run', () => {
  test('is paused with everything else, shown as paused by whom and why, and goes on', async () => {
    await applySchedules(system.client, schedules);
    try {
      await system.client.workflow.start('feedSync', {
        workflowId: feedSyncId(system.instance, 'prices'),
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
      await vi.waitFor(async () => expect((await statusOf('prices')).phase).toBe('listening'), {
        timeout: 30_000,
      });
      const paused = await run('pause', '--all', '--reason', 'night');
      expect(paused.stdout).toMatch(/saas-export-partial-sync +paused[^]*prices/);
      expect(paused.code).toBe(0);
      const status = await statusOf('prices');
      expect(status.paused).toMatchObject({ reason: 'night' });
      expect(status.schedules).toContainEqual(
        expect.objectContaining({ name: 'partial-sync', state: 'paused' }),
      );
      const text = (await run('status')).stdout;
      expect(text).toMatch(/The run of prices is paused by \S+ \(night\)/);
      expect(text).toContain('partial-sync PAUSED (night');
      const resumed = await run('resume', '--all');
      expect(resumed.stdout).toMatch(/saas-export-partial-sync +resumed[^]*prices/);
      expect((await statusOf('prices')).paused).toBeNull();
      expect((await run('cancel', '--feed', 'prices')).code).toBe(0);
      await vi.waitFor(async () => expect((await statusOf('prices')).running).toBeNull(), {
        timeout: 30_000,
      });
      expect((await run('cancel', '--feed', 'prices')).stdout).toContain('no run is under way');
    } finally {
      await Promise.all(
        declareSchedules(schedules).on.map(({ id }) =>
          system.client.schedule.getHandle(id).delete(),
        ),
      );
    }
    await system.expectConverged(['products']);
  });

  test('goes on when the command that watches it is stopped without a terminal', async () => {
    system.proxy.fault = () => ({ delayMs: 2_000 });
    const child = program('resync', '--feed', 'products', '--force', '--batch-size', '5');
    const workflowId = await started();
    child.process.kill('SIGINT');
    const { code, output } = await child.ended;
    system.proxy.fault = () => ({});
    expect(code).toBe(1);
    expect(output).toContain(`goes on as workflow ${workflowId}`);
    await expect(system.client.workflow.getHandle(workflowId).result()).resolves.toMatchObject({
      outcome: 'completed',
    });
  });

  test.each([
    ['c', 'CANCELLED'],
    ['d', 'COMPLETED'],
  ])('at Ctrl-C on a terminal is asked about, and “%s” leaves it %s', async (answer, ends) => {
    system.proxy.fault = () => ({ delayMs: 2_000 });
    const child = program.onTerminal(
      'resync',
      '--feed',
      'products',
      '--force',
      '--batch-size',
      '5',
    );
    const workflowId = await started();
    child.process.stdin.write('\u0003');
    await vi.waitFor(() => expect(child.output()).toContain('[c]ancel'), { timeout: 20_000 });
    child.process.stdin.write(`${answer}\r`);
    await child.ended;
    system.proxy.fault = () => ({});
    const handle = system.client.workflow.getHandle(workflowId);
    await handle.result().catch(() => undefined);
    expect((await handle.describe()).status.name).toBe(ends);
  });
});

describe('with --json,', () => {
  /** Runs them one after the other; `runProgram` checks that each document is as documented. */
  async function all(...commands: readonly string[]): Promise<void> {
    for (const command of commands) {
      const { stdout } = await run(...command.split(' '), '--json');
      expect(stdout, command).not.toBe('');
    }
  }

  test('the commands that look print what is documented', async () => {
    await all('feeds', 'config show', 'history --limit 5', 'history 1');
    await all('items --feed products --limit 5', 'alerts check', 'doctor', 'estimate', 'status');
    await all('deletions list', 'verify --feed products --restart');
  });

  test('the commands for schedules print what is documented', async () => {
    try {
      await all('schedules plan', 'schedules apply', 'schedules plan');
      await all('schedules pause --reason night', 'schedules plan', 'status', 'schedules resume');
      await all('pause --all --reason night', 'resume --all', 'pause --feed prices --reason night');
    } finally {
      await Promise.all(
        declareSchedules(schedules).on.map(({ id }) =>
          system.client.schedule.getHandle(id).delete(),
        ),
      );
    }
  });

  test('the commands that start and end runs print what is documented', async () => {
    await all('resync --feed prices', 'resync --feed prices --detach', 'sync', 'sync --detach');
    await all('retry', 'retry --detach', 'cancel --feed prices');
    await vi.waitFor(async () => expect((await statusOf('prices')).running).toBeNull(), {
      timeout: 30_000,
    });
    await run('sync');
    await system.expectConverged(['products']);
  });

  test('the commands for quarantine print what is documented', async () => {
    const ids = (await skus(2)).map(({ id }) => id);
    await system.store.run(
      `INSERT INTO ${system.store.t('refused_item')}
         (feed, feed_id, source_entity_id, feed_hash, refusals, state, answer, http_status, first_refused_at, last_refused_at)
       SELECT 'products', feed_id, source_entity_id, feed_hash, 5, 'quarantined', 'name is too long', 400, NOW(3), NOW(3)
       FROM ${system.store.t('cde_products_feed')} WHERE source_entity_id IN (${ids.join(',')})`,
    );
    const [{ feedId }] = (await json<{ feedId: string }[]>('quarantine', 'list')) as [
      { feedId: string },
    ];
    await all(`quarantine ignore --feed products ${feedId}`, 'quarantine list --ignored');
    await all('quarantine replay --feed products --all', 'quarantine list --ignored');
    await run('sync');
    await system.expectConverged(['products']);
  });
});

const PROGRAM = fileURLToPath(new URL('../../bin/saas-export.mjs', import.meta.url));

function program(...args: string[]): ReturnType<typeof spawned> {
  return spawned(process.execPath, [PROGRAM, ...args]);
}
/** util-linux's `script` gives the program a terminal. */
program.onTerminal = (...args: string[]): ReturnType<typeof spawned> =>
  spawned('script', ['-qec', [process.execPath, PROGRAM, ...args].join(' '), '/dev/null']);

function spawned(command: string, args: readonly string[]) {
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...system.settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ readonly code: number | null; readonly output: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, output })),
  );
  return { process: child, ended, output: () => output };
}

/** The workflow ID of the command's full sync, once its run of products is under way. */
async function started(): Promise<string> {
  return vi.waitFor(
    async () => {
      const [row] = await system.store.rows<{ launched_by: string }>(
        `SELECT launched_by FROM ${system.store.t('sync_run')}
         WHERE feed = 'products' AND ended_at IS NULL AND launched_by LIKE 'resync-%'`,
      );
      expect(row).toBeDefined();
      return row!.launched_by;
    },
    { timeout: 30_000 },
  );
}
