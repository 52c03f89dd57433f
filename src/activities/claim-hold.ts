import { releaseClaim, renewClaim, type ClaimMark } from '../store/claims.js';
import type { Lease } from '../store/lease.js';
import type { Store } from '../store/store.js';

/** A request may leave so long after its claim was made or renewed, without asking again. */
export const FRESH_SECONDS = 5;
/** Between the latest end of a request and the end of its claim. */
const SPARE_SECONDS = 5;

/** Some items of a delivery were claimed by a newer collection; nothing of them may be sent. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost';
}

export interface ClaimHoldOptions {
  readonly store: Store;
  readonly lease: Lease;
  readonly table: string;
  readonly mark: ClaimMark;
  readonly freshSeconds: number;
}

/**
 * The claim of items for the time of their delivery. While a delivery waits, its claim may expire,
 * and others may take the items; so the claim is renewed before each request that leaves later.
 */
export class ClaimHold {
  readonly #options: ClaimHoldOptions;
  #renewedAt = performance.now();

  constructor(options: ClaimHoldOptions) {
    this.#options = options;
  }

  /** How long a claim has to last, where a request takes at most so many seconds. */
  static secondsFor(requestSeconds: number): number {
    return Math.ceil(requestSeconds) + FRESH_SECONDS + SPARE_SECONDS;
  }

  /**
   * Makes sure that the claim covers these items until a request that leaves now has ended.
   *
   * @throws ClaimLost when it does not cover all of them; ExportError SDE30-03 when the lease is
   *   outdated.
   */
  async ensure(feedIds: readonly string[]): Promise<void> {
    const { store, lease, table, mark, freshSeconds } = this.#options;
    if (performance.now() - this.#renewedAt < freshSeconds * 1000) return;
    const at = performance.now();
    const covered = await renewClaim(store, lease, table, feedIds, mark);
    if (feedIds.some((feedId) => !covered.has(feedId))) throw new ClaimLost();
    this.#renewedAt = at;
  }
}

/** Gives a claim back, if that can be done. */
export async function releaseQuietly(
  store: Store,
  table: string,
  feedIds: readonly string[],
  token: number,
): Promise<void> {
  try {
    await releaseClaim(store, table, feedIds, token);
  } catch {
    return;
  }
}
