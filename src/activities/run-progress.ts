import { feedNamed } from '../feeds/registry.js';
import type { OperationLog } from '../log/operation-log.js';
import { segmentCounts } from '../store/segments.js';
import type { RunRef } from '../workflows/messages.js';
import type { ActivityDependencies } from './dependencies.js';
import { runLog } from './run-log.js';
import type { Attempt } from './segment-export.js';

/** How often a run is looked at as a whole at most; the log's own intervals are longer. */
const LOOK_MILLISECONDS = 10_000;
/** Runs of this process whose interval is kept; older ones have ended. */
const RUNS_KEPT = 100;

interface RunProgress {
  readonly log: OperationLog;
  looked: number;
}

/**
 * The runs that this process works on: segments are short and run side by side, and the interval
 * between two records is that of the run.
 */
const progresses = new Map<number, RunProgress>();

/**
 * The attempt, with records of how far the whole run is, at the log's intervals.
 *
 * @param total source entities of the run; undefined where nobody can tell.
 */
export function withProgress(
  deps: ActivityDependencies,
  run: RunRef,
  total: number | undefined,
  attempt: Attempt,
): Attempt {
  const progress = progressOf(deps, run);
  const { progressInterval = LOOK_MILLISECONDS / 1000 } = deps.log;
  const lookEvery = Math.min(LOOK_MILLISECONDS, Math.max(progressInterval, 1) * 1000);
  return {
    signal: attempt.signal,
    onWait: attempt.onWait,
    report(counts) {
      attempt.report(counts);
      if (performance.now() - progress.looked < lookEvery) return;
      progress.looked = performance.now();
      segmentCounts(deps.store, run.runId).then(
        ({ processed, sent }) =>
          progress.log.progress({ ...iterations(run, processed, total), processed, synced: sent }),
        (error: unknown) => progress.log.failed(error, 'progress is not known'),
      );
    },
  };
}

function progressOf(deps: ActivityDependencies, run: RunRef): RunProgress {
  const known = progresses.get(run.runId);
  if (known !== undefined) return known;
  const [oldest] = progresses.keys();
  if (progresses.size >= RUNS_KEPT && oldest !== undefined) progresses.delete(oldest);
  const made = { log: runLog(deps, run, 'collecting'), looked: performance.now() };
  progresses.set(run.runId, made);
  return made;
}

/** Source entities as iterations, which are pages. */
export function iterations(
  { feed }: Pick<RunRef, 'feed'>,
  processed: number,
  total: number | undefined,
): { readonly done: number; readonly total: number | undefined } {
  const { pageSize } = feedNamed(feed);
  return {
    done: Math.ceil(processed / pageSize),
    total: total === undefined ? undefined : Math.ceil(total / pageSize),
  };
}
