import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';

import type { RunCounts } from '../feeds/counts.js';
import { openRuns } from '../store/run-history.js';
import { closeRun, type RecordedOutcome, type RunRecord } from '../store/runs.js';
import { dropSegments, segmentCounts } from '../store/segments.js';
import type { Store } from '../store/store.js';

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;
const { HistoryEventFilterType, WorkflowExecutionStatus } = proto.temporal.api.enums.v1;

const RUNNING = WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;

/** Runs looked at in one sweep; what is left waits for the next one. */
const SWEEP = 200;

/** A run that began a moment ago may not be visible on all parts of the server. */
const GRACE_SECONDS = 60;

/** Continue-as-new happens each few hundred segments: no chain is as long as this. */
const LONGEST_CHAIN = 10_000;

export interface ClosedRun {
  readonly runId: number;
  readonly feed: string;
  readonly outcome: RecordedOutcome;
  readonly sentence: string;
}

/**
 * Closes the records of runs whose workflow has ended without closing them: terminated, timed out,
 * or gone with Temporal's history. What the run did until then is taken from its segments.
 */
export async function closeAbandonedRuns(
  store: Store,
  client: Client,
  {
    graceSeconds = GRACE_SECONDS,
    beat,
  }: { readonly graceSeconds?: number; readonly beat: () => void },
): Promise<ClosedRun[]> {
  const closed: ClosedRun[] = [];
  for (const run of await openRuns(store, { olderThanSeconds: graceSeconds, limit: SWEEP })) {
    beat();
    const end = await endOfWorkflow(client, run);
    if (end === undefined) continue;
    const counts = await segmentCounts(store, run.runId);
    const sentence = sentenceOf(run, end, counts);
    const { outcome, endedAt } = end;
    if (!(await closeRun(store, run.runId, { outcome, sentence, counts, endedAt }))) continue;
    await dropSegments(store, run.runId);
    closed.push({ runId: run.runId, feed: run.feed, outcome, sentence });
  }
  return closed;
}

interface End {
  readonly outcome: RecordedOutcome;
  readonly endedAt: Date | undefined;
  /** How it ended, to follow “Full sync of products”. */
  readonly how: string;
}

/** How the workflow of a run ended; undefined while it runs. */
async function endOfWorkflow(client: Client, run: RunRecord): Promise<End | undefined> {
  let runId = run.workflowRunId;
  for (let step = 0; step < LONGEST_CHAIN; step++) {
    let event: HistoryEvent | undefined;
    try {
      event = await closeEvent(client, run.workflowId, runId);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return { outcome: 'lost', endedAt: undefined, how: 'was lost: Temporal knows it no more' };
    }
    if (event === undefined) return undefined;
    const next = successorOf(event);
    if (next === undefined) return (await isResetRunning(client, run)) ? undefined : endOf(event);
    runId = next;
  }
  throw new Error(`the chain of ${run.workflowId} does not end`);
}

/** The last event of an execution; undefined while it is open. */
async function closeEvent(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<HistoryEvent | undefined> {
  const execution = { workflowId, runId };
  // Asked for the end of an open execution, the server would wait for it.
  if ((await describe(client, execution))?.status === RUNNING) return undefined;
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution,
    historyEventFilterType: HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
  });
  return history?.events?.at(-1);
}

async function describe(
  client: Client,
  execution: { readonly workflowId: string; readonly runId?: string },
): Promise<proto.temporal.api.workflow.v1.IWorkflowExecutionInfo | null | undefined> {
  const { namespace } = client.options;
  const described = await client.workflowService.describeWorkflowExecution({
    namespace,
    execution,
  });
  return described.workflowExecutionInfo;
}

/** The execution that took over: after continue-as-new, or a retry of the workflow. */
function successorOf(event: HistoryEvent): string | undefined {
  const next =
    event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ??
    event.workflowExecutionFailedEventAttributes?.newExecutionRunId ??
    event.workflowExecutionTimedOutEventAttributes?.newExecutionRunId;
  return next === '' || next === null ? undefined : next;
}

/** A reset ends an execution and goes on in a new one, with the same first execution. */
async function isResetRunning(client: Client, run: RunRecord): Promise<boolean> {
  const current = await describe(client, { workflowId: run.workflowId });
  return current?.status === RUNNING && current.firstRunId === run.workflowRunId;
}

function endOf(event: HistoryEvent): End {
  const seconds = Number(event.eventTime?.seconds ?? 0);
  const endedAt =
    seconds === 0
      ? undefined
      : new Date(seconds * 1000 + Math.floor((event.eventTime?.nanos ?? 0) / 1e6));
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (terminated != null) {
    const by =
      terminated.identity == null || terminated.identity === '' ? '' : ` by ${terminated.identity}`;
    const why =
      terminated.reason == null || terminated.reason === '' ? '' : ` (${terminated.reason})`;
    return { outcome: 'terminated', endedAt, how: `was terminated${by}${why}` };
  }
  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed != null) {
    return {
      outcome: 'failed',
      endedAt,
      how: `failed: ${failed.failure?.message ?? 'unknown cause'}`,
    };
  }
  if (event.workflowExecutionTimedOutEventAttributes != null) {
    return { outcome: 'failed', endedAt, how: 'timed out' };
  }
  if (event.workflowExecutionCanceledEventAttributes != null) {
    return { outcome: 'cancelled', endedAt, how: 'was cancelled' };
  }
  return { outcome: 'lost', endedAt, how: 'ended without a record of its end' };
}

function sentenceOf({ operation, feed }: RunRecord, { how }: End, counts: RunCounts): string {
  const what = `${operation.charAt(0).toUpperCase()}${operation.slice(1)} of ${feed}`;
  return `${what} ${how}, after ${counts.processed} entities and ${counts.sent} items sent; the next run goes on from the stored state.`;
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 5;
}
