import { describe, expect, test } from 'vitest';

import type { Feed, FeedItem } from './feed.js';
import { formatStamp, itemJson, preparePage, type PreparedItem } from './item.js';
import { feedNamed } from './registry.js';

const prices = feedNamed('prices');
const price = {
  productId: 1,
  sku: '24-MB01',
  type: 'SIMPLE',
  customerGroupCode: '0',
  websiteCode: 'base',
  regular: 34,
  discounts: null,
};

function prepared(feed: Feed, item: FeedItem): PreparedItem {
  const { items, failures } = preparePage(feed, { items: [item], failures: [] });
  expect(failures).toEqual([]);
  return items[0]!;
}

describe('an item', () => {
  test.each([
    ['prices', price, '6cdcee55e57da65c54a2222c31446a7c24fddf48'],
    [
      'inventoryStockStatus',
      { stockId: '1', sku: '24-MB01', productId: 1 },
      'b02c4ce02b1f69958a2d6d69f394ffeeb8eaa61f',
    ],
    [
      'variants',
      { parentSku: 'MH01', productSku: 'MH01-XS-Black', productId: '53' },
      'fe75a83624e114224a940de72fd31d2226f9accd',
    ],
  ])('of %s has the feed id that the reference exporter gives it', (name, item, feedId) => {
    expect(prepared(feedNamed(name), item).feedId).toBe(feedId);
  });

  test('is other content when a field changes, unless the field does not count', () => {
    const { hash } = prepared(prices, price);
    expect(prepared(prices, { ...price, regular: 35 }).hash).not.toBe(hash);
    const product = { sku: 'a', storeViewCode: 'en', productId: 1, updatedAt: 'then' };
    const products = feedNamed('products');
    expect(prepared(products, { ...product, updatedAt: 'now' }).hash).toBe(
      prepared(products, product).hash,
    );
  });

  test('is sent with `deleted` and its stamp at the end', () => {
    const stamp = formatStamp(prices, new Date('2026-11-21T22:40:05Z'));
    expect(itemJson(prices, prepared(prices, price), stamp)).toBe(
      `${JSON.stringify(price).slice(0, -1)},"deleted":false,"updatedAt":"2026-11-21T22:40:05+00:00"}`,
    );
  });

  test.each<[string, string, FeedItem, string]>([
    ['CDE01-16', 'an empty SKU', { ...price, sku: '' }, 'has no sku'],
    ['CDE01-16', 'a website without code', { ...price, websiteCode: null }, 'has no websiteCode'],
    ['CDE01-07', 'no source id', { ...price, productId: null }, 'has no productId'],
  ])('is a failure %s with %s, and others go out', (code, _, item, message) => {
    const { items, failures } = preparePage(prices, { items: [item, price], failures: [] });
    expect(items).toHaveLength(1);
    expect(failures).toEqual([
      expect.objectContaining({ code, message: expect.stringContaining(message) as string }),
    ]);
  });

  test('may lack a field of the identity that is not always there', () => {
    const category = { categoryId: '4', storeViewCode: 'en' };
    expect(prepared(feedNamed('categories'), category).identity).toEqual(['en']);
  });

  test('belongs to the entity with the highest id, where two yield one identity', () => {
    const twice = [
      { categoryId: '7', storeViewCode: 'en', urlPath: 'bags' },
      { categoryId: '5', storeViewCode: 'en', urlPath: 'bags' },
    ];
    const { items } = preparePage(feedNamed('categories'), { items: twice, failures: [] });
    expect(items.map(({ sourceId }) => sourceId)).toEqual([7]);
  });
});
