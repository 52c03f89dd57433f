import { expect, test } from 'vitest';

import { FEED_NAMES } from './names.js';
import { itemsPerRequest, pathOf, ROUTE_PRESETS, sendingRoute, type FeedRoute } from './routes.js';

const routes: Readonly<Record<string, FeedRoute>> = ROUTE_PRESETS['commerce-services'];

test('every feed has a route that names the data space', () => {
  for (const feed of FEED_NAMES) {
    const route = routes[feed]!;
    for (const path of [route.path, ...route.alternatives, route.feedForm ?? route.path]) {
      expect(path).toMatch(/^feeds\/.+\/\{DATA_SPACE_ID\}$/);
    }
  }
});

test('no two feeds share a path, but the scopes in their wire form', () => {
  const paths = FEED_NAMES.flatMap((feed) => {
    const { path, alternatives, feedForm } = routes[feed]!;
    const shared = feed === 'scopesWebsite' ? [] : [path, ...alternatives];
    return feedForm === undefined ? shared : [...shared, feedForm];
  });
  expect(new Set(paths).size).toBe(paths.length);
});

test('the data space id becomes one segment of the path', () => {
  expect(pathOf('feeds/orders/v1/{DATA_SPACE_ID}', 'a/b c')).toBe('feeds/orders/v1/a%2Fb%20c');
});

test('a request holds 100 items, of prices 500', () => {
  expect(itemsPerRequest('products')).toBe(100);
  expect(itemsPerRequest('prices')).toBe(500);
});

test.each([
  ['commerce-services', 'products', 'upsert', 'feeds/catalog/v2/products/{DATA_SPACE_ID}'],
  ['composable-catalog', 'prices', 'delete', '{DATA_SPACE_ID}/api/v1/catalog/products/prices'],
  ['commerce-optimizer', 'prices', 'upsert', '{DATA_SPACE_ID}/v1/catalog/products/prices'],
  ['commerce-optimizer', 'prices', 'delete', '{DATA_SPACE_ID}/v1/catalog/products/prices/delete'],
  ['commerce-optimizer', 'orders', 'upsert', undefined],
  ['composable-catalog', 'categories', 'upsert', undefined],
] as const)('of the preset %s, %s goes to its route (%s)', (preset, feed, operation, path) => {
  expect(sendingRoute({ preset, feed, operation, feedForm: false })).toBe(path);
});
