import { expect, test } from 'vitest';

import { ExportError } from '../errors/export-error.js';
import { describeConfiguration } from './describe.js';
import { loadConfiguration } from './load.js';
import { requireSettings } from './require.js';

const workingDirectory = '/nonexistent';

test('settings that are there are returned, certainly there', async () => {
  const configuration = await loadConfiguration({
    environment: { COMMERCE_DATABASE_URL: 'mysql://u:p@h/shop', SERVICE_API_KEY: 'k' },
    workingDirectory,
  });
  const required = requireSettings(configuration, [
    'COMMERCE_DATABASE_URL',
    'EXPORT_DATABASE_URL',
    'SERVICE_API_KEY',
    'COMMERCE_TABLE_PREFIX',
  ]);
  const url: string = required.EXPORT_DATABASE_URL;
  expect(url).toBe('mysql://u:p@h/saas_export');
  expect(required.SERVICE_API_KEY.reveal()).toBe('k');
  expect(required.COMMERCE_TABLE_PREFIX).toBe('');
});

test('all that is missing is named at once, with examples and what may be misspelt', async () => {
  const configuration = await loadConfiguration({
    environment: { COMMERCE_DATABSE_URL: 'mysql://u:hush@h/shop' },
    workingDirectory,
  });
  let error: unknown;
  try {
    requireSettings(configuration, ['COMMERCE_DATABASE_URL', 'SERVICE_API_KEY', 'LOG_LEVEL']);
  } catch (caught) {
    error = caught;
  }
  if (!(error instanceof ExportError)) throw new Error('nothing was refused');
  expect(error.code).toBe('SDE10-01');
  expect(error.message.split('\n')).toEqual([
    'The configuration has 2 problems:',
    expect.stringMatching(
      /^- COMMERCE_DATABASE_URL is missing: .* COMMERCE_DATABSE_URL is set: is it misspelt\? Example: COMMERCE_DATABASE_URL=mysql:/,
    ),
    '- SERVICE_API_KEY or SERVICE_API_KEY_FILE is missing: Public API key of the environment. Example: SERVICE_API_KEY=0123456789abcdef',
  ]);
  expect(error.message).not.toContain('hush');
});

test('the effective configuration is described with origins, secrets and passwords masked', async () => {
  const configuration = await loadConfiguration({
    environment: {
      COMMERCE_DATABASE_URL: 'mysql://u:hush@h/shop',
      SERVICE_API_KEY: 'hush',
      FEED_PRICES_THREAD_COUNT: '2',
    },
    workingDirectory,
    flags: { COMMERCE_TABLE_PREFIX: 'm2_' },
  });
  const rows = new Map(describeConfiguration(configuration).map((row) => [row.name, row]));
  const told = (name: string) => [rows.get(name)?.value, rows.get(name)?.origin];
  expect(told('COMMERCE_DATABASE_URL')).toEqual(['mysql://u:***@h/shop', 'environment']);
  expect(told('EXPORT_DATABASE_URL')).toEqual(['mysql://u:***@h/saas_export', 'default']);
  expect(told('COMMERCE_TABLE_PREFIX')).toEqual(['m2_', 'flag']);
  expect(told('SERVICE_API_KEY')).toEqual(['***', 'environment']);
  expect(told('SERVICE_URL')).toEqual([null, 'default']);
  expect(told('SERVICE_ROUTES')).toEqual(['commerce-services', 'default']);
  expect(told('FEED_PRICES_THREAD_COUNT')).toEqual(['2', 'environment']);
  expect(rows.has('FEED_PRODUCTS_THREAD_COUNT')).toBe(false);
  expect(JSON.stringify([...rows.values()])).not.toContain('hush');
});
