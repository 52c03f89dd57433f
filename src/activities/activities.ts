import { activityInfo, Context, getClient, heartbeat } from '@temporalio/activity';

import type { RunCounts } from '../feeds/counts.js';
import type {
  FeedSyncResult,
  FullSyncInput,
  RunRef,
  SegmentPlan,
  SegmentProgress,
} from '../workflows/messages.js';
import { SIGNAL } from '../workflows/names.js';
import { pruneRuns } from '../store/run-history.js';
import { closeAbandonedRuns, type ClosedRun } from './abandoned-runs.js';
import { planSegments } from './batching.js';
import type { ActivityDependencies } from './dependencies.js';
import * as housekeeping from './housekeeping.js';
import * as publishing from './publishing.js';
import { beating, Reporter } from './attempt.js';

/** All activities of the exporter. Each is idempotent, heartbeats, and stops when told to. */
export function createActivities(deps: ActivityDependencies) {
  return {
    resolveFeeds(input: { readonly feeds: FullSyncInput['feeds'] }) {
      return Promise.resolve(housekeeping.resolveFeeds(deps, input.feeds));
    },

    beginRun(input: housekeeping.BeginRunInput): Promise<RunRef> {
      const { workflowId, runId } = callingWorkflow();
      const caller = { workflowId, firstRunId: runId };
      return beating(() => housekeeping.beginRun(deps, input, caller, () => heartbeat()));
    },

    planSegments(input: { readonly run: RunRef }): Promise<SegmentPlan> {
      return beating(() => planSegments(deps, input.run));
    },

    exportSegment(input: publishing.ExportSegmentInput): Promise<RunCounts> {
      return beating((attempt) => publishing.exportPlannedSegment(deps, input, attempt), {
        report: progressSignal(input),
      });
    },

    exportDeletions(input: { readonly run: RunRef }): Promise<RunCounts> {
      return beating((attempt) => publishing.exportRunDeletions(deps, input.run, attempt));
    },

    publishStored(input: { readonly run: RunRef }): Promise<RunCounts> {
      return beating((attempt) => publishing.publishRun(deps, input.run, attempt));
    },

    endRun(input: housekeeping.EndRunInput): Promise<FeedSyncResult> {
      return beating(() => housekeeping.endRun(deps, input));
    },

    /** Closes the records of runs that ended without doing so, such as terminated ones. */
    closeAbandonedRuns(): Promise<readonly ClosedRun[]> {
      return beating(() =>
        closeAbandonedRuns(deps.store, getClient(), { beat: () => heartbeat() }),
      );
    },

    /** Removes run records past their age; returns how many. */
    pruneRuns(): Promise<number> {
      const days = deps.auditRetentionDays ?? 0;
      return beating(() => pruneRuns(deps.store, { days, beat: () => heartbeat() }));
    },

    /** Waits until the open run of a workflow ID has ended, whatever its outcome. */
    waitForRun(input: { readonly workflowId: string }): Promise<void> {
      return beating(async ({ signal }) => {
        const handle = getClient().workflow.getHandle(input.workflowId);
        const ended = handle.result().then(
          () => undefined,
          () => undefined,
        );
        await Promise.race([ended, Context.current().cancelled]);
        signal.throwIfAborted();
      });
    },
  };
}

export type Activities = ReturnType<typeof createActivities>;

function callingWorkflow(): { readonly workflowId: string; readonly runId: string } {
  const { workflowExecution } = activityInfo();
  if (workflowExecution === undefined) throw new Error('the activity has no workflow');
  return workflowExecution;
}

/** Reports a segment's counts to the run. */
function progressSignal({ run, segment }: publishing.ExportSegmentInput): Reporter {
  const { workflowId, runId } = callingWorkflow();
  const handle = getClient().workflow.getHandle(workflowId, runId);
  return new Reporter(Date.parse(run.startedAt), (counts) =>
    handle.signal<[SegmentProgress]>(SIGNAL.segmentProgress, { segment, counts }),
  );
}
