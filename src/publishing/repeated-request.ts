import { classOf, reasonOf, type Answer, type AnswerClass } from './answer.js';
import type { Gate, Passing } from './gate.js';
import type { PreparedRequest, Publisher } from './publisher.js';
import { retryAfterSeconds } from './retry-after.js';
import { backoff, waitFor } from './waiting.js';

const FIRST_BACKOFF_MILLISECONDS = 500;
const LONGEST_BACKOFF_MILLISECONDS = 20_000;
/** 429 without `Retry-After`. */
const SLOW_DOWN_SECONDS = 5;

export interface RequestOptions {
  readonly publisher: Publisher;
  readonly gate: Gate;
  readonly clock: () => Date;
  readonly random?: () => number;
  readonly firstBackoffMilliseconds?: number;
}

/** What a request passes before it leaves. */
export interface Leaving extends Passing {
  /**
   * Called before a request waits for the budget, and again when it may leave; the second call is
   * to do nothing, unless the wait was long.
   */
  readonly beforeRequest: () => Promise<void>;
  /** Called when a request leaves. */
  readonly onRequest?: () => void;
}

/** What came back for a request, and of which class it is. */
export interface Response {
  readonly answer: Answer;
  readonly class: AnswerClass;
}

export interface Repetition {
  readonly prepare: () => Promise<PreparedRequest>;
  /** How often it is tried while the service cannot take it. */
  readonly tries: () => number;
  /** Called after each request. */
  readonly onAnswer: (answer: Answer) => void;
}

/** A request that is made when it may leave, again and again while trying again can help. */
export class RepeatedRequest {
  readonly #options: RequestOptions;
  readonly #leaving: Leaving;
  readonly #repetition: Repetition;
  readonly #passing: Passing;
  #toldToWait = false;
  /** Whether this request may probe a circuit: it keeps the right until it is known. */
  #probe = false;
  /** Whether the credentials were renewed since they were last good, or a circuit was closed. */
  #renewed = false;

  constructor(options: RequestOptions, leaving: Leaving, repetition: Repetition) {
    this.#options = options;
    this.#leaving = leaving;
    this.#repetition = repetition;
    const { feed, priority, signal, onWait } = leaving;
    this.#passing = {
      feed,
      priority,
      signal,
      onWait: (wait) => {
        this.#toldToWait = wait !== undefined;
        onWait?.(wait);
      },
    };
  }

  /** @throws the signal's reason when it aborts while nothing is under way. */
  async make(): Promise<Response> {
    try {
      return await this.#repeat();
    } catch (error) {
      // What cannot be given back expires.
      if (this.#probe) await this.#options.gate.returnProbe(this.#leaving.feed).catch(() => null);
      throw error;
    }
  }

  async #repeat(): Promise<Response> {
    const { gate, publisher } = this.#options;
    const { feed, signal } = this.#leaving;
    const prepared = await this.#repetition.prepare();
    let failures = 0;
    for (;;) {
      signal.throwIfAborted();
      if (!this.#probe) await this.#passCircuits();
      const answer = await this.#send(prepared);
      const response = { answer, class: classOf(answer) };
      this.#repetition.onAnswer(answer);
      switch (response.class) {
        case 'unauthorised':
        case 'forbidden':
          if (!this.#renewed && (await publisher.renewCredentials(answer))) {
            this.#renewed = true;
            continue;
          }
          await gate.open('*', reasonOf(answer), this.#probe);
          this.#probe = false;
          this.#renewed = false;
          continue;
        case 'not found':
          // Whoever says that has taken the credentials.
          if (this.#probe) await gate.close(['*']);
          await gate.open(feed, reasonOf(answer), this.#probe);
          this.#probe = false;
          continue;
        case 'limited':
          await this.#slowDown(this.#askedSeconds(answer) ?? SLOW_DOWN_SECONDS);
          continue;
        case 'transient': {
          const asked = this.#askedSeconds(answer);
          if (asked !== undefined) await this.#slowDown(asked);
          failures += 1;
          if (failures >= this.#repetition.tries()) return response;
          if (asked === undefined) await this.#backOff(failures, answer);
          continue;
        }
        case 'accepted':
        case 'invalid':
        case 'too many':
        case 'too large':
        case 'refused':
          if (this.#probe) await gate.close(['*', feed]);
          return response;
      }
    }
  }

  async #passCircuits(): Promise<void> {
    const { gate, publisher } = this.#options;
    this.#probe = await gate.passCircuits(this.#passing);
    if (!this.#probe) return;
    await publisher.freshenCredentials();
    this.#renewed = true;
  }

  /**
   * Makes one request when it may leave. All that takes time is done before the budget is asked, as
   * requests have to leave as they are granted, not two at once when both have got their token.
   */
  async #send(prepared: PreparedRequest): Promise<Answer> {
    const { gate } = this.#options;
    const { beforeRequest, onRequest } = this.#leaving;
    await beforeRequest();
    const authorised = await prepared.authorise();
    if (!authorised.ready) return authorised.answer;
    await gate.passBudget(this.#passing);
    // While it waited, its token may have expired. It took time to get another one, so another
    // grant is asked for; once, for the case of tokens that are never good for long.
    const again = await prepared.authorise();
    if (!again.ready) return again.answer;
    if (again.renewed) await gate.passBudget(this.#passing);
    if (this.#toldToWait) this.#passing.onWait?.(undefined);
    await beforeRequest();
    onRequest?.();
    return prepared.send();
  }

  async #slowDown(seconds: number): Promise<void> {
    const { gate } = this.#options;
    await gate.slowDown(seconds);
    if (this.#probe) await gate.keepProbe(this.#leaving.feed, seconds);
  }

  async #backOff(failures: number, answer: Answer): Promise<void> {
    const { gate, random = Math.random } = this.#options;
    const { firstBackoffMilliseconds: base = FIRST_BACKOFF_MILLISECONDS } = this.#options;
    const { signal, onWait } = this.#passing;
    const limits = { base, longest: LONGEST_BACKOFF_MILLISECONDS, random };
    const milliseconds = backoff(failures, limits);
    if (this.#probe) await gate.keepProbe(this.#leaving.feed, milliseconds / 1000);
    await waitFor(milliseconds, {
      reason: `the service could not take a request (${reasonOf(answer).slice(0, 200)})`,
      signal,
      onWait,
    });
  }

  #askedSeconds(answer: Answer): number | undefined {
    return answer.kind === 'none' ? undefined : retryAfterSeconds(answer, this.#options.clock());
  }
}
