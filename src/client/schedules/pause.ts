import type { Client } from '@temporalio/client';

import { ExportError } from '../../errors/export-error.js';
import { declareSchedules, SCHEDULE_NAMES, type DeclaredSchedule } from './declarations.js';
import type { ScheduleSettings } from './declarations.js';
import { describe } from './reconcile.js';

/** What became of one schedule. */
export interface PauseResult {
  readonly id: string;
  readonly change: 'paused' | 'resumed' | 'was paused already' | 'was not paused';
  /** Why it is or was paused, and by whom. */
  readonly note: string;
}

export interface PauseRequest {
  /** Name or ID; undefined: all. */
  readonly schedule: string | undefined;
  readonly reason: string;
  /** Who asks. */
  readonly by: string;
}

/**
 * Keeps schedules from starting anything; a run that is under way goes on. What is paused already
 * keeps the reason it has.
 *
 * @throws ExportError SDE10-03 for an unknown name, SDE40-12 when it is not on the server.
 */
export async function pauseSchedules(
  client: Client,
  settings: ScheduleSettings,
  request: PauseRequest,
): Promise<PauseResult[]> {
  const chosen = await choose(client, settings, request.schedule);
  return Promise.all(
    chosen.map(async ({ id, paused, note }) => {
      if (paused) return { id, change: 'was paused already', note };
      const why = `${request.reason} (paused by ${request.by})`;
      await client.schedule.getHandle(id).pause(why);
      return { id, change: 'paused', note: why };
    }),
  );
}

/** Lets schedules start their workflows again; starts that were missed are not made up for. */
export async function resumeSchedules(
  client: Client,
  settings: ScheduleSettings,
  schedule: string | undefined,
): Promise<PauseResult[]> {
  const chosen = await choose(client, settings, schedule);
  return Promise.all(
    chosen.map(async ({ id, description, paused, note }) => {
      if (!paused) return { id, change: 'was not paused', note: '' };
      await client.schedule.getHandle(id).unpause(description);
      return { id, change: 'resumed', note };
    }),
  );
}

type Chosen = Pick<DeclaredSchedule, 'id' | 'description'> & {
  readonly paused: boolean;
  readonly note: string;
};

/** The schedules asked for, all of which are there: what cannot be done in full is not begun. */
async function choose(
  client: Client,
  settings: ScheduleSettings,
  wanted: string | undefined,
): Promise<Chosen[]> {
  const { on, off } = declareSchedules(settings);
  const isWanted = ({ name, id }: { readonly name: string; readonly id: string }): boolean =>
    wanted === undefined || wanted === name || wanted === id;
  const declared = on.filter(isWanted);
  if (declared.length === 0) {
    const because = off.find(isWanted)?.because;
    throw new ExportError('SDE10-03', {
      message:
        because === undefined
          ? `There is no schedule “${wanted ?? ''}”. Schedules: ${SCHEDULE_NAMES.join(', ')}.`
          : `The schedule “${wanted ?? ''}” is off: ${because}.`,
    });
  }
  return Promise.all(
    declared.map(async ({ id, description }) => {
      const found = await describe(client, id);
      if (found === undefined) {
        throw new ExportError('SDE40-12', { message: `The schedule ${id} is not on the server.` });
      }
      const { paused, note = '' } = found.state;
      return { id, description, paused, note };
    }),
  );
}
