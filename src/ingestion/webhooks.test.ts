import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fetch } from 'undici';

import { API_KEY, ENVIRONMENT, TestIngestion, type Posted } from '../../test/ingestion.js';
import type { IngestionServiceOptions } from './start.js';

const PATH = `feeds/inventoryStockStatus/v1/${ENVIRONMENT}`;

const stock = (sku: string, qty: number, more: Record<string, unknown> = {}): unknown => ({
  stockId: '1',
  sku,
  productId: 1,
  qty,
  qtyForSale: qty,
  infiniteStock: false,
  isSalable: true,
  updatedAt: `2026-11-21 22:40:${String(qty).padStart(2, '0')}`,
  deleted: false,
  ...more,
});

interface Change {
  readonly cursor: string;
  readonly feed: string;
  readonly deleted: boolean;
  readonly payload: { readonly sku: string; readonly qty: number };
}

interface Changes {
  readonly changes: readonly Change[];
  readonly cursor: string;
}

interface Registered {
  readonly id: string;
  readonly secret: string;
  readonly cursor: string;
}

/** What is waited after a failure. */
const WEBHOOKS = { webhookWaitSeconds: 0.01 };
/** A status of which nothing is answered. */
const HANG = -1;

/** A subscriber that answers as told, and keeps what it was sent. */
class Subscriber {
  readonly deliveries: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  /** Statuses of the next answers; 200 when there is none left. 0: the connection is cut. */
  statuses: number[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const status = this.statuses.shift() ?? 200;
        this.deliveries.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        if (status === HANG) return;
        if (status === 0) request.socket.destroy();
        else response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/changes`;
  }

  /** What it took, in order: `sku@qty`. */
  get told(): string[] {
    return this.deliveries.flatMap(({ body }) =>
      (JSON.parse(body) as Changes).changes.map(
        ({ payload, deleted }) => `${payload.sku}@${deleted ? 'deleted' : payload.qty}`,
      ),
    );
  }

  async until(count: number): Promise<void> {
    while (this.deliveries.length < count) await sleep(10);
  }

  close(): Promise<unknown> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }
}

let ingestion: TestIngestion;
let subscriber: Subscriber;
let url: string;

beforeAll(async () => {
  ingestion = await TestIngestion.start(WEBHOOKS);
});

afterAll(() => ingestion.close());

afterEach(async () => {
  const { body } = await call('GET');
  for (const { id } of (body as { webhooks: Registered[] }).webhooks)
    await call('DELETE', `/${id}`);
  await subscriber.close();
});

/** The same service once more, with what it holds. */
async function restart(options: Partial<IngestionServiceOptions> = {}): Promise<void> {
  await ingestion.close();
  const { databaseUrl } = ingestion;
  ingestion = await TestIngestion.start({ ...WEBHOOKS, databaseUrl, ...options });
}

async function subscribe(more: Record<string, unknown> = {}): Promise<Registered> {
  subscriber = new Subscriber();
  url = await subscriber.listen();
  const { status, body } = await call('POST', '', { url, ...more });
  expect(status).toBe(201);
  return body as Registered;
}

async function listed(): Promise<readonly { readonly deliveredAt: string | null }[]> {
  const { body } = await call('GET');
  return (body as { webhooks: { deliveredAt: string | null }[] }).webhooks;
}

async function call(method: string, path = '', body?: unknown): Promise<Posted> {
  const response = await fetch(
    `${ingestion.service.url}/v1/environments/${ENVIRONMENT}/webhooks${path}`,
    {
      method,
      headers: {
        'x-api-key': API_KEY,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  );
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}

const changesAfter = async (query: string): Promise<Changes> =>
  (await ingestion.get(`/changes?${query}`)).body as Changes;

describe('a webhook', () => {
  test('is told of changes in their order, signed, and of each once', async () => {
    const { id, secret } = await subscribe();
    await ingestion.post(PATH, [stock('order', 1)]);
    await subscriber.until(1);
    await ingestion.post(PATH, [stock('order', 2)]);
    await subscriber.until(2);
    await ingestion.post(PATH, [stock('order', 2)]);
    await ingestion.post(PATH, [stock('order', 3, { deleted: true })]);
    await subscriber.until(3);
    expect(subscriber.told).toEqual(['order@1', 'order@2', 'order@deleted']);
    for (const { headers, body } of subscriber.deliveries) {
      const signature = createHmac('sha256', secret)
        .update(`${String(headers['x-webhook-timestamp'])}.${body}`)
        .digest('hex');
      expect(headers['x-webhook-signature']).toBe(`sha256=${signature}`);
      expect(headers['x-webhook-id']).toBe(id);
    }
  });

  test.each([500, 404, 302, 0])(
    'that answers with %i is told again until it takes them, and misses nothing',
    async (status) => {
      await subscribe();
      subscriber.statuses = [status, status];
      await ingestion.post(PATH, [stock(`again-${status}`, 1)]);
      await subscriber.until(3);
      expect(subscriber.told).toEqual(Array.from({ length: 3 }, () => `again-${status}@1`));
      await ingestion.post(PATH, [stock(`again-${status}`, 2)]);
      await subscriber.until(4);
      expect(subscriber.told.at(-1)).toBe(`again-${status}@2`);
    },
  );

  test('that fails shows why, and how far it is', async () => {
    const { cursor } = await subscribe();
    subscriber.statuses = Array.from({ length: 1000 }, () => 503);
    await ingestion.post(PATH, [stock('why', 1)]);
    await subscriber.until(2);
    const { body } = await call('GET');
    expect(body).toEqual({
      webhooks: [
        expect.objectContaining({ url, cursor, lastError: 'answered with 503', deliveredAt: null }),
      ],
    });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  test('that does not answer is given up, and told again until it takes them', async () => {
    await restart({ webhookTimeoutSeconds: 0.1 });
    await subscribe();
    subscriber.statuses = Array.from({ length: 1000 }, () => HANG);
    await ingestion.post(PATH, [stock('hang', 1)]);
    await subscriber.until(2);
    expect(await listed()).toEqual([
      expect.objectContaining({
        lastError: expect.stringContaining('timeout') as string,
        deliveredAt: null,
      }),
    ]);
    subscriber.statuses = [];
    await restart();
    while ((await listed())[0]?.deliveredAt === null) await sleep(10);
    expect(new Set(subscriber.told)).toEqual(new Set(['hang@1']));
  });

  test('that does not answer keeps no other waiting', async () => {
    await restart({ webhookTimeoutSeconds: 600 });
    await subscribe();
    subscriber.statuses = [HANG];
    const other = new Subscriber();
    expect((await call('POST', '', { url: await other.listen() })).status).toBe(201);
    for (let qty = 1; qty <= 5; qty += 1) {
      await ingestion.post(PATH, [stock('patience', qty)]);
      await other.until(qty);
    }
    expect(other.told).toEqual([1, 2, 3, 4, 5].map((qty) => `patience@${qty}`));
    expect(subscriber.told).toEqual(['patience@1']);
    await restart();
    await subscriber.until(2);
    expect(subscriber.told.at(-1)).toBe('patience@5');
    await other.close();
  });

  test('of some feeds is told of these alone', async () => {
    await subscribe({ feeds: ['reviews'] });
    await ingestion.post(PATH, [stock('other feed', 1)]);
    await ingestion.post(`feeds/ratingMetadata/v1/${ENVIRONMENT}`, [{}]);
    const review = {
      reviewId: '1',
      productId: 1,
      visibility: [],
      title: 't',
      nickname: 'n',
      text: 'x',
      ratings: [{ ratingId: 'NA==', value: '2' }],
    };
    expect((await ingestion.post(`feeds/reviews/v1/${ENVIRONMENT}`, [review])).status).toBe(200);
    await subscriber.until(1);
    const { changes } = JSON.parse(subscriber.deliveries[0]!.body) as Changes;
    expect(changes.map(({ feed }) => feed)).toEqual(['reviews']);
  });

  test('may begin at an older cursor, and catches up in deliveries of a hundred', async () => {
    const before = (await changesAfter('')).cursor;
    for (let from = 0; from < 250; from += 50) {
      const batch = Array.from({ length: 50 }, (_, n) => stock(`old-${from + n}`, 1));
      await ingestion.post(PATH, batch);
    }
    await subscribe({ after: before });
    while (subscriber.told.length < 250) await sleep(10);
    expect(subscriber.told).toHaveLength(250);
    expect(new Set(subscriber.told).size).toBe(250);
    expect(subscriber.deliveries).toHaveLength(3);
  });

  test('that was registered before a restart is told of what was stored meanwhile', async () => {
    await subscribe();
    subscriber.statuses = Array.from({ length: 1000 }, () => 500);
    await ingestion.post(PATH, [stock('restart', 1)]);
    await subscriber.until(1);
    await ingestion.close();
    subscriber.statuses = [];
    ingestion = await TestIngestion.start({ ...WEBHOOKS, databaseUrl: ingestion.databaseUrl });
    const before = subscriber.deliveries.length;
    await subscriber.until(before + 1);
    expect(subscriber.told.at(-1)).toBe('restart@1');
  });

  test('that is removed is told nothing any more', async () => {
    const { id } = await subscribe();
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('DELETE', `/${id}`)).status).toBe(404);
    expect((await call('GET')).body).toEqual({ webhooks: [] });
  });

  test.each<[unknown, number]>([
    [{}, 400],
    [[], 400],
    [{ url: 'ftp://example.com/' }, 400],
    [{ url: 'http://user:password@example.com/' }, 400],
    [{ url: 'http://example.com/', feeds: [] }, 400],
    [{ url: 'http://example.com/', feeds: ['nothing'] }, 400],
    [{ url: 'http://example.com/', after: 'x' }, 400],
    [{ url: 'http://example.com/', after: '999999999' }, 400],
    [{ url: 'http://example.com/', more: 1 }, 400],
  ])('%j is not registered', async (body, status) => {
    subscriber = new Subscriber();
    expect(await call('POST', '', body)).toMatchObject({ status });
    expect((await call('GET')).body).toEqual({ webhooks: [] });
  });

  test('needs an API key, also where reading does not', async () => {
    subscriber = new Subscriber();
    expect((await ingestion.get('/webhooks')).status).toBe(403);
  });
});

describe('the change stream', () => {
  test('is read in pages; a cursor goes on where the page before ended', async () => {
    subscriber = new Subscriber();
    const { cursor } = (await ingestion.get('/feeds')).body as { cursor: string };
    await ingestion.post(PATH, [stock('page-1', 1), stock('page-2', 1), stock('page-3', 1)]);
    const first = await changesAfter(`after=${cursor}&limit=2`);
    const second = await changesAfter(`after=${first.cursor}&limit=2`);
    const skus = [...first.changes, ...second.changes].map(({ payload }) => payload.sku);
    expect(skus.toSorted()).toEqual(['page-1', 'page-2', 'page-3']);
    expect(await changesAfter(`after=${second.cursor}`)).toMatchObject({
      changes: [],
      cursor: second.cursor,
    });
    const feed = await ingestion.get(`/feeds/inventoryStockStatus/changes?after=${cursor}`);
    expect((feed.body as Changes).changes).toHaveLength(3);
  });

  test('waits for a change, if it is asked to', async () => {
    subscriber = new Subscriber();
    const { cursor } = await changesAfter('after=0&limit=1000');
    const waiting = changesAfter(`after=${cursor}&wait=30`);
    await ingestion.post(PATH, [stock('awaited', 1)]);
    expect((await waiting).changes.map(({ payload }) => payload.sku)).toEqual(['awaited']);
  });

  test.each([
    ['after=-1', 400],
    ['after=x', 400],
    ['limit=0', 400],
    ['limit=1001', 400],
    ['wait=31', 400],
    ['feeds=nothing', 400],
    ['after=9007199254740991', 410],
  ])('with %s is answered with %i', async (query, status) => {
    subscriber = new Subscriber();
    const answer = await ingestion.get(`/changes?${query}`);
    expect(answer.status).toBe(status);
    expect(answer.body).toHaveProperty('message');
  });
});
