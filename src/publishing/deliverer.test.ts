import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { RecordingGate } from '../../test/recording-gate.js';
import { ServiceDouble, type Received, type Reply } from '../../test/service-double.js';
import { Deliverer, type Decided, type Delivery } from './deliverer.js';
import { createDispatcher } from './dispatcher.js';
import { fixedKey } from './key-source.js';
import { HttpPublisher } from './publisher.js';
import { SignedCredentials } from './signed-credentials.js';
import { FEED_FORMAT } from './wire-format.js';

let service: ServiceDouble;
let gate: RecordingGate;
let deliverer: Deliverer;
let now: Date;

beforeEach(async () => {
  now = new Date();
  service = await ServiceDouble.start();
  gate = new RecordingGate();
  deliverer = delivererFor(service.url, 10);
});
afterEach(async () => {
  await deliverer.close();
  await service.close();
});

describe('an answer decides on the items of its request', () => {
  test.each([200, 201, 202])('%i accepts them', async (status) => {
    service.reply = () => ({ status, body: { status: 'ACCEPTED', acceptedCount: 3 } });
    expect(await statuses(3)).toEqual([200, 200, 200]);
    expect(service.requests).toHaveLength(1);
  });

  test('200 with named items accepts all but those', async () => {
    service.reply = () => ({
      body: {
        feedItemReceivedCount: 2,
        invalidFeedItems: [{ field: '/1/updatedAt', message: 'wrong date' }],
      },
    });
    const decided = await deliver(3);
    expect(decided.map(({ outcome }) => outcome.status)).toEqual([200, 1, 200]);
    expect(decided[1]).toMatchObject({
      outcome: { error: 'updatedAt: wrong date', refused: true },
      requestId: 'request-1',
      httpStatus: 200,
    });
    expect(service.requests).toHaveLength(1);
  });

  test('400 with named items fails those, and the others are sent again', async () => {
    service.reply = refusing((item) => item === 1 || item === 4, 'named');
    expect(await statuses(6)).toEqual([200, 1, 200, 200, 1, 200]);
    expect(service.requests.map(({ items }) => items.length)).toEqual([6, 4]);
  });

  test('400 that names the fifth of a hundred items fails exactly that one', async () => {
    service.reply = ({ items }) =>
      items.length === 100
        ? {
            status: 400,
            body: {
              status: 'FAILED',
              errors: [{ itemIndex: 5, code: 'sku', message: 'missing' }, { field: 'unusable' }],
            },
          }
        : {};
    const expected = Array.from({ length: 100 }, (_, item) => (item === 5 ? 1 : 200));
    expect(await statuses(100)).toEqual(expected);
  });

  test('400 that names items one at a time fails them one by one', async () => {
    service.reply = ({ items }) => {
      const at = items.findIndex((item) => Number(item['n']) % 2 === 1);
      return at === -1
        ? {}
        : { status: 400, body: { errors: [{ itemIndex: at, code: 'n', message: 'odd' }] } };
    };
    expect(await statuses(6)).toEqual([200, 1, 200, 1, 200, 1]);
  });

  test('400 that names only items outside of the request counts as one without names', async () => {
    service.reply = ({ items }) =>
      items.some((item) => item['n'] === 2)
        ? { status: 400, body: { errors: [{ itemIndex: 99, message: 'bad' }] } }
        : {};
    expect(await statuses(4)).toEqual([200, 200, 400, 200]);
  });

  test.each([2, 3, 4, 5, 7, 10, 64, 65, 100])(
    'one bad item of %i is found wherever it is, with at most 2·log2(n)+2 requests',
    async (count) => {
      for (const bad of new Set([0, 1, Math.floor(count / 2), count - 2, count - 1])) {
        service.requests.length = 0;
        service.reply = refusing((item) => item === bad, 'unnamed');
        const expected = Array.from({ length: count }, (_, item) => (item === bad ? 400 : 200));
        expect(await statuses(count), `bad item ${bad}`).toEqual(expected);
        expect(service.requests.length).toBeLessThanOrEqual(2 * Math.log2(count) + 2);
      }
    },
  );

  test('several bad items are all found, and the good ones between them accepted', async () => {
    const bad = new Set([3, 17, 18, 60, 99]);
    service.reply = refusing((item) => bad.has(item), 'unnamed');
    const expected = Array.from({ length: 100 }, (_, item) => (bad.has(item) ? 400 : 200));
    expect(await statuses(100)).toEqual(expected);
    expect(service.requests.length).toBeLessThanOrEqual(bad.size * (2 * Math.log2(100) + 2));
  });

  test('bad items at the beginning do not bring the good ones down', async () => {
    service.reply = refusing((item) => item < 12, 'unnamed');
    const expected = Array.from({ length: 40 }, (_, item) => (item < 12 ? 400 : 200));
    expect(await statuses(40)).toEqual(expected);
  });

  test('two items that are refused only together are both accepted', async () => {
    service.reply = ({ items }) => {
      const both = [1, 2].every((n) => items.some((item) => item['n'] === n));
      return both ? { status: 400, body: 'conflict' } : {};
    };
    expect(await statuses(4)).toEqual([200, 200, 200, 200]);
  });

  test('a service that refuses everything is asked a few times, and nobody is blamed', async () => {
    service.reply = () => ({ status: 400, body: 'malformed' });
    const decided = await deliver(100);
    expect(new Set(decided.map(({ outcome }) => outcome.status))).toEqual(new Set([2]));
    expect(decided.every(({ outcome }) => !outcome.refused)).toBe(true);
    expect(service.requests.length).toBeLessThan(40);
    // Of the next batch a few items are tried, until the service has accepted something.
    service.requests.length = 0;
    expect(new Set(await statuses(100))).toEqual(new Set([2]));
    expect(service.requests.map(({ items }) => items.length)).toEqual([100, 1, 1, 1]);
    service.reply = () => ({});
    expect(await statuses(2)).toEqual([200, 200]);
    service.reply = refusing((item) => item === 0, 'unnamed');
    expect(await statuses(2)).toEqual([400, 200]);
  });

  test.each([2, 3, 4, 5, 10, 64, 100])(
    'after a service that refused everything, one bad item of %i holds no other back',
    async (count) => {
      for (const bad of new Set([0, 1, Math.floor(count / 2), count - 2, count - 1])) {
        service.reply = () => ({ status: 400, body: 'malformed' });
        await deliver(100);
        service.requests.length = 0;
        service.reply = refusing((item) => item === bad, 'unnamed');
        expect(await statuses(count), `bad item ${bad}`).toEqual(allBut([bad], count, 400));
        expect(service.requests.length).toBeLessThanOrEqual(2 * Math.log2(count) + 2);
      }
    },
  );

  test.each([[[0, 1, 2, 99]], [[0, 1, 2, 3, 4, 99]], [[0, 1, 2, 50, 98, 99]]])(
    'bad items %j of a hundred are found, and bring no good one down',
    async (bad) => {
      service.reply = refusing((item) => bad.includes(item), 'unnamed');
      expect(await statuses(100)).toEqual(allBut(bad, 100, 400));
      expect(service.requests.length).toBeLessThanOrEqual(bad.length * (2 * Math.log2(100) + 2));
    },
  );

  describe.each([400, 422])('%i for all items of a batch, each alone too,', (status) => {
    const all = (): Reply => ({ status, body: 'bad request' });

    test.each([2, 3, 6])('counts as the refusal of each of %i items', async (count) => {
      await deliver(1);
      service.reply = all;
      for (let round = 0; round < 5; round++) {
        const decided = await deliver(count);
        expect(decided.map(({ outcome }) => outcome)).toEqual(
          Array.from({ length: count }, () => ({
            status: 2,
            error: `HTTP ${status}: bad request`,
            refused: true,
          })),
        );
      }
    });

    test('is nobody’s fault where nothing of the feed was accepted recently', async () => {
      const refused = async (): Promise<boolean> => {
        const decided = await deliver(2);
        expect(decided.map((each) => each.outcome.status)).toEqual([2, 2]);
        return decided.some(({ outcome }) => outcome.refused);
      };
      service.reply = all;
      expect(await refused(), 'nothing was accepted').toBe(false);
      service.reply = () => ({});
      await deliver(1);
      service.reply = all;
      expect(await refused(), 'something was accepted').toBe(true);
      now = new Date(now.getTime() + 600_000);
      expect(await refused(), 'that was ten minutes ago').toBe(false);
    });

    test('is nobody’s fault after a large batch of which a sample was refused', async () => {
      await deliver(1);
      service.reply = all;
      const large = await deliver(100);
      expect(new Set(large.map(({ outcome }) => outcome.status))).toEqual(new Set([2]));
      const small = await deliver(2);
      expect(small.some(({ outcome }) => outcome.refused)).toBe(false);
    });
  });

  test('413 is halved until the parts are small enough', async () => {
    service.reply = ({ items }) => (items.length > 3 ? { status: 413 } : {});
    expect(await statuses(10)).toEqual(Array.from({ length: 10 }, () => 200));
  });

  test('413 for one item alone fails that item', async () => {
    service.reply = ({ items }) => (items.some((item) => item['n'] === 2) ? { status: 413 } : {});
    const decided = await deliver(4);
    expect(decided.map(({ outcome }) => outcome.status)).toEqual([200, 200, 1, 200]);
    expect(decided[2]?.outcome.error).toContain('too large');
  });

  test('items_limit_exceeded is halved, and no item’s fault', async () => {
    service.reply = ({ items }) =>
      items.length > 50
        ? {
            status: 400,
            body: {
              status: 'FAILED',
              errors: [{ itemIndex: 0, code: 'items_limit_exceeded', message: 'at most 50' }],
            },
          }
        : {};
    expect(await statuses(100)).toEqual(Array.from({ length: 100 }, () => 200));
    expect(service.requests.map(({ items }) => items.length)).toEqual([100, 50, 50]);
  });

  test.each([
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['408', { status: 408 }],
    ['a cut connection', { cut: true }],
  ])('after %s the request is made again', async (_, reply: Reply) => {
    service.reply = ({ number }) => (number <= 2 ? reply : {});
    expect(await statuses(3)).toEqual([200, 200, 200]);
    expect(service.requests).toHaveLength(3);
  });

  test('after no answer in time the request is made again', async () => {
    const impatient = delivererFor(service.url, 1.5);
    service.reply = ({ number }) => (number === 1 ? { delayMs: 60_000 } : {});
    const decided = await deliver(3, {}, impatient);
    expect(decided.map(({ outcome }) => outcome.status)).toEqual([200, 200, 200]);
    await impatient.close();
  });

  test.each([
    ['503', { status: 503 }],
    ['a cut connection', { cut: true }],
  ])('after too many %s the items are left for later', async (_, reply: Reply) => {
    service.reply = () => reply;
    const decided = await deliver(3);
    expect(decided.map(({ outcome }) => outcome.status)).toEqual([2, 2, 2]);
    expect(decided.every(({ outcome }) => !outcome.refused)).toBe(true);
    expect(service.requests).toHaveLength(3);
    // While the service is down, one try for each batch is enough.
    expect(await statuses(3)).toEqual([2, 2, 2]);
    expect(service.requests).toHaveLength(4);
  });

  test('nobody listens: the items are left for later, with the reason', async () => {
    const { url } = service;
    await service.close();
    const lost = delivererFor(url, 10);
    const [decided] = await deliver(1, {}, lost);
    expect(decided).toMatchObject({ outcome: { status: 2, refused: false }, httpStatus: null });
    expect(decided?.outcome.error).toContain('ECONNREFUSED');
    await lost.close();
    service = await ServiceDouble.start();
  });

  test('one item that breaks the service is told apart, and to be tried again', async () => {
    service.reply = ({ items }) => (items.some((item) => item['n'] === 6) ? { status: 500 } : {});
    const decided = await deliver(20);
    const statusOf = (item: number): number => (item === 6 ? 2 : 200);
    expect(decided.map(({ outcome }) => outcome.status)).toEqual(
      Array.from({ length: 20 }, (_, item) => statusOf(item)),
    );
    expect(decided[6]?.outcome.refused).toBe(true);
  });

  test('a service that always answers 500 is down, and no item’s fault', async () => {
    service.reply = () => ({ status: 500 });
    const decided = await deliver(100);
    expect(decided.every(({ outcome }) => outcome.status === 2 && !outcome.refused)).toBe(true);
    expect(service.requests.length).toBeLessThan(20);
    service.requests.length = 0;
    await deliver(100);
    expect(service.requests.map(({ items }) => items.length)).toEqual([100, 1, 1, 1]);
  });

  test('after an outage an item that breaks the service holds no other back', async () => {
    service.reply = () => ({ status: 500 });
    await deliver(100);
    service.requests.length = 0;
    service.reply = ({ items }) => (items.some((item) => item['n'] === 70) ? { status: 500 } : {});
    const decided = await deliver(100);
    expect(decided.map(({ outcome }) => outcome.status)).toEqual(allBut([70], 100, 2));
    expect(decided[70]?.outcome.refused).toBe(true);
    expect(service.requests.length).toBeLessThanOrEqual(2 * Math.log2(100) + 2);
  });

  test('another 4xx for one item counts as its refusal, and is tried again later', async () => {
    service.reply = ({ items }) => (items.some((item) => item['n'] === 1) ? { status: 422 } : {});
    const decided = await deliver(4);
    expect(decided.map(({ outcome }) => outcome.status)).toEqual([200, 2, 200, 200]);
    expect(decided[1]?.outcome.refused).toBe(true);
  });
});

describe('an answer about all requests', () => {
  test.each([
    ['seconds', 30, () => '30'],
    ['a date', 3600, () => new Date(Date.now() + 3_600_000).toUTCString()],
  ])('429 with Retry-After as %s slows all feeds down', async (_, seconds, retryAfter) => {
    service.reply = ({ number }) =>
      number === 1
        ? { status: 429, body: 'slow down', headers: { 'retry-after': retryAfter() } }
        : {};
    expect(await statuses(2)).toEqual([200, 200]);
    expect(gate.slowedDown).toHaveLength(1);
    // `Date` and dates have whole seconds.
    expect(Math.abs(gate.slowedDown[0]! - seconds)).toBeLessThanOrEqual(2);
  });

  test('429 without Retry-After slows down too, as often as it comes', async () => {
    service.reply = ({ number }) => (number <= 12 ? { status: 429 } : {});
    expect(await statuses(2)).toEqual([200, 200]);
    expect(gate.slowedDown).toHaveLength(12);
  });

  test('503 with Retry-After slows down, and is tried again a few times', async () => {
    service.reply = () => ({ status: 503, headers: { 'retry-after': '7' } });
    expect(await statuses(2)).toEqual([2, 2]);
    expect(gate.slowedDown).toEqual([7, 7, 7]);
  });

  test('401 renews the token once, and opens the circuit when that does not help', async () => {
    service.reply = ({ number }) => (number <= 3 ? { status: 401 } : {});
    renewals = [true];
    expect(await statuses(2)).toEqual([200, 200]);
    expect(gate.log).toEqual(['open * HTTP 401', 'open * HTTP 401 again', 'close *,products']);
  });

  test('403 opens the circuit of the credential', async () => {
    service.reply = ({ number }) =>
      number === 1
        ? { status: 403, body: { error_code: '403053', message: 'JWT is invalid' } }
        : {};
    expect(await statuses(2)).toEqual([200, 200]);
    expect(gate.log).toEqual([expect.stringMatching(/^open \* HTTP 403/), 'close *,products']);
  });

  test('404 opens the circuit of the feed', async () => {
    service.reply = ({ number }) => (number <= 2 ? { status: 404 } : {});
    expect(await statuses(2)).toEqual([200, 200]);
    expect(gate.log).toEqual([
      'open products HTTP 404',
      'close *',
      'open products HTTP 404 again',
      'close *,products',
    ]);
  });
});

test('a delivery that is told to stop stops at once, and what was decided stays', async () => {
  const stop = new AbortController();
  service.reply = ({ items }) => (items.length > 2 ? { status: 413 } : {});
  const decided: Decided[] = [];
  gate.beforeBudget = () => {
    if (service.requests.length === 3) stop.abort(new Error('told to stop'));
  };
  await expect(deliver(8, { signal: stop.signal }, deliverer, decided)).rejects.toThrow(
    'told to stop',
  );
  expect(decided.map(({ item }) => item)).toEqual([0, 1]);
});

test('a wait that may be noticed is told, and that it is over', async () => {
  const waits: string[] = [];
  service.reply = ({ number }) => (number === 1 ? { status: 500 } : {});
  const slow = delivererFor(service.url, 10, { firstBackoffMilliseconds: 4000, random: () => 0.6 });
  await deliver(1, { onWait: (wait) => waits.push(wait?.reason ?? 'over') }, slow);
  await slow.close();
  expect(waits).toEqual(['the service could not take a request (HTTP 500)', 'over']);
});

/** What the next renewals of the credentials say. */
let renewals: boolean[] = [];

function delivererFor(
  url: string,
  timeoutSeconds: number,
  options: { firstBackoffMilliseconds?: number; random?: () => number } = {},
): Deliverer {
  const publisher = new HttpPublisher({
    serviceUrl: url,
    route: (feed) => `feeds/${feed}`,
    credentials: new SignedCredentials({
      apiKey: fixedKey('key'),
      privateKey: undefined,
      clock: () => new Date(),
    }),
    dispatcher: createDispatcher({ timeoutSeconds }),
    commerceEdition: 'ce',
    commerceVersion: '2.4.7',
    codeVersion: '1.0.0',
    timeoutSeconds,
  });
  return new Deliverer({
    publisher: {
      prepare: (...args) => publisher.prepare(...args),
      renewCredentials: () => Promise.resolve(renewals.shift() ?? false),
      freshenCredentials: () => publisher.freshenCredentials(),
      close: () => publisher.close(),
    },
    gate,
    format: FEED_FORMAT,
    clock: () => now,
    tries: 3,
    firstBackoffMilliseconds: 5,
    ...options,
  });
}

/** Delivers so many products, `{"n":0}` and so on; returns what was decided, by item. */
async function deliver(
  count: number,
  delivery: Partial<Delivery> = {},
  by = deliverer,
  decided: Decided[] = [],
): Promise<Decided[]> {
  await by.deliver({
    feed: 'products',
    items: Array.from({ length: count }, (_, n) => JSON.stringify({ n })),
    priority: 'full',
    signal: new AbortController().signal,
    beforeRequest: () => Promise.resolve(),
    onAnswer: () => undefined,
    onDecided: (some) => {
      decided.push(...some);
      return Promise.resolve();
    },
    ...delivery,
  });
  return decided.sort((a, b) => a.item - b.item);
}

async function statuses(count: number): Promise<number[]> {
  const decided = await deliver(count);
  expect(decided.map(({ item }) => item)).toEqual(Array.from({ length: count }, (_, n) => n));
  return decided.map(({ outcome }) => outcome.status);
}

/** Statuses of so many items that are all accepted but some. */
function allBut(bad: readonly number[], count: number, status: number): number[] {
  return Array.from({ length: count }, (_, item) => (bad.includes(item) ? status : 200));
}

/** Refuses requests that hold bad items with 400. */
function refusing(
  isBad: (item: number) => boolean,
  form: 'named' | 'unnamed',
): (received: Received) => Reply {
  return ({ items }) => {
    const errors = items.flatMap((item, itemIndex) =>
      isBad(Number(item['n'])) ? [{ itemIndex, code: 'n', message: 'bad' }] : [],
    );
    if (errors.length === 0) return {};
    return { status: 400, body: form === 'named' ? { status: 'FAILED', errors } : 'bad request' };
  };
}
