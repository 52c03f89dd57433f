import {
  CancellationScope,
  continueAsNew,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';

import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { records, work } from './activities.js';
import { causeOf, isUnavailable } from './failures.js';
import { progressQuery, segmentProgressSignal } from './messages.js';
import type {
  FeedOutcome,
  FeedSyncInput,
  FeedSyncResult,
  Phase,
  RunRef,
  SegmentPlan,
} from './messages.js';
import { describeProgress, progressOf } from './progress.js';
import { sentenceOf } from './sentence.js';

/** A run that continues as new before its history reaches 1,000 events. */
const HISTORY_LIMIT = 800;

/**
 * One run for one feed. Its workflow ID is the lock of the feed; only cursors, ranges and counters
 * pass through its history.
 */
export async function feedSync(input: FeedSyncInput): Promise<FeedSyncResult> {
  const { continued, launchedBy, requestedBy, reason, trigger, feed, ...options } = input;
  const startedAt = continued?.startedAt ?? new Date().toISOString();
  let phase: Phase = 'starting';
  let run: RunRef | undefined = continued?.run;
  let plan: SegmentPlan = continued?.plan ?? { segments: 0, total: 0, threadCount: 1 };
  let next = continued?.nextSegment ?? 0;
  let settled = continued?.counts ?? NO_COUNTS;
  const inFlight = new Map<number, RunCounts>();

  const counts = (): RunCounts => [...inFlight.values()].reduce(addCounts, settled);
  const progress = (): ReturnType<typeof progressOf> =>
    progressOf({ feed, phase, counts: counts(), total: plan.total, startedAt, now: new Date() });
  const enter = (to: Phase): void => {
    phase = to;
    setCurrentDetails(describeProgress(progress()));
  };
  setHandler(progressQuery, progress);
  setHandler(segmentProgressSignal, ({ segment, counts: segmentCounts }) => {
    if (inFlight.has(segment)) inFlight.set(segment, segmentCounts);
    setCurrentDetails(describeProgress(progress()));
  });

  const lane = async (current: RunRef): Promise<void> => {
    while (next < plan.segments && workflowInfo().historyLength < HISTORY_LIMIT) {
      const segment = next++;
      inFlight.set(segment, NO_COUNTS);
      const range = plan.ranges?.[segment];
      const done = await work.exportSegment({
        run: current,
        segment,
        total: plan.total,
        ...(range === undefined ? {} : { range }),
      });
      inFlight.delete(segment);
      settled = addCounts(settled, done);
    }
  };

  const execute = async (): Promise<void> => {
    const current =
      run ?? (await records.beginRun({ feed, options, launchedBy, requestedBy, reason, trigger }));
    if (run === undefined) {
      run = current;
      enter('planning');
      plan = await records.planSegments({ run: current });
    }
    enter('exporting');
    await exportAll(Math.min(plan.threadCount, plan.segments), () => lane(current));
    if (next < plan.segments) {
      await continueAsNew<typeof feedSync>({
        ...input,
        continued: { run: current, plan, nextSegment: next, counts: settled, startedAt },
      });
    }
    enter('deletions');
    settled = addCounts(settled, await work.exportDeletions({ run: current }));
    enter('publishing');
    settled = addCounts(settled, await work.publishStored({ run: current }));
  };

  let outcome: FeedOutcome = 'completed';
  let failure: unknown;
  try {
    await execute();
  } catch (error) {
    if (isContinueAsNew(error)) throw error;
    failure = error;
    outcome = endOf(error);
  }
  enter('ending');
  const cause = causeOf(failure);
  const ended = run;
  const result =
    ended === undefined
      ? { outcome, counts: counts(), sentence: sentenceOf(feed, outcome, counts(), options, cause) }
      : await CancellationScope.nonCancellable(() =>
          records.endRun({ run: ended, outcome, counts: counts(), cause }),
        );
  log.info(result.sentence, { feed, outcome: result.outcome });
  if (outcome === 'cancelled' || outcome === 'failed') throw failure;
  return result;
}

function endOf(error: unknown): FeedOutcome {
  if (isCancellation(error)) return 'cancelled';
  return isUnavailable(error) ? 'not available' : 'failed';
}

/** Runs lanes until all end; when one fails, the others are cancelled and waited for. */
async function exportAll(lanes: number, lane: () => Promise<void>): Promise<void> {
  const scope = new CancellationScope();
  await scope.run(async () => {
    const ends = await Promise.allSettled(
      Array.from({ length: lanes }, async () => {
        try {
          await lane();
        } catch (error) {
          scope.cancel();
          throw error;
        }
      }),
    );
    const failures = ends.flatMap((end) =>
      end.status === 'rejected' ? [end.reason as Error] : [],
    );
    // The cause, rather than the cancellations that followed from it.
    const first = failures.find((failure) => !isCancellation(failure)) ?? failures[0];
    if (first !== undefined) throw first;
  });
}

function isContinueAsNew(error: unknown): boolean {
  return error instanceof Error && error.name === 'ContinueAsNew';
}
