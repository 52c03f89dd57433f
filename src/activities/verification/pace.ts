import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps work below a number of rows a second, so that the shop hardly notices it. */
export class Pace {
  readonly #rowsPerSecond: number;
  #debtUntil = 0;

  /** @param rowsPerSecond 0: no limit. */
  constructor(rowsPerSecond: number) {
    this.#rowsPerSecond = rowsPerSecond;
  }

  /** Waits until these rows were allowed; ends at once when `signal` aborts. */
  async spend(rows: number, signal: AbortSignal): Promise<void> {
    if (this.#rowsPerSecond === 0) return;
    const now = performance.now();
    this.#debtUntil = Math.max(this.#debtUntil, now) + (rows / this.#rowsPerSecond) * 1000;
    const wait = this.#debtUntil - now;
    if (wait > 5) await sleep(wait, undefined, { signal }).catch(() => undefined);
  }
}
