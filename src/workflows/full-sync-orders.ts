import { getExternalWorkflowHandle, log, type SignalDefinition } from '@temporalio/workflow';

import type { FeedName } from '../feeds/names.js';
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
import { takeOrders, type PeoplesOrders } from './peoples-orders.js';

/** What the orders of a full sync work on. */
export interface OrderedFeeds {
  readonly states: ReadonlyMap<FeedName, FeedProgress>;
  /** Queues a feed whose run has ended. */
  runAgain(feed: FeedName): void;
  /** The feed's run ended without having taken the order to start over. */
  missed(feed: FeedName): void;
  /** Shows the state to people. */
  show(): void;
}

type Order = () => void;

/** Orders to all feeds of a full sync: passed on to running ones, kept for those that follow. */
export class FullSyncOrders implements PeoplesOrders {
  readonly #feeds: OrderedFeeds;
  /** Orders since the start of a run was asked for, by feed. */
  readonly #starting = new Map<FeedName, Order[]>();
  #paused: Pause | undefined;
  #options: Pick<RunOptions, 'cleanupFeed' | 'noReindex' | 'approveDeletions'> = {};

  constructor(feeds: OrderedFeeds) {
    this.#feeds = feeds;
  }

  /** Takes orders from now on. Those that came with the start are carried out before it returns. */
  listen(): void {
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

  /** A run is being started: orders reach it when it has. */
  starts(feed: FeedName): void {
    this.#starting.set(feed, []);
  }

  /** The run has started. */
  started(feed: FeedName): void {
    for (const order of this.#starting.get(feed) ?? []) order();
    this.#starting.delete(feed);
  }

  /** Another run works on the feed: what comes is asked of the run that follows. */
  notStarted(feed: FeedName): void {
    this.#starting.delete(feed);
  }

  pause(pause: Pause): string {
    if (this.#paused !== undefined) return `The full sync ${describePause(this.#paused)} already.`;
    this.#paused = pause;
    this.#pass(pauseSignal, pause);
    this.#feeds.show();
    return `The full sync ${describePause(pause)}: pages in flight end, then nothing leaves.`;
  }

  resume(by: Approval): string {
    if (this.#paused === undefined) return 'The full sync is not paused.';
    this.#paused = undefined;
    this.#pass(resumeSignal, by);
    this.#feeds.show();
    return `The full sync goes on${byWhom(by.by)}.`;
  }

  cleanupFeed(by: Approval): string {
    this.#options = { ...this.#options, cleanupFeed: true, noReindex: false };
    for (const { feed, state } of this.#feeds.states.values()) {
      if (state !== 'running') this.#feeds.runAgain(feed);
    }
    this.#pass(cleanupFeedSignal, by, (feed) => this.#feeds.missed(feed));
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

  #pass<Payload>(
    signal: SignalDefinition<[Payload?]>,
    payload: Payload,
    missed: (feed: FeedName) => void = () => undefined,
  ): void {
    for (const { feed, state, workflowId } of this.#feeds.states.values()) {
      const send = (): void => {
        getExternalWorkflowHandle(workflowId)
          .signal(signal, payload)
          .catch((error: unknown) => {
            log.warn(`${workflowId} did not get ${signal.name}`, { error });
            missed(feed);
          });
      };
      const starting = this.#starting.get(feed);
      if (starting !== undefined) starting.push(send);
      else if (state === 'running') send();
    }
  }
}
