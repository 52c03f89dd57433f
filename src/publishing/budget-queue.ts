import type { Grant } from '../store/request-budget.js';
import type { Passing, Priority } from './gate.js';
import { waitFor } from './waiting.js';

/** Rows may be changed by hand and clocks jump, so nobody sleeps longer without a look. */
const LOOK_MILLISECONDS = 5_000;

interface Waiter {
  readonly passing: Passing;
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Those of one process that wait for the budget: one of them asks at a time, changes first, in
 * order of arrival.
 */
export class BudgetQueue {
  readonly #ask: (priority: Priority) => Promise<Grant>;
  readonly #waiting: Waiter[] = [];
  #asking = false;
  /** Ends the sleep of the one who asks, when somebody more urgent came or left. */
  #wake = new AbortController();

  constructor(ask: (priority: Priority) => Promise<Grant>) {
    this.#ask = ask;
  }

  /** Waits until a request may leave; rejects at once when the signal aborts. */
  async pass(passing: Passing): Promise<void> {
    const { signal } = passing;
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { passing, resolve, reject };
      const leave = (): void => {
        const at = this.#waiting.indexOf(waiter);
        if (at !== -1) this.#waiting.splice(at, 1);
        this.#wake.abort();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      waiter.resolve = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      waiter.reject = (error) => {
        signal.removeEventListener('abort', leave);
        reject(error);
      };
      this.#waiting.push(waiter);
      if (passing.priority === 'change') this.#wake.abort();
      if (!this.#asking) void this.#grantAll();
    });
  }

  async #grantAll(): Promise<void> {
    this.#asking = true;
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        this.#wake = new AbortController();
        const { priority } = next.passing;
        const grant = await this.#ask(priority);
        if (grant.granted) {
          // Whoever it was asked for may have left; what is granted serves the next.
          const served = this.#waiting.includes(next) ? next : this.#next();
          if (served === undefined) continue;
          this.#waiting.splice(this.#waiting.indexOf(served), 1);
          served.resolve();
        } else {
          await this.#sleep(grant, next);
        }
      }
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      for (const waiter of this.#waiting.splice(0)) waiter.reject(failure);
    } finally {
      this.#asking = false;
    }
  }

  #next(): Waiter | undefined {
    return (
      this.#waiting.find(({ passing }) => passing.priority === 'change') ?? this.#waiting.at(0)
    );
  }

  async #sleep(grant: Exclude<Grant, { granted: true }>, { passing }: Waiter): Promise<void> {
    const wake = this.#wake.signal;
    try {
      await waitFor(Math.min(grant.milliseconds, LOOK_MILLISECONDS), {
        reason: REASONS[grant.because],
        signal: wake,
        onWait: passing.onWait,
        expected: grant.milliseconds,
      });
    } catch (error) {
      if (!wake.aborted) throw error;
    }
  }
}

const REASONS = {
  budget: 'the request budget is used up',
  change: 'changes of other feeds go first',
  blocked: 'the service asked to slow down',
} as const;
