import { createHmac } from 'node:crypto';
import type { Logger } from 'pino';
import { Agent, request } from 'undici';

import { explainCauses } from '../errors/export-error.js';
import { changesJson } from './change-json.js';
import type { ItemStore } from './item-store.js';
import type { DueWebhook, WebhookStore } from './webhook-store.js';

/** Changes of one delivery. */
const DELIVERY_SIZE = 100;
/** Subscribers that are told at the same time. */
const AT_ONCE = 4;
const TIMEOUT_MILLISECONDS = 15_000;
/** Looks for what other instances stored, and for attempts that are due. */
const POLL_MILLISECONDS = 1000;
const LONGEST_WAIT_SECONDS = 300;

export interface WebhookDeliveryOptions {
  readonly store: ItemStore;
  readonly webhooks: WebhookStore;
  readonly logger: Logger;
  /** Wait after the first failure, in seconds; doubles with each further one. Default 1. */
  readonly firstWaitSeconds?: number | undefined;
}

/**
 * Tells subscribers of changes: in order, each at least once, and again until they take it. What a
 * subscriber was told of is stored after its answer, so a crash repeats one delivery at most.
 */
export class WebhookDelivery {
  readonly #options: WebhookDeliveryOptions;
  readonly #agent = new Agent({ connect: { timeout: 5_000 } });
  readonly #stopped = new AbortController();
  readonly #unsubscribe: () => void;
  readonly #done: Promise<void>;
  #wake: () => void = () => undefined;

  /** Begins to deliver. */
  constructor(options: WebhookDeliveryOptions) {
    this.#options = options;
    this.#unsubscribe = options.store.onChange(() => this.#wake());
    this.#done = this.#run();
  }

  /** Ends when the deliveries that are under way have ended; they are cut. */
  async close(): Promise<void> {
    this.#unsubscribe();
    this.#stopped.abort();
    this.#wake();
    await this.#done;
    await this.#agent.close();
  }

  async #run(): Promise<void> {
    const { webhooks, logger } = this.#options;
    while (!this.#stopped.signal.aborted) {
      const changed = this.#nextChange();
      try {
        const due = await webhooks.due(AT_ONCE);
        await Promise.all(due.map((webhook) => this.#tell(webhook)));
        if (due.length > 0) continue;
      } catch (error) {
        logger.error({ err: error }, 'webhooks');
      }
      await changed;
    }
  }

  /** Resolves at the next change of this process, or after a second. */
  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MILLISECONDS).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #tell(webhook: DueWebhook): Promise<void> {
    const { store, webhooks, logger, firstWaitSeconds = 1 } = this.#options;
    if (!(await webhooks.lease(webhook))) return;
    const { id, environment, feeds, position, failures } = webhook;
    // Read first: what is stored meanwhile is above it.
    const last = await store.lastChange(environment);
    const changes = await store.changes({
      environment,
      feeds,
      after: position,
      limit: DELIVERY_SIZE,
    });
    const reached =
      changes.length < DELIVERY_SIZE
        ? Math.max(last, changes.at(-1)?.seq ?? 0)
        : (changes.at(-1)?.seq ?? last);
    try {
      if (changes.length > 0) await this.#post(webhook, changesJson(environment, changes, reached));
      await webhooks.advance(id, reached, changes.length > 0);
    } catch (error) {
      if (this.#stopped.signal.aborted) {
        await webhooks.release(id);
        return;
      }
      const wait = Math.min(firstWaitSeconds * 2 ** failures, LONGEST_WAIT_SECONDS);
      const reason = explainCauses(error);
      await webhooks.fail(id, reason, wait * (0.75 + Math.random() / 2));
      logger.warn({ webhook: id, environment, failures: failures + 1, reason }, 'webhook failed');
    }
  }

  async #post({ id, url, secret }: DueWebhook, body: string): Promise<void> {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    const answer = await request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'saas-export-ingestion',
        'x-webhook-id': id,
        'x-webhook-timestamp': timestamp,
        'x-webhook-signature': `sha256=${signature}`,
      },
      body,
      dispatcher: this.#agent,
      signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(TIMEOUT_MILLISECONDS)]),
    });
    await answer.body.dump();
    if (answer.statusCode < 200 || answer.statusCode > 299) {
      throw new Error(`answered with ${answer.statusCode}`);
    }
  }
}
