import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import { userInfo } from 'node:os';

import { ExportError } from '../../errors/export-error.js';
import type { FeedName } from '../../feeds/names.js';
import { causeOf } from '../../workflows/failures.js';
import type { Approval, Pause } from '../../workflows/messages.js';
import { CONTROL, feedSyncId } from '../../workflows/names.js';
import { print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { EXIT } from '../errors.js';
import { chosenFeeds } from '../feed-choice.js';
import { withTemporal } from '../launch.js';
import { scheduleSettings } from '../schedules/declarations.js';
import { pauseSchedules, resumeSchedules } from '../schedules/pause.js';
import { table } from '../table.js';

export interface SteerFlags extends ConnectionFlags, JsonFlag {
  readonly feed?: string;
  readonly all?: boolean;
}

export interface PauseRunsFlags extends SteerFlags {
  readonly reason: string;
}

/** What became of a run or of a schedule. */
interface Steered {
  /** A feed, or the ID of a schedule. */
  readonly what: string;
  readonly answer: string;
  /** False where nothing of the kind is there, or it refused. */
  readonly done: boolean;
}

/** Stops runs at the next page, and with `--all` the schedules too, so that nothing starts. */
export async function pauseRuns(flags: PauseRunsFlags): Promise<void> {
  const by = userInfo().username;
  const { reason } = flags;
  await steer(
    flags,
    (client, workflowId) =>
      client.workflow
        .getHandle(workflowId)
        .executeUpdate<string, [Pause]>(CONTROL.pause, { args: [{ by, reason }] }),
    async (client, settings) =>
      (await pauseSchedules(client, settings, { schedule: undefined, reason, by })).map(
        ({ id, change }) => ({ what: id, answer: change, done: true }),
      ),
  );
}

/** Lets runs go on where they were stopped, and with `--all` the schedules. */
export async function resumeRuns(flags: SteerFlags): Promise<void> {
  const by = userInfo().username;
  await steer(
    flags,
    (client, workflowId) =>
      client.workflow
        .getHandle(workflowId)
        .executeUpdate<string, [Approval]>(CONTROL.resume, { args: [{ by }] }),
    async (client, settings) =>
      (await resumeSchedules(client, settings, undefined)).map(({ id, change }) => ({
        what: id,
        answer: change,
        done: true,
      })),
  );
}

/** Ends runs; pages that are under way are finished, and the next run goes on from there. */
export async function cancelRuns(flags: SteerFlags): Promise<void> {
  await steer(flags, async (client, workflowId) => {
    const handle = client.workflow.getHandle(workflowId);
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') throw new WorkflowNotFoundError('', workflowId, undefined);
    await handle.cancel();
    return 'cancelled: it stops after the pages that are under way';
  });
}

/** How long a worker may take to answer. */
const ANSWER_MILLISECONDS = 15_000;

type Schedules = ReturnType<typeof scheduleSettings>;

async function steer(
  flags: SteerFlags,
  order: (client: Client, workflowId: string) => Promise<string>,
  schedules?: (client: Client, settings: Schedules) => Promise<readonly Steered[]>,
): Promise<void> {
  if ((flags.feed === undefined) === (flags.all !== true)) {
    throw new ExportError('SDE10-03', { message: 'Say which feeds: --feed <names>, or --all.' });
  }
  const steered = await withTemporal(flags, async (client, configuration) => {
    // First the schedules, so that nothing starts behind the runs that are stopped.
    const settings = scheduleSettings(configuration);
    const started =
      flags.all === true && schedules !== undefined ? await schedules(client, settings) : [];
    const runs = await Promise.all(
      chosenFeeds(flags.feed).map(({ name }) =>
        steerRun(client, name, feedSyncId(configuration.instance, name), order),
      ),
    );
    // Of all feeds, only those that run are of interest.
    return [...started, ...runs.filter(({ done }) => done || flags.all !== true)];
  });
  print(flags.json, steered, () =>
    steered.length === 0
      ? 'No run is under way.'
      : table(
          ['feed or schedule', 'answer'],
          steered.map(({ what, answer }) => [what, answer]),
        ),
  );
  if (steered.some(({ done }) => !done)) process.exitCode = EXIT.failed;
}

async function steerRun(
  client: Client,
  feed: FeedName,
  workflowId: string,
  order: (client: Client, workflowId: string) => Promise<string>,
): Promise<Steered> {
  try {
    const answer = await client.withDeadline(Date.now() + ANSWER_MILLISECONDS, () =>
      order(client, workflowId),
    );
    return { what: feed, answer, done: true };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) {
      return { what: feed, answer: 'no run is under way', done: false };
    }
    if (error instanceof WorkflowUpdateFailedError) {
      return { what: feed, answer: causeOf(error.cause) ?? error.message, done: false };
    }
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
      return { what: feed, answer: 'no worker answered; the order is kept for it', done: false };
    }
    throw error;
  }
}
