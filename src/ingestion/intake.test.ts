import { gzipSync } from 'node:zlib';
import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ENVIRONMENT, NOW, TestIngestion, price } from '../../test/ingestion.js';
import { feedIdOf } from '../feeds/item.js';
import { allFeeds, feedNamed } from '../feeds/registry.js';
import { pathOf, ROUTE_PRESETS, type FeedRoute } from '../feeds/routes.js';

const routes: Readonly<Record<string, FeedRoute>> = ROUTE_PRESETS['commerce-services'];
const to = (feed: string, environment = ENVIRONMENT): string =>
  pathOf(routes[feed]!.feedForm ?? routes[feed]!.path, environment);

let ingestion: TestIngestion;
const MAX_BODY = 1024 * 1024;

beforeAll(async () => {
  ingestion = await TestIngestion.start({ maxBodyBytes: MAX_BODY });
});

afterAll(() => ingestion.close());

describe('a batch', () => {
  test('is taken, gzipped or plain, and answered with its number of items', async () => {
    const batch = [price('24-MB01'), price('24-MB02', { websiteCode: 'eu' })];
    for (const body of [batch, JSON.stringify(batch)]) {
      const answer = await ingestion.post(to('prices'), body);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({ feedItemReceivedCount: 2, invalidFeedItems: [] });
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(await ingestion.items('prices')).toEqual(expect.arrayContaining(batch));
  });

  test('is kept under the identities that the exporter gives its items', async () => {
    await ingestion.post(to('prices'), [price('identity')]);
    const id = feedIdOf(['identity', '0', 'base']);
    expect((await ingestion.get(`/feeds/prices/items/${id}`)).body).toMatchObject({
      identity: ['identity', '0', 'base'],
    });
    expect(feedNamed('prices').identity).toEqual(['sku', 'customerGroupCode', 'websiteCode']);
  });

  test('with wrong items is taken without them, and each is named', async () => {
    const answer = await ingestion.post(to('prices'), [
      price('wrong-1', { updatedAt: 'wrong' }),
      price('right'),
      { sku: 'wrong-2', deleted: true },
      price('wrong-3', { regular: '34', extra: 1 }),
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      feedItemReceivedCount: 1,
      invalidFeedItems: [
        { field: '/0/updatedAt', message: 'is not a time' },
        { field: '/2/customerGroupCode', message: 'is required' },
        { field: '/2/websiteCode', message: 'is required' },
        { field: '/3/extra', message: 'is not a field of the contract' },
        { field: '/3/regular', message: 'must be number' },
      ],
    });
    const skus = (await ingestion.items('prices')).map((item) => (item as { sku: string }).sku);
    expect(skus).toContain('right');
    expect(skus.filter((sku) => sku.startsWith('wrong'))).toEqual([]);
  });

  test('of nothing but wrong items is refused', async () => {
    const answer = await ingestion.post(to('prices'), [{ sku: 1 }]);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ feedItemReceivedCount: 0 });
    expect((answer.body as { invalidFeedItems: unknown[] }).invalidFeedItems).not.toEqual([]);
  });

  test('of nothing is taken', async () => {
    const answer = await ingestion.post(to('prices'), []);
    expect(answer).toMatchObject({ status: 200, body: { feedItemReceivedCount: 0 } });
  });

  test('holds at most 100 items, of prices 500', async () => {
    const prices = Array.from({ length: 501 }, (_, i) => price(`limit-${i}`));
    const tooMany = await ingestion.post(to('prices'), prices);
    expect(tooMany).toMatchObject({ status: 400, body: { code: 'items_limit_exceeded' } });
    expect(tooMany.body).toMatchObject({ feedItemReceivedCount: 0, invalidFeedItems: [] });
    expect((await ingestion.post(to('prices'), prices.slice(1))).status).toBe(200);
    const reviews = Array.from({ length: 101 }, () => ({}));
    expect(await ingestion.post(to('reviews'), reviews)).toMatchObject({
      status: 400,
      body: { code: 'items_limit_exceeded' },
    });
  });

  test('with a deletion leaves a tombstone in the place of the item', async () => {
    await ingestion.post(to('prices'), [price('gone')]);
    const deletion = {
      sku: 'gone',
      customerGroupCode: '0',
      websiteCode: 'base',
      updatedAt: '2026-11-21T22:50:09+00:00',
      deleted: true,
    };
    expect((await ingestion.post(to('prices'), [deletion])).status).toBe(200);
    await ingestion.post(to('prices'), [price('gone')]);
    expect(await ingestion.items('prices')).not.toContainEqual(
      expect.objectContaining({ sku: 'gone' }),
    );
    expect(await ingestion.items('prices', '&deleted=include')).toContainEqual(deletion);
  });

  test('in the wrong order leaves the newest version, whichever format the stamps have', async () => {
    await ingestion.post(to('prices'), [
      price('order', { regular: 3, updatedAt: '2026-11-21 23:00:03' }),
    ]);
    await ingestion.post(to('prices'), [
      price('order', { regular: 1, updatedAt: '2026-11-22T00:00:01+01:00' }),
      price('order', { regular: 2, updatedAt: '2026-11-21T23:00:02Z' }),
    ]);
    expect(await ingestion.items('prices')).toContainEqual(
      expect.objectContaining({ sku: 'order', regular: 3 }),
    );
  });
});

test('a legacy item without a stamp counts as of the time it arrives', async () => {
  const website = (websiteCode: string): unknown => ({ websiteId: '7', websiteCode, stores: null });
  ingestion.now = new Date(NOW.getTime() + 5000);
  await ingestion.post(to('scopesWebsite'), [website('second')]);
  ingestion.now = NOW;
  await ingestion.post(to('scopesWebsite'), [website('first')]);
  const { body } = await ingestion.get(`/feeds/scopesWebsite/items/${feedIdOf(['7'])}`);
  expect(body).toMatchObject({
    stamp: '2026-11-22T00:00:05.000Z',
    payload: { websiteCode: 'second' },
  });
});

describe('routes', () => {
  test('there are for every feed, on the paths of all drafts', async () => {
    for (const { name } of allFeeds()) {
      const { path, alternatives, feedForm } = routes[name]!;
      for (const template of [path, ...alternatives, feedForm ?? path]) {
        const answer = await ingestion.post(pathOf(template, ENVIRONMENT), [{}]);
        expect(answer, template).toMatchObject({ status: 400, body: { feedItemReceivedCount: 0 } });
      }
    }
  });

  test.each(['feeds/nothing/v1/x', 'feeds/prices', '', `${to('prices')}/more`, 'feeds/%zz/v1/x'])(
    '“%s” there is none: 404 or 400, as JSON with a request id',
    async (path) => {
      const answer = await ingestion.post(path, [price('x')]);
      expect(answer.status).toBe(path.includes('%zz') ? 400 : 404);
      expect(answer.body).toHaveProperty('error_code');
      expect(answer.headers.get('x-request-id')).not.toBeNull();
    },
  );
});

describe('the scopes’ common route', () => {
  const path = pathOf(routes['scopesWebsite']!.path, ENVIRONMENT);
  const website = {
    website: {
      websiteCode: 'wire',
      stores: [{ storeCode: 's', storeViews: [{ storeViewCode: 'v' }] }],
    },
    updatedAt: '2026-11-21T22:40:09+00:00',
    deleted: false,
  };
  const group = {
    customerGroup: { customerGroupCode: 'a'.repeat(40), websites: [{ websiteCode: 'wire' }] },
    updatedAt: '2026-11-21T22:40:09+00:00',
    deleted: false,
  };

  test('takes both kinds, in wire form and in feed form, in one request', async () => {
    const row = { websiteId: '8', websiteCode: 'row', stores: null };
    const answer = await ingestion.post(path, [website, group, row]);
    expect(answer).toMatchObject({ status: 200, body: { feedItemReceivedCount: 3 } });
    expect(await ingestion.items('scopesWebsite')).toEqual(expect.arrayContaining([website, row]));
    expect(await ingestion.items('scopesCustomerGroup')).toContainEqual(group);
  });

  test('takes what the exporter makes of a feed item', async () => {
    const items = [
      feedNamed('scopesWebsite').toWire?.({
        websiteId: '9',
        websiteCode: 'mapped',
        stores: [{ storeId: '1', storeCode: 'g', storeViews: null }],
        deleted: false,
        modifiedAt: '2026-11-21 22:40:09',
      }),
      feedNamed('scopesCustomerGroup').toWire?.({
        customerGroupId: '3',
        customerGroupCode: 'b'.repeat(40),
        websites: null,
        deleted: true,
        modifiedAt: '2026-11-21 22:40:09',
      }),
    ];
    expect(await ingestion.post(path, items)).toMatchObject({
      body: { feedItemReceivedCount: 2, invalidFeedItems: [] },
    });
  });

  test('refuses items that are of neither kind, or wrong inside', async () => {
    const answer = await ingestion.post(path, [
      website,
      { updatedAt: '2026-11-21T22:40:09+00:00' },
      { ...group, customerGroup: { customerGroupCode: 'x' } },
      { website: { stores: [] }, deleted: true },
    ]);
    expect(answer.body).toEqual({
      feedItemReceivedCount: 1,
      invalidFeedItems: [
        {
          field: expect.stringMatching(/^\/1\/\w+$/) as string,
          message: expect.stringContaining('is required') as string,
        },
        { field: '/2/customerGroup/websites', message: 'is required' },
        { field: '/3/website/websiteCode', message: 'is required' },
      ],
    });
  });

  test('takes a deletion in wire form, with the code alone', async () => {
    await ingestion.post(path, [
      { website: { websiteCode: 'wire' }, updatedAt: '2026-11-21T23:40:09+00:00', deleted: true },
    ]);
    expect(await ingestion.items('scopesWebsite')).not.toContainEqual(website);
  });
});

describe('a body', () => {
  const send = (
    body: Buffer | string,
    headers: Record<string, string>,
  ): ReturnType<TestIngestion['post']> => ingestion.post(to('prices'), body, headers);

  test('that unpacks to more than allowed is refused, however small it came', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * MAX_BODY, ' '));
    expect(bomb.length).toBeLessThan(MAX_BODY);
    expect(await send(bomb, { 'content-encoding': 'gzip' })).toMatchObject({
      status: 413,
      body: { error_code: '413000' },
    });
  });

  test('that is larger than allowed as it comes is refused', async () => {
    expect(await send(' '.repeat(MAX_BODY + 1), {})).toMatchObject({ status: 413 });
  });

  test.each<[string, Buffer | string, Record<string, string>, number]>([
    ['that says gzip and is not', '[]', { 'content-encoding': 'gzip' }, 400],
    ['that is half a gzip', gzipSync('[]').subarray(0, 15), { 'content-encoding': 'gzip' }, 400],
    ['in another encoding', '[]', { 'content-encoding': 'br' }, 415],
    ['that is no JSON', '[{]', {}, 400],
    ['that is no array', '{}', {}, 400],
    ['that is empty', '', {}, 400],
    ['of another type', '[]', { 'content-type': 'text/plain' }, 415],
  ])('%s is refused', async (_, body, headers, status) => {
    const answer = await send(body, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-request-id')).not.toBeNull();
  });

  test('gzipped without saying so is no text', async () => {
    expect(await send(gzipSync('[]'), {})).toMatchObject({
      status: 400,
      body: { code: 'invalid_body' },
    });
  });
});

describe('a sender', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const sign = (seconds: number): Promise<string> =>
    new SignJWT({ iat: NOW.getTime() / 1000, exp: NOW.getTime() / 1000 + seconds })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
      .sign(pair.privateKey);
  let signed: TestIngestion;

  beforeAll(async () => {
    signed = await TestIngestion.start({
      publicKeyPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      environments: [ENVIRONMENT],
    });
  });

  afterAll(() => signed.close());

  test('with key and signature is let in', async () => {
    const headers = { 'x-gw-signature': await sign(300) };
    expect((await signed.post(to('prices'), [price('a')], headers)).status).toBe(200);
  });

  test.each<[string, () => Promise<Record<string, string>>, unknown]>([
    [
      'an unknown key',
      async () => ({ 'x-api-key': 'x', 'x-gw-signature': await sign(300) }),
      { error: { code: 'Forbidden', details: { error_code: '403000' } } },
    ],
    ['no signature', () => Promise.resolve({}), { error_code: '403010' }],
    [
      'a signature of an hour',
      async () => ({ 'x-gw-signature': await sign(3600) }),
      { error_code: '403053' },
    ],
  ])('with %s is refused, whatever the body', async (_, headers, body) => {
    const answer = await signed.post(to('prices'), 'no JSON', await headers());
    expect(answer).toMatchObject({ status: 403, body });
    expect(answer.headers.get('x-request-id')).not.toBeNull();
  });

  test('may check its credentials', async () => {
    const ping = `${signed.service.url}/merchant-registry/v1/ping`;
    const headers = { 'x-api-key': 'test-key', 'x-gw-signature': await sign(300) };
    expect((await fetch(ping, { headers })).status).toBe(200);
    expect((await fetch(ping, { headers: { 'x-api-key': 'test-key' } })).status).toBe(403);
  });

  test('of a data space that is not served gets 404', async () => {
    const headers = { 'x-gw-signature': await sign(300) };
    const answer = await signed.post(to('prices', 'another'), [price('a')], headers);
    expect(answer).toMatchObject({ status: 404, body: { error_code: '404000' } });
  });
});

test('what is sent to one data space is not in another', async () => {
  const other = '99999999-2222-3333-4444-555555555555';
  await ingestion.post(to('prices', other), [price('elsewhere')]);
  expect(await ingestion.items('prices')).not.toContainEqual(
    expect.objectContaining({ sku: 'elsewhere' }),
  );
});
