import type { Client } from '@temporalio/client';

import type { Configuration } from '../../configuration/configuration.js';
import { temporalConnectionOptions } from '../../configuration/temporal.js';
import { ExportError } from '../../errors/export-error.js';
import type { FeedName } from '../../feeds/names.js';
import { progressQuery } from '../../workflows/messages.js';
import { feedSyncId } from '../../workflows/names.js';
import { scheduleSettings } from '../schedules/declarations.js';
import { planSchedules, type PlannedSchedule } from '../schedules/reconcile.js';
import { connectTemporal } from '../temporal.js';

/** A run as its workflow tells. */
export interface LiveRun {
  readonly phase: string;
  readonly paused: { readonly by: string | null; readonly reason: string | null } | null;
  /** Why it sends nothing just now; null where it does. */
  readonly waitsFor: string | null;
}

/** A schedule, for `status`. */
export interface ScheduleState {
  /** As `schedules pause --schedule` takes it: `partial-sync`. */
  readonly name: string;
  readonly state: 'on' | 'paused' | 'missing' | 'not as declared';
  /** Why it is paused, and by whom. */
  readonly note: string | null;
  /** The next start, RFC 3339. */
  readonly next: string | null;
}

export interface Runtime {
  /** Runs whose workflow answered. */
  readonly runs: ReadonlyMap<FeedName, LiveRun>;
  readonly schedules: readonly ScheduleState[];
}

/** Asks for the runs of some feeds, and all schedules; undefined where the server is silent. */
export type RuntimeReader = (running: readonly FeedName[]) => Promise<Runtime | undefined>;

/** Queries need a worker; where none answers, a look must not wait for long. */
const QUERY_MILLISECONDS = 1500;

/** Runs `work` with what asks the configured Temporal server; it connects once. */
export async function withRuntime<T>(
  configuration: Configuration,
  work: (runtime: RuntimeReader) => Promise<T>,
): Promise<T> {
  const client = await reach(configuration);
  try {
    return await work(async (running) =>
      client === undefined ? undefined : readRuntime(client, configuration, running),
    );
  } finally {
    await client?.connection.close();
  }
}

async function reach({ temporal }: Configuration): Promise<Client | undefined> {
  try {
    return await connectTemporal(await temporalConnectionOptions(temporal));
  } catch (error) {
    if (error instanceof ExportError && error.code === 'SDE20-04') return undefined;
    throw error;
  }
}

async function readRuntime(
  client: Client,
  configuration: Configuration,
  running: readonly FeedName[],
): Promise<Runtime | undefined> {
  try {
    const [plans, runs] = await Promise.all([
      planSchedules(client, scheduleSettings(configuration)),
      Promise.all(
        running.map(async (feed) => [feed, await liveRun(client, configuration, feed)] as const),
      ),
    ]);
    return {
      runs: new Map(runs.flatMap(([feed, run]) => (run === undefined ? [] : [[feed, run]]))),
      schedules: plans.flatMap(scheduleState),
    };
  } catch {
    // The server went away, or its namespace is missing: `doctor` says which.
    return undefined;
  }
}

async function liveRun(
  client: Client,
  { instance }: Configuration,
  feed: FeedName,
): Promise<LiveRun | undefined> {
  try {
    const { phase, paused, waitsFor } = await client.withDeadline(
      Date.now() + QUERY_MILLISECONDS,
      () => client.workflow.getHandle(feedSyncId(instance, feed)).query(progressQuery),
    );
    return {
      phase,
      waitsFor: waitsFor?.reason ?? null,
      paused:
        paused === undefined ? null : { by: paused.by ?? null, reason: paused.reason ?? null },
    };
  } catch {
    return undefined;
  }
}

function scheduleState({ id, action, paused, next }: PlannedSchedule): ScheduleState[] {
  if (action === 'off') return [];
  const name = id.replace(/^.*saas-export-/, '');
  const state =
    action === 'create'
      ? 'missing'
      : paused !== null
        ? 'paused'
        : action === 'keep'
          ? 'on'
          : 'not as declared';
  return [{ name, state, note: paused?.note ?? null, next: paused === null ? next : null }];
}
