import { resolve } from 'node:path';
import { expect, test } from 'vitest';

import { allSettings } from '../configuration/settings.js';
import { passedSettings } from './passed-settings.js';

test('a sandbox passes on how its roles log and work, and what Commerce keeps outside of its database', () => {
  const passed = {
    LOG_LEVEL: 'debug',
    LOG_FORMAT: 'pretty',
    EXPORTER_EXTENDED_LOG: '1',
    CONFIG__DEFAULT__WEB__UNSECURE__BASE_URL: 'http://shop.test/',
    COMMERCE_EDITION: 'ee',
    FEEDS: 'products',
    FEED_PRODUCTS_BATCH_SIZE: '50',
    CAPTURE: 'compare',
  };
  expect(passedSettings({ ...passed, FULL_SYNC_ORDER: '', PATH: '/bin' })).toEqual(passed);
  expect(passedSettings({ COMMERCE_CONFIG_FILE: 'shop.yaml' })).toEqual({
    COMMERCE_CONFIG_FILE: resolve('shop.yaml'),
  });
});

test('neither connections nor credentials nor receivers of alerts are passed on', () => {
  const all = Object.fromEntries([...allSettings.keys()].map((name) => [name, 'x']));
  const passed = Object.keys(passedSettings(all));
  expect(passed.filter((name) => /URL|KEY|SECRET|HOST|ALERT|SERVICE|TEMPORAL/.test(name))).toEqual([
    'METRICS_HOST',
  ]);
});
