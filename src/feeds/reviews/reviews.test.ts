import { beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../../test/test-shop.js';
import { reviews } from './feed.js';

const APPROVED = 1;
const PENDING = 2;
const PRODUCT = 7;
const CUSTOMER = 8;

const detail = (detailId: number, reviewId: number, title: string, customerId: number | null) => ({
  detail_id: detailId,
  review_id: reviewId,
  title,
  detail: `Text of ${reviewId}`,
  nickname: 'Änne',
  customer_id: customerId,
});
const vote = (voteId: number, reviewId: number, ratingId: number, optionId: number) => ({
  vote_id: voteId,
  review_id: reviewId,
  rating_id: ratingId,
  option_id: optionId,
  remote_ip: '',
});

describe('the feed reviews', () => {
  let shop: TestShop;
  let items: Map<string, Record<string, unknown>>;

  beforeAll(async () => {
    shop = await TestShop.bare({
      tables: [
        'review',
        'review_detail',
        'review_entity',
        'review_store',
        'rating_option',
        'rating_option_vote',
      ],
    });
    await shop.insert('review_entity', [
      { entity_id: PRODUCT, entity_code: 'product' },
      { entity_id: CUSTOMER, entity_code: 'customer' },
    ]);
    await shop.insert('store', [
      { store_id: 1, code: 'default', group_id: 1, website_id: 1, name: '', is_active: 1 },
      { store_id: 2, code: 'a_closed', group_id: 1, website_id: 1, name: '', is_active: 0 },
    ]);
    const review = (id: number, status: number, entity: number) => ({
      review_id: id,
      entity_id: entity,
      entity_pk_value: 900 + id,
      status_id: status,
    });
    await shop.insert('review', [
      review(1, APPROVED, PRODUCT),
      review(2, PENDING, PRODUCT),
      review(3, APPROVED, CUSTOMER),
      review(4, APPROVED, PRODUCT),
      review(5, APPROVED, PRODUCT),
      review(6, APPROVED, PRODUCT),
      review(7, APPROVED, PRODUCT),
    ]);
    await shop.insert('review_detail', [
      detail(1, 1, 'First', 12),
      detail(2, 2, 'Pending', null),
      detail(3, 3, 'Of a customer', null),
      detail(5, 5, 'Shown nowhere', null),
      detail(8, 6, 'Later detail', null),
      detail(6, 6, '', null),
      detail(7, 7, 'Twice', null),
    ]);
    await shop.insert('review_store', [
      { review_id: 1, store_id: 0 },
      { review_id: 1, store_id: 2 },
      { review_id: 1, store_id: 1 },
      { review_id: 2, store_id: 1 },
      { review_id: 3, store_id: 1 },
      { review_id: 4, store_id: 1 },
      { review_id: 5, store_id: 0 },
      { review_id: 5, store_id: 99 },
      { review_id: 6, store_id: 1 },
      { review_id: 7, store_id: 1 },
      { review_id: 7, store_id: 2 },
    ]);
    await shop.insert('rating_option', [
      { option_id: 16, rating_id: 4, code: '1', value: 1 },
      { option_id: 20, rating_id: 4, code: '5', value: 5 },
      { option_id: 21, rating_id: 5, code: '1', value: 1 },
    ]);
    await shop.insert('rating_option_vote', [
      vote(2, 1, 5, 404),
      vote(3, 1, 4, 20),
      vote(5, 7, 4, 16),
      vote(4, 7, 4, 20),
      vote(6, 7, 5, 21),
      vote(7, 7, 5, 21),
    ]);
    const collected = await shop.preview(reviews);
    items = new Map(collected.map((item) => [String(item['reviewId']), item]));
    return () => shop.close();
  });

  test('exports approved product reviews with a text that a store view shows', () => {
    expect([...items.keys()]).toEqual(['1', '6', '7']);
  });

  test('orders ratings by id, and says null where the chosen option is gone', () => {
    expect(items.get('1')).toEqual({
      reviewId: '1',
      productId: 901,
      visibility: ['default', 'a_closed'],
      title: 'First',
      nickname: 'Änne',
      text: 'Text of 1',
      customerId: '12',
      ratings: [
        { ratingId: 'NA==', value: '5' },
        { ratingId: 'NQ==', value: null },
      ],
      deleted: false,
      modifiedAt: '2026-11-21 22:40:09',
    });
  });

  test('leaves out customer and ratings where there are none, and keeps an empty title', () => {
    expect(items.get('6')).toEqual({
      reviewId: '6',
      productId: 906,
      visibility: ['default'],
      title: '',
      nickname: 'Änne',
      text: 'Text of 6',
      deleted: false,
      modifiedAt: '2026-11-21 22:40:09',
    });
  });

  test('takes the first of two votes for a rating, and names store views once for each vote for the first rating', () => {
    expect(items.get('7')).toMatchObject({
      visibility: ['default', 'default', 'a_closed', 'a_closed'],
      ratings: [
        { ratingId: 'NA==', value: '5' },
        { ratingId: 'NQ==', value: '1' },
      ],
    });
  });

  test('needs as many queries for one review as for all', async () => {
    const before = shop.queries;
    await shop.collect(reviews, { kind: 'ids', ids: [1] });
    const forOne = shop.queries - before;
    await shop.collect(reviews);
    expect(shop.queries - before).toBe(2 * forOne);
  });
});

describe('a full sync of reviews', () => {
  test('covers approved reviews only', async () => {
    const shop = await TestShop.bare({ tables: ['review'] });
    await shop.insert(
      'review',
      [APPROVED, PENDING, APPROVED].map((status, index) => ({
        review_id: index + 1,
        status_id: status,
      })),
    );
    expect((await shop.pages(reviews, 250)).total).toBe(2);
    await shop.close();
  });
});
