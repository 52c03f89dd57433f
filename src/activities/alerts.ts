import type { Logger } from 'pino';

import { forgetAlert, noteAlert, openAlerts } from '../store/alerts.js';
import type { Store } from '../store/store.js';
import type { Alert } from './alert-conditions.js';

/** An alert as it is told. */
export interface AlertMessage {
  readonly status: 'raised' | 'resolved';
  readonly alert: Alert;
}

/** Tells people: a webhook, e-mail. @throws where it could not. */
export interface AlertChannel {
  readonly name: string;
  tell(message: AlertMessage): Promise<void>;
}

export interface AlertingOptions {
  readonly store: Store;
  readonly channels: readonly AlertChannel[];
  readonly logger: Logger;
  /** The conditions that hold now. */
  readonly look: () => Promise<readonly Alert[]>;
}

/** Tells each alert once, until it is resolved, whichever worker finds it. */
export class Alerting {
  readonly #options: AlertingOptions;

  constructor(options: AlertingOptions) {
    this.#options = options;
  }

  /** Looks, and tells what is new or over; returns all alerts that hold. */
  async evaluate(): Promise<readonly Alert[]> {
    const { store, look } = this.#options;
    const current = await look();
    for (const alert of current) {
      if (!(await noteAlert(store, alert))) continue;
      const told = await this.#tell({ status: 'raised', alert });
      // Nobody knows of it, so the next look is to try again.
      if (!told) await forgetAlert(store, alert.key);
    }
    const keys = new Set(current.map(({ key }) => key));
    for (const { key, what, level } of await openAlerts(store)) {
      if (keys.has(key) || !(await forgetAlert(store, key))) continue;
      const [, feed = '*'] = key.split('/');
      await this.#tell({
        status: 'resolved',
        alert: {
          key,
          feed: feed === '*' ? null : feed,
          what,
          cause: 'The condition is over.',
          command: 'saas-export status',
          level,
        },
      });
    }
    return current;
  }

  /** Whether at least one channel took it. */
  async #tell(message: AlertMessage): Promise<boolean> {
    const { channels, logger } = this.#options;
    const { status, alert } = message;
    const record = { alert: alert.key, cause: alert.cause, command: alert.command };
    if (status === 'raised') logger.warn(record, `alert: ${alert.what}`);
    else logger.info(record, `alert resolved: ${alert.what}`);
    const told = await Promise.all(
      channels.map(async (channel) => {
        try {
          await channel.tell(message);
          return true;
        } catch (error) {
          logger.error({ err: error, channel: channel.name }, 'an alert could not be told');
          return false;
        }
      }),
    );
    return channels.length === 0 || told.includes(true);
  }
}
