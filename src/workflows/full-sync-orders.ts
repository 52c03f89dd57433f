import { getExternalWorkflowHandle, log, type SignalDefinition } from '@temporalio/workflow';

import type { FeedName } from '../feeds/names.js';
import { takeOrders, type PeoplesOrders } from './controls.js';
import {
  approveDeletionsSignal,
  cleanupFeedSignal,
  noReindexSignal,
  pauseSignal,
  resumeSignal,
  type Approval,
  type FeedProgress,
  type Pause,
  type RunOptions,
} from './messages.js';
import { byWhom, describePause } from './pause.js';

/** Orders to all feeds of a full sync: passed on to running ones, kept for those that follow. */
export class FullSyncOrders implements PeoplesOrders {
  readonly #states: ReadonlyMap<FeedName, FeedProgress>;
  readonly #runAgain: () => void;
  #paused: Pause | undefined;
  #options: Pick<RunOptions, 'cleanupFeed' | 'noReindex' | 'approveDeletions'> = {};

  /** @param runAgain queues the feeds that have ended already. */
  constructor(states: ReadonlyMap<FeedName, FeedProgress>, runAgain: () => void) {
    this.#states = states;
    this.#runAgain = runAgain;
    takeOrders(this);
  }

  get paused(): Pause | undefined {
    return this.#paused;
  }

  /** What feeds that have not started begin with, beside what was asked for. */
  get options(): Pick<RunOptions, 'cleanupFeed' | 'noReindex' | 'approveDeletions'> {
    return this.#options;
  }

  closed(): string | undefined {
    return undefined;
  }

  pause(pause: Pause): string {
    if (this.#paused !== undefined) return `The full sync ${describePause(this.#paused)} already.`;
    this.#paused = pause;
    this.#pass(pauseSignal, pause);
    return `The full sync ${describePause(pause)}: pages in flight end, then nothing leaves.`;
  }

  resume(by: Approval): string {
    if (this.#paused === undefined) return 'The full sync is not paused.';
    this.#paused = undefined;
    this.#pass(resumeSignal, by);
    return `The full sync goes on${byWhom(by.by)}.`;
  }

  cleanupFeed(by: Approval): string {
    this.#options = { ...this.#options, cleanupFeed: true, noReindex: false };
    this.#pass(cleanupFeedSignal, by);
    this.#runAgain();
    return `All feeds of the full sync start over${byWhom(by.by)}: every item counts as never sent.`;
  }

  noReindex(by: Approval): string {
    this.#options = { ...this.#options, noReindex: true, cleanupFeed: false };
    this.#pass(noReindexSignal, by);
    return `The full sync collects no further${byWhom(by.by)} where payloads are stored.`;
  }

  approveDeletions(by: Approval): string {
    this.#options = { ...this.#options, approveDeletions: true };
    this.#pass(approveDeletionsSignal, by);
    return `Deletions go out, however many there are${byWhom(by.by)}.`;
  }

  #pass<Payload>(signal: SignalDefinition<[Payload?]>, payload: Payload): void {
    for (const { state, workflowId } of this.#states.values()) {
      if (state !== 'running') continue;
      getExternalWorkflowHandle(workflowId)
        .signal(signal, payload)
        .catch((error: unknown) => log.warn(`${workflowId} did not get ${signal.name}`, { error }));
    }
  }
}
