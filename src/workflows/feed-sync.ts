import { CancelledFailure } from '@temporalio/common';
import {
  CancellationScope,
  continueAsNew,
  isCancellation,
  log,
  patched,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';

import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { records, settings, work } from './activities.js';
import { Controls, INTERRUPTED } from './controls.js';
import { causeOf, invalidInput, isTimeout, isUnavailable } from './failures.js';
import { checkFeedSyncId, checkFeedSyncInput } from './input.js';
import { progressQuery, segmentProgressSignal, WITHOUT_SEGMENTS } from './messages.js';
import type {
  FeedOutcome,
  FeedSyncInput,
  FeedSyncResult,
  Phase,
  RunError,
  RunRef,
  RunWait,
  SegmentPlan,
} from './messages.js';
import { describeProgress, progressOf } from './progress.js';
import { endAttributes } from './search-attributes.js';
import { sentenceOf } from './sentence.js';

/** A run continues as new before its history reaches 1,000 events: from here on no segment begins. */
const HISTORY_LIMIT = 800;
/** From here on what is under way is broken off as well, which keeps its cursor. */
const HISTORY_END = 900;

/**
 * One run for one feed. Its workflow ID is the lock of the feed; only cursors, ranges and counters
 * pass through its history.
 */
export async function feedSync(asked: FeedSyncInput): Promise<FeedSyncResult> {
  const checked = checkFeedSyncInput(
    asked,
    workflowInfo().continuedFromExecutionRunId !== undefined,
  );
  if (!checked.ok) throw invalidInput(checked.problems);
  const input = checked.value;
  const { continued, launchedBy, requestedBy, reason, trigger, feed, listenUntil, ...rest } = input;
  const { operation = 'full sync', ...options } = rest;
  const startedAt = continued?.startedAt ?? new Date().toISOString();
  let phase: Phase = 'starting';
  let run: RunRef | undefined = continued?.run;
  let plan: SegmentPlan | undefined = continued?.plan;
  let next = continued?.nextSegment ?? 0;
  let unfinished: readonly number[] = continued?.unfinished ?? [];
  let settled = continued?.counts ?? NO_COUNTS;
  const inFlight = new Map<number, RunCounts>();
  const waits = new Map<number, RunWait>();
  let lastError: RunError | undefined = continued?.lastError;

  const counts = (): RunCounts => [...inFlight.values()].reduce(addCounts, settled);
  const progress = (): ReturnType<typeof progressOf> =>
    progressOf({
      feed,
      operation: run?.operation ?? operation,
      options: run?.options ?? options,
      phase,
      paused: controls.paused,
      waitsFor: controls.paused === undefined ? [...waits.values()][0] : undefined,
      lastError,
      counts: counts(),
      total: plan?.total ?? 0,
      startedAt,
      now: new Date(),
    });
  const show = (): void => setCurrentDetails(describeProgress(progress(), new Date()));
  const enter = (to: Phase): void => {
    phase = to;
    show();
  };
  const controls = new Controls(feed, continued?.controls, show);
  controls.listen();
  setHandler(progressQuery, progress, { description: 'How far the run is, as JSON.' });
  setHandler(
    segmentProgressSignal,
    ({ segment, counts: soFar, waitsFor, failed }) => {
      // What comes after the work has ended says nothing any more.
      if (!inFlight.has(segment)) return;
      if (soFar !== undefined) inFlight.set(segment, soFar);
      if (waitsFor === undefined) waits.delete(segment);
      else waits.set(segment, waitsFor);
      lastError = failed ?? lastError;
      if (isLong()) controls.breakOff();
      show();
    },
    { description: 'Not for people: activities tell how far they are.' },
  );

  const begin = async (): Promise<RunRef> => {
    // Runs that began before the ID was looked at begin as they would have.
    if (patched('2026-11-own-workflow-id')) {
      const { instance } = await settings.resolveFeeds({ feeds: [feed] });
      const problems = checkFeedSyncId(workflowInfo().workflowId, input, instance);
      if (problems.length > 0) throw invalidInput(problems);
    }
    const wanted = { feed, options, launchedBy, requestedBy, reason, trigger };
    // A full sync is what runs that were recorded before there were other operations asked for.
    return records.beginRun.executeWithOptions({ summary: `${feed}: begin the ${operation}` }, [
      operation === 'full sync' ? wanted : { ...wanted, operation },
    ]);
  };
  /** The run as activities are to see it now. */
  const ordered = (current: RunRef): RunRef =>
    controls.approved === undefined
      ? current
      : { ...current, options: { ...current.options, approveDeletions: true } };

  /** Runs work that tells how far it is; interrupted, it keeps what it told until it tells more. */
  const told = async (segment: number, run: () => Promise<RunCounts>): Promise<RunCounts> => {
    if (!inFlight.has(segment)) inFlight.set(segment, NO_COUNTS);
    try {
      const done = await run();
      inFlight.delete(segment);
      return done;
    } finally {
      waits.delete(segment);
    }
  };
  const whole = (run: () => Promise<RunCounts>): Promise<RunCounts> => told(WITHOUT_SEGMENTS, run);

  const lane = async (current: RunRef, { segments, total, ranges }: SegmentPlan): Promise<void> => {
    while (workflowInfo().historyLength < HISTORY_LIMIT) {
      const [first, ...others] = unfinished;
      if (first === undefined && next >= segments) return;
      const segment = first ?? next++;
      unfinished = others;
      const range = ranges?.[segment];
      const asked = { run: current, segment, total, ...(range === undefined ? {} : { range }) };
      const summary = `${feed}: segment ${segment + 1} of ${segments}`;
      try {
        const done = await told(segment, () =>
          work.exportSegment.executeWithOptions({ summary }, [asked]),
        );
        settled = addCounts(settled, done);
      } catch (error) {
        unfinished = [...unfinished, segment];
        throw error;
      }
    }
  };

  const goOnAsNew = (current: RunRef): Promise<never> =>
    continueAsNew<typeof feedSync>({
      ...input,
      continued: {
        run: current,
        nextSegment: next,
        counts: settled,
        startedAt,
        ...(plan === undefined ? {} : { plan }),
        ...(unfinished.length === 0 ? {} : { unfinished }),
        ...(lastError === undefined ? {} : { lastError }),
        controls: controls.state,
      },
    });

  const publish = (current: RunRef): Promise<RunCounts> =>
    whole(() =>
      work.publishStored.executeWithOptions({ summary: `${feed}: stored items` }, [
        { run: current },
      ]),
    );

  const fullSync = async (current: RunRef): Promise<void> => {
    if (plan === undefined) {
      enter('planning');
      plan = await records.planSegments.executeWithOptions({ summary: `${feed}: plan segments` }, [
        { run: current },
      ]);
    }
    const planned = plan;
    enter('exporting');
    const lanes = Math.min(planned.threadCount, planned.segments);
    await exportAll(lanes, () => lane(current, planned));
    if (next < planned.segments || unfinished.length > 0) await goOnAsNew(current);
    enter('deletions');
    settled = addCounts(
      settled,
      await whole(() =>
        work.exportDeletions.executeWithOptions({ summary: `${feed}: deletions` }, [
          { run: current },
        ]),
      ),
    );
    enter('publishing');
    settled = addCounts(settled, await publish(current));
  };

  const pass = async (current: RunRef): Promise<void> => {
    switch (current.operation) {
      case 'partial sync':
        if (controls.madeWay) return;
        enter('listening');
        settled = await whole(() =>
          work.exportPending.executeWithOptions({ summary: `${feed}: changes` }, [
            { run: current, listenUntil },
          ]),
        );
        return;
      case 'retry failed items':
        enter('exporting');
        settled = await whole(() =>
          work.retryItems.executeWithOptions({ summary: `${feed}: failed items` }, [
            { run: current },
          ]),
        );
        return;
      case 'publish':
        enter('publishing');
        settled = await publish(current);
        return;
      default:
        return fullSync(current);
    }
  };

  const execute = async (): Promise<void> => {
    run ??= await begin();
    controls.learn(run);
    for (;;) {
      const as = await controls.ready();
      if (as !== undefined) {
        run = await records.restartRun.executeWithOptions(
          { summary: `${feed}: start over, ${as}` },
          [{ run, as }],
        );
        plan = undefined;
        next = 0;
        unfinished = [];
        inFlight.clear();
        waits.clear();
        settled = NO_COUNTS;
      }
      const current = ordered(run);
      if ((await controls.interruptible(() => pass(current))) !== INTERRUPTED) return;
      if (isLong()) await goOnAsNew(current);
      show();
    }
  };

  let outcome: FeedOutcome = 'completed';
  let failure: unknown;
  try {
    await execute();
  } catch (error) {
    if (isContinueAsNew(error)) throw error;
    // Cancelled work whose worker died times out instead of being cancelled.
    const cancelled = isTimeout(error) && CancellationScope.current().consideredCancelled;
    failure = cancelled ? new CancelledFailure('The run was cancelled.') : error;
    outcome = endOf(failure);
  }
  controls.close();
  enter('ending');
  // Who cancelled it is found out at the end: the failure does not tell.
  const cause = outcome === 'failed' ? causeOf(failure) : undefined;
  const ended = run;
  const result =
    ended === undefined
      ? {
          outcome,
          counts: counts(),
          sentence: sentenceOf({ feed, operation, options, outcome, counts: counts(), cause }),
        }
      : await CancellationScope.nonCancellable(() =>
          records.endRun.executeWithOptions({ summary: `${feed}: end, ${outcome}` }, [
            { run: ended, outcome, counts: counts(), cause, orders: controls.given },
          ]),
        );
  // Runs that began before there were search attributes end as they would have.
  if (patched('2026-11-search-attributes')) {
    const { rejected, failed } = result.counts;
    upsertSearchAttributes(
      endAttributes({ outcome: result.outcome, itemsFailed: rejected + failed }),
    );
  }
  log.info(result.sentence, { feed, outcome: result.outcome });
  if (outcome === 'cancelled' || outcome === 'failed') throw failure;
  const { tooLate } = controls;
  return tooLate.length === 0 ? result : { ...result, tooLate };
}

/** Runs that were long before this was looked at go on as they would have. */
function isLong(): boolean {
  return workflowInfo().historyLength >= HISTORY_END && patched('2026-11-break-off-long-work');
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
