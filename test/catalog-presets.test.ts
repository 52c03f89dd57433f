import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { FeedName } from '../src/feeds/names.js';
import type { CatalogPreset } from '../src/feeds/routes.js';
import type { CollectionName } from '../src/ingestion/collections.js';
import { catalogFormat } from '../src/publishing/catalog/catalog-format.js';
import { TestSystem } from './system.js';

const LOCALES: Readonly<Record<string, string>> = { default: 'en-US' };
const CURRENCIES: Readonly<Record<string, string>> = { base: 'USD', eu: 'EUR' };

/** What feeds become at the service, and what names an item there. */
const RESOURCES: readonly (readonly [CollectionName, readonly FeedName[], readonly string[]])[] = [
  ['catalogMetadata', ['productAttributes'], ['code', 'source']],
  ['catalogProducts', ['products'], ['sku', 'source']],
  ['catalogPriceBooks', ['scopesWebsite', 'scopesCustomerGroup'], ['priceBookId']],
  ['catalogPrices', ['prices'], ['sku', 'priceBookId']],
  ['catalogCategories', ['categories'], ['slug', 'source']],
];

describe.each<[CatalogPreset, { readonly tokens: boolean; readonly without: readonly FeedName[] }]>(
  [
    ['composable-catalog', { tokens: false, without: ['categories'] }],
    ['commerce-optimizer', { tokens: true, without: [] }],
  ],
)('%s', (preset, { tokens, without }) => {
  const resources = RESOURCES.filter(([, [feed]]) => feed === undefined || !without.includes(feed));
  const feeds = resources.flatMap(([, names]) => names);
  let system: TestSystem;

  beforeAll(async () => {
    system = await TestSystem.start({
      catalog: { products: 60, storeViews: 2 },
      tokens,
      settings: {
        SERVICE_ROUTES: preset,
        SERVICE_LOCALES: JSON.stringify(LOCALES),
        SERVICE_CURRENCIES: JSON.stringify(CURRENCIES),
        FEEDS: feeds.join(','),
      },
    });
    await system.startWorker();
  });
  afterAll(() => system.stop());

  test('takes all feeds that have a shape there', async () => {
    const { outcome, feeds: results } = await system.fullSync();
    expect(outcome).toBe('completed');
    for (const feed of feeds) {
      const counts = results[feed]!.counts;
      expect(counts.accepted, feed).toBe(counts.sent);
      expect(counts.sent, feed).toBeGreaterThan(0);
    }
    await expectConverged();
  });

  test('takes changes and deletions', async () => {
    await system.shop.query(
      `UPDATE catalog_product_entity_varchar v JOIN eav_attribute a USING (attribute_id)
       JOIN eav_entity_type t USING (entity_type_id) SET v.value = 'renamed'
       WHERE v.entity_id = 5 AND a.attribute_code = 'name'
         AND t.entity_type_code = 'catalog_product';
       DELETE FROM catalog_product_entity WHERE entity_id <= 3`,
    );
    system.proxy.requests.length = 0;
    const { outcome, feeds: results } = await system.fullSync({ feeds: ['products', 'prices'] });
    expect(outcome).toBe('completed');
    expect(results.products!.counts.deleted).toBeGreaterThan(0);

    const deletions = system.proxy.requests.flatMap((request) =>
      request
        .items()
        .filter((item) => item['deleted'] === true || request.path.endsWith('/delete'))
        .map((item) => ({ path: request.path, item })),
    );
    expect(deletions.length).toBeGreaterThan(0);
    for (const { path, item } of deletions) {
      const keys = path.includes('prices') ? ['sku', 'priceBookId'] : ['sku', 'source'];
      const ofItem = preset === 'composable-catalog' ? [...keys, 'deleted'] : keys;
      expect(Object.keys(item)).toEqual(ofItem);
      expect(path.endsWith('/delete')).toBe(preset === 'commerce-optimizer');
    }
    await expectConverged();
  });

  /** The invariant: the service holds the items of a fresh export, in its shapes. */
  async function expectConverged(): Promise<void> {
    const format = catalogFormat(preset, {
      localeOf: (storeView) => LOCALES[storeView] ?? storeView,
      currencyOf: (website) => CURRENCIES[website],
    });
    for (const [collection, names, keys] of resources) {
      const texts: string[] = [];
      for (const feed of names) {
        for (const item of await system.fresh(feed)) {
          texts.push(...format(feed, JSON.stringify(item)).texts);
        }
      }
      const held = (await system.heldLines(collection)).split('\n').filter((line) => line !== '');
      const expected = byKey(texts, keys);
      expect(texts.length, `items of ${collection}`).toBeGreaterThan(0);
      // Two items of one key would overwrite each other.
      expect(expected.size, collection).toBe(texts.length);
      expect(byKey(held, keys), collection).toEqual(expected);
    }
  }
});

function byKey(texts: readonly string[], keys: readonly string[]): Map<string, unknown> {
  return new Map(
    texts.map((text) => {
      const item = JSON.parse(text) as Record<string, unknown>;
      return [JSON.stringify(keys.map((key) => item[key])), item];
    }),
  );
}
