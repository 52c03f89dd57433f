import type { FeedName } from '../src/feeds/names.js';
import type { CircuitScope, Gate } from '../src/publishing/gate.js';

/** Lets everything pass, remembers what it was told, and notes in a log what is not said every time. */
export class RecordingGate implements Gate {
  readonly slowedDown: number[] = [];
  readonly log: string[] = [];
  beforeCircuits: () => void = () => undefined;
  beforeBudget: () => void = () => undefined;
  readonly #open = new Set<CircuitScope>();

  passCircuits(): Promise<boolean> {
    this.beforeCircuits();
    return Promise.resolve(this.#open.size > 0);
  }

  returnProbe(): Promise<void> {
    this.log.push('probe returned');
    return Promise.resolve();
  }

  keepProbe(feed: FeedName, seconds: number): Promise<void> {
    this.log.push(`probe of ${feed} kept for ${seconds} s`);
    return Promise.resolve();
  }

  passBudget(passing: { signal: AbortSignal }): Promise<void> {
    this.beforeBudget();
    return passing.signal.aborted
      ? Promise.reject(passing.signal.reason as Error)
      : Promise.resolve();
  }

  slowDown(seconds: number): Promise<void> {
    this.slowedDown.push(seconds);
    return Promise.resolve();
  }

  open(scope: CircuitScope, reason: string, probe: boolean): Promise<void> {
    this.#open.add(scope);
    this.log.push(`open ${scope} ${reason}${probe ? ' again' : ''}`);
    return Promise.resolve();
  }

  close(scopes: readonly CircuitScope[]): Promise<void> {
    for (const scope of scopes) this.#open.delete(scope);
    this.log.push(`close ${scopes.join(',')}`);
    return Promise.resolve();
  }
}
