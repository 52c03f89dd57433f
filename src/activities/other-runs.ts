import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { isDeepStrictEqual } from 'node:util';

import type { Operation } from '../feeds/operation.js';
import { progressQuery, type FeedSyncResult, type RunOptions } from '../workflows/messages.js';

/** Who waits takes the place of work, perhaps of the work that is waited for. */
const TURN_MILLISECONDS = 15_000;
const NEXT_TURN_MILLISECONDS = 1_000;

/** A run that works on a feed another one is wanted for. */
export interface OtherRun {
  readonly runId: string;
  readonly operation: Operation;
  /** Whether it does what is wanted, so that its result can be taken. */
  readonly doesTheSame: boolean;
}

/** Options that make two full sync different; how fast they go does not. */
const DECISIVE = [
  'noReindex',
  'cleanupFeed',
  'dryRun',
  'ids',
  'idType',
  'force',
  'approveDeletions',
] as const satisfies readonly (keyof RunOptions)[];

/** Looks at the open run of a workflow ID; undefined when there is none any more. */
export async function lookAtRun(
  client: Client,
  workflowId: string,
  wanted: RunOptions,
): Promise<OtherRun | undefined> {
  try {
    const description = await client.workflow.getHandle(workflowId).describe();
    if (description.status.name !== 'RUNNING') return undefined;
    const { runId } = description;
    const progress = await client.workflow.getHandle(workflowId, runId).query(progressQuery);
    return {
      runId,
      operation: progress.operation,
      doesTheSame:
        progress.operation === 'full sync' &&
        progress.paused === undefined &&
        !['deletions', 'publishing', 'ending'].includes(progress.phase) &&
        isDeepStrictEqual(decisive(progress.options), decisive(wanted)),
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/**
 * Waits until a run has ended; returns its result if it completed.
 *
 * @throws ApplicationFailure when the turn is over and the run is not, to be tried again at once.
 */
export async function waitForRun(
  client: Client,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
): Promise<FeedSyncResult | undefined> {
  const handle = client.workflow.getHandle<() => Promise<FeedSyncResult>>(workflowId, runId);
  try {
    return await client.withDeadline(Date.now() + TURN_MILLISECONDS, () => handle.result());
  } catch (error) {
    if (error instanceof WorkflowFailedError) return undefined;
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw ApplicationFailure.create({
      type: 'StillRunning',
      message: `${workflowId} has not ended yet. Nothing is wrong: it is waited for.`,
      nextRetryDelay: NEXT_TURN_MILLISECONDS,
      category: ApplicationFailureCategory.BENIGN,
    });
  }
}

function decisive(options: RunOptions): Partial<RunOptions> {
  return Object.fromEntries(
    DECISIVE.flatMap((name) => {
      const value = options[name];
      return value === undefined || value === false ? [] : [[name, value]];
    }),
  );
}
