import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleDescription,
} from '@temporalio/client';

import { ensureSearchAttributes } from '../search-attributes.js';
import { differencesOf, timesOf, type Difference } from './comparison.js';
import {
  declareSchedules,
  OWNER_MEMO,
  toOptions,
  type DeclaredSchedule,
  type ScheduleSettings,
} from './declarations.js';

/** How one schedule stands, and what `apply` does about it. */
export interface PlannedSchedule {
  readonly id: string;
  readonly description: string;
  /** `off`: neither declared nor there. */
  readonly action: 'create' | 'update' | 'remove' | 'keep' | 'off';
  /** Empty for what is not on the server or not declared. */
  readonly times: string;
  readonly differences: readonly Difference[];
  /** Set while it is paused; people pause, so `apply` leaves it so. */
  readonly paused: { readonly note: string } | null;
  /** The next start, RFC 3339. */
  readonly next: string | null;
}

/** Compares the declared schedules with those on the server; changes nothing. */
export async function planSchedules(
  client: Client,
  settings: ScheduleSettings,
): Promise<PlannedSchedule[]> {
  const { on, off } = declareSchedules(settings);
  const plans = await Promise.all(on.map((declared) => planOne(client, declared)));
  const leftovers = await undeclared(client, settings, new Set(on.map(({ id }) => id)));
  return [
    ...plans,
    ...leftovers,
    ...off
      .filter(({ id }) => !leftovers.some((leftover) => leftover.id === id))
      .map(({ id, because }) => ({
        ...NOT_THERE,
        id,
        description: because,
        action: 'off' as const,
      })),
  ];
}

/**
 * Makes the server's schedules as declared: creates, corrects, and removes ours that are declared no
 * more. Pauses stay, schedules of others are left alone. Returns what was done.
 *
 * @throws ExportError SDE40-10 and SDE40-11 where search attributes cannot be used.
 */
export async function applySchedules(
  client: Client,
  settings: ScheduleSettings,
): Promise<PlannedSchedule[]> {
  await ensureSearchAttributes(client.connection, client.options.namespace);
  const plans = await planSchedules(client, settings);
  const declared = new Map(declareSchedules(settings).on.map((each) => [each.id, each]));
  for (const { id, action } of plans) {
    const wanted = declared.get(id);
    if (action === 'create' && wanted !== undefined) await create(client, settings, wanted);
    if (action === 'update' && wanted !== undefined) await update(client, wanted);
    if (action === 'remove') await ifThere(client.schedule.getHandle(id).delete());
  }
  return plans;
}

/** Removes all schedules that `apply` made for this instance; those of others are left alone. */
export async function removeSchedules(client: Client, settings: ScheduleSettings): Promise<void> {
  for (const { id } of declareSchedules(settings).on) {
    const found = await describe(client, id);
    if (found === undefined || !isOurs(found.memo, settings)) continue;
    await ifThere(client.schedule.getHandle(id).delete());
  }
  for (const { id } of await undeclared(client, settings, new Set())) {
    await ifThere(client.schedule.getHandle(id).delete());
  }
}

async function planOne(client: Client, declared: DeclaredSchedule): Promise<PlannedSchedule> {
  const { id, description } = declared;
  const found = await describe(client, id);
  if (found === undefined) {
    return { ...NOT_THERE, id, description, action: 'create', times: timesOf(declared.spec) };
  }
  const differences = differencesOf(declared, found);
  return {
    ...standing(found),
    description,
    action: differences.length === 0 ? 'keep' : 'update',
    differences,
  };
}

/** Schedules that `apply` made for this instance and that are declared no more. */
async function undeclared(
  client: Client,
  settings: ScheduleSettings,
  declared: ReadonlySet<string>,
): Promise<PlannedSchedule[]> {
  const candidates = new Set(declareSchedules(settings).off.map(({ id }) => id));
  // The listing lags behind: it finds schedules of former versions, and never decides alone.
  for await (const { scheduleId, memo } of client.schedule.list()) {
    if (isOurs(memo, settings)) candidates.add(scheduleId);
  }
  const plans: PlannedSchedule[] = [];
  for (const id of candidates) {
    if (declared.has(id)) continue;
    const found = await describe(client, id);
    if (found === undefined || !isOurs(found.memo, settings)) continue;
    plans.push({ ...standing(found), action: 'remove', description: 'declared no more' });
  }
  return plans;
}

function isOurs(memo: ScheduleDescription['memo'], { instance }: ScheduleSettings): boolean {
  const mark = memo?.[OWNER_MEMO];
  return (
    typeof mark === 'object' && mark !== null && 'instance' in mark && mark.instance === instance
  );
}

async function create(
  client: Client,
  settings: ScheduleSettings,
  declared: DeclaredSchedule,
): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: declared.id,
      ...toOptions(declared),
      memo: { [OWNER_MEMO]: { instance: settings.instance } },
      state: { note: declared.description },
    });
  } catch (error) {
    // Another worker applies the same declarations at the same time.
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await update(client, declared);
  }
}

async function update(client: Client, declared: DeclaredSchedule): Promise<void> {
  await client.schedule.getHandle(declared.id).update(({ state }) => ({
    ...toOptions(declared),
    state: {
      paused: state.paused,
      note: state.paused ? (state.note ?? '') : declared.description,
      ...(state.remainingActions === undefined ? {} : { remainingActions: state.remainingActions }),
    },
  }));
}

/** The schedule as the server has it; undefined where it has none. */
export async function describe(
  client: Client,
  id: string,
): Promise<ScheduleDescription | undefined> {
  return ifThere(client.schedule.getHandle(id).describe());
}

async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

const NOT_THERE = { times: '', differences: [], paused: null, next: null } as const;

function standing(
  found: ScheduleDescription,
): Pick<PlannedSchedule, 'id' | 'times' | 'differences' | 'paused' | 'next'> {
  const { paused, note } = found.state;
  return {
    id: found.scheduleId,
    times: timesOf(found.spec),
    differences: [],
    paused: paused ? { note: note ?? '' } : null,
    next: paused ? null : (found.info.nextActionTimes[0]?.toISOString() ?? null),
  };
}
