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
const AT_ONCE = 8;
const TIMEOUT_SECONDS = 15;
/** A delivery is leased for its timeout and so long: changes are read before, its outcome stored after. */
const LEASE_MARGIN_SECONDS = 15;
/** Looks for what other instances stored, and for attempts that are due. */
const POLL_MILLISECONDS = 1000;
const LONGEST_WAIT_SECONDS = 300;

export interface WebhookDeliveryOptions {
  readonly store: ItemStore;
  readonly webhooks: WebhookStore;
  readonly logger: Logger;
  /** Wait after the first failure, in seconds; doubles with each further one. Default 1. */
  readonly firstWaitSeconds?: number | undefined;
  /** How long a subscriber may take to answer. Default 15. */
  readonly timeoutSeconds?: number | undefined;
}

/**
 * Tells subscribers of changes: in order, each at least once, and again until they take it. What a
 * subscriber was told of is stored after its answer, so a crash repeats one delivery at most. One
 * that is slow keeps no other waiting.
 */
export class WebhookDelivery {
  readonly #options: WebhookDeliveryOptions;
  readonly #agent = new Agent({ connect: { timeout: 5_000 } });
  readonly #stopped = new AbortController();
  readonly #unsubscribe: () => void;
  readonly #done: Promise<void>;
  /** Deliveries that are under way, by webhook. */
  readonly #underWay = new Map<string, Promise<void>>();
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
    await Promise.all(this.#underWay.values());
    await this.#agent.close();
  }

  async #run(): Promise<void> {
    const { webhooks, logger } = this.#options;
    while (!this.#stopped.signal.aborted) {
      const changed = this.#nextChange();
      try {
        // Those under way are among them until they are leased.
        for (const webhook of await webhooks.due(2 * AT_ONCE)) {
          if (this.#underWay.size < AT_ONCE && !this.#underWay.has(webhook.id)) {
            this.#start(webhook);
          }
        }
      } catch (error) {
        logger.error({ err: error }, 'webhooks');
      }
      await changed;
    }
  }

  #start(webhook: DueWebhook): void {
    const delivery = this.#tell(webhook).then(
      () => {
        this.#underWay.delete(webhook.id);
        this.#wake();
      },
      (error: unknown) => {
        this.#underWay.delete(webhook.id);
        this.#options.logger.error({ err: error, webhook: webhook.id }, 'webhooks');
      },
    );
    this.#underWay.set(webhook.id, delivery);
  }

  /** Resolves at the next change of this process, when a delivery has ended, or after a second. */
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
    const { timeoutSeconds = TIMEOUT_SECONDS } = this.#options;
    if (!(await webhooks.lease(webhook, timeoutSeconds + LEASE_MARGIN_SECONDS))) return;
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
    const { timeoutSeconds = TIMEOUT_SECONDS } = this.#options;
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
      signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(timeoutSeconds * 1000)]),
    });
    await answer.body.dump();
    if (answer.statusCode < 200 || answer.statusCode > 299) {
      throw new Error(`answered with ${answer.statusCode}`);
    }
  }
}
