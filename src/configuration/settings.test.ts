import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import type { FeedSettings } from '../feeds/feed.js';
import { FEED_NAMES } from '../feeds/names.js';
import { itemsPerRequest, sendingRoute } from '../feeds/routes.js';
import type { FeedsSettings } from './configuration.js';
import { ROUTE_PRESETS } from './feed-types.js';
import { suggestion } from '../errors/suggestion.js';
import { fileKey, screamingName } from './names.js';
import { maskUrl } from './secret.js';
import { allSettings } from './settings.js';
import { feedSettingName } from './settings/feeds.js';

describe.each([...allSettings])('the setting %s', (name, setting) => {
  test('has a sentence, and an example that it accepts', () => {
    expect(setting.description).toMatch(/^[`A-Z].*\.$/);
    // Examples of keys are cut short.
    if (!setting.example.includes('-----')) {
      expect(() => setting.type.parse(setting.example, '/')).not.toThrow();
    }
  });

  test('shows its default as one could write it', () => {
    if (setting.default === undefined || setting.default === '') return;
    const shown = setting.type.show(setting.default);
    if (shown !== '') expect(setting.type.parse(shown, '/')).toEqual(setting.default);
  });

  test('points at a setting, if at any', () => {
    if (setting.contentOf !== undefined) {
      expect(name).toBe(`${setting.contentOf}_FILE`);
      expect(allSettings.has(setting.contentOf)).toBe(true);
    }
  });
});

test('every setting has a key of its own in the file', () => {
  expect(new Set([...allSettings.keys()].map(fileKey)).size).toBe(allSettings.size);
  expect(fileKey('FEED_PRODUCT_ATTRIBUTES_BATCH_SIZE')).toBe('feedProductAttributesBatchSize');
});

test('a feed’s name is written in capitals, its words apart', () => {
  expect(FEED_NAMES.map(screamingName)).toContain('INVENTORY_STOCK_STATUS');
  expect(feedSettingName('productAttributes', 'BATCH_SIZE')).toBe(
    'FEED_PRODUCT_ATTRIBUTES_BATCH_SIZE',
  );
});

test.each(ROUTE_PRESETS)('the preset %s has routes', (preset) => {
  const route = { preset, feed: 'products', operation: 'upsert', feedForm: false } as const;
  expect(sendingRoute(route)).toContain('{DATA_SPACE_ID}');
});

test.each(FEED_NAMES)('a batch of %s may be as large as a request', (feed) => {
  const { type } = allSettings.get(feedSettingName(feed, 'BATCH_SIZE'))!;
  const most = itemsPerRequest(feed);
  expect(type.parse(String(most), '/')).toBe(most);
  expect(() => type.parse(String(most + 1), '/')).toThrow();
});

test('the switches of the payload are those that feeds take', () => {
  const settings: FeedsSettings['settings'] = {
    extraProductAttributes: true,
    orderDays: 1,
  };
  expect(settings satisfies FeedSettings).toBe(settings);
});

test.each([
  ['FEED_PRODUCT_BATCH_SIZE', 'FEED_PRODUCTS_BATCH_SIZE'],
  ['service-url', 'SERVICE_URL'],
  ['SERVCE_URL', 'SERVICE_URL'],
  ['UNRELATED', undefined],
])('%s is taken for %s', (written, meant) => {
  expect(suggestion(written, allSettings.keys())).toBe(meant);
});

test.each([
  ['mysql://root:hush@localhost:3306/shop', 'mysql://root:***@localhost:3306/shop'],
  ['mysql://root:hu@sh/x@localhost/shop', 'mysql://root:***@localhost/shop'],
  ['mysql://:hush@localhost/shop', 'mysql://:***@localhost/shop'],
  ['mysql://root@localhost:3306/shop', 'mysql://root@localhost:3306/shop'],
  ['http://localhost:8080/a@b', 'http://localhost:8080/a@b'],
  ['not a url', 'not a url'],
])('%s is shown as %s', (url, masked) => {
  expect(maskUrl(url)).toBe(masked);
});

test('nothing of this folder reads the environment', () => {
  for (const file of ['load.ts', 'sources.ts', 'resolve.ts', 'temporal.ts', 'settings.ts']) {
    expect(readFileSync(new URL(file, import.meta.url), 'utf8')).not.toContain('process.env');
  }
});
