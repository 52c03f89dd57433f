import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { installStore } from '../src/client/commands/install.js';
import { PROGRAM, runProgram } from './program.js';
import { freshDatabase, type TestDatabase } from './servers.js';

let empty: TestDatabase;
/** With tables, but of no shop, and of one with another prefix. */
let strange: TestDatabase;
let prefixed: TestDatabase;
/** With the exporter's tables. */
let installed: TestDatabase;
let taken: Server;
let admin: Connection;

beforeAll(async () => {
  empty = await freshDatabase('empty');
  strange = await freshDatabase('strange');
  prefixed = await freshDatabase('prefixed');
  installed = await freshDatabase('installed');
  await installStore(installed.url, '');
  admin = await createConnection({ uri: server, rowsAsArray: true });
  await admin.query(`CREATE TABLE ${strange.name}.wp_posts (id INT PRIMARY KEY)`);
  for (const table of SHOP_TABLES) {
    await admin.query(`CREATE TABLE ${prefixed.name}.m2_${table} (id INT PRIMARY KEY)`);
  }
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  taken.close();
  await admin.end();
});

const { host, port, user } = inject('mariadb');
const server = `mysql://${user}@${host}:${port}`;
/** A database of the exporter that is not there, and must not be afterwards. */
const ownUrl = (): string => `${empty.url}_own`;

const SHOP_TABLES = [
  'catalog_product_entity',
  'core_config_data',
  'eav_attribute',
  'eav_entity_type',
  'store',
  'store_group',
  'store_website',
];

/** Everything that a command could have touched. */
async function state(): Promise<unknown> {
  const names = [empty, strange, prefixed, installed].map(({ name }) => name);
  const [tables] = await admin.query(
    `SELECT table_schema, table_name FROM information_schema.tables
     WHERE table_schema IN (?) OR table_schema LIKE ?
     UNION ALL SELECT trigger_schema, trigger_name FROM information_schema.triggers
     WHERE trigger_schema IN (?) ORDER BY 1, 2`,
    [names, `${empty.name}\\_%`, names],
  );
  const [databases] = await admin.query('SHOW DATABASES LIKE ?', [`${empty.name}%`]);
  return { tables, databases };
}

const SERVICE = {
  SERVICE_URL: 'http://127.0.0.1:1',
  SERVICE_ENVIRONMENT_ID: 'e-1',
  SERVICE_API_KEY: 'k-1',
};

describe('bad input ends with exit code 2 and one clear error', () => {
  test.each<[string, string[], () => Record<string, string>, string, RegExp]>([
    [
      'a database that does not answer',
      ['preview', 'products', '--database-url', 'mysql://nobody@127.0.0.1:1/shop'],
      () => ({}),
      'SDE20-01',
      /ECONNREFUSED/,
    ],
    [
      'a database URL that is none',
      ['preview', 'products', '--database-url', 'localhost:3306/shop'],
      () => ({}),
      'SDE10-01',
      /COMMERCE_DATABASE_URL/,
    ],
    [
      'a database without Commerce tables',
      ['preview', 'products'],
      () => ({ COMMERCE_DATABASE_URL: empty.url }),
      'SDE20-02',
      /catalog_product_entity/,
    ],
    ['an unknown feed', ['preview', 'produkts'], () => ({}), 'SDE10-02', /productAttributes/],
    ['a missing setting', ['preview', 'products'], () => ({}), 'SDE10-01', /COMMERCE_DATABASE_URL/],
    [
      'a time that is none',
      ['preview', 'products', '--now', 'yesterday'],
      () => ({}),
      'SDE10-03',
      /RFC 3339/,
    ],
    ['no feed to sync', ['resync'], () => ({}), 'SDE10-03', /--feed/],
    [
      'options that contradict each other',
      ['resync', '--all', '--by-ids', '1', '--cleanup-feed'],
      () => ({}),
      'SDE10-03',
      /“ids” does not go with “cleanupFeed”/,
    ],
    [
      'a Temporal server that does not answer',
      ['resync', '--all'],
      () => ({ TEMPORAL_ADDRESS: '127.0.0.1:1' }),
      'SDE20-04',
      /127\.0\.0\.1:1/,
    ],
    [
      'a server that is none of Temporal and never answers',
      ['resync', '--all'],
      () => ({ TEMPORAL_ADDRESS: `127.0.0.1:${(taken.address() as AddressInfo).port}` }),
      'SDE20-04',
      /cure: {2}Check TEMPORAL_ADDRESS/,
    ],
    [
      'a sandbox on a Temporal server that does not answer',
      ['sandbox', '--products', '20'],
      () => ({ TEMPORAL_ADDRESS: '127.0.0.1:1' }),
      'SDE20-04',
      /^SDE20-04 .*127\.0\.0\.1:1/,
    ],
    [
      'a sandbox with a setting that its roles would refuse',
      ['sandbox', '--products', '20'],
      () => ({ LOG_LEVEL: 'loud' }),
      'SDE10-01',
      /^SDE10-01 .*\n- LOG_LEVEL/,
    ],
    [
      'a feed that is nearly one',
      ['preview', 'product'],
      () => ({}),
      'SDE10-02',
      /Did you mean products\?/,
    ],
    [
      'a worker without a key',
      ['worker'],
      () => ({ COMMERCE_DATABASE_URL: empty.url }),
      'SDE10-01',
      /SERVICE_API_KEY/,
    ],
    [
      "a worker without the exporter's tables",
      ['worker'],
      () => ({
        ...SERVICE,
        COMMERCE_DATABASE_URL: empty.url,
        EXPORT_DATABASE_URL: empty.url,
      }),
      'SDE30-01',
      /saas-export install/,
    ],
    [
      "an exporter's database that does not exist",
      ['worker'],
      () => ({
        ...SERVICE,
        COMMERCE_DATABASE_URL: empty.url,
        EXPORT_DATABASE_URL: `${server}/is_not_there`,
      }),
      'SDE20-03',
      /is_not_there/,
    ],
    [
      'a shop to install for that does not answer',
      ['install'],
      () => ({
        COMMERCE_DATABASE_URL: 'mysql://nobody@127.0.0.1:1/shop',
        EXPORT_DATABASE_URL: ownUrl(),
      }),
      'SDE20-01',
      /ECONNREFUSED/,
    ],
    [
      'a database to install for that is no shop',
      ['install'],
      () => ({ COMMERCE_DATABASE_URL: strange.url, EXPORT_DATABASE_URL: ownUrl() }),
      'SDE20-02',
      /no table catalog_product_entity/,
    ],
    [
      'a shop to install for with another table prefix',
      ['install'],
      () => ({
        COMMERCE_DATABASE_URL: prefixed.url,
        COMMERCE_TABLE_PREFIX: 'm1_',
        EXPORT_DATABASE_URL: ownUrl(),
      }),
      'SDE20-02',
      /with the table prefix “m1_”/,
    ],
    [
      'a worker for a database that is no shop',
      ['worker'],
      () => ({
        ...SERVICE,
        COMMERCE_DATABASE_URL: strange.url,
        EXPORT_DATABASE_URL: installed.url,
      }),
      'SDE20-02',
      /no table catalog_product_entity/,
    ],
    [
      'a worker for a shop that is not loaded yet',
      ['worker'],
      () => ({
        ...SERVICE,
        COMMERCE_DATABASE_URL: empty.url,
        EXPORT_DATABASE_URL: installed.url,
      }),
      'SDE20-02',
      /no table catalog_product_entity/,
    ],
    [
      'settings of which some are wrong and some are missing',
      ['worker'],
      () => ({ LOG_LEVEL: 'loud' }),
      'SDE10-01',
      /LOG_LEVEL[^]*SERVICE_URL[^]*SERVICE_API_KEY/,
    ],
    [
      'a file that cannot be written',
      ['preview', 'products', '--out', '/nonexistent/items.jsonl'],
      () => ({ COMMERCE_DATABASE_URL: empty.url }),
      'SDE10-03',
      /\/nonexistent\/items\.jsonl cannot be written/,
    ],
    [
      'a port in use',
      ['ingestion'],
      () => ({
        INGESTION_DATABASE_URL: empty.url,
        INGESTION_API_KEYS: 'k-1',
        INGESTION_PORT: String((taken.address() as AddressInfo).port),
      }),
      'SDE20-05',
      /port/i,
    ],
  ])('%s', async (_, args, settings, code, message) => {
    const before = await state();
    const result = await runProgram(args, settings());
    expect(await state()).toEqual(before);
    expect(result.stderr).toContain(code);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).toContain('cure:');
    expect(result.stderr).not.toContain('Unexpected error');
    expect(result.code).toBe(2);
    expect(result.stdout).toBe('');
  });

  test('a wrong setting is no reason not to show the others', async () => {
    const result = await runProgram(['config', 'show'], { LOG_LEVEL: 'loud', FEEDS: 'orders' });
    expect(result.stdout).toMatch(/^ FEEDS +orders +environment *$/m);
    expect(result.stderr).toMatch(/^SDE10-01 .*\n- LOG_LEVEL/);
    expect(result.code).toBe(2);
  });

  test('a kept sandbox whose port was taken meanwhile', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kept-sandbox-'));
    const { port: ingestionPort } = taken.address() as AddressInfo;
    const kept = { environmentId: randomUUID(), apiKey: 'k-1', ingestionPort };
    writeFileSync(join(folder, 'sandbox.json'), JSON.stringify(kept));
    const result = await runProgram(['sandbox', '--products', '20', '--keep', folder]);
    expect(result.stderr).toMatch(new RegExp(`^SDE20-05 Port ${ingestionPort} is in use`));
    expect(result.code).toBe(2);
    expect(readdirSync(folder)).toEqual(['sandbox.json']);
    rmSync(folder, { recursive: true });
  });

  test('an unknown option', async () => {
    const result = await runProgram(['preview', 'products', '--idz', '1']);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('--idz');
  });
});

test('a command whose reader is gone ends without a word', async () => {
  const child = spawn(process.execPath, [PROGRAM, 'feeds', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
});
