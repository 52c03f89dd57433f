import type { FeedName } from '../feeds/names.js';
import type { OnWait } from './waiting.js';

/** Whose requests go first: those with changes, or those of full syncs. */
export type Priority = 'change' | 'full';

/** What a circuit is open for: one feed, or all feeds of the credential. */
export type CircuitScope = FeedName | '*';

export interface Passing {
  readonly feed: FeedName;
  readonly priority: Priority;
  /** Aborts all waiting at once. */
  readonly signal: AbortSignal;
  readonly onWait?: OnWait | undefined;
}

/** Lets requests pass when they may leave, over all workers that share the credential. */
export interface Gate {
  /**
   * Waits while the service refuses all requests of the credential or feed. Returns whether the
   * request is the one that finds out whether it still does.
   */
  passCircuits(passing: Passing): Promise<boolean>;
  /** Gives the right to probe back, where no request was made. */
  returnProbe(feed: FeedName): Promise<void>;
  /** Keeps the right to probe for a request that leaves in so many seconds. */
  keepProbe(feed: FeedName, seconds: number): Promise<void>;
  /** Waits until the budget grants a request; the request is to leave at once. */
  passBudget(passing: Passing): Promise<void>;
  /** Holds all requests of the credential back for some seconds. */
  slowDown(seconds: number): Promise<void>;
  /** Notes that the service refuses all requests. */
  open(scope: CircuitScope, reason: string, probe: boolean): Promise<void>;
  /** Notes that it answers them again. */
  close(scopes: readonly CircuitScope[]): Promise<void>;
}
