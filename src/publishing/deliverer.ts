import { STATUS } from '../store/settlements.js';
import {
  ACCEPTED,
  complaintsOf,
  reasonOf,
  toBeRetried,
  type Answer,
  type ItemOutcome,
} from './answer.js';
import { isolate } from './isolation.js';
import {
  RepeatedRequest,
  type Leaving,
  type RequestOptions,
  type Response,
} from './repeated-request.js';
import type { WireFormat, WireItem, WireOperation } from './wire-format.js';

/** Tries of one request that the service cannot take, before its items are left for later. */
const TRIES = 5;
/**
 * While something of a feed was accepted within this time, items that are each refused alone are at
 * fault. Shorter than an item's first five tries take (`next_try_at`), so that a service that begins
 * to refuse a whole feed brings none of it into quarantine.
 */
const RECENT_MILLISECONDS = 10 * 60_000;

export interface DelivererOptions extends RequestOptions {
  readonly format: WireFormat;
  /** Default 5. */
  readonly tries?: number;
}

/** A batch on its way. Items are known by their position in `items`. */
export interface Delivery extends Leaving {
  /** JSON texts in feed form. */
  readonly items: readonly string[];
  /** Called after each request. */
  readonly onAnswer: (answer: Answer, items: readonly number[]) => void;
  /** Called as soon as it is known what to store of some items; each item is decided once. */
  readonly onDecided: (decided: readonly Decided[]) => Promise<void>;
}

export interface Decided {
  readonly item: number;
  readonly outcome: ItemOutcome;
  readonly requestId: string | null;
  /** HTTP status; null when there was no answer. */
  readonly httpStatus: number | null;
}

/**
 * Delivers batches: makes as many requests as it takes until it is known of each item whether the
 * service has it, refuses it, or could not be asked. What is wrong with one item is found out and
 * does no harm to the others.
 */
export class Deliverer {
  readonly #options: DelivererOptions;
  /** Feeds whose last requests were all answered with 5xx or not at all: one try is enough. */
  readonly #down = new Set<string>();
  /** Feeds of which the service refused whole batches, single items too. */
  readonly #refusing = new Set<string>();
  /** When the service last accepted something of a feed, by the clock. */
  readonly #accepted = new Map<string, number>();

  constructor(options: DelivererOptions) {
    this.#options = options;
  }

  /**
   * Decides on all items of a delivery.
   *
   * @throws the signal's reason when it aborts; items that were not decided stay as they were.
   */
  async deliver(delivery: Delivery): Promise<void> {
    const { feed, items } = delivery;
    const wire = items.map((json) => this.#options.format(feed, json));
    for (const operation of ['upsert', 'delete'] as const) {
      const mine = wire.flatMap((item, index) => (item.operation === operation ? [index] : []));
      const batch = new Batch(this.#options, delivery, wire, operation, {
        down: this.#down,
        refusing: this.#refusing,
        accepted: this.#accepted,
      });
      await batch.deliver(mine);
    }
  }

  async close(): Promise<void> {
    await this.#options.publisher.close();
  }
}

interface Moods {
  readonly down: Set<string>;
  readonly refusing: Set<string>;
  readonly accepted: Map<string, number>;
}

/** The items of a delivery that go to one route. */
class Batch {
  readonly #options: DelivererOptions;
  readonly #delivery: Delivery;
  readonly #wire: readonly WireItem[];
  readonly #operation: WireOperation;
  readonly #moods: Moods;

  constructor(
    options: DelivererOptions,
    delivery: Delivery,
    wire: readonly WireItem[],
    operation: WireOperation,
    moods: Moods,
  ) {
    this.#options = options;
    this.#delivery = delivery;
    this.#wire = wire;
    this.#operation = operation;
    this.#moods = moods;
  }

  async deliver(items: readonly number[]): Promise<void> {
    const silent = items.filter((item) => this.#wire[item]?.texts.length === 0);
    // What has no form on this wire is as well as sent.
    await this.#decide(silent, ACCEPTED, null);
    const spoken = items.filter((item) => !silent.includes(item));
    if (spoken.length > 0) await this.#conclude(spoken, await this.#request(spoken));
  }

  /** Decides on the items of a request by its answer, with further requests where it takes them. */
  async #conclude(items: readonly number[], response: Response): Promise<void> {
    const { feed } = this.#delivery;
    const { answer } = response;
    switch (response.class) {
      case 'accepted': {
        const named = await this.#fail(items, answer);
        await this.#decide(without(items, named), ACCEPTED, answer);
        return;
      }
      case 'too many':
      case 'too large':
        await this.#halve(items, response);
        return;
      case 'invalid': {
        const named = await this.#fail(items, answer);
        const others = without(items, named);
        if (named.length === 0) await this.#isolate(items, response);
        else if (others.length > 0) await this.#conclude(others, await this.#request(others));
        return;
      }
      case 'transient':
        // Where one request of many items fails and the service lives, one of them may be why.
        if (items.length > 1 && isServerError(answer)) {
          await this.#isolate(items, response);
          return;
        }
        this.#moods.down.add(feed);
        await this.#decide(items, toBeRetried(answer), answer);
        return;
      case 'refused':
        await this.#isolate(items, response);
        return;
      // The gate keeps these back until they are over.
      case 'limited':
      case 'unauthorised':
      case 'forbidden':
      case 'not found':
        await this.#decide(items, toBeRetried(answer), answer);
    }
  }

  async #halve(items: readonly number[], { answer, class: why }: Response): Promise<void> {
    if (items.length === 1) {
      const error =
        why === 'too large' ? 'the item is too large for the service (413)' : reasonOf(answer);
      await this.#decide(items, { status: STATUS.failed, error, refused: true }, answer);
      return;
    }
    const middle = Math.ceil(items.length / 2);
    for (const half of [items.slice(0, middle), items.slice(middle)]) {
      await this.#conclude(half, await this.#request(half));
    }
  }

  /** Finds the items that a refusal without names is about, and gets the others through. */
  async #isolate(items: readonly number[], first: Response): Promise<void> {
    const { feed } = this.#delivery;
    const same = (response: Response): boolean =>
      response.class === first.class &&
      (first.class !== 'invalid' || this.#complaints(items, response.answer).length === 0);
    const mood = first.class === 'transient' ? this.#moods.down : this.#moods.refusing;
    const wary = mood.has(feed);
    if (wary && items.length === 1) {
      await this.#decide(items, toBeRetried(first.answer), first.answer);
      return;
    }
    const found = await isolate(items, first, {
      // Items that break the service are told apart by one try each.
      ask: (some) => this.#request(some, first.class === 'transient' ? 1 : undefined),
      isRefusal: same,
      conclude: (some, response) => this.#conclude(some, response),
      isAcceptance: (response) => response.class === 'accepted',
      // An outage looks like items that break the service, until one of them is taken. While the
      // last batches were refused as a whole, nothing is halved before one of a sample is taken.
      patience: wary ? 0 : first.class === 'transient' ? 1 : 3,
    });
    if (found.all) {
      const blamed = first.class !== 'transient' && !wary && this.#acceptedRecently();
      if (!blamed || found.culprits.length < found.undecided.size) mood.add(feed);
      const refused = new Map(
        blamed ? found.culprits.map(({ item, response }) => [item, response.answer]) : [],
      );
      for (const [item, answer] of refused) {
        await this.#decide([item], { ...toBeRetried(answer), refused: true }, answer);
      }
      const others = items.filter((item) => found.undecided.has(item) && !refused.has(item));
      await this.#decide(others, toBeRetried(first.answer), first.answer);
      return;
    }
    for (const { item, response } of found.culprits) {
      const { answer } = response;
      const status = first.class === 'invalid' ? STATUS.refused : STATUS.retry;
      await this.#decide([item], { status, error: reasonOf(answer), refused: true }, answer);
    }
  }

  /** Decides on the items that an answer names; returns them. */
  async #fail(items: readonly number[], answer: Answer): Promise<number[]> {
    const named = this.#complaints(items, answer);
    const decided = named.map(({ item, message }) => ({
      item,
      outcome: { status: STATUS.failed, error: message, refused: true },
      ...sourceOf(answer),
    }));
    if (decided.length > 0) await this.#delivery.onDecided(decided);
    return named.map(({ item }) => item);
  }

  /** The items that an answer complains of. */
  #complaints(
    items: readonly number[],
    answer: Answer,
  ): { readonly item: number; readonly message: string }[] {
    if (answer.kind === 'none') return [];
    const owners = items.flatMap((item) => (this.#wire[item]?.texts ?? []).map(() => item));
    const messages = new Map<number, string[]>();
    for (const { index, message } of complaintsOf(answer.body, owners.length)) {
      const item = owners[index];
      if (item !== undefined) messages.set(item, [...(messages.get(item) ?? []), message]);
    }
    return [...messages].map(([item, texts]) => ({ item, message: texts.join('; ') }));
  }

  async #decide(
    items: readonly number[],
    outcome: ItemOutcome,
    answer: Answer | null,
  ): Promise<void> {
    if (items.length === 0) return;
    await this.#delivery.onDecided(items.map((item) => ({ item, outcome, ...sourceOf(answer) })));
  }

  /** Makes a request, and notes what it tells about the feed. */
  async #request(
    items: readonly number[],
    tries = this.#options.tries ?? TRIES,
  ): Promise<Response> {
    const { publisher, clock } = this.#options;
    const { feed, onAnswer } = this.#delivery;
    const { down, refusing, accepted } = this.#moods;
    const texts = items.flatMap((item) => this.#wire[item]?.texts ?? []);
    const request = new RepeatedRequest(this.#options, this.#delivery, {
      prepare: () => publisher.prepare(feed, texts, this.#operation),
      tries: () => (down.has(feed) ? 1 : tries),
      onAnswer: (answer) => onAnswer(answer, items),
    });
    const response = await request.make();
    if (response.class !== 'transient') down.delete(feed);
    if (response.class === 'accepted') {
      refusing.delete(feed);
      accepted.set(feed, clock().getTime());
    }
    return response;
  }

  /** Whether the feed as a whole is hardly what the service refuses. */
  #acceptedRecently(): boolean {
    const at = this.#moods.accepted.get(this.#delivery.feed) ?? Number.NEGATIVE_INFINITY;
    return this.#options.clock().getTime() - at < RECENT_MILLISECONDS;
  }
}

function sourceOf(answer: Answer | null): Pick<Decided, 'requestId' | 'httpStatus'> {
  return answer?.kind === 'answer'
    ? { requestId: answer.requestId ?? null, httpStatus: answer.status }
    : { requestId: null, httpStatus: null };
}

function isServerError(answer: Answer): boolean {
  // 503 is about the service as a whole.
  return answer.kind === 'answer' && answer.status >= 500 && answer.status !== 503;
}

function without(items: readonly number[], some: readonly number[]): number[] {
  return items.filter((item) => !some.includes(item));
}
