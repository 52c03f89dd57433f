import type { RunCounts } from '../feeds/counts.js';
import type { FeedName } from '../feeds/names.js';
import type { Operation } from '../feeds/operation.js';
import type { OnWait } from '../publishing/waiting.js';
import type { RunOutcome } from '../store/runs.js';
import { inSpan } from '../tracing/span.js';

/** A part of the work on a page or a request. */
export type StepName =
  /** Reading the shop in one snapshot, and making items. */
  | 'collect'
  /** Hashing the items. */
  | 'hash'
  /** Reading what the feed table knows of them, and deciding. */
  | 'compare'
  /** A request, from leaving to its answer. */
  | 'request'
  /** Storing what was answered. */
  | 'settle';

export interface Step {
  readonly feed: FeedName;
  readonly name: StepName;
  /** Source entities of a page; items of a request. */
  readonly entities: number;
  readonly seconds: number;
}

/** What a part of collecting a page took: its queries of a kind, or making items of their rows. */
export interface Part {
  readonly feed: FeedName;
  /** `SELECT catalog_product_entity`, `make items`. */
  readonly name: string;
  /** Rows read; items made. */
  readonly entities: number;
  readonly seconds: number;
}

/** Told what the engine does, for metrics and the profiler. It must not throw, nor wait. */
export interface Observer {
  step(step: Step): void;
  /** Told after the step; without it the parts are not measured. */
  parts?(parts: readonly Part[]): void;
  /** A request was answered; 0: it was not. */
  request(feed: FeedName, status: number, items: number): void;
  /** Items were collected, left out or settled. */
  items(feed: FeedName, counts: Partial<RunCounts>): void;
  /** Nothing was sent for some time, and why. */
  waited(feed: FeedName, reason: string, seconds: number): void;
  runEnded(run: {
    readonly feed: FeedName;
    readonly operation: Operation;
    readonly outcome: RunOutcome;
    readonly seconds: number;
  }): void;
}

/** Measures a step, which is a span too; one that fails is not told. */
export async function measured<T>(
  observer: Observer | undefined,
  step: Omit<Step, 'seconds'>,
  work: () => Promise<T> | T,
): Promise<T> {
  const { feed, name, entities } = step;
  const traced = (): Promise<T> =>
    inSpan(name, { attributes: { feed, entities } }, async () => work());
  if (observer === undefined) return traced();
  const start = performance.now();
  const result = await traced();
  observer.step({ ...step, seconds: (performance.now() - start) / 1000 });
  return result;
}

/** Passes waits on, and tells the observer how long each lasted. */
export function observedWaits(
  observer: Observer | undefined,
  feed: FeedName,
  onWait: OnWait | undefined,
): OnWait | undefined {
  if (observer === undefined) return onWait;
  let open: { readonly reason: string; readonly since: number } | undefined;
  return (wait) => {
    if (open !== undefined && open.reason !== wait?.reason) {
      observer.waited(feed, open.reason, (performance.now() - open.since) / 1000);
      open = undefined;
    }
    if (wait !== undefined) open ??= { reason: wait.reason, since: performance.now() };
    onWait?.(wait);
  };
}
