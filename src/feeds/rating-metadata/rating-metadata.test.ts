import { beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../../test/test-shop.js';
import { decodeId, encodeId } from '../encoded-id.js';
import { preparePage } from '../item.js';
import { ratingMetadata } from './feed.js';

describe('the feed ratingMetadata', () => {
  let shop: TestShop;

  beforeAll(async () => {
    shop = await TestShop.bare({
      tables: ['rating', 'rating_option', 'rating_store', 'rating_title'],
    });
    await shop.insert('store', [
      { store_id: 1, code: 'default', group_id: 1, website_id: 1, name: '', is_active: 1 },
      { store_id: 2, code: 'closed', group_id: 1, website_id: 1, name: '', is_active: 0 },
      { store_id: 3, code: 'third', group_id: 1, website_id: 1, name: '', is_active: 1 },
      { store_id: 4, code: null, group_id: 1, website_id: 1, name: '', is_active: 1 },
    ]);
    const rating = (id: number, active: number) => ({
      rating_id: id,
      rating_code: `Rating ${id}`,
      is_active: active,
    });
    await shop.insert('rating', [rating(2, 1), rating(3, 0), rating(4, 1), rating(5, 1)]);
    await shop.insert('rating_option', [
      { option_id: 7, rating_id: 2, code: '2', value: 2, position: 1 },
      { option_id: 6, rating_id: 2, code: '1', value: 1, position: 98 },
      { option_id: 8, rating_id: 3, code: '1', value: 1, position: 1 },
      { option_id: 9, rating_id: 5, code: '1', value: 1, position: 1 },
    ]);
    await shop.insert(
      'rating_store',
      [
        [2, 0],
        [2, 3],
        [2, 2],
        [2, 1],
        [3, 1],
        [4, 1],
        [5, 4],
      ].map(([ratingId, storeId]) => ({ rating_id: ratingId!, store_id: storeId! })),
    );
    await shop.insert('rating_title', [
      { rating_id: 2, store_id: 0, value: 'Admin title' },
      { rating_id: 2, store_id: 2, value: '' },
      { rating_id: 2, store_id: 3, value: 'Third title' },
    ]);
    return () => shop.close();
  });

  const values = [
    { valueId: 'Ng==', value: '1', position: 98 },
    { valueId: 'Nw==', value: '2', position: 1 },
  ];

  test('names active ratings with options in each store view, options by id', async () => {
    const ids = { kind: 'ids', ids: [2, 3, 4] } as const;
    expect(await shop.collect(ratingMetadata, ids)).toEqual({
      items: [
        { ratingId: 'Mg==', storeViewCode: 'default', name: 'Rating 2', values },
        { ratingId: 'Mg==', storeViewCode: 'closed', name: '', values },
        { ratingId: 'Mg==', storeViewCode: 'third', name: 'Third title', values },
      ],
      failures: [],
    });
  });

  test('reports a rating of a store view without a code, which has no identity', async () => {
    const { items, failures } = await shop.collect(ratingMetadata, { kind: 'ids', ids: [2, 5] });
    expect(items).toHaveLength(3);
    expect(failures).toMatchObject([{ sourceId: 5, code: 'CDE01-16' }]);
  });

  test('keeps state under the plain rating id', async () => {
    const page = preparePage(ratingMetadata, await shop.collect(ratingMetadata));
    expect(new Set(page.items.map((item) => item.sourceId))).toEqual(new Set([2]));
  });

  test('covers active ratings only in a full sync', async () => {
    expect((await shop.pages(ratingMetadata, 250)).total).toBe(3);
  });
});

test('an id comes back from its encoding, and nothing else does', () => {
  expect(encodeId(16)).toBe('MTY=');
  expect(decodeId('MTY=')).toBe(16);
  expect(decodeId('')).toBeNaN();
  expect(decodeId('16')).toBeNaN();
});
