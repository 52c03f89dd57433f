import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { ServiceDouble } from '../../test/service-double.js';
import { loadConfiguration } from '../configuration/load.js';
import type { FeedName } from '../feeds/names.js';
import { migrate } from '../store/migrate.js';
import { Store } from '../store/store.js';
import { catalogScopes } from './catalog-scopes.js';
import { openDeliverer } from './deliverer.js';

let store: Store;
let service: ServiceDouble;

beforeAll(async () => {
  store = new Store({ databaseUrl: (await freshDatabase('deliverer')).url });
  await migrate(store, []);
});
afterAll(() => store.close());
beforeEach(async () => {
  service = await ServiceDouble.start();
});
afterEach(() => service.close());

/** Delivers as a worker of that configuration does; returns the paths that items went to. */
async function deliver(
  settings: Readonly<Record<string, string>>,
  feed: FeedName,
  items: readonly object[],
): Promise<string[]> {
  const configuration = await loadConfiguration({
    environment: {
      SERVICE_URL: service.url,
      SERVICE_ENVIRONMENT_ID: 'space',
      SERVICE_API_KEY: 'key',
      SERVICE_REQUESTS_PER_SECOND: '0',
      ...settings,
    },
    workingDirectory: tmpdir(),
  });
  const logger = pino({ level: 'silent' });
  const scopes = catalogScopes(configuration, logger);
  const deliverer = await openDeliverer(configuration, store, scopes, logger, 'ce');
  const decided: number[] = [];
  try {
    await deliverer.deliver({
      feed,
      items: items.map((item) => JSON.stringify(item)),
      priority: 'full',
      signal: new AbortController().signal,
      beforeRequest: () => Promise.resolve(),
      onAnswer: () => undefined,
      onDecided: (some) => {
        decided.push(...some.map(({ outcome }) => outcome.status));
        return Promise.resolve();
      },
    });
  } finally {
    await deliverer.close();
  }
  expect(decided).toEqual(items.map(() => 200));
  return service.requests.map(({ path }) => path);
}

const price = (sku: string, deleted: boolean): object => ({
  sku,
  websiteCode: 'base',
  customerGroupCode: '0',
  regular: 1,
  deleted,
});

describe('a route of one’s own', () => {
  test.each(['commerce-services', 'composable-catalog'])(
    'of the preset %s takes items and deletions',
    async (preset) => {
      const paths = await deliver(
        { SERVICE_ROUTES: `${preset},prices=my/{DATA_SPACE_ID}/prices`, FEEDS: 'prices' },
        'prices',
        [price('A', false), price('B', true)],
      );
      expect(paths).toEqual(['/my/space/prices']);
      expect(service.received('deleted')).toContain(true);
    },
  );

  test('of the preset commerce-optimizer takes deletions at …/delete', async () => {
    const paths = await deliver(
      { SERVICE_ROUTES: 'commerce-optimizer,prices=my/{DATA_SPACE_ID}/prices', FEEDS: 'prices' },
      'prices',
      [price('A', false), price('B', true)],
    );
    expect(paths).toEqual(['/my/space/prices', '/my/space/prices/delete']);
    expect(service.requests.map(({ items }) => items.map(({ sku }) => sku))).toEqual([
      ['A'],
      ['B'],
    ]);
  });

  test('lets a feed be sent that the preset does not take, as the feed has it', async () => {
    const review = { reviewId: '1', deleted: true };
    const paths = await deliver(
      { SERVICE_ROUTES: 'commerce-optimizer,reviews=my/{DATA_SPACE_ID}/reviews', FEEDS: 'reviews' },
      'reviews',
      [review],
    );
    expect(paths).toEqual(['/my/space/reviews']);
    expect(service.requests[0]?.items).toEqual([review]);
  });

  test('leaves the other feeds on those of the preset', async () => {
    const paths = await deliver(
      {
        SERVICE_ROUTES: 'commerce-optimizer,products=my/{DATA_SPACE_ID}',
        FEEDS: 'products,prices',
      },
      'prices',
      [price('A', false), price('B', true)],
    );
    expect(paths).toEqual([
      '/space/v1/catalog/products/prices',
      '/space/v1/catalog/products/prices/delete',
    ]);
  });
});

test.each([
  ['commerce-optimizer', 'reviews,prices', 'reviews', 'FEEDS=prices'],
  ['composable-catalog', 'categories,prices', 'categories', 'FEEDS=prices'],
  ['composable-catalog,orders=o/{DATA_SPACE_ID}', 'reviews,orders', 'reviews', 'FEEDS=orders'],
])(
  'with the routes %s and the feeds %s the worker refuses to start for want of a route',
  async (routes, feeds, lost, cure) => {
    await expect(
      deliver({ SERVICE_ROUTES: routes, FEEDS: feeds }, 'prices', []),
    ).rejects.toMatchObject({
      code: 'SDE10-01',
      message: expect.stringContaining(`no route for ${lost}.`) as string,
      cure: expect.stringContaining(cure) as string,
    });
    expect(service.requests).toEqual([]);
  },
);
