import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { ServiceDouble } from '../../test/service-double.js';
import { NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { ratingMetadata } from '../feeds/rating-metadata/feed.js';
import { Deliverer } from '../publishing/deliverer.js';
import { createDispatcher } from '../publishing/dispatcher.js';
import { fixedKey } from '../publishing/key-source.js';
import { HttpPublisher } from '../publishing/publisher.js';
import { SignedCredentials } from '../publishing/signed-credentials.js';
import { StoreGate } from '../publishing/store-gate.js';
import { FEED_FORMAT } from '../publishing/wire-format.js';
import { claimItems, newClaimToken } from '../store/claims.js';
import { takeLease, type Lease } from '../store/lease.js';
import { migrate } from '../store/migrate.js';
import { pendingEntities } from '../store/pending.js';
import {
  ignoreItems,
  quarantineCounts,
  refusedItems,
  replayItems,
  type QuarantinedItem,
} from '../store/quarantine.js';
import { entitiesToRetry, oldestRetry } from '../store/retries.js';
import { drawCollectedSeq } from '../store/sequence.js';
import { Store } from '../store/store.js';
import { Sender, type OutgoingItem, type SenderOptions } from './sender.js';

const feed = ratingMetadata;
const REQUEST_SECONDS = 2;

let store: Store;
let service: ServiceDouble;
let deliverer: Deliverer;
let lease: Lease;
let runId = 0;

beforeAll(async () => {
  store = new Store({ databaseUrl: (await freshDatabase('sender')).url });
  await migrate(store, [feed.table]);
});
afterAll(() => store.close());
beforeEach(async () => {
  for (const table of [feed.table, 'refused_item', 'pending_entity', 'circuit', 'request_budget']) {
    await store.run(`DELETE FROM ${store.t(table)}`);
  }
  service = await ServiceDouble.start();
  lease = await takeLease(store, feed.name, ++runId);
  deliverer = new Deliverer({
    publisher: new HttpPublisher({
      serviceUrl: service.url,
      route: () => 'ratings',
      credentials: new SignedCredentials({
        apiKey: fixedKey('key'),
        privateKey: undefined,
        clock: () => new Date(),
      }),
      dispatcher: createDispatcher({ timeoutSeconds: REQUEST_SECONDS }),
      commerceEdition: 'ce',
      commerceVersion: '2.4.7',
      codeVersion: '1.0.0',
      timeoutSeconds: REQUEST_SECONDS,
    }),
    gate: new StoreGate({
      store,
      credential: 'test',
      requestsPerSecond: 0,
      requestSeconds: REQUEST_SECONDS,
      firstProbeSeconds: 1,
    }),
    format: FEED_FORMAT,
    clock: () => new Date(),
    tries: 2,
    firstBackoffMilliseconds: 5,
  });
});
afterEach(async () => {
  await deliverer.close();
  await service.close();
});

describe('versions of an item', () => {
  test('are never in flight at the same time: the newer waits until the older is settled', async () => {
    service.reply = ({ number }) => (number === 1 ? { delayMs: 700 } : {});
    const older = await collected([1, 2], 'old');
    const newer = await collected([2, 3], 'new');
    const first = send(older);
    while (service.inFlight === 0) await sleep(5);
    const second = send(newer, { sender: senderFor() });
    await Promise.all([first, second]);

    // What is free goes at once, what is in flight follows when it is settled.
    expect(sentTitles()).toEqual([['1 old', '2 old'], ['3 new'], ['2 new']]);
    expect(stampsOf('2')).toHaveLength(2);
    expect(stampsOf('2')[1]! > stampsOf('2')[0]!).toBe(true);
    expect(await statusOf(2)).toMatchObject({ status: 200, feed_hash: hashOf('2 new') });
  });

  test('that are older than what was sent are not sent any more', async () => {
    const older = await collected([1], 'old');
    const newer = await collected([1], 'new');
    await send(newer);
    const counts = await send(older);
    expect(sentTitles()).toEqual([['1 new']]);
    expect(counts).toMatchObject({ sent: 0, requests: 0 });
  });

  test('of a sender that died in flight are waited for until its request must have ended', async () => {
    const [item] = await collected([1], 'old');
    await claimItems(store, lease, feed.table, [item!], { token: newClaimToken(), seconds: 1 });
    const [{ until }] = (await store.rows(
      `SELECT in_flight_until AS until FROM ${store.t(feed.table)}`,
    )) as [{ until: string }];
    let early: unknown;
    service.reply = async () => {
      early = await store.rows('SELECT 1 FROM DUAL WHERE ? > UTC_TIMESTAMP(3)', [until]);
      return {};
    };
    await send(await collected([1], 'new'));
    expect(early).toEqual([]);
    expect(sentTitles()).toEqual([['1 new']]);
  });

  test('that were claimed by a newer collection during a long wait are not sent any more', async () => {
    service.reply = ({ number }) => (number === 1 ? { status: 403 } : {});
    const old = send(await collected([1, 2], 'old'), { sender: senderFor({ freshSeconds: 0 }) });
    while ((await store.rows('SELECT 1 FROM circuit')).length === 0) await sleep(5);
    // As if the wait had been long enough for the claim to expire.
    await store.run(`UPDATE ${store.t(feed.table)} SET in_flight_until = NULL`);
    const [item] = await collected([1], 'new');
    await claimItems(store, lease, feed.table, [item!], { token: newClaimToken(), seconds: 60 });
    await old;
    expect(sentTitles()).toEqual([['1 old', '2 old'], ['2 old']]);
    expect(await statusOf(1)).toMatchObject({ status: 0 });
    expect(await statusOf(2)).toMatchObject({ status: 200 });
  });
});

describe('a sender', () => {
  test('settles what is known while the rest is still asked for', async () => {
    service.reply = ({ items }) => {
      if (items.some((item) => item['name'] === '3 x')) return { status: 400, body: 'bad' };
      return {};
    };
    const counts = await send(await collected([1, 2, 3, 4], 'x'));
    expect(counts).toMatchObject({ sent: 4, accepted: 3, rejected: 1 });
    expect(counts.requests).toBe(service.requests.length);
    expect(await statusOf(3)).toMatchObject({ status: 400, in_flight_until: null });
    expect(await statusOf(4)).toMatchObject({ status: 200, in_flight_until: null });
  });

  test('that is told to stop in a wait stops at once and gives its claims back', async () => {
    service.reply = () => ({ status: 403, body: 'JWT is invalid' });
    const stop = new AbortController();
    const waits: string[] = [];
    const sender = senderFor({
      signal: stop.signal,
      onWait: (wait) => waits.push(wait?.reason ?? 'over'),
    });
    const sending = send(await collected([1], 'x'), { sender });
    while ((await store.rows('SELECT 1 FROM circuit')).length === 0) await sleep(5);
    stop.abort(new Error('told to stop'));
    await expect(sending).rejects.toThrow('told to stop');
    expect(await statusOf(1)).toMatchObject({ status: 0, in_flight_until: null });
    expect(service.requests).toHaveLength(1);
  });

  test('whose run was taken over stores nothing', async () => {
    const items = await collected([1], 'x');
    service.reply = async () => {
      await takeLease(store, feed.name, ++runId);
      return {};
    };
    await expect(send(items)).rejects.toMatchObject({ code: 'SDE30-03' });
    expect(await statusOf(1)).toMatchObject({ status: 0, in_flight_until: null });
  });

  test('notes an item before its request, so that its deletion is not forgotten', async () => {
    service.reply = () => ({ cut: true });
    await send(await collected([1], 'x'));
    expect(await statusOf(1)).toMatchObject({ status: 2, attempts: 1 });
  });
});

describe('items to be sent again', () => {
  test('are due later with each failure, and not any more once they are accepted', async () => {
    const due: (number | null)[] = [];
    for (const status of [503, 503, 503, 200]) {
      service.reply = () => ({ status });
      await send(await collected([1], 'x'));
      due.push(await dueIn(1));
    }
    expect(due).toEqual([1, 2, 4, null]);
    const rules = { maxAgeDays: 1 };
    expect(await entitiesToRetry(store, feed.table, rules, { after: 0, limit: 10 })).toEqual([]);
  });

  test('are known with the one that has waited longest, and why', async () => {
    expect(await oldestRetry(store, feed.table)).toEqual({ items: 0, seconds: 0, error: null });
    for (const [id, body] of [
      [1, 'older'],
      [2, 'newer'],
    ] as const) {
      service.reply = () => ({ status: 503, body });
      await send(await collected([id], 'x'));
      await store.run(
        `UPDATE ${store.t(feed.table)} SET first_failed_at = first_failed_at - INTERVAL 1 HOUR`,
      );
    }
    // Another failure is no new beginning.
    service.reply = () => ({ status: 503, body: 'again' });
    await send(await collected([1], 'x'));
    const { seconds, ...oldest } = await oldestRetry(store, feed.table);
    expect(oldest).toEqual({ items: 2, error: 'HTTP 503: again' });
    expect(seconds).toBeGreaterThanOrEqual(7200);
    service.reply = () => ({});
    await send(await collected([1, 2], 'x'));
    expect(await oldestRetry(store, feed.table)).toEqual({ items: 0, seconds: 0, error: null });
  });

  /** Minutes until an item is tried again. */
  async function dueIn(sourceId: number): Promise<number | null> {
    const [row] = await store.rows<{ seconds: number | null }>(
      `SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), next_try_at) AS seconds
       FROM ${store.t(feed.table)} WHERE source_entity_id = ?`,
      [sourceId],
    );
    return row?.seconds == null ? null : Math.round(row.seconds / 60);
  }
});

describe('an item', () => {
  test('named as invalid is quarantined at once, with payload, answer and request id', async () => {
    service.reply = () => ({
      status: 400,
      body: { errors: [{ itemIndex: 0, code: 'name', message: 'too long' }] },
    });
    await send(await collected([1], 'x'));
    const [item] = await listed();
    expect(item).toMatchObject({
      feed: feed.name,
      sourceId: 1,
      state: 'quarantined',
      refusals: 1,
      httpStatus: 400,
      requestId: 'request-1',
      answer: 'name: too long',
    });
    expect(JSON.parse(item?.payload ?? '')).toMatchObject({ ratingId: '1', name: '1 x' });
    expect(await quarantineCounts(store)).toEqual(new Map([[feed.name, 1]]));
  });

  test('that breaks the service is quarantined after so many refusals, and blocks nobody', async () => {
    service.reply = ({ items }) =>
      items.some((item) => item['ratingId'] === '2') ? { status: 500 } : {};
    for (let round = 1; round <= 3; round++) {
      await send(await collected([1, 2, 3], 'x'), { sender: senderFor({ quarantineAfter: 3 }) });
      expect(await statusOf(1)).toMatchObject({ status: 200 });
      expect(await statusOf(2)).toMatchObject({ status: round < 3 ? 2 : 1 });
      expect(await listed()).toHaveLength(round < 3 ? 0 : 1);
    }
  });

  test.each([400, 422])(
    'refused alone with %i, as all others of its batch, is quarantined after so many refusals',
    async (status) => {
      await send(await collected([1], 'x'));
      service.reply = () => ({ status, body: 'bad request' });
      for (let round = 1; round <= 3; round++) {
        await send(await collected([2, 3], 'y'), { sender: senderFor({ quarantineAfter: 3 }) });
        expect(await statusOf(2)).toMatchObject({ status: round < 3 ? 2 : 1 });
      }
      expect(await listed()).toMatchObject(
        [2, 3].map(() => ({ answer: `HTTP ${status}: bad request`, refusals: 3 })),
      );
    },
  );

  test('of a feed that is refused as a whole is never quarantined', async () => {
    service.reply = () => ({ status: 400, body: 'bad request' });
    for (let round = 0; round < 6; round++) await send(await collected([2, 3], 'y'));
    expect(await listed()).toEqual([]);
    expect(await statusOf(2)).toMatchObject({ status: 2, attempts: 6 });
  });

  test('of a service that is down is never quarantined', async () => {
    service.reply = () => ({ status: 500 });
    for (let round = 0; round < 3; round++) {
      await send(await collected([1, 2, 3], 'x'), { sender: senderFor({ quarantineAfter: 1 }) });
    }
    expect(await listed()).toEqual([]);
  });

  test('that is replayed is queued, and its refusal forgotten', async () => {
    await refuse([1, 2]);
    const [item] = await listed();
    expect(await replayItems(store, feed, [item!.feedId])).toBe(1);
    expect(await listed()).toHaveLength(1);
    const pending = await pendingEntities(store, feed.name, 10);
    expect(pending.map(({ entityId }) => entityId)).toEqual([item!.sourceId]);
    expect(await statusOf(item!.sourceId)).toMatchObject({ status: 2, attempts: 0 });
    expect(await replayItems(store, feed, undefined)).toBe(1);
    expect(await replayItems(store, feed, undefined)).toBe(0);
  });

  test('that is ignored stays off the list until its content changes', async () => {
    await refuse([1]);
    const [item] = await listed();
    expect(await ignoreItems(store, feed.name, [item!.feedId])).toBe(1);
    expect(await listed()).toEqual([]);
    await refuse([1]);
    expect(await listed()).toEqual([]);
    await refuse([1], 'other');
    expect(await listed()).toHaveLength(1);
  });

  test('that is accepted with new content leaves the quarantine', async () => {
    await refuse([1]);
    service.reply = () => ({});
    await send(await collected([1], 'corrected'));
    expect(
      await refusedItems(store, feed, { states: ['counting', 'quarantined'], limit: 10 }),
    ).toEqual([]);
  });

  async function refuse(ids: readonly number[], content = 'x'): Promise<void> {
    service.reply = ({ items }) => ({
      status: 400,
      body: { errors: items.map((_, itemIndex) => ({ itemIndex, message: 'bad' })) },
    });
    await send(await collected(ids, content));
  }

  const listed = (): Promise<QuarantinedItem[]> =>
    refusedItems(store, feed, { states: ['quarantined'], limit: 10 });
});

function senderFor(options: Partial<SenderOptions> = {}): Sender {
  return new Sender({
    feed,
    lease,
    store,
    deliverer,
    priority: 'full',
    requestSeconds: REQUEST_SECONDS,
    quarantineAfter: 5,
    signal: new AbortController().signal,
    toWire: (json) => json,
    onAnswer: () => undefined,
    ...options,
  });
}

/** Sends a batch; returns the counts that were stored with its end. */
async function send(
  items: readonly OutgoingItem[],
  { sender = senderFor() }: { sender?: Sender } = {},
): Promise<RunCounts> {
  let stored = NO_COUNTS;
  await sender.send(items, (_, counts) => {
    stored = counts;
    return Promise.resolve();
  });
  return stored;
}

/** Items of ratings as a page would give them, with a collection number of their own. */
async function collected(ids: readonly number[], content: string): Promise<OutgoingItem[]> {
  const collectedSeq = await drawCollectedSeq(store);
  return ids.map((id) => {
    const item = { ratingId: String(id), name: `${id} ${content}` };
    return {
      feedId: String(id).padStart(40, '0'),
      sourceId: id,
      hash: hashOf(item.name),
      storedJson: JSON.stringify(item),
      openJson: JSON.stringify(item).slice(0, -1),
      collectedSeq,
      isDeleted: false,
    };
  });
}

const hashOf = (name: string): string => Buffer.from(name).toString('hex').padStart(40, '0');

/** The names in the requests, each in the order of its items. */
const sentTitles = (): string[][] =>
  service.requests.map(({ items }) => items.map((item) => String(item['name'])));

const stampsOf = (id: string): string[] =>
  service.requests.flatMap(({ items }) =>
    items.filter((item) => item['ratingId'] === id).map((item) => String(item[feed.stamp.field])),
  );

async function statusOf(sourceId: number): Promise<Record<string, unknown>> {
  const [row] = await store.rows<Record<string, unknown>>(
    `SELECT status, attempts, feed_hash, in_flight_until FROM ${store.t(feed.table)}
     WHERE source_entity_id = ?`,
    [sourceId],
  );
  return row ?? {};
}
