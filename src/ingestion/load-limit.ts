import type { ServerResponse } from 'node:http';

import { overloaded, tooManyRequests } from './refusal.js';

export interface LoadLimitOptions {
  /** Of one credential; 0: no limit. */
  readonly requestsPerSecond: number;
  /** Requests that are handled at the same time, of all credentials. */
  readonly concurrentRequests: number;
  readonly clock: () => Date;
}

/** Credentials remembered at most; the oldest is forgotten, which gives it a fresh budget. */
const MAX_CREDENTIALS = 10_000;

/**
 * How much this process takes. The rate is kept by GCRA: a credential may send as soon as its next
 * request is due, and one second's worth at once after a pause.
 */
export class LoadLimit {
  readonly #options: LoadLimitOptions;
  /** When the budget of a credential is whole again, in milliseconds. */
  readonly #whole = new Map<string, number>();
  #handled = 0;

  constructor(options: LoadLimitOptions) {
    this.#options = options;
  }

  /**
   * Counts a request until its answer is done with.
   *
   * @throws Refusal 429 above the rate, 503 when too many are being handled; both say when to come
   * again, and count for nothing.
   */
  admit(credential: string, answer: ServerResponse): void {
    this.#admitRate(credential);
    if (this.#handled >= this.#options.concurrentRequests) throw overloaded();
    this.#handled += 1;
    // Also when the client goes away.
    answer.once('close', () => {
      this.#handled -= 1;
    });
  }

  #admitRate(credential: string): void {
    const { requestsPerSecond, clock } = this.#options;
    if (requestsPerSecond === 0) return;
    const now = clock().getTime();
    const cost = 1000 / requestsPerSecond;
    const burst = Math.max(1000, cost);
    // A clock that was set back would else shut a credential out.
    const whole = Math.min(Math.max(this.#whole.get(credential) ?? 0, now), now + burst);
    const wait = whole + cost - (now + burst);
    if (wait > 0.001) throw tooManyRequests(Math.ceil(wait / 1000));
    this.#whole.delete(credential);
    this.#whole.set(credential, whole + cost);
    if (this.#whole.size > MAX_CREDENTIALS) {
      for (const oldest of this.#whole.keys()) {
        this.#whole.delete(oldest);
        break;
      }
    }
  }
}
