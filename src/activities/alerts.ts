import type { Logger } from 'pino';

import type { FeedName } from '../feeds/names.js';
import {
  alertTime,
  claimDelivery,
  dueDeliveries,
  forgetAlerts,
  noteAlert,
  openAlerts,
  resolveAlert,
  settleDelivery,
  type DueDelivery,
} from '../store/alerts.js';
import type { Store } from '../store/store.js';
import type { Alert } from './alert-conditions.js';

/** An alert as it is told. */
export interface AlertMessage {
  readonly status: 'raised' | 'resolved';
  readonly alert: Alert;
}

/** Tells people: a webhook, e-mail. @throws where it could not. */
export interface AlertChannel {
  /** At most 32 letters; what it was told is kept under it. */
  readonly name: string;
  tell(message: AlertMessage): Promise<void>;
}

export interface AlertingOptions {
  readonly store: Store;
  readonly channels: readonly AlertChannel[];
  readonly logger: Logger;
  /** Feeds whose conditions are looked at. */
  readonly feeds: readonly FeedName[];
  /** The conditions that hold now. */
  readonly look: () => Promise<readonly Alert[]>;
}

/** Changes wait while people are told; what is left then is told by the next look. */
const TELLING_MILLISECONDS = 15_000;

/**
 * Tells each channel of each alert once it begins and once it is over, whichever worker finds it.
 * What is to be told is stored before it is told, and what was told after that: a channel that
 * fails, or a worker that dies, is made up for by the next look, at the cost of telling it twice.
 */
export class Alerting {
  readonly #options: AlertingOptions;

  constructor(options: AlertingOptions) {
    this.#options = options;
  }

  /** Looks, and tells what is new or over; returns all alerts that hold. */
  async evaluate(): Promise<readonly Alert[]> {
    const { store, look, channels } = this.#options;
    const lookedAt = await alertTime(store);
    const current = await look();
    for (const alert of current) await noteAlert(store, alert);
    const keys = new Set(current.map(({ key }) => key));
    for (const { key } of await openAlerts(store)) {
      if (!keys.has(key) && this.#looksAt(key)) await resolveAlert(store, key, lookedAt);
    }
    await Promise.all(channels.map((channel) => this.#deliver(channel)));
    await forgetAlerts(store);
    return current;
  }

  /** Whether a look would have found the alert; those of other feeds are for other workers. */
  #looksAt(key: string): boolean {
    const [condition, feed] = key.split('/');
    // What the service refuses is looked at as a whole.
    if (feed === undefined || feed === '*' || condition === 'service') return true;
    return this.#options.feeds.some((name) => name === feed);
  }

  async #deliver(channel: AlertChannel): Promise<void> {
    const { store } = this.#options;
    const until = performance.now() + TELLING_MILLISECONDS;
    for (const due of await dueDeliveries(store, channel.name)) {
      if (performance.now() > until) return;
      if (!(await claimDelivery(store, channel.name, due))) continue;
      const told = await this.#tell(channel, due);
      await settleDelivery(store, channel.name, due, { told });
    }
  }

  /** Whether the channel took it. */
  async #tell(channel: AlertChannel, due: DueDelivery): Promise<boolean> {
    const { logger } = this.#options;
    const { status, alert } = messageOf(due);
    const record = {
      alert: alert.key,
      cause: alert.cause,
      command: alert.command,
      channel: channel.name,
    };
    try {
      await channel.tell({ status, alert });
    } catch (error) {
      logger.error({ ...record, err: error }, `an alert could not be told: ${alert.what}`);
      return false;
    }
    if (status === 'raised') logger.warn(record, `alert: ${alert.what}`);
    else logger.info(record, `alert resolved: ${alert.what}`);
    return true;
  }
}

function messageOf({ status, key, level, what, cause, command }: DueDelivery): AlertMessage {
  const [, feed = '*'] = key.split('/');
  const alert = { key, feed: feed === '*' ? null : feed, what, level };
  return status === 'raised'
    ? { status, alert: { ...alert, cause, command } }
    : {
        status,
        alert: { ...alert, cause: 'The condition is over.', command: 'saas-export status' },
      };
}
