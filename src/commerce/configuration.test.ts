import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import {
  readConfiguration,
  type Configuration,
  type ConfigurationOverrides,
} from './configuration.js';
import { CommerceDatabase } from './database.js';
import { overridesOfVariables } from './override-map.js';
import type { Scopes } from './scopes.js';

const scopes: Scopes = {
  websites: [
    { id: 1, code: 'base', isDefault: true, defaultStoreId: 1 },
    { id: 7, code: 'EU', isDefault: false, defaultStoreId: 9 },
  ],
  storeViews: [
    {
      id: 9,
      code: 'Eu_De',
      groupId: 3,
      storeCode: 'eu',
      rootCategoryId: 2,
      websiteId: 7,
      websiteCode: 'EU',
    },
  ],
};

let database: CommerceDatabase;

beforeAll(async () => {
  const { url } = await freshDatabase('configuration');
  const connection = await createConnection(url);
  await connection.query(
    `CREATE TABLE core_config_data (scope VARCHAR(8), scope_id INT, path VARCHAR(255), value TEXT)`,
  );
  await connection.query(
    `INSERT INTO core_config_data VALUES
      ('default', 0, 'a/b', 'default'), ('websites', 7, 'a/b', 'website'), ('stores', 9, 'a/b', 'store'),
      ('default', 0, 'a/c', 'default'), ('stores', 9, 'a/c', NULL),
      ('default', 0, 'web/unsecure/base_url', 'http://shop/'),
      ('stores', 9, 'web/unsecure/base_url', 'http://de.shop/')`,
  );
  await connection.end();
  database = new CommerceDatabase({ url });
});

afterAll(() => database.close());

function configuration(variables: Record<string, string> = {}): Promise<Configuration> {
  const overrides: ConfigurationOverrides = overridesOfVariables(variables);
  return database.snapshot((read) =>
    readConfiguration(read, (table) => `\`${table}\``, scopes, overrides),
  );
}

test('the narrowest row wins, and a row without a value hides the wider ones', async () => {
  const read = await configuration();
  expect(read.value('a/b', 9)).toBe('store');
  expect(read.websiteValue('a/b', 7)).toBe('website');
  expect(read.websiteValue('a/b', 1)).toBe('default');
  expect(read.value('a/c', 9)).toBeNull();
  expect(read.value('a/c')).toBe('default');
});

test('a variable wins over the row of its own scope, whatever the case of the code', async () => {
  const read = await configuration({
    CONFIG__DEFAULT__A__B: 'locked',
    CONFIG__WEBSITES__EU__A__B: 'locked website',
    CONFIG__STORES__EU_DE__A__C: 'locked store',
  });
  expect(read.value('a/b')).toBe('locked');
  expect(read.websiteValue('a/b', 7)).toBe('locked website');
  expect(read.value('a/b', 9)).toBe('store');
  expect(read.value('a/c', 9)).toBe('locked store');
});

test('base URLs stand in for their placeholders, locked or not', async () => {
  const read = await configuration({
    CONFIG__STORES__EU_DE__WEB__UNSECURE__BASE_URL: 'https://x/',
  });
  expect(read.value('web/unsecure/base_link_url', 9)).toBe('https://x/');
  expect(read.value('web/unsecure/base_link_url')).toBe('http://shop/');
});
