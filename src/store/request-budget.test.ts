import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { migrate } from './migrate.js';
import { askForRequest, holdRequestsBack } from './request-budget.js';
import { Store } from './store.js';

const BUDGET = { credential: 'service/environment', requestsPerSecond: 2 };

let store: Store;
/** What the database's clock says, in milliseconds. */
let now: number;

beforeAll(async () => {
  // One connection, whose clock stands still until a test moves it.
  store = new Store({ databaseUrl: (await freshDatabase('budget')).url, connections: 1 });
  await migrate(store, []);
});
afterAll(() => store.close());
beforeEach(async () => {
  await store.run(`DELETE FROM ${store.t('request_budget')}`);
  now = Date.parse('2026-11-22T10:00:00Z');
});

async function ask(priority: 'change' | 'full'): ReturnType<typeof askForRequest> {
  await store.run(`SET SESSION timestamp = ${(now / 1000).toFixed(6)}`);
  return askForRequest(store, BUDGET, priority);
}

/** When so many requests leave, each as late as told after it was due, in milliseconds. */
async function leaving(count: number, lateness: () => number): Promise<number[]> {
  const times: number[] = [];
  while (times.length < count) {
    const grant = await ask('full');
    if (grant.granted) times.push(now);
    else now += grant.milliseconds + lateness();
  }
  return times;
}

describe('a budget of two requests a second', () => {
  test.each<[string, () => number]>([
    ['in time', () => 0],
    ['up to 10 ms late', late(10)],
    ['up to 60 ms late', late(60)],
    ['late now and then', latenesses([0, 3, 300, 9, 0, 10, 11, 30, 900, 1])],
  ])('leaves room for the network, where requests are %s', async (_, lateness) => {
    const times = await leaving(60, lateness);
    expect(shortestSpan(times, 3)).toBeGreaterThanOrEqual(1000);
    // Ten seconds of the budget, and one more.
    expect(shortestSpan(times, 21)).toBeGreaterThan(10_000);
  });

  test('is used by 98 % at least, where requests are up to 10 ms late', async () => {
    const times = await leaving(60, late(10));
    const seconds = (times.at(-1)! - times[0]!) / 1000;
    expect((times.length - 1) / seconds).toBeGreaterThanOrEqual(2 * 0.98);
  });

  test('is no credit: after a pause requests leave in the same intervals', async () => {
    await leaving(2, () => 0);
    now += 3_600_000;
    expect(shortestSpan(await leaving(5, () => 0), 3)).toBeGreaterThanOrEqual(1000);
  });

  test('is granted for now only: full syncs wait while a change does', async () => {
    await leaving(1, () => 0);
    expect(await ask('change')).toMatchObject({ granted: false, because: 'budget' });
    expect(await ask('full')).toMatchObject({ granted: false, because: 'change' });
    now += 505;
    expect(await ask('full')).toMatchObject({ granted: false, because: 'change' });
    expect(await ask('change')).toEqual({ granted: true });
  });

  test('is not asked before the end of what the service asked for', async () => {
    await leaving(1, () => 0);
    await holdRequestsBack(store, BUDGET.credential, 600);
    await holdRequestsBack(store, BUDGET.credential, 1);
    now += 599_000;
    expect(await ask('change')).toEqual({
      granted: false,
      because: 'blocked',
      milliseconds: 1000,
    });
    now += 1000;
    expect(await ask('change')).toEqual({ granted: true });
  });
});

/** Lateness of up to so many milliseconds, of all sizes in turn. */
function late(most: number): () => number {
  return latenesses([0.3, 1, 0, 0.7, 0.9, 0.1, 1, 0.5].map((share) => share * most));
}

function latenesses(values: readonly number[]): () => number {
  let at = 0;
  return () => values[at++ % values.length]!;
}

/** The shortest time in which so many of these requests left. */
function shortestSpan(times: readonly number[], count: number): number {
  return Math.min(...times.slice(count - 1).map((time, index) => Math.round(time - times[index]!)));
}
