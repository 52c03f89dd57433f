import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { expect, test } from 'vitest';

import type { Scopes } from '../commerce/scopes.js';
import { loadConfiguration } from '../configuration/load.js';
import { catalogScopes, checkCatalogScopes } from './catalog-scopes.js';

const shop = (views: readonly string[], sites: readonly string[] = ['base']): Scopes => ({
  storeViews: views.map((code, index) => ({
    id: index + 1,
    code,
    groupId: 1,
    storeCode: 'main',
    rootCategoryId: 2,
    websiteId: 1,
    websiteCode: 'base',
  })),
  websites: sites.map((code, index) => ({
    id: index + 1,
    code,
    isDefault: index === 0,
    defaultStoreId: 1,
  })),
});

/** Starts as a worker does; returns its warnings. */
async function start(
  settings: Readonly<Record<string, string>>,
  present: Scopes,
): Promise<{ readonly scopes: ReturnType<typeof catalogScopes>; readonly warnings: string[] }> {
  const configuration = await loadConfiguration({
    environment: { SERVICE_ROUTES: 'commerce-optimizer', ...settings },
    workingDirectory: tmpdir(),
  });
  const warnings: string[] = [];
  const logger = pino(
    { level: 'warn' },
    { write: (line: string) => warnings.push((JSON.parse(line) as { msg: string }).msg) },
  );
  const scopes = catalogScopes(configuration, logger);
  checkCatalogScopes(present, configuration, scopes, logger);
  return { scopes, warnings };
}

const CURRENCIES = { SERVICE_CURRENCIES: '{"base": "USD"}' };

test('a store view is sent with its locale, and with its code where none is named', async () => {
  const { scopes, warnings } = await start(
    { ...CURRENCIES, SERVICE_LOCALES: '{"default": "en-US"}' },
    shop(['default', 'german']),
  );
  expect(['default', 'german', 'constructor'].map(scopes.localeOf)).toEqual([
    'en-US',
    'german',
    'constructor',
  ]);
  expect(warnings).toEqual([]);
});

test('store views may swap their codes, since each still has a locale of its own', async () => {
  const { scopes } = await start(
    { ...CURRENCIES, SERVICE_LOCALES: '{"en": "de", "de": "en"}' },
    shop(['en', 'de']),
  );
  expect(['en', 'de'].map(scopes.localeOf)).toEqual(['de', 'en']);
});

test.each(['de-DE', 'DE-de'])(
  'a store view without a locale, whose code %s is the locale of another, is a mistake in the configuration',
  async (code) => {
    await expect(
      start({ SERVICE_LOCALES: '{"german": "de-DE"}' }, shop(['german', code])),
    ).rejects.toMatchObject({
      code: 'SDE10-01',
      message: expect.stringMatching(new RegExp(`${code} .* german`)) as string,
    });
  },
);

test('a store view that appears while the worker runs is refused then', async () => {
  const { scopes } = await start(
    { ...CURRENCIES, SERVICE_LOCALES: '{"german": "de-DE"}' },
    shop(['german']),
  );
  expect(() => scopes.localeOf('de-DE')).toThrow(expect.objectContaining({ code: 'SDE10-01' }));
});

test('a website without a currency is told of once, at the start or when it appears', async () => {
  const { scopes, warnings } = await start(CURRENCIES, shop(['default'], ['base', 'b2b']));
  expect(warnings).toEqual([expect.stringContaining('"b2b": "USD"')]);
  expect([scopes.currencyOf('base'), scopes.currencyOf('b2b')]).toEqual(['USD', undefined]);
  scopes.currencyOf('new');
  scopes.currencyOf('new');
  expect(warnings).toHaveLength(2);
  expect(warnings[1]).toContain('website new');
});

test('websites are not asked for currencies where their feed is off', async () => {
  const { warnings } = await start({ FEEDS: 'products' }, shop(['default']));
  expect(warnings).toEqual([]);
});

test('names that the shop does not have are told of', async () => {
  const { warnings } = await start(
    { SERVICE_LOCALES: '{"defualt": "en-US"}', SERVICE_CURRENCIES: '{"base": "USD", "eu": "EUR"}' },
    shop(['default']),
  );
  expect(warnings).toEqual([
    'SERVICE_LOCALES names defualt, which the shop does not have: default',
    'SERVICE_CURRENCIES names eu, which the shop does not have: base',
  ]);
});
