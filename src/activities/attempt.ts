import { Context, heartbeat } from '@temporalio/activity';

import type { RunCounts } from '../feeds/counts.js';
import type { Attempt } from './segment-export.js';

/** Well below the heartbeat timeout of 30 seconds. */
const BEAT_MILLISECONDS = 5_000;
const FIRST_REPORT_MILLISECONDS = 1_000;
/** The interval between reports grows with the age of the attempt: an hour has some hundred. */
const REPORT_SHARE = 0.05;

/** Passes counts on, at growing intervals; a report that fails is left out. */
export class Reporter {
  readonly #send: (counts: RunCounts) => Promise<void>;
  readonly #start = performance.now();
  #next = FIRST_REPORT_MILLISECONDS;

  constructor(send: (counts: RunCounts) => Promise<void>) {
    this.#send = send;
  }

  report(counts: RunCounts): void {
    const age = performance.now() - this.#start;
    if (age < this.#next) return;
    this.#next = age + Math.max(FIRST_REPORT_MILLISECONDS, age * REPORT_SHARE);
    // Progress is a courtesy: the run goes on where it cannot be told.
    this.#send(counts).catch(() => undefined);
  }
}

/**
 * Runs an activity's work with a heartbeat on a timer: a page may take longer than the timeout. The
 * work is told to stop by the attempt's signal: on cancellation, and when the worker shuts down.
 */
export async function beating<T>(
  work: (attempt: Attempt) => Promise<T>,
  options: { readonly report?: Reporter } = {},
): Promise<T> {
  const beat = setInterval(() => heartbeat(), BEAT_MILLISECONDS);
  try {
    return await work({
      signal: Context.current().cancellationSignal,
      report: (counts) => options.report?.report(counts),
    });
  } finally {
    clearInterval(beat);
  }
}
