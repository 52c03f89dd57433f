import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startOwner } from '../../test/owner-process.js';
import { freshDatabase } from '../../test/servers.js';
import { ServiceDouble, type Received } from '../../test/service-double.js';
import { openCircuits } from '../store/circuits.js';
import { migrate } from '../store/migrate.js';
import { Store } from '../store/store.js';
import type { Passing, Priority } from './gate.js';
import { StoreGate } from './store-gate.js';
import type { Wait } from './waiting.js';

const CREDENTIAL = 'service/environment';

let store: Store;
let storeUrl: string;

beforeAll(async () => {
  storeUrl = (await freshDatabase('gate')).url;
  store = new Store({ databaseUrl: storeUrl });
  await migrate(store, []);
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.run(`DELETE FROM ${store.t('request_budget')}`);
  await store.run(`DELETE FROM ${store.t('circuit')}`);
});

// Three processes are compiled and started first.
describe('the request budget', { timeout: 180_000 }, () => {
  let service: ServiceDouble;
  // To start a process keeps this one from noting when requests arrive, so all start before.
  let mayStart: readonly string[];
  beforeEach(async () => {
    service = await ServiceDouble.start();
    mayStart = [];
    service.reply = ({ path }) =>
      path.startsWith('/may-start') ? { body: mayStart.includes(path) ? 'yes' : 'no' } : {};
  });
  afterEach(() => service.close());

  // How exactly it is used, and what a service sees of it, is for `npm run bench:budget`.
  test('of two requests a second holds for several processes together', async () => {
    const ended = await Promise.all([
      startSending({ priority: 'full', lanes: 3, requests: 10 }),
      startSending({ priority: 'full', lanes: 1, requests: 10 }),
      startSending({ priority: 'full', lanes: 1, requests: 6 }),
    ]);
    const before = await clock();
    mayStart = ['/may-start/full'];
    while (sent().length < 26) await sleep(10);
    const after = await clock();
    for (const owner of ended) await owner.end('SIGTERM');
    // By the clock that grants: 26 requests, with 10 ms of catching up.
    expect(after - before).toBeGreaterThanOrEqual(25 * 505 - 10);
  });

  test('goes to changes first: a full sync of another process gives way while one waits', async () => {
    const full = await startSending({ priority: 'full', lanes: 6, requests: 1000 });
    const change = await startSending({ priority: 'change', lanes: 2, requests: 8 });
    mayStart = ['/may-start/full'];
    while (sent().length < 4) await sleep(10);
    mayStart = ['/may-start/full', '/may-start/change'];
    const order = (): string[] => sent().map(({ path }) => path);
    while (order().filter((path) => path === '/change').length < 8) await sleep(10);
    await Promise.all([full.end('SIGTERM'), change.end('SIGTERM')]);

    const meanwhile = order().slice(order().indexOf('/change'), order().lastIndexOf('/change'));
    // One of its lanes waits always, so six others get nothing, but for the one that had asked before.
    expect(meanwhile.filter((path) => path === '/full').length).toBeLessThanOrEqual(1);
  });

  /** What the database's clock says, in milliseconds. */
  const clock = async (): Promise<number> => {
    const [row] = await store.rows<{ now: number }>(
      `SELECT TIMESTAMPDIFF(MICROSECOND, '2026-01-01', UTC_TIMESTAMP(6)) AS now`,
    );
    return row!.now / 1000;
  };

  const sent = (): readonly Received[] =>
    service.requests.filter(({ path }) => !path.startsWith('/may-start'));

  /** A process that makes requests as fast as the budget lets it. */
  function startSending(options: {
    priority: Priority;
    lanes: number;
    requests: number;
  }): ReturnType<typeof startOwner<boolean>> {
    return startOwner<boolean>(
      ['publishing', 'store', 'tracing', 'errors', 'feeds', 'commerce'],
      (sources) => `
        const { StoreGate } = await import('${sources}/publishing/store-gate.js');
        const { Store } = await import('${sources}/store/store.js');
        const store = new Store({ databaseUrl: '${storeUrl}', connections: 2 });
        const gate = new StoreGate({
          store, credential: '${CREDENTIAL}', requestsPerSecond: 2, requestSeconds: 10,
        });
        let left = ${options.requests};
        const signal = new AbortController().signal;
        say(true);
        while (await (await fetch('${service.url}/may-start/${options.priority}')).text() !== 'yes') {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        const lane = async () => {
          while (left-- > 0) {
            await gate.passBudget({ feed: 'products', priority: '${options.priority}', signal });
            await (await fetch('${service.url}/${options.priority}', { method: 'POST' })).text();
          }
        };
        await Promise.all(Array.from({ length: ${options.lanes} }, lane));`,
    );
  }
});

describe('the gate', () => {
  test('grants a change before full syncs of the same process that came earlier', async () => {
    const gate = gateFor({ requestsPerSecond: 20 });
    const order: Priority[] = [];
    await gate.passBudget(passing('full'));
    const all = (['full', 'full', 'full', 'change'] as const).map(async (priority) => {
      await gate.passBudget(passing(priority));
      order.push(priority);
    });
    await Promise.all(all);
    expect(order).toEqual(['change', 'full', 'full', 'full']);
  });

  test('without a limit lets requests pass at once, and still obeys Retry-After', async () => {
    const gate = gateFor({ requestsPerSecond: 0 });
    for (let n = 0; n < 20; n++) await gate.passBudget(passing('full'));
    await gate.slowDown(0.5);
    await gateFor({ requestsPerSecond: 0 }).passBudget(passing('change'));
    expect(await mayLeave()).toBe(true);
  });

  test('holds every feed of the credential back for as long as the service asks, and tells why', async () => {
    const waits: (Wait | undefined)[] = [];
    await gateFor({}).passBudget(passing('full'));
    await gateFor({}).slowDown(3);
    const early: boolean[] = [];
    const pass = async (options: Partial<Passing>): Promise<void> => {
      await gateFor({}).passBudget({ ...passing('full'), ...options });
      early.push(!(await mayLeave()));
    };
    await Promise.all([
      pass({ onWait: (wait) => waits.push(wait) }),
      pass({ priority: 'change', feed: 'prices' }),
    ]);
    expect(early).toEqual([false, false]);
    expect(waits[0]?.reason).toBe('the service asked to slow down');
  });

  test('a shorter Retry-After does not shorten a longer one', async () => {
    const gate = gateFor({});
    await gate.slowDown(2);
    const [longer] = await store.rows(`SELECT blocked_until FROM ${store.t('request_budget')}`);
    await gate.slowDown(0.1);
    expect(await store.rows(`SELECT blocked_until FROM ${store.t('request_budget')}`)).toEqual([
      longer,
    ]);
    await gate.passBudget(passing('full'));
    expect(await mayLeave()).toBe(true);
  });

  test('a clock that jumps back stops nobody', async () => {
    const gate = gateFor({ requestsPerSecond: 10 });
    await gate.passBudget(passing('full'));
    await gate.slowDown(0.2);
    // As if the database's clock had been an hour ahead until now.
    await store.run(
      `UPDATE ${store.t('request_budget')}
       SET due_at = due_at + INTERVAL 1 HOUR, blocked_until = blocked_until + INTERVAL 1 HOUR,
           change_waiting_until = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR`,
    );
    await gate.passBudget({ ...passing('full'), signal: AbortSignal.timeout(5000) });
  });

  test('gives up at once when it is told to stop, and others go on', async () => {
    const gate = gateFor({ requestsPerSecond: 5 });
    await gate.passBudget(passing('full'));
    await gate.slowDown(3600);
    const stop = new AbortController();
    const stopped = gate.passBudget({ ...passing('full'), signal: stop.signal });
    const other = gate.passBudget(passing('full'));
    await sleep(50);
    stop.abort(new Error('told to stop'));
    await expect(stopped).rejects.toThrow('told to stop');
    await store.run(`UPDATE ${store.t('request_budget')} SET blocked_until = NULL`);
    await other;
  });

  /** Whether no `Retry-After` holds requests back any more. */
  const mayLeave = async (): Promise<boolean> => {
    const rows = await store.rows(
      `SELECT 1 FROM ${store.t('request_budget')} WHERE blocked_until > UTC_TIMESTAMP(6)`,
    );
    return rows.length === 0;
  };
});

describe('a circuit', () => {
  test('that is open lets one probe pass at a time, at growing intervals', async () => {
    const gate = gateFor({});
    await gate.open('*', 'HTTP 403', false);
    // Others that were under way were refused as well: no reason to wait longer.
    await gate.open('*', 'HTTP 403', false);
    expect(await openCircuits(store, CREDENTIAL)).toMatchObject([
      { scope: '*', reason: 'HTTP 403', failures: 1 },
    ]);

    const stop = new AbortController();
    let probes = 0;
    const waiting = Array.from({ length: 4 }, async (_, n) => {
      await gateFor({}).passCircuits({
        ...passing('full'),
        feed: n % 2 === 0 ? 'products' : 'prices',
        signal: stop.signal,
      });
      probes += 1;
    });
    while (probes === 0) await sleep(10);
    await sleep(500);
    expect(probes).toBe(1);

    await gateFor({ firstProbeSeconds: 60 }).open('*', 'HTTP 403', true);
    const [failed] = await openCircuits(store, CREDENTIAL);
    expect(failed?.failures).toBe(2);
    // Twice the first wait, less the time of this test.
    expect(failed!.probeInMilliseconds).toBeGreaterThan(60_000);
    stop.abort(new Error('told to stop'));
    await Promise.allSettled(waiting);
  });

  test('is probed by nobody else while the one who may waits as long as the service asks', async () => {
    const gate = gateFor({});
    await gate.open('*', 'HTTP 403', false);
    await gate.open('products', 'HTTP 404', false);
    expect(await gate.passCircuits(passing('full'))).toBe(true);
    await gate.keepProbe('products', 600);
    for (const { probeInMilliseconds } of await openCircuits(store, CREDENTIAL)) {
      expect(probeInMilliseconds).toBeGreaterThan(600_000 - 60_000);
    }
    await gate.returnProbe('products');
    expect(await gateFor({}).passCircuits(passing('full'))).toBe(true);
  });

  test('of a feed stops that feed alone', async () => {
    const gate = gateFor({ firstProbeSeconds: 60 });
    await gate.open('orders', 'HTTP 404', false);
    expect(await gate.passCircuits(passing('full'))).toBe(false);
    const waits: (Wait | undefined)[] = [];
    const stopped = gate.passCircuits({
      ...passing('full'),
      feed: 'orders',
      signal: AbortSignal.timeout(300),
      onWait: (wait) => waits.push(wait),
    });
    await expect(stopped).rejects.toThrow();
    expect(waits[0]?.reason).toBe('the service refuses requests of orders (HTTP 404)');
  });

  test('that is closed lets everybody pass', async () => {
    const gate = gateFor({});
    await gate.open('*', 'HTTP 401', false);
    expect(await gate.passCircuits(passing('full'))).toBe(true);
    const other = gateFor({}).passCircuits(passing('full'));
    await gate.close(['*', 'products']);
    expect(await other).toBe(false);
  });
});

function gateFor(options: { requestsPerSecond?: number; firstProbeSeconds?: number }): StoreGate {
  return new StoreGate({
    store,
    credential: CREDENTIAL,
    requestsPerSecond: 2,
    requestSeconds: 10,
    firstProbeSeconds: 0.3,
    ...options,
  });
}

function passing(priority: Priority): Passing {
  return { feed: 'products', priority, signal: new AbortController().signal };
}
