import { Context, heartbeat } from '@temporalio/activity';

import { ExportError } from '../errors/export-error.js';
import type { RunCounts } from '../feeds/counts.js';
import type { Wait } from '../publishing/waiting.js';
import type { Attempt } from './segment-export.js';

/** Orders of people reach work with its heartbeats: they are to be felt at once. */
const BEAT_MILLISECONDS = 1_000;
/** Each report is some events in the run's history, so the intervals grow with the run's age. */
const SHORTEST_INTERVAL = 1_000;
const SHARE_OF_AGE = 0.1;
/** People are told of a wait that begins in an old run no later than this. */
const LONGEST_SILENCE = 60_000;
/** Characters of an error that the current details show. */
const LONGEST_ERROR = 500;

/** What a run is told of the work for it. */
export interface Report {
  /** Absent: as told before. */
  readonly counts?: RunCounts;
  /** Why nothing is sent; absent: it is. */
  readonly waitsFor?: Wait;
  /** What makes this attempt fail. */
  readonly failed?: string;
}

/**
 * Passes on counts, and why nothing is sent, at growing intervals: of what comes and goes between
 * two reports nothing is told. A report that fails is left out.
 */
export class Reporter {
  readonly #send: (report: Report) => Promise<void>;
  readonly #startedAt: number;
  #last: number;
  #counts: RunCounts | undefined;
  #wait: Wait | undefined;
  #told: Wait | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param startedAt when the run started, in milliseconds. */
  constructor(startedAt: number, send: (report: Report) => Promise<void>) {
    this.#send = send;
    this.#startedAt = startedAt;
    this.#last = Date.now();
  }

  report(counts: RunCounts): void {
    this.#counts = counts;
    if (Date.now() - this.#last >= this.#interval()) this.#tell();
  }

  /** Notes that a wait has begun, or is over (undefined). */
  wait(wait: Wait | undefined): void {
    this.#wait = wait;
    const due = this.#last + Math.min(LONGEST_SILENCE, this.#interval()) - Date.now();
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        if (this.#wait?.reason !== this.#told?.reason) this.#tell();
      },
      Math.max(SHORTEST_INTERVAL, due),
    ).unref();
  }

  /** Tells at once that the attempt fails; the server tells the run of its last attempt only. */
  async failed(error: unknown): Promise<void> {
    await this.#send({ failed: sentence(error).slice(0, LONGEST_ERROR) }).catch(() => undefined);
  }

  /** Tells nothing any more. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #interval(): number {
    return Math.max(SHORTEST_INTERVAL, (Date.now() - this.#startedAt) * SHARE_OF_AGE);
  }

  #tell(): void {
    this.#last = Date.now();
    this.#told = this.#wait;
    // Progress is a courtesy: the run goes on where it cannot be told.
    this.#send({
      ...(this.#counts === undefined ? {} : { counts: this.#counts }),
      ...(this.#wait === undefined ? {} : { waitsFor: this.#wait }),
    }).catch(() => undefined);
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
      onWait: (wait) => options.report?.wait(wait),
    });
  } catch (error) {
    // What ends because it was told to is no failure.
    if (!Context.current().cancellationSignal.aborted) await options.report?.failed(error);
    throw error;
  } finally {
    clearInterval(beat);
    options.report?.close();
  }
}

function sentence(error: unknown): string {
  if (error instanceof ExportError) return `${error.code}: ${error.message} ${error.cure}`;
  return error instanceof Error ? error.message : String(error);
}
