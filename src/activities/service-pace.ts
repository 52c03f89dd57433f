import type { FeedName } from '../feeds/names.js';

/**
 * An answer that takes so long shows a slow service. As long as answers come sooner, one request at
 * a time is enough for any budget, and a worker that is killed leaves only that one to be repeated.
 */
const SLOW_MILLISECONDS = 300;

/**
 * How long the service took for its last answer to each feed, over all runs of this worker: a
 * segment that begins need not find out again that it takes several requests at once.
 */
export class ServicePace {
  readonly #last = new Map<FeedName, number>();

  answered(feed: FeedName, milliseconds: number): void {
    this.#last.set(feed, milliseconds);
  }

  /** @param underWay milliseconds that the oldest request is under way. */
  isSlow(feed: FeedName, underWay: number): boolean {
    return Math.max(underWay, this.#last.get(feed) ?? 0) > SLOW_MILLISECONDS;
  }
}
