import { Client, Connection } from '@temporalio/client';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, afterAll, beforeEach, describe, expect, inject, test } from 'vitest';

import { declareSchedules, type ScheduleSettings } from './declarations.js';
import { pauseSchedules, resumeSchedules } from './pause.js';
import { applySchedules, planSchedules, type PlannedSchedule } from './reconcile.js';

let client: Client;
let settings: ScheduleSettings;
let id: (name: string) => string;

beforeAll(async () => {
  const { address, namespace } = inject('temporal');
  client = new Client({ connection: await Connection.connect({ address }), namespace });
});
afterAll(() => client.connection.close());

beforeEach(() => {
  const instance = `test-${randomBytes(4).toString('hex')}`;
  settings = { instance, taskQueue: `${instance}-saas-export`, capture: 'triggers' };
  id = (name) => `${instance}-saas-export-${name}`;
});
afterEach(async () => {
  for (const name of ['compare', 'verify', 'nightly', ...NAMES]) {
    await client.schedule
      .getHandle(id(name))
      .delete()
      .catch(() => undefined);
  }
});

const NAMES = ['partial-sync', 'retry-failed', 'publish-legacy', 'cleanup-deleted'];

function actions(plans: readonly PlannedSchedule[]): Record<string, string> {
  const prefix = id('').length;
  return Object.fromEntries(plans.map((plan) => [plan.id.slice(prefix), plan.action]));
}

describe('the declared schedules', () => {
  test('are those that the documents name, with times and workflows', () => {
    const { on, off } = declareSchedules({
      instance: '',
      taskQueue: 'saas-export',
      capture: 'triggers',
    });
    expect(on.map((each) => [each.id, each.workflowType, each.overlap])).toEqual([
      ['saas-export-partial-sync', 'partialSync', 'BUFFER_ONE'],
      ['saas-export-retry-failed', 'retryFailedItems', 'SKIP'],
      ['saas-export-publish-legacy', 'publishLegacyFeeds', 'SKIP'],
      ['saas-export-cleanup-deleted', 'cleanupDeletedItems', 'SKIP'],
    ]);
    expect(off.map(({ id }) => id)).toEqual(['saas-export-verify', 'saas-export-compare']);
  });

  test('without triggers compare all feeds each hour, and pending entities still leave', () => {
    const { on, off } = declareSchedules({ ...settings, capture: 'compare' });
    expect(on.map(({ name }) => name)).toContain('partial-sync');
    const compare = on.find(({ name }) => name === 'compare');
    expect(compare).toMatchObject({ workflowType: 'fullSync', overlap: 'SKIP' });
    expect(compare?.spec.intervals).toEqual([{ every: 3_600_000, offset: 0 }]);
    expect(off.map(({ name }) => name)).toEqual(['verify']);
  });

  test('compare shop, state and service where that is switched on', () => {
    const verification = { schedule: 'daily', rowsPerSecond: 500, fix: true } as const;
    const { on, off } = declareSchedules({ ...settings, verification });
    expect(on.find(({ name }) => name === 'verify')).toMatchObject({
      id: id('verify'),
      workflowType: 'verifyFeeds',
      input: { rowsPerSecond: 500, fix: true },
      overlap: 'SKIP',
    });
    expect(off.map(({ name }) => name)).toEqual(['compare']);
    const none = declareSchedules({
      ...settings,
      verification: { ...verification, schedule: 'off' },
    });
    expect(none.off.map(({ name }) => name)).toEqual(['verify', 'compare']);
  });

  test('make up for minutes of an outage, not for a year', () => {
    for (const { catchupSeconds } of declareSchedules(settings).on) {
      expect(catchupSeconds).toBeLessThanOrEqual(30 * 60);
    }
  });
});

describe('apply', () => {
  test('creates what plan announces, and then there is nothing left to do', async () => {
    const announced = await planSchedules(client, settings);
    expect(actions(announced)).toEqual({
      'partial-sync': 'create',
      'retry-failed': 'create',
      'publish-legacy': 'create',
      'cleanup-deleted': 'create',
      verify: 'off',
      compare: 'off',
    });
    expect(actions(await applySchedules(client, settings))).toEqual(actions(announced));
    const after = await planSchedules(client, settings);
    expect(after.map(({ action }) => action)).toEqual([
      'keep',
      'keep',
      'keep',
      'keep',
      'off',
      'off',
    ]);
    expect(after.map(({ times }) => times).slice(0, 4)).toEqual([
      'every 1 min',
      'every 5 min',
      'every 1 min',
      'daily at 02:00 UTC',
    ]);
    expect(after[0]?.next).toMatch(/^\d{4}-.*Z$/);
  });

  test('corrects what somebody changed by hand, and says what it was', async () => {
    await applySchedules(client, settings);
    await client.schedule.getHandle(id('retry-failed')).update((previous) => ({
      ...previous,
      spec: { cronExpressions: ['*/7 * * * *'] },
      policies: { ...previous.policies, catchupWindow: '1 day' },
    }));
    const differences = (await planSchedules(client, settings)).find(
      (plan) => plan.id === id('retry-failed'),
    )?.differences;
    expect(differences?.map(({ field }) => field)).toEqual(['times', 'jitter', 'catch-up']);
    expect(differences?.[2]).toEqual({ field: 'catch-up', declared: '5 min', server: '1 day' });
    expect(actions(await applySchedules(client, settings))['retry-failed']).toBe('update');
    const described = await client.schedule.getHandle(id('retry-failed')).describe();
    expect(described.spec.calendars).toEqual([]);
    expect(described.spec.intervals).toEqual([{ every: 300_000, offset: 0 }]);
  });

  test('switches scheduled verification on, to another day, and off', async () => {
    const verification = { schedule: 'daily', rowsPerSecond: 500, fix: false } as const;
    const nightly = { ...settings, verification };
    const weekly = { ...settings, verification: { ...verification, schedule: 'weekly' as const } };
    const timesNow = async (wanted: ScheduleSettings) =>
      (await planSchedules(client, wanted)).find((plan) => plan.id === id('verify'))?.times;
    expect(actions(await applySchedules(client, nightly))).toMatchObject({ verify: 'create' });
    expect(actions(await planSchedules(client, nightly))).toMatchObject({ verify: 'keep' });
    expect(await timesNow(nightly)).toBe('daily at 03:00 UTC');
    expect(actions(await applySchedules(client, weekly))).toMatchObject({ verify: 'update' });
    expect(actions(await planSchedules(client, weekly))).toMatchObject({ verify: 'keep' });
    expect(await timesNow(weekly)).toBe('Sundays at 03:00 UTC');
    expect(actions(await applySchedules(client, settings))).toMatchObject({ verify: 'remove' });
    expect(actions(await planSchedules(client, settings))).toMatchObject({ verify: 'off' });
  });

  test('keeps a pause that a person made, with its reason', async () => {
    await applySchedules(client, settings);
    const handle = client.schedule.getHandle(id('partial-sync'));
    await handle.pause('the shop is being migrated');
    const moved = { ...settings, taskQueue: 'another-queue' };
    expect(actions(await applySchedules(client, moved))['partial-sync']).toBe('update');
    const { state, action } = await handle.describe();
    expect(state).toMatchObject({ paused: true, note: 'the shop is being migrated' });
    expect(action.taskQueue).toBe('another-queue');
  });

  test('removes what is declared no more, and nothing of others', async () => {
    const other = {
      scheduleId: id('nightly'),
      spec: { intervals: [{ every: '1 day' as const }] },
      action: { type: 'startWorkflow' as const, workflowType: 'theirs', taskQueue: 'theirs' },
    };
    await client.schedule.create(other);
    const comparing = { ...settings, capture: 'compare' as const };
    expect(actions(await applySchedules(client, comparing))['compare']).toBe('create');
    expect(actions(await applySchedules(client, settings))).toMatchObject({ compare: 'remove' });
    expect(actions(await planSchedules(client, settings))).toMatchObject({ compare: 'off' });
    await expect(client.schedule.getHandle(id('nightly')).describe()).resolves.toBeDefined();
  });

  test('removes a schedule of a former version, which only the server knows', async () => {
    await client.schedule.create({
      scheduleId: id('nightly'),
      spec: { intervals: [{ every: '1 day' }] },
      action: { type: 'startWorkflow', workflowType: 'former', taskQueue: settings.taskQueue },
      memo: { saasExport: { instance: settings.instance } },
    });
    await expect
      .poll(async () => actions(await planSchedules(client, settings))['nightly'])
      .toBe('remove');
    await applySchedules(client, settings);
    await expect(client.schedule.getHandle(id('nightly')).describe()).rejects.toThrow();
  });

  test('by two workers at once ends as by one', async () => {
    await Promise.all([applySchedules(client, settings), applySchedules(client, settings)]);
    const after = await planSchedules(client, settings);
    expect(after.every(({ action }) => action === 'keep' || action === 'off')).toBe(true);
  });
});

describe('pause', () => {
  test('stops one schedule with who and why, and resume starts it again', async () => {
    await applySchedules(client, settings);
    const request = { schedule: 'retry-failed', reason: 'service is down', by: 'ada' };
    expect(await pauseSchedules(client, settings, request)).toEqual([
      { id: id('retry-failed'), change: 'paused', note: 'service is down (paused by ada)' },
    ]);
    const plans = await planSchedules(client, settings);
    expect(plans.filter(({ paused }) => paused !== null)).toMatchObject([
      { id: id('retry-failed'), action: 'keep', next: null },
    ]);
    const [resumed] = await resumeSchedules(client, settings, id('retry-failed'));
    expect(resumed).toMatchObject({ change: 'resumed', note: 'service is down (paused by ada)' });
  });

  test('of all leaves the reason of what was paused before', async () => {
    await applySchedules(client, settings);
    const first = { schedule: 'publish-legacy', reason: 'keys are renewed', by: 'ada' };
    await pauseSchedules(client, settings, first);
    const all = await pauseSchedules(client, settings, {
      schedule: undefined,
      reason: 'migration',
      by: 'bob',
    });
    expect(all.map(({ change }) => change)).toEqual([
      'paused',
      'paused',
      'was paused already',
      'paused',
    ]);
    expect(all[2]?.note).toBe('keys are renewed (paused by ada)');
  });

  test('of what is not there, or off, or unknown, says so', async () => {
    const request = { reason: 'x', by: 'ada' };
    await expect(
      pauseSchedules(client, settings, { ...request, schedule: 'partial-sync' }),
    ).rejects.toMatchObject({ code: 'SDE40-12' });
    await expect(
      pauseSchedules(client, settings, { ...request, schedule: 'compare' }),
    ).rejects.toThrow('The schedule “compare” is off: triggers note the changes');
    await expect(
      pauseSchedules(client, settings, { ...request, schedule: 'hourly' }),
    ).rejects.toThrow('There is no schedule “hourly”. Schedules: partial-sync, retry-failed,');
  });
});
