import { describe, expect, test } from 'vitest';

import { FEED_NAMES, type FeedName } from './names.js';
import { FEED_PLACES, nextFeed } from './order.js';

const set = (...feeds: FeedName[]): ReadonlySet<FeedName> => new Set(feeds);

describe('the order of a full sync', () => {
  test('puts every feed after those it follows', () => {
    for (const [place, feed] of FEED_NAMES.entries()) {
      for (const earlier of FEED_PLACES[feed].after) {
        expect(FEED_NAMES.indexOf(earlier), `${earlier} before ${feed}`).toBeLessThan(place);
      }
    }
  });

  test('starts feeds at the same time that do not follow one another', () => {
    const all = new Set(FEED_NAMES);
    expect(nextFeed(FEED_NAMES, all, set())).toBe('productAttributes');
    all.delete('productAttributes');
    expect(nextFeed(FEED_NAMES, all, set('productAttributes'))).toBe('scopesCustomerGroup');
  });

  test('lets a feed wait for the one it follows', () => {
    const order: FeedName[] = ['products', 'prices'];
    expect(nextFeed(order, set('prices'), set('products'))).toBeUndefined();
    expect(nextFeed(order, set('prices'), set())).toBe('prices');
  });

  test('is somebody’s own where they name one', () => {
    const order: FeedName[] = ['prices', 'products'];
    expect(nextFeed(order, set('prices', 'products'), set())).toBe('prices');
    expect(nextFeed(order, set('products'), set('prices'))).toBe('products');
  });
});
