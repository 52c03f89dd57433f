import { Context, heartbeat } from '@temporalio/activity';

import type { RunCounts } from '../feeds/counts.js';
import type { Attempt } from './segment-export.js';

/** Well below the heartbeat timeout of 30 seconds. */
const BEAT_MILLISECONDS = 5_000;
/** Each report is some events in the run's history, so the intervals grow with the run's age. */
const SHORTEST_INTERVAL = 1_000;
const SHARE_OF_AGE = 0.1;

/** Passes counts on, at growing intervals; a report that fails is left out. */
export class Reporter {
  readonly #send: (counts: RunCounts) => Promise<void>;
  readonly #startedAt: number;
  #last: number;

  /** @param startedAt when the run started, in milliseconds. */
  constructor(startedAt: number, send: (counts: RunCounts) => Promise<void>) {
    this.#send = send;
    this.#startedAt = startedAt;
    this.#last = Date.now();
  }

  report(counts: RunCounts): void {
    const now = Date.now();
    const interval = Math.max(SHORTEST_INTERVAL, (now - this.#startedAt) * SHARE_OF_AGE);
    if (now - this.#last < interval) return;
    this.#last = now;
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
