import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { ENVIRONMENT, NOW, TestIngestion } from '../../test/ingestion.js';
import { feedIdOf } from '../feeds/item.js';

const PATH = `feeds/inventoryStockStatus/v1/${ENVIRONMENT}`;
const COUNT = 950;

const stock = (n: number, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  stockId: '1',
  sku: `sku-${n}`,
  productId: n,
  qty: n,
  qtyForSale: n,
  infiniteStock: false,
  isSalable: true,
  updatedAt: '2026-11-21 22:40:05',
  deleted: false,
  ...more,
});

interface Page {
  readonly items: readonly { readonly id: string; readonly payload: { readonly sku: string } }[];
  readonly nextCursor: string | null;
}

let ingestion: TestIngestion;

beforeAll(async () => {
  ingestion = await TestIngestion.start();
  for (let from = 0; from < COUNT; from += 100) {
    const size = Math.min(100, COUNT - from);
    const batch = Array.from({ length: size }, (_, i) => stock(from + i));
    await ingestion.post(PATH, batch);
  }
  ingestion.now = new Date('2026-11-22T00:10:00Z');
  await ingestion.post(
    PATH,
    [1, 2, 3].map((n) => stock(n, { deleted: true, updatedAt: '2026-11-21 22:50:05' })),
  );
  ingestion.now = NOW;
});

afterAll(() => ingestion.close());

test('feeds are listed with their items, tombstones and the time of the last one taken', async () => {
  const { body } = await ingestion.get('/feeds');
  const { environment, feeds } = body as { environment: string; feeds: unknown[] };
  expect(environment).toBe(ENVIRONMENT);
  expect(feeds).toContainEqual({
    feed: 'inventoryStockStatus',
    items: COUNT - 3,
    deleted: 3,
    lastAcceptedAt: '2026-11-22T00:10:00.000Z',
  });
  expect(feeds).toContainEqual({ feed: 'prices', items: 0, deleted: 0, lastAcceptedAt: null });
});

describe('items', () => {
  test('come in pages, each item once', async () => {
    const skus: string[] = [];
    let cursor = '';
    let pages = 0;
    do {
      const { body } = await ingestion.get(`/feeds/inventoryStockStatus/items?limit=200${cursor}`);
      const page = body as Page;
      skus.push(...page.items.map(({ payload }) => payload.sku));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
      pages += 1;
    } while (cursor !== '');
    expect(pages).toBe(5);
    expect(skus).toHaveLength(COUNT - 3);
    expect(new Set(skus).size).toBe(COUNT - 3);
  });

  test('of a page are as they were received, with what is known of them', async () => {
    const { body } = await ingestion.get(
      `/feeds/inventoryStockStatus/items/${feedIdOf(['1', 'sku-7'])}`,
    );
    expect(body).toEqual({
      id: feedIdOf(['1', 'sku-7']),
      identity: ['1', 'sku-7'],
      deleted: false,
      stamp: '2026-11-21T22:40:05.000Z',
      receivedAt: '2026-11-22T00:00:00.000Z',
      firstReceivedAt: '2026-11-22T00:00:00.000Z',
      versions: 1,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      history: [
        {
          stamp: '2026-11-21T22:40:05.000Z',
          receivedAt: '2026-11-22T00:00:00.000Z',
          deleted: false,
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        },
      ],
      payload: stock(7),
    });
  });

  test('name the request that brought them; the same once more is nothing new', async () => {
    const answer = await ingestion.post(PATH, [
      stock(900, { qty: 1, updatedAt: '2026-11-21 22:40:06' }),
    ]);
    await ingestion.post(PATH, [stock(900, { qty: 1, updatedAt: '2026-11-21 22:40:06' })]);
    const { body } = await ingestion.get(
      `/feeds/inventoryStockStatus/items/${feedIdOf(['1', 'sku-900'])}`,
    );
    expect(body).toHaveProperty('requestId', answer.headers.get('x-request-id'));
  });

  test('that are deleted are shown by id, and in lists when asked for', async () => {
    const id = feedIdOf(['1', 'sku-2']);
    expect((await ingestion.get(`/feeds/inventoryStockStatus/items/${id}`)).body).toMatchObject({
      deleted: true,
      versions: 2,
      receivedAt: '2026-11-22T00:10:00.000Z',
      firstReceivedAt: '2026-11-22T00:00:00.000Z',
    });
    const { body } = await ingestion.get(
      '/feeds/inventoryStockStatus/items?limit=1000&deleted=include',
    );
    expect((body as Page).items).toHaveLength(COUNT);
  });
});

describe('the stream', () => {
  test('has all items, one a line, without those that are deleted', async () => {
    const response = await ingestion.fetch('/feeds/inventoryStockStatus/items?format=jsonl');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(response.headers.get('x-request-id')).not.toBeNull();
    await response.body?.cancel();
    expect(await ingestion.items('inventoryStockStatus')).toHaveLength(COUNT - 3);
    expect(await ingestion.items('inventoryStockStatus', '&deleted=include')).toHaveLength(COUNT);
  });

  test('repeats the text that was received, but for line breaks between tokens', async () => {
    const text =
      '{"reviewId":"1",  "productId":1.0,\n"visibility":["\\u00e4 ü\\n"],\r\n "title":"t","nickname":"n","text":"x","ratings":[{"ratingId":"NA==", "value":"2"}]}';
    const answer = await ingestion.post(`feeds/reviews/v1/${ENVIRONMENT}`, `[${text}]`);
    expect(answer.body).toEqual({ feedItemReceivedCount: 1, invalidFeedItems: [] });
    const lines = await (await ingestion.fetch('/feeds/reviews/items?format=jsonl')).text();
    expect(lines).toBe(`${text.replace(/\r?\n/g, ' ')}\n`);
  });

  test('of a feed without items is empty', async () => {
    expect(await ingestion.items('prices')).toEqual([]);
  });

  test('may be left in the middle, and the service goes on', async () => {
    const response = await ingestion.fetch('/feeds/inventoryStockStatus/items?format=jsonl');
    await response.body?.cancel();
    expect((await ingestion.get('/feeds')).status).toBe(200);
  });
});

test.each([
  ['/feeds/nothing/items', 404],
  ['/feeds/nothing/items?format=jsonl', 404],
  ['/feeds/prices/items/unknown', 404],
  [`/feeds/prices/items/${'0'.repeat(40)}`, 404],
  ['/nothing', 404],
  ['/feeds/prices/items?limit=0', 400],
  ['/feeds/prices/items?limit=1001', 400],
  ['/feeds/prices/items?cursor=x', 400],
  ['/feeds/prices/items?format=xml', 400],
  ['/feeds/prices/items?deleted=only', 400],
])('%s is answered with %i', async (path, status) => {
  const answer = await ingestion.get(path);
  expect(answer.status).toBe(status);
  expect(answer.body).toHaveProperty('message');
});
