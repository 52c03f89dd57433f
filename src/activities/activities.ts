import { activityInfo, Context, getClient, heartbeat } from '@temporalio/activity';

import type { RunCounts } from '../feeds/counts.js';
import type { FeedName } from '../feeds/names.js';
import { WITHOUT_SEGMENTS } from '../workflows/messages.js';
import type {
  FeedSyncResult,
  FullSyncInput,
  RunOptions,
  RunRef,
  SegmentPlan,
  SegmentProgress,
} from '../workflows/messages.js';
import { SIGNAL } from '../workflows/names.js';
import { STATUS_TEXTS } from '../log/status-texts.js';
import { pruneRuns } from '../store/run-history.js';
import { closeAbandonedRuns, type ClosedRun } from './abandoned-runs.js';
import { planSegments } from './batching.js';
import { whoCancelled } from './cancellation.js';
import { captureChanges, type CaptureInput, type CaptureResult } from './capture.js';
import type { ActivityDependencies } from './dependencies.js';
import { cleanUp } from './cleanup.js';
import { feedsToPublish, feedsToRetry, resolveFeeds } from './feeds-to-run.js';
import { endRun, type EndRunInput } from './run-end.js';
import { beginRun, restartRun, type BeginRunInput, type RestartRunInput } from './run-start.js';
import { lookAtRun, waitForRun, type OtherRun } from './other-runs.js';
import * as publishing from './publishing.js';
import { beating, Reporter } from './attempt.js';
import {
  verifyInActivity,
  type VerifiedFeed,
  type VerifyFeedInput,
} from './verification/verified-feed.js';

/** All activities of the exporter. Each is idempotent, heartbeats, and stops when told to. */
export function createActivities(deps: ActivityDependencies) {
  return {
    resolveFeeds(input: { readonly feeds: FullSyncInput['feeds'] }) {
      return Promise.resolve(resolveFeeds(deps, input.feeds));
    },

    beginRun(input: BeginRunInput): Promise<RunRef> {
      const { workflowId, runId } = callingWorkflow();
      const caller = { workflowId, firstRunId: runId };
      return beating(() => beginRun(deps, input, caller, () => heartbeat()));
    },

    planSegments(input: { readonly run: RunRef }): Promise<SegmentPlan> {
      return beating(() => planSegments(deps, input.run));
    },

    exportSegment(input: publishing.ExportSegmentInput): Promise<RunCounts> {
      return beating((attempt) => publishing.exportPlannedSegment(deps, input, attempt), {
        report: reporter(input.run, input.segment),
      });
    },

    exportDeletions(input: { readonly run: RunRef }): Promise<RunCounts> {
      return beating((attempt) => publishing.exportRunDeletions(deps, input.run, attempt), {
        report: reporter(input.run),
      });
    },

    publishStored(input: { readonly run: RunRef }): Promise<RunCounts> {
      return beating((attempt) => publishing.publishRun(deps, input.run, attempt), {
        report: reporter(input.run),
      });
    },

    endRun(input: EndRunInput): Promise<FeedSyncResult> {
      return beating(async () => {
        if (input.outcome !== 'cancelled') return endRun(deps, input);
        // A courtesy: the run ends also where Temporal cannot tell.
        const cause = await whoCancelled(getClient(), callingWorkflow()).catch(() => undefined);
        return endRun(deps, { ...input, cause });
      });
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

    restartRun(input: RestartRunInput): Promise<RunRef> {
      return beating(() => restartRun(deps, input, () => heartbeat()));
    },

    exportPending(input: publishing.ExportPendingInput): Promise<RunCounts> {
      return beating((attempt) => publishing.exportRunPending(deps, input, attempt), {
        report: reporter(input.run),
      });
    },

    retryItems(input: { readonly run: RunRef }): Promise<RunCounts> {
      return beating((attempt) => publishing.retryRun(deps, input.run, attempt), {
        report: reporter(input.run),
      });
    },

    captureChanges(input: CaptureInput): Promise<CaptureResult> {
      return beating((attempt) => captureChanges(deps, input, attempt));
    },

    feedsToRetry(input: { readonly feeds: readonly FeedName[] }): Promise<readonly FeedName[]> {
      return beating(() => feedsToRetry(deps, input.feeds));
    },

    feedsToPublish(input: { readonly feeds: readonly FeedName[] }): Promise<readonly FeedName[]> {
      return beating(() => feedsToPublish(deps, input.feeds));
    },

    removeAcknowledged(input: {
      readonly feed: FeedName;
      readonly olderThanDays: number;
    }): Promise<number> {
      return beating(() => cleanUp(deps, input, () => heartbeat()));
    },

    /** Compares shop, state and service; another attempt goes on where this one stopped. */
    verifyFeed(input: VerifyFeedInput): Promise<VerifiedFeed> {
      return beating(({ signal }) => verifyInActivity(deps, input, signal));
    },

    /** Looks at the run that works on a feed. */
    lookAtRun(input: {
      readonly workflowId: string;
      readonly options: RunOptions;
    }): Promise<OtherRun | undefined> {
      return beating(async () => {
        const other = await lookAtRun(getClient(), input.workflowId, input.options);
        if (other !== undefined) {
          deps.log.logger.info(
            { feed: input.workflowId.split('/').at(-1), operation: 'full sync' },
            STATUS_TEXTS.waitsFor(`${other.operation}(${input.workflowId})`),
          );
        }
        return other;
      });
    },

    /**
     * Waits until a run has ended; returns its result if it completed. Each attempt waits for a
     * turn only, and makes room for the work of the run that is waited for: the server's tries
     * cost no history.
     */
    waitForRun(input: {
      readonly workflowId: string;
      readonly runId: string;
    }): Promise<FeedSyncResult | undefined> {
      return beating(() =>
        Promise.race([waitForRun(getClient(), input), Context.current().cancelled]),
      );
    },
  };
}

export type Activities = ReturnType<typeof createActivities>;

function callingWorkflow(): { readonly workflowId: string; readonly runId: string } {
  const { workflowExecution } = activityInfo();
  if (workflowExecution === undefined) throw new Error('the activity has no workflow');
  return workflowExecution;
}

/** Tells the run how far the work for it is, and what it waits for. */
function reporter(run: RunRef, segment = WITHOUT_SEGMENTS): Reporter {
  const { workflowId, runId } = callingWorkflow();
  const handle = getClient().workflow.getHandle(workflowId, runId);
  return new Reporter(Date.parse(run.startedAt), ({ counts, waitsFor, failed }) =>
    handle.signal<[SegmentProgress]>(SIGNAL.segmentProgress, {
      segment,
      ...(counts === undefined ? {} : { counts }),
      ...(waitsFor === undefined
        ? {}
        : { waitsFor: { reason: waitsFor.reason, until: waitsFor.until.toISOString() } }),
      ...(failed === undefined
        ? {}
        : { failed: { message: failed, at: new Date().toISOString() } }),
    }),
  );
}
