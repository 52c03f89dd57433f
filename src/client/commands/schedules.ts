import type { Client } from '@temporalio/client';
import { userInfo } from 'node:os';

import { temporalConnectionOptions } from '../../configuration/temporal.js';
import { configurationFor, print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { scheduleSettings, type ScheduleSettings } from '../schedules/declarations.js';
import { pauseSchedules, resumeSchedules, type PauseResult } from '../schedules/pause.js';
import { applySchedules, planSchedules, type PlannedSchedule } from '../schedules/reconcile.js';
import { table } from '../table.js';
import { connectTemporal } from '../temporal.js';

export interface PauseFlags extends ConnectionFlags, JsonFlag {
  readonly reason: string;
  readonly schedule?: string;
}

export interface ResumeFlags extends ConnectionFlags, JsonFlag {
  readonly schedule?: string;
}

/** Prints how the server's schedules differ from the declared ones. */
export async function schedulesPlan(flags: ConnectionFlags & JsonFlag): Promise<void> {
  const plans = await withSchedules(flags, planSchedules);
  print(flags.json, plans, () => planText(plans, 'plan'));
}

/** Makes the server's schedules as declared, and prints what was done. */
export async function schedulesApply(flags: ConnectionFlags & JsonFlag): Promise<void> {
  const plans = await withSchedules(flags, applySchedules);
  print(flags.json, plans, () => planText(plans, 'apply'));
}

/** Pauses schedules, one or all. */
export async function schedulesPause(flags: PauseFlags): Promise<void> {
  const results = await withSchedules(flags, (client, settings) =>
    pauseSchedules(client, settings, {
      schedule: flags.schedule,
      reason: flags.reason,
      by: userInfo().username,
    }),
  );
  print(flags.json, results, () => pauseTable(results));
}

/** Resumes schedules, one or all. */
export async function schedulesResume(flags: ResumeFlags): Promise<void> {
  const results = await withSchedules(flags, (client, settings) =>
    resumeSchedules(client, settings, flags.schedule),
  );
  print(flags.json, results, () => pauseTable(results));
}

async function withSchedules<T>(
  flags: ConnectionFlags,
  work: (client: Client, settings: ScheduleSettings) => Promise<T>,
): Promise<T> {
  const configuration = await configurationFor(flags);
  const client = await connectTemporal(await temporalConnectionOptions(configuration.temporal));
  try {
    return await work(client, scheduleSettings(configuration));
  } finally {
    await client.connection.close();
  }
}

const WORDS = {
  plan: {
    create: 'to create',
    update: 'to update',
    remove: 'to remove',
    keep: 'as declared',
    off: 'off',
  },
  apply: {
    create: 'created',
    update: 'updated',
    remove: 'removed',
    keep: 'as declared',
    off: 'off',
  },
} as const;

/** A line for each schedule, what differs below, and what to do next. */
export function planText(plans: readonly PlannedSchedule[], command: 'plan' | 'apply'): string {
  const rows = plans.map((plan) => [
    plan.id,
    WORDS[command][plan.action],
    plan.times,
    plan.paused !== null
      ? `paused: ${plan.paused.note}`
      : plan.next === null
        ? ''
        : `${plan.next.slice(0, 19)}Z`,
    plan.description,
  ]);
  const differences = plans.flatMap(({ id, differences }) =>
    differences.map(({ field, declared, server }) => [id, field, server, declared]),
  );
  const open = plans.filter(({ action }) => action !== 'keep' && action !== 'off').length;
  const parts = [table(['schedule', command, 'times', 'next', 'what it does'], rows)];
  if (differences.length > 0) {
    const [before, after] = command === 'plan' ? ['server', 'declared'] : ['was', 'is'];
    parts.push(table(['schedule', 'field', before, after], differences));
  }
  if (command === 'plan' && open > 0) parts.push('`saas-export schedules apply` does it.');
  return parts.join('\n\n');
}

function pauseTable(results: readonly PauseResult[]): string {
  return table(
    ['schedule', 'now', 'note'],
    results.map(({ id, change, note }) => [id, change, note]),
  );
}
