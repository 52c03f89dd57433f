import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Diagnosis } from '../src/client/doctor/doctor.js';
import { declareSchedules, type ScheduleSettings } from '../src/client/schedules/declarations.js';
import { pauseSchedules } from '../src/client/schedules/pause.js';
import { applySchedules } from '../src/client/schedules/reconcile.js';
import { recordRunStart } from '../src/store/runs.js';
import { queueEntities } from '../src/store/pending.js';
import { runProgram } from './program.js';
import { installTriggers, TestSystem } from './system.js';

let system: TestSystem;
let schedules: ScheduleSettings;

beforeAll(async () => {
  // Without a worker; the shop's cron ran a minute ago.
  system = await TestSystem.start({
    catalog: { products: 10, storeViews: 1, websites: 1, now: new Date() },
    settings: { CAPTURE: 'compare' },
  });
  schedules = { instance: system.instance, taskQueue: system.taskQueue, capture: 'compare' };
  await applySchedules(system.client, schedules);
});
afterAll(async () => {
  await Promise.all(
    declareSchedules(schedules).on.map(({ id }) => system.client.schedule.getHandle(id).delete()),
  );
  await system.stop();
});

async function diagnosed(
  settings: Readonly<Record<string, string>> = {},
): Promise<Diagnosis & { readonly code: number | null }> {
  const { code, stdout } = await runProgram(['doctor', '--json'], {
    ...system.settings,
    ...settings,
  });
  return { ...(JSON.parse(stdout) as Diagnosis), code };
}

const troubles = ({ findings }: Diagnosis): string[] =>
  findings
    .filter(({ level }) => level === 'problem' || level === 'warning')
    .map(({ check, what }) => `${check}: ${what}`);

describe('doctor', () => {
  test('says that no worker polls, and nothing else, of a system without one', async () => {
    const diagnosis = await diagnosed();
    expect(troubles(diagnosis)).toEqual([
      `workers: No worker polls the task queue ${system.taskQueue}.`,
    ]);
    expect(diagnosis).toMatchObject({ healthy: false, problems: 1, warnings: 0, code: 1 });
    // Of what cannot be judged nothing is said.
    expect(diagnosis.findings.filter(({ level }) => level === 'ok').length).toBeGreaterThan(10);
    for (const { level, why, cure } of diagnosis.findings) {
      expect([why === null, cure === null]).toEqual(
        level === 'ok' || level === 'skipped' ? [true, true] : [false, false],
      );
    }
  });

  test('finds nothing wrong with a system that runs, with exit code 0', async () => {
    const worker = await system.startWorker();
    const diagnosis = await diagnosed();
    expect(troubles(diagnosis)).toEqual([]);
    expect(diagnosis).toMatchObject({ healthy: true, problems: 0, code: 0 });
    await worker.stop();
  });

  test('finds each of many faults at once', async () => {
    await system.shop.query(`
      UPDATE cron_schedule SET executed_at = executed_at - INTERVAL 2 HOUR;
      UPDATE indexer_state SET status = 'invalid' WHERE indexer_id = 'catalogrule_rule';
      UPDATE indexer_state SET status = 'working', updated = updated - INTERVAL 3 HOUR
        WHERE indexer_id = 'inventory';
      UPDATE mview_state SET status = 'suspended', updated = updated - INTERVAL 3 HOUR
        WHERE view_id = 'cataloginventory_stock'`);
    await queueEntities(system.store, 'products', [1, 2]);
    await system.store.run(
      `UPDATE ${system.store.t('pending_entity')} SET changed_at = changed_at - INTERVAL 2 HOUR`,
    );
    await system.store.run(
      `INSERT INTO ${system.store.t('feed_binding')} VALUES ('prices', 'another', 'http://x', NOW(3))`,
    );
    await system.store.run(
      `INSERT INTO ${system.store.t('refused_item')}
         (feed, feed_id, source_entity_id, feed_hash, refusals, state, first_refused_at, last_refused_at)
       VALUES ('prices', 'p', 1, 'h', 5, 'quarantined', NOW(3), NOW(3))`,
    );
    await system.store.run(
      `INSERT INTO ${system.store.t('held_deletions')} (feed, up_to_seq, run_id, held_at)
       VALUES ('products', 10, 1, NOW(3))`,
    );
    await pauseSchedules(system.client, schedules, {
      schedule: 'retry-failed',
      reason: 'the service is down',
      by: 'ada',
    });
    await recordRunStart(system.store, {
      feed: 'categories',
      operation: 'full sync',
      workflowId: `${system.instance}/sync/categories`,
      workflowRunId: 'gone',
      launchedBy: undefined,
      requestedBy: undefined,
      reason: undefined,
      trigger: 'test',
      options: {},
      codeVersion: '0',
      contractVersion: 1,
    });
    const found = troubles(
      await diagnosed({ SERVICE_API_KEY: 'wrong', TEMPORAL_TASK_QUEUE: 'nobody' }),
    ).join('\n');
    for (const part of [
      'cron of the shop: The cron of the shop last ran 12',
      'The indexer catalogrule_rule of the shop is invalid',
      'The indexer inventory of the shop has been “working” for 18',
      'The view cataloginventory_stock of the shop has been “suspended”',
      'The state of prices belongs to another data space',
      'refuses the credentials (403)',
      'No worker polls the task queue nobody',
      'of categories',
      'is recorded as running, but its workflow is unknown to Temporal',
      '2 changes of products wait, the oldest for 12',
      'saas-export-retry-failed is paused (the service is down (paused by ada))',
      '1 items of prices are in quarantine',
      'deletions of products are held',
    ]) {
      expect(found).toContain(part);
    }
  });

  test('finds triggers that are gone, and a changelog that is missing', async () => {
    const triggers = { CAPTURE: 'triggers' };
    expect(troubles(await diagnosed(triggers)).join('\n')).toContain(
      'change capture: The table saas_export_changelog is missing.',
    );
    await installTriggers(system.settings['COMMERCE_DATABASE_URL']!, system.store, '');
    const whole = await diagnosed(triggers);
    expect(whole.findings).toContainEqual(
      expect.objectContaining({ check: 'change capture', level: 'ok' }),
    );
    const [rows] = await system.shop.query(
      `SELECT trigger_name AS name FROM information_schema.triggers
       WHERE trigger_schema = DATABASE() AND event_object_table = 'rating' LIMIT 1`,
    );
    const [{ name }] = rows as [{ name: string }];
    await system.shop.query('DROP TRIGGER ??', [name]);
    const { findings } = await diagnosed(triggers);
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'change capture',
        level: 'problem',
        what: `The trigger ${name} on rating is missing.`,
        cure: expect.stringContaining('saas-export install') as string,
      }),
    );
  });

  test('finds an index that is gone', async () => {
    const [keys] = await system.shop.query(
      `SELECT DISTINCT index_name AS name FROM information_schema.statistics
       WHERE table_schema = DATABASE() AND table_name = 'sales_order' AND column_name = 'updated_at'`,
    );
    for (const { name } of keys as { name: string }[]) {
      await system.shop.query('ALTER TABLE sales_order DROP INDEX ??', [name]);
    }
    expect(troubles(await diagnosed()).join('\n')).toContain(
      'The table sales_order has no index on updated_at',
    );
  });

  test('goes on where nothing can be reached, and says so of each', async () => {
    const diagnosis = await diagnosed({
      COMMERCE_DATABASE_URL: 'mysql://nobody@127.0.0.1:1/shop',
      EXPORT_DATABASE_URL: 'mysql://nobody@127.0.0.1:1/store',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      SERVICE_URL: 'http://127.0.0.1:1',
    });
    const found = troubles(diagnosis).join('\n');
    for (const part of [
      'Commerce database',
      'exporter’s database',
      'Temporal server',
      'service at',
    ]) {
      expect(found).toContain(part);
    }
    expect(diagnosis.code).toBe(1);
  });

  test('prints a cure below each finding for people', async () => {
    const { stdout, code } = await runProgram(['doctor'], {
      ...system.settings,
      TEMPORAL_TASK_QUEUE: 'nobody',
    });
    expect(stdout).toContain('cure: saas-export worker');
    expect(code).toBe(1);
  });
});
