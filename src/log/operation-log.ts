import type { Logger } from 'pino';

import { elapsedText } from './elapsed.js';
import { progressInterval } from './progress-interval.js';
import { STATUS_TEXTS, type Progress } from './status-texts.js';

/** What works on a feed, by the reference exporter's names; the last four are ours. */
export type Operation =
  | 'full sync'
  | 'partial sync'
  | 'retry failed items'
  | 'full reindex(legacy)'
  | 'partial reindex (legacy)'
  | 'full sync(legacy)'
  | 'partial sync (legacy)'
  | 'resync'
  | 'invalidate'
  | 'schedule_resync'
  | 'cleanup deleted items'
  | 'compare'
  | 'verify'
  | 'capture';

export interface OperationLogOptions {
  readonly feed: string;
  readonly operation: Operation;
  /** Id of the run in the exporter's history. */
  readonly run?: string;
  /** Workflow id. */
  readonly workflow?: string;
  /** Run id of the workflow's execution. */
  readonly workflowRun?: string;
  /** Who called: the first words of a command line, `schedule`, `dashboard`. */
  readonly caller?: string;
  readonly clock: () => Date;
  /** When the operation started, where that was in another activity. Default: now. */
  readonly startedAt?: Date;
  /** Iterations that run at the same time. Default 1. */
  readonly threads?: number;
  /** Seconds between progress records. Default: by the number of iterations. */
  readonly progressInterval?: number;
}

/** Writes an operation's records: who works on what, how far it is, since when. */
export class OperationLog {
  readonly #logger: Logger;
  readonly #options: OperationLogOptions;
  readonly #startedAt: number;
  #lastProgress: number;

  constructor(logger: Logger, options: OperationLogOptions) {
    const { feed, operation, run, workflow, workflowRun, caller, clock, startedAt } = options;
    this.#logger = logger.child({ feed, operation, run, workflow, workflowRun, caller });
    this.#options = options;
    const now = clock().getTime();
    this.#startedAt = startedAt?.getTime() ?? now;
    this.#lastProgress = now;
  }

  initialize(): void {
    this.status(STATUS_TEXTS.initialize);
  }

  startProcessing(items: number, threads: number, batchSize: number): void {
    this.status(STATUS_TEXTS.startProcessing(items, threads, batchSize));
  }

  /** Writes a record where the last one is an interval ago, and always at the last iteration. */
  progress(progress: Progress): void {
    const { done, total } = progress;
    const { clock, threads = 1, progressInterval: configured } = this.#options;
    const iterations = total === undefined ? undefined : total / threads;
    const due = this.#lastProgress + progressInterval(iterations, configured) * 1000;
    const now = clock().getTime();
    if (now < due && done !== total) return;
    this.#lastProgress = now;
    this.status(STATUS_TEXTS.progress(progress), { ...progress });
  }

  complete(): void {
    this.status(STATUS_TEXTS.complete);
  }

  /** Nothing was done: there was nothing to do, or `lockedBy` (`full sync(sync/products)`) works. */
  skipped(lockedBy?: string): void {
    this.status(
      lockedBy === undefined ? STATUS_TEXTS.nothingToSync : STATUS_TEXTS.locked(lockedBy),
    );
  }

  status(text: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#logger.info({ ...fields, elapsed: this.#elapsed() }, text);
  }

  warning(text: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#logger.warn({ ...fields, elapsed: this.#elapsed() }, text);
  }

  /** @param text default: the error's message. */
  failed(error: unknown, text?: string): void {
    const record = { err: error, elapsed: this.#elapsed() };
    if (text === undefined) this.#logger.error(record);
    else this.#logger.error(record, text);
  }

  #elapsed(): string {
    return elapsedText(this.#options.clock().getTime() - this.#startedAt);
  }
}
