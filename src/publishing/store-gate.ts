import type { FeedName } from '../feeds/names.js';
import {
  closeCircuits,
  keepProbes,
  openCircuit,
  openCircuits,
  recordFailedProbe,
  releaseProbes,
  takeProbe,
  type Circuit,
} from '../store/circuits.js';
import { askForRequest, holdRequestsBack } from '../store/request-budget.js';
import type { Store } from '../store/store.js';
import { BudgetQueue } from './budget-queue.js';
import type { CircuitScope, Gate, Passing } from './gate.js';
import { waitFor } from './waiting.js';

/** The wait before the first probe, doubled by each that fails. */
const FIRST_PROBE_SECONDS = 30;
const LONGEST_PROBE_SECONDS = 300;
/** Another worker may close a circuit at any time. */
const LOOK_MILLISECONDS = 5_000;

export interface StoreGateOptions {
  readonly store: Store;
  /** Names the credential among all that use the store. */
  readonly credential: string;
  /** 0: no limit. */
  readonly requestsPerSecond: number;
  /** How long a request may take; so long a probe keeps others from probing. */
  readonly requestSeconds: number;
  readonly firstProbeSeconds?: number;
}

/** A gate whose state is in the store, one for all workers. */
export class StoreGate implements Gate {
  readonly #options: StoreGateOptions;
  readonly #queue: BudgetQueue;

  constructor(options: StoreGateOptions) {
    this.#options = options;
    const { store, credential, requestsPerSecond } = options;
    this.#queue = new BudgetQueue((priority) =>
      askForRequest(store, { credential, requestsPerSecond }, priority),
    );
  }

  async passCircuits({ feed, signal, onWait }: Passing): Promise<boolean> {
    const { store, credential } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const open = await openCircuits(store, credential, ['*', feed]);
      if (open.length === 0) return false;
      const wait = Math.max(...open.map((circuit) => circuit.probeInMilliseconds));
      if (wait <= 0 && (await this.#takeProbes(open))) return true;
      await waitFor(Math.min(LOOK_MILLISECONDS, Math.max(wait, 100)), {
        reason: reasonOf(open),
        signal,
        onWait,
        expected: wait,
      });
    }
  }

  async returnProbe(feed: FeedName): Promise<void> {
    await releaseProbes(this.#options.store, this.#options.credential, ['*', feed]);
  }

  async keepProbe(feed: FeedName, seconds: number): Promise<void> {
    const { store, credential } = this.#options;
    await keepProbes(store, {
      credential,
      scopes: ['*', feed],
      seconds: seconds + this.#probeSeconds,
    });
  }

  async passBudget(passing: Passing): Promise<void> {
    await this.#queue.pass(passing);
  }

  async slowDown(seconds: number): Promise<void> {
    await holdRequestsBack(this.#options.store, this.#options.credential, seconds);
  }

  async open(scope: CircuitScope, reason: string, probe: boolean): Promise<void> {
    const { store, credential, firstProbeSeconds = FIRST_PROBE_SECONDS } = this.#options;
    const [known] = probe ? await openCircuits(store, credential, [scope]) : [];
    if (known === undefined) {
      const probeInSeconds = firstProbeSeconds;
      await openCircuit(store, { credential, scope, reason, probeInSeconds });
    } else {
      const doubled = firstProbeSeconds * 2 ** Math.min(known.failures, 16);
      const probeInSeconds = Math.min(doubled, LONGEST_PROBE_SECONDS);
      await recordFailedProbe(store, { credential, scope, reason, probeInSeconds });
    }
  }

  async close(scopes: readonly CircuitScope[]): Promise<void> {
    await closeCircuits(this.#options.store, this.#options.credential, scopes);
  }

  /** How long a probe takes at most, from when it may leave. */
  get #probeSeconds(): number {
    return this.#options.requestSeconds + 10;
  }

  async #takeProbes(open: readonly Circuit[]): Promise<boolean> {
    const { store, credential } = this.#options;
    for (const { scope } of open) {
      const probe = { credential, scope, seconds: this.#probeSeconds };
      if (!(await takeProbe(store, probe))) return false;
    }
    return true;
  }
}

function reasonOf(open: readonly Circuit[]): string {
  return open
    .map(({ scope, reason }) =>
      scope === '*'
        ? `the service refuses all requests (${reason})`
        : `the service refuses requests of ${scope} (${reason})`,
    )
    .join('; ');
}
