import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { installStore } from '../client/commands/install.js';
import type { FeedName } from '../feeds/names.js';
import { claimDelivery, dueDeliveries, noteAlert } from '../store/alerts.js';
import { Store } from '../store/store.js';
import type { Alert } from './alert-conditions.js';
import { Alerting, type AlertChannel } from './alerts.js';

let store: Store;
let told: string[];

beforeAll(async () => {
  const { url } = await freshDatabase('alerts');
  await installStore(url, '');
  store = new Store({ databaseUrl: url });
});
afterAll(() => store.close());
beforeEach(async () => {
  told = [];
  await store.run(`DELETE FROM ${store.t('alert')}`);
  await store.run(`DELETE FROM ${store.t('alert_delivery')}`);
});

const alertOf = (key: string, level = 1): Alert => ({
  key,
  feed: key.split('/')[1] ?? null,
  what: `${key} holds.`,
  cause: 'It does.',
  command: 'saas-export status',
  level,
});

/** A channel that fails for as long as it is told to. */
class TestChannel implements AlertChannel {
  fails = false;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  tell({ status, alert }: Parameters<AlertChannel['tell']>[0]): Promise<void> {
    if (this.fails) return Promise.reject(new Error('the channel is down'));
    told.push(`${this.name}: ${status} ${alert.key}`);
    return Promise.resolve();
  }
}

/** A worker of some feeds; what it finds is settable. */
class Worker {
  found: readonly Alert[] = [];
  beforeFound: () => Promise<void> = () => Promise.resolve();
  readonly #alerting: Alerting;

  constructor(feeds: readonly FeedName[], channels: readonly AlertChannel[]) {
    this.#alerting = new Alerting({
      store,
      channels,
      logger: pino({ level: 'silent' }),
      feeds,
      look: async () => {
        const found = this.found;
        await this.beforeFound();
        return found;
      },
    });
  }

  look(): Promise<readonly Alert[]> {
    return this.#alerting.evaluate();
  }
}

const openKeys = async (): Promise<string[]> =>
  (await store.rows<{ key: string }>(`SELECT alert_key AS \`key\` FROM ${store.t('alert')}`)).map(
    ({ key }) => key,
  );

describe('workers of different feeds', () => {
  test('leave one another’s alerts alone', async () => {
    const channel = new TestChannel('webhook');
    const [prices, products] = [
      new Worker(['prices'], [channel]),
      new Worker(['products', 'categories'], [channel]),
    ];
    prices.found = [alertOf('lag/prices')];
    products.found = [alertOf('run/products')];
    for (let minute = 0; minute < 3; minute++) {
      await prices.look();
      await products.look();
    }
    expect(told).toEqual(['webhook: raised lag/prices', 'webhook: raised run/products']);
    prices.found = [];
    await products.look();
    await prices.look();
    expect(told.slice(2)).toEqual(['webhook: resolved lag/prices']);
  });

  test('all tell that what concerns no feed, or the service, is over', async () => {
    const channel = new TestChannel('webhook');
    const [prices, products] = [
      new Worker(['prices'], [channel]),
      new Worker(['products'], [channel]),
    ];
    const keys = ['capture', 'lag/*', 'service/*', 'service/prices', 'worker'];
    prices.found = keys.map((key) => alertOf(key));
    await prices.look();
    await products.look();
    expect(told.slice(keys.length).sort()).toEqual(keys.map((key) => `webhook: resolved ${key}`));
  });

  test('give up an alert of a feed that nobody has looked at for a week', async () => {
    const channel = new TestChannel('webhook');
    const [prices, products] = [
      new Worker(['prices'], [channel]),
      new Worker(['products'], [channel]),
    ];
    prices.found = [alertOf('lag/prices')];
    await prices.look();
    await store.run(`UPDATE ${store.t('alert')} SET seen_at = seen_at - INTERVAL 8 DAY`);
    await products.look();
    await products.look();
    expect(told).toEqual(['webhook: raised lag/prices', 'webhook: resolved lag/prices']);
    expect(await openKeys()).toEqual([]);
  });
});

describe('workers of the same feeds', () => {
  test('tell an alert once, at whatever time they look', async () => {
    const channel = new TestChannel('webhook');
    const workers = Array.from({ length: 4 }, () => new Worker(['prices'], [channel]));
    for (const worker of workers) worker.found = [alertOf('lag/prices')];
    await Promise.all(workers.map((worker) => worker.look()));
    expect(told).toEqual(['webhook: raised lag/prices']);
    for (const worker of workers) worker.found = [];
    await Promise.all(workers.map((worker) => worker.look()));
    await workers[0]!.look();
    expect(told.slice(1)).toEqual(['webhook: resolved lag/prices']);
    expect(await openKeys()).toEqual([]);
  });

  test('do not call over what another one found since they looked', async () => {
    const channel = new TestChannel('webhook');
    const [early, late] = [new Worker(['prices'], [channel]), new Worker(['prices'], [channel])];
    late.found = [alertOf('lag/prices')];
    early.beforeFound = async () => {
      await late.look();
    };
    await early.look();
    expect(told).toEqual(['webhook: raised lag/prices']);
  });
});

describe('a channel', () => {
  test('that fails is told by the next look, while another one is told at once', async () => {
    const [webhook, mail] = [new TestChannel('webhook'), new TestChannel('e-mail')];
    const worker = new Worker(['prices'], [webhook, mail]);
    worker.found = [alertOf('lag/prices')];
    webhook.fails = true;
    await worker.look();
    await worker.look();
    expect(told).toEqual(['e-mail: raised lag/prices']);
    webhook.fails = false;
    await worker.look();
    expect(told).toEqual(['e-mail: raised lag/prices', 'webhook: raised lag/prices']);
  });

  test('that fails when an alert is over is told so later', async () => {
    const webhook = new TestChannel('webhook');
    const worker = new Worker(['prices'], [webhook]);
    worker.found = [alertOf('lag/prices')];
    await worker.look();
    worker.found = [];
    webhook.fails = true;
    await worker.look();
    webhook.fails = false;
    await worker.look();
    expect(told).toEqual(['webhook: raised lag/prices', 'webhook: resolved lag/prices']);
    expect(await openKeys()).toEqual([]);
  });

  test('that never heard of an alert is not told that it is over', async () => {
    const webhook = new TestChannel('webhook');
    const worker = new Worker(['prices'], [webhook]);
    worker.found = [alertOf('lag/prices')];
    webhook.fails = true;
    await worker.look();
    webhook.fails = false;
    worker.found = [];
    await worker.look();
    expect(told).toEqual([]);
    expect(await openKeys()).toEqual([]);
  });

  test('is told after a worker died between noting an alert and telling it', async () => {
    await noteAlert(store, alertOf('lag/prices'));
    const [due] = await dueDeliveries(store, 'webhook');
    expect(await claimDelivery(store, 'webhook', due!)).toBe(true);
    const worker = new Worker(['prices'], [new TestChannel('webhook')]);
    worker.found = [alertOf('lag/prices')];
    await worker.look();
    // Whoever took it on may be telling it just now.
    expect(told).toEqual([]);
    await store.run(
      `UPDATE ${store.t('alert_delivery')} SET claimed_until = claimed_until - INTERVAL 1 HOUR`,
    );
    await worker.look();
    expect(told).toEqual(['webhook: raised lag/prices']);
  });

  test('is told again when it gets worse, and when it comes back', async () => {
    const worker = new Worker(['products'], [new TestChannel('webhook')]);
    for (const level of [1, 1, 2, 1, 2, 3]) {
      worker.found = [alertOf('quarantine/products', level)];
      await worker.look();
    }
    expect(told).toHaveLength(3);
    worker.found = [];
    await worker.look();
    worker.found = [alertOf('quarantine/products')];
    await worker.look();
    expect(told.slice(3)).toEqual([
      'webhook: resolved quarantine/products',
      'webhook: raised quarantine/products',
    ]);
  });
});
