import { generateKeyPairSync } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { fetch } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import {
  API_KEY,
  ENVIRONMENT,
  NOW,
  TestIngestion,
  type Posted,
  price,
} from '../../test/ingestion.js';
import { feedIdOf } from '../feeds/item.js';
import type { FaultRule } from './fault-plan.js';

const FEED = `feeds/products/v1/prices/${ENVIRONMENT}`;
const CATALOG = `${ENVIRONMENT}/v1/catalog/products/prices`;
const CLIENT = { id: 'client', secret: 'client-secret' };

let ingestion: TestIngestion;

beforeAll(async () => {
  ingestion = await TestIngestion.start({ faults: [], maxBodyBytes: 256 * 1024 });
});

afterEach(() => {
  ingestion.service.faults?.set([]);
});

afterAll(() => ingestion.close());

const plan = (...rules: FaultRule[]): void => ingestion.service.faults?.set(rules);
const isHeld = async (sku: string): Promise<boolean> =>
  (await ingestion.get(`/feeds/prices/items/${feedIdOf([sku, '0', 'base'])}`)).status === 200;

// A test for each status that senders have to know.

describe('200', () => {
  test('is answered when all items are stored, with their number', async () => {
    expect(await ingestion.post(FEED, [price('a'), price('b')])).toMatchObject({
      status: 200,
      body: { feedItemReceivedCount: 2, invalidFeedItems: [] },
    });
    expect(
      await ingestion.post(CATALOG, [{ sku: 'a', priceBookId: 'm', regular: 1 }]),
    ).toMatchObject({ status: 200, body: { status: 'ACCEPTED', acceptedCount: 1 } });
  });

  test('names the items that were not taken, by pointer', async () => {
    const answer = await ingestion.post(FEED, [price('c'), price('d', { updatedAt: 'wrong' })]);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        feedItemReceivedCount: 1,
        invalidFeedItems: [{ field: '/1/updatedAt', message: 'is not a time' }],
      },
    });
    expect([await isHeld('c'), await isHeld('d')]).toEqual([true, false]);
  });

  test('names them by index, where that form is configured', async () => {
    const indexed = await TestIngestion.start({ errorForm: 'index' });
    const answer = await indexed.post(FEED, [price('c'), { deleted: true, websiteCode: 'base' }]);
    expect(answer.body).toEqual({
      feedItemReceivedCount: 1,
      invalidFeedItems: [
        { itemIndex: 1, code: 'sku', message: 'sku is required' },
        { itemIndex: 1, code: 'customerGroupCode', message: 'customerGroupCode is required' },
      ],
    });
    await indexed.close();
  });
});

test.each([201, 202])('%i can be rehearsed, the items stored', async (status) => {
  plan({ from: 1, status, store: true, body: { accepted: true } });
  expect(await ingestion.post(FEED, [price(`s${status}`)])).toMatchObject({
    status,
    body: { accepted: true },
  });
  expect(await isHeld(`s${status}`)).toBe(true);
});

describe('400', () => {
  test('of the feeds: no item was valid', async () => {
    expect(await ingestion.post(FEED, [{ sku: 1, deleted: true }])).toMatchObject({
      status: 400,
      body: {
        feedItemReceivedCount: 0,
        invalidFeedItems: [
          { field: '/0/customerGroupCode' },
          { field: '/0/websiteCode' },
          { field: '/0/sku' },
        ],
      },
    });
  });

  test('of the catalog: one item was not valid, and none is taken', async () => {
    const items = [
      { sku: 'x', priceBookId: 'm', regular: 1 },
      { sku: 'y', priceBookId: 'm', regular: 'x' },
    ];
    expect(await ingestion.post(CATALOG, items)).toMatchObject({
      status: 400,
      body: {
        status: 'FAILED',
        errors: [{ itemIndex: 1, code: 'regular', message: 'regular must be number', value: 'x' }],
      },
    });
    expect(await ingestion.items('catalogPrices')).not.toContainEqual(items[0]);
  });

  test('without a list: the request is at fault', async () => {
    expect(await ingestion.post(FEED, '{')).toMatchObject({
      status: 400,
      body: { code: 'invalid_json', feedItemReceivedCount: 0, invalidFeedItems: [] },
    });
    expect(await ingestion.post(CATALOG, '{')).toMatchObject({
      status: 400,
      body: { status: 'FAILED', code: 'invalid_json', errors: [] },
    });
  });
});

describe('with clients and signatures,', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let guarded: TestIngestion;

  beforeAll(async () => {
    guarded = await TestIngestion.start({
      publicKeyPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      clients: { [CLIENT.id]: CLIENT.secret },
      environments: [ENVIRONMENT],
    });
  });

  afterAll(() => guarded.close());

  const grant = async (
    form: Record<string, string> = {},
  ): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> => {
    const response = await fetch(`${guarded.service.url}/ims/token/v3`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        scope: 'openid',
        ...form,
      }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const bearer = async (): Promise<string> =>
    `Bearer ${String((await grant()).body['access_token'])}`;

  test('a token is given to clients, and opens the routes', async () => {
    expect(await grant()).toMatchObject({
      status: 200,
      body: { token_type: 'bearer', expires_in: 86_400 },
    });
    const headers = { authorization: await bearer(), 'x-api-key': CLIENT.id };
    expect((await guarded.post(CATALOG, [], headers)).status).toBe(200);
    expect((await guarded.post(FEED, [], headers)).status).toBe(200);
  });

  test.each<[Record<string, string>, number, string]>([
    [{ client_secret: 'wrong' }, 401, 'invalid_client'],
    [{ client_id: 'nobody' }, 401, 'invalid_client'],
    [{ client_id: '__proto__' }, 401, 'invalid_client'],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('a token is not given for %j', async (form, status, error) => {
    expect(await grant(form)).toEqual({ status, body: { error } });
  });

  test('401: the token is invalid or has expired', async () => {
    const authorization = await bearer();
    const refused = {
      status: 401,
      body: { title: 'Unauthorized', status: '401', error_code: '401013' },
    };
    const tampered = { authorization: `${authorization}x`, 'x-api-key': CLIENT.id };
    for (const path of [CATALOG, FEED]) {
      expect(await guarded.post(path, [], tampered)).toMatchObject(refused);
      expect(
        await guarded.post(path, [], { authorization: 'Bearer x', 'x-api-key': CLIENT.id }),
      ).toMatchObject(refused);
    }
    guarded.now = new Date(NOW.getTime() + 86_401_000);
    expect(
      await guarded.post(CATALOG, [], { authorization, 'x-api-key': CLIENT.id }),
    ).toMatchObject({
      ...refused,
      body: { message: expect.stringContaining('expired') as string },
    });
    guarded.now = NOW;
  });

  test('403: the token is missing, or the key is another client’s', async () => {
    expect(await guarded.post(CATALOG, [])).toMatchObject({
      status: 403,
      body: { title: 'Forbidden', status: '403', error_code: '403010' },
    });
    const headers = { authorization: await bearer(), 'x-api-key': 'another' };
    expect((await guarded.post(CATALOG, [], headers)).status).toBe(403);
  });

  test('403: the key is unknown, the signature is missing or invalid', async () => {
    expect(await guarded.post(FEED, [], { 'x-api-key': 'x' })).toMatchObject({
      status: 403,
      body: { error: { code: 'Forbidden', details: { error_code: '403000' } } },
    });
    expect(await guarded.post(FEED, [])).toMatchObject({
      status: 403,
      body: { error_code: '403010' },
    });
    expect(await guarded.post(FEED, [], { 'x-gw-signature': 'x' })).toMatchObject({
      status: 403,
      body: { error_code: '403053', message: expect.stringMatching(/^JWT is invalid/) as string },
    });
  });

  test('404: the data space is unknown', async () => {
    const headers = { authorization: await bearer(), 'x-api-key': CLIENT.id };
    for (const path of [FEED, CATALOG]) {
      expect(await guarded.post(path.replace(ENVIRONMENT, 'other'), [], headers)).toMatchObject({
        status: 404,
        body: { error_code: '404000' },
      });
    }
  });
});

test('404: there is no such route', async () => {
  for (const path of ['feeds/none/v1/x', `${ENVIRONMENT}/v1/catalog/none`]) {
    expect(await ingestion.post(path, [])).toMatchObject({
      status: 404,
      body: { error_code: '404000' },
    });
  }
});

describe('408, 5xx, and no answer', () => {
  test.each([408, 500, 502, 503, 504])('%i can be rehearsed, nothing stored', async (status) => {
    plan({ from: 1, status, headers: { 'retry-after': '7' }, body: 'busy' });
    const answer: Posted = await ingestion.post(FEED, [price(`s${status}`)]);
    expect(answer).toMatchObject({ status, body: 'busy' });
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(await isHeld(`s${status}`)).toBe(false);
    expect((await ingestion.post(FEED, [price(`s${status}`)])).status).toBe(200);
  });

  test.each([
    ['before-reading', false],
    ['after-reading', false],
    ['after-storing', true],
  ] as const)('a connection cut %s: stored is %s', async (drop, stored) => {
    plan({ from: 1, drop });
    await expect(ingestion.post(FEED, [price(drop)])).rejects.toThrow();
    expect(await isHeld(drop)).toBe(stored);
    expect((await ingestion.post(FEED, [price(drop)])).status).toBe(200);
  });

  test('a delay lasts longer than a sender waits, and the items are stored all the same', async () => {
    plan({ from: 1, delayMs: 300 });
    const body = gzipSync(JSON.stringify([price('late')]));
    const impatient = fetch(`${ingestion.service.url}/${FEED}`, {
      method: 'POST',
      headers: {
        'x-api-key': API_KEY,
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      },
      body,
      signal: AbortSignal.timeout(100),
    });
    await expect(impatient).rejects.toThrow();
    plan({ from: 1, delayMs: 50 });
    expect((await ingestion.post(FEED, [price('patient')])).status).toBe(200);
  });
});

test('413: the body is larger than the service takes, as it comes or unpacked', async () => {
  const large = [price('x'.repeat(300_000))];
  expect(await ingestion.post(FEED, large)).toMatchObject({
    status: 413,
    body: { error_code: '413000' },
  });
  expect(await ingestion.post(FEED, JSON.stringify(large))).toMatchObject({ status: 413 });
});

describe('429', () => {
  test('above the rate of a credential, as text, with the seconds to wait', async () => {
    const limited = await TestIngestion.start({
      requestsPerSecond: 2,
      apiKeys: [API_KEY, 'other-key'],
    });
    expect((await limited.post(FEED, [])).status).toBe(200);
    expect((await limited.post(FEED, [])).status).toBe(200);
    const answer = await limited.post(FEED, [price('refused')]);
    expect(answer).toMatchObject({
      status: 429,
      body: expect.stringContaining('Too many') as string,
    });
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await limited.post(FEED, [], { 'x-api-key': 'other-key' })).status).toBe(200);
    limited.now = new Date(NOW.getTime() + 500);
    expect((await limited.post(FEED, [])).status).toBe(200);
    expect((await limited.post(FEED, [])).status).toBe(429);
    await limited.close();
  });

  test('503 with retry-after where too many requests are being handled', async () => {
    const busy = await TestIngestion.start({ concurrentRequests: 2, faults: [] });
    busy.service.faults?.set([{ from: 1, to: null, delayMs: 0 }]);
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        busy.post(
          FEED,
          Array.from({ length: 500 }, (__, i) => price(`busy-${n}-${i}`)),
        ),
      ),
    );
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect((await busy.post(FEED, [])).status).toBe(200);
    await busy.close();
  });
});

test('415: another content type or encoding', async () => {
  expect((await ingestion.post(FEED, '[]', { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await ingestion.post(FEED, '[]', { 'content-encoding': 'br' })).status).toBe(415);
});
