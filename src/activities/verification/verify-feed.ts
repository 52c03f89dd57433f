import { randomUUID } from 'node:crypto';

import type { CommerceDatabase } from '../../commerce/database.js';
import type { Collect, Feed, FeedContext } from '../../feeds/feed.js';
import type { ServiceReader } from '../../publishing/service-reader.js';
import type { Store } from '../../store/store.js';
import {
  endVerification,
  saveVerification,
  takeVerification,
  type VerificationOwner,
  type VerificationState,
} from '../../store/verification.js';
import { addRange, NO_FINDINGS, type Findings } from './drift.js';
import type { Pace } from './pace.js';
import { compareService } from './service-pass.js';
import { compareSource, nextSourceRange } from './source-pass.js';

export interface VerifyOptions {
  readonly feed: Feed;
  readonly commerce: CommerceDatabase;
  readonly store: Store;
  readonly context: FeedContext;
  /** Undefined where the service cannot be read, or not as the items are kept. */
  readonly service: ServiceReader | undefined;
  /** Whether what drifted is queued. */
  readonly fix: boolean;
  readonly pace: Pace;
  /** Stops the comparison; the next one goes on behind the last range that was compared. */
  readonly signal: AbortSignal;
}

export interface Verification extends Findings {
  /** False where it was stopped, or another comparison of the feed took over. */
  readonly finished: boolean;
  /** Another comparison of the feed has begun meanwhile, and goes on from here. */
  readonly takenOver: boolean;
  /** An earlier comparison was left, as it queued what this one does not, or the other way round. */
  readonly begunAnew: boolean;
}

/** Ranges after which settings and attributes of the shop are read anew. */
const RANGES_OF_AN_EPOCH = 100;

const START: VerificationState = {
  pass: 'source',
  position: '-1',
  findings: JSON.stringify(NO_FINDINGS),
};

/**
 * Compares a feed range by range: the shop with the feed table, then the feed table with the
 * service. Where it stands is stored after each range, and what it comes to at its end.
 */
export async function verifyFeed(options: VerifyOptions): Promise<Verification> {
  const { feed, store, fix, signal } = options;
  const owner = { feed: feed.name, owner: randomUUID(), fix };
  const { found, dropped } = await takeVerification(store, owner, START);
  const comparison = new Comparison(options, owner, found ?? START);
  let end: 'finished' | 'stopped' | 'taken over';
  try {
    end = await comparison.run();
  } catch (error) {
    // What was under way when it was told to stop is compared again by the next one.
    if (!signal.aborted) throw error;
    end = 'stopped';
  }
  return {
    ...comparison.findings,
    finished: end === 'finished',
    takenOver: end === 'taken over',
    begunAnew: dropped,
  };
}

/** A comparison under way. */
class Comparison {
  readonly #options: VerifyOptions;
  readonly #owner: VerificationOwner;
  #pass: VerificationState['pass'];
  #position: string;
  #findings: Findings;

  constructor(options: VerifyOptions, owner: VerificationOwner, from: VerificationState) {
    this.#options = options;
    this.#owner = owner;
    this.#pass = from.pass;
    this.#position = from.position;
    this.#findings = JSON.parse(from.findings) as Findings;
  }

  get findings(): Findings {
    return this.#findings;
  }

  async run(): Promise<'finished' | 'stopped' | 'taken over'> {
    const { signal, service, store } = this.#options;
    const isStopped = (): boolean => signal.aborted;
    const steps = this.#pass === 'source' ? [this.#source(), this.#service()] : [this.#service()];
    for (const step of steps) {
      for await (const range of step) {
        if (!(await this.#save())) return 'taken over';
        if (isStopped()) return 'stopped';
        await this.#options.pace.spend(range.read, signal);
        if (isStopped()) return 'stopped';
      }
    }
    const findings = JSON.stringify(this.#findings);
    const withService = service !== undefined;
    const kept = await endVerification(store, this.#owner, { findings, withService });
    return kept ? 'finished' : 'taken over';
  }

  async *#source(): AsyncGenerator<{ readonly read: number }> {
    const { feed, commerce, context } = this.#options;
    let collect: Collect | undefined;
    for (let number = 0; ; number++) {
      const range = await nextSourceRange(this.#options, Number(this.#position));
      if (range === undefined) break;
      if (collect === undefined || number % RANGES_OF_AN_EPOCH === 0) {
        collect = await commerce.snapshot((read) => feed.open(context, read));
      }
      const found = await compareSource(this.#options, collect, range);
      this.#findings = addRange(this.#findings, found);
      this.#position = String(range.to);
      yield { read: (found.items ?? 0) + range.entities };
    }
    this.#pass = 'service';
    this.#position = '';
    yield { read: 0 };
  }

  async *#service(): AsyncGenerator<{ readonly read: number }> {
    const { service } = this.#options;
    if (service === undefined) return;
    for (let after: string | undefined = this.#position; ;) {
      const found = await compareService(this.#options, service, after);
      this.#findings = addRange(this.#findings, found);
      after = found.position;
      // The last range is not behind a position: should its end not be stored, it is compared again.
      if (after === undefined) return;
      this.#position = after;
      yield { read: found.read };
    }
  }

  #save(): Promise<boolean> {
    return saveVerification(this.#options.store, this.#owner, {
      pass: this.#pass,
      position: this.#position,
      findings: JSON.stringify(this.#findings),
    });
  }
}
