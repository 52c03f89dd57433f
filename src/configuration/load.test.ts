import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { ExportError } from '../errors/export-error.js';
import type { Configuration } from './configuration.js';
import { loadConfiguration, readSettings, type LoadOptions } from './load.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'configuration-'))));
afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function load(
  environment: Record<string, string> = {},
  options: Partial<LoadOptions> = {},
): Promise<Configuration> {
  return loadConfiguration({ environment, workingDirectory: directory, ...options });
}

/** The problems that stop the configuration, one a line. */
async function problems(
  environment: Record<string, string> = {},
  options: Partial<LoadOptions> = {},
): Promise<readonly string[]> {
  const error: unknown = await load(environment, options).catch((each: unknown) => each);
  if (!(error instanceof ExportError)) throw new Error('nothing was refused');
  expect(error.code).toBe('SDE10-01');
  return error.message
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/^- /, ''));
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privatePem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('without any settings', () => {
  test('there are defaults', async () => {
    const configuration = await load();
    expect(configuration).toMatchObject({
      commerce: {
        databaseUrl: undefined,
        tablePrefix: '',
        inventory: 'detect',
        capture: 'triggers',
        connections: 4,
      },
      store: { databaseUrl: undefined, tablePrefix: '' },
      instance: '',
      temporal: { taskQueue: 'saas-export', address: undefined },
      service: {
        requestsPerSecond: 2,
        routes: { preset: 'commerce-services', custom: {} },
        compression: true,
        jwt: { lifetimeSeconds: 300, claims: {} },
      },
      initialSync: 'auto',
      feeds: { settings: { extraProductAttributes: false, orderDays: 7 } },
      now: undefined,
      ingestion: { host: '127.0.0.1', environments: undefined, maxBodyBytes: 32 * 1024 * 1024 },
      dashboard: { host: '127.0.0.1', tokensRequired: false },
      log: { level: 'info', format: 'json', extended: false, progressInterval: undefined },
      metrics: { port: 0 },
    });
    expect(configuration.feeds.enabled).toHaveLength(13);
    expect(configuration.feeds.perFeed.products).toEqual({
      batchSize: undefined,
      threadCount: undefined,
      droppedFields: [],
    });
  });

  test('logs are pretty on a terminal', async () => {
    expect((await load({}, { terminal: true })).log.format).toBe('pretty');
  });
});

describe('values', () => {
  test('are read by their types', async () => {
    const configuration = await load({
      COMMERCE_DATABASE_URL: 'mysql://u:p@db:3307/shop?ssl={"rejectUnauthorized":true}',
      SERVICE_URL: 'https://commerce.adobe.io/',
      SERVICE_REQUESTS_PER_SECOND: '0.5',
      SERVICE_ROUTES:
        'commerce-services, orders=/feeds/o/{DATA_SPACE_ID}, reviews=r/{DATA_SPACE_ID}',
      SERVICE_HEADERS: '{"x-gw-metadata": "m"}',
      FEEDS: 'prices, productattributes',
      FULL_SYNC_ORDER: 'prices',
      FEED_PRODUCT_ATTRIBUTES_BATCH_SIZE: '50',
      FEED_PRICES_BATCH_SIZE: '500',
      FEED_PRICES_THREAD_COUNT: '3',
      FEED_PRICES_DROPPED_FIELDS: 'productId',
      EXTRA_PRODUCT_ATTRIBUTES: 'true',
      EXPORTER_NOW: '2026-11-28T01:00:00+01:00',
      EXPORTER_EXTENDED_LOG: '1',
      DASHBOARD_HOST: '0.0.0.0',
      DASHBOARD_TOKENS_FILE: 'tokens.json',
    });
    expect(configuration.service.url).toBe('https://commerce.adobe.io');
    expect(configuration.service.requestsPerSecond).toBe(0.5);
    expect(configuration.service.routes.custom).toEqual({
      orders: 'feeds/o/{DATA_SPACE_ID}',
      reviews: 'r/{DATA_SPACE_ID}',
    });
    expect(configuration.service.headers?.reveal()).toEqual({ 'x-gw-metadata': 'm' });
    expect(configuration.feeds.enabled).toEqual(['prices', 'productAttributes']);
    expect(configuration.feeds.perFeed.productAttributes.batchSize).toBe(50);
    expect(configuration.feeds.perFeed.prices).toEqual({
      batchSize: 500,
      threadCount: 3,
      droppedFields: ['productId'],
    });
    expect(configuration.feeds.settings.extraProductAttributes).toBe(true);
    expect(configuration.now).toEqual(new Date('2026-11-28T00:00:00Z'));
    expect(configuration.log.extended).toBe(true);
    expect(configuration.dashboard).toMatchObject({
      tokensRequired: true,
      tokensFile: join(directory, 'tokens.json'),
    });
  });

  test('the exporter’s tables stand beside the shop’s, with the same credentials', async () => {
    const { store } = await load({ COMMERCE_DATABASE_URL: 'mysql://u:p%40@db/shop?ssl={}' });
    expect(store.databaseUrl).toBe('mysql://u:p%40@db/saas_export?ssl={}');
  });

  test('an instance has its own task queue, unless one is named', async () => {
    const instance = await load({ EXPORT_INSTANCE: 'de' });
    expect(instance.temporal.taskQueue).toBe('de-saas-export');
    const named = await load({ EXPORT_INSTANCE: 'de', TEMPORAL_TASK_QUEUE: 'mine' });
    expect(named.temporal.taskQueue).toBe('mine');
  });

  test('the variables of Commerce are kept aside, in .env too', async () => {
    write('.env', 'CONFIG__DEFAULT__A=1\nCONFIG__DEFAULT__B=1\n');
    const { commerce } = await load({ CONFIG__DEFAULT__B: '', PATH: '/bin' });
    expect(commerce.variables.reveal()).toEqual({
      CONFIG__DEFAULT__A: '1',
      CONFIG__DEFAULT__B: '',
    });
  });
});

describe('the order of weight', () => {
  test('is flags, variables, .env, file, default', async () => {
    write('saas-export.config.yaml', 'logLevel: debug\nfeeds: [prices]\nordersDays: 1\n');
    write('.env', 'LOG_LEVEL=warn\nFEEDS=orders\nCAPTURE=compare\n');
    const { log, feeds, commerce, resolved } = await load(
      { LOG_LEVEL: 'error', COMMERCE_TABLE_PREFIX: 'm2_' },
      { flags: { COMMERCE_TABLE_PREFIX: 'flag_' } },
    );
    expect([log.level, feeds.enabled, commerce.capture, commerce.tablePrefix]).toEqual([
      'error',
      ['orders'],
      'compare',
      'flag_',
    ]);
    expect(
      ['COMMERCE_TABLE_PREFIX', 'LOG_LEVEL', 'FEEDS', 'ORDERS_DAYS', 'INVENTORY'].map(
        (name) => resolved.get(name)?.origin,
      ),
    ).toEqual(['flag', 'environment', '.env', 'file', 'default']);
  });

  test('an empty variable counts as not set, an empty flag as empty', async () => {
    write('.env', 'COMMERCE_TABLE_PREFIX=m2_\n');
    const environment = { COMMERCE_TABLE_PREFIX: ' ' };
    expect((await load(environment)).commerce.tablePrefix).toBe('m2_');
    const flags = { COMMERCE_TABLE_PREFIX: '' };
    expect((await load(environment, { flags })).commerce.tablePrefix).toBe('');
  });
});

describe('the file', () => {
  test('may be YAML with lists, maps, numbers and switches', async () => {
    write(
      'saas-export.config.yaml',
      `feeds: [products, prices]
feedProductsBatchSize: 10
extraProductAttributes: yes
serviceRoutes:
  preset: commerce-services
  products: p/{DATA_SPACE_ID}
serviceJwtClaims: {iss: me}
serviceApiKey: 0123
exportInstance:
commerceVersion: 2.4
`,
    );
    const configuration = await load();
    expect(configuration.feeds.enabled).toEqual(['products', 'prices']);
    expect(configuration.feeds.perFeed.products.batchSize).toBe(10);
    expect(configuration.feeds.settings.extraProductAttributes).toBe(true);
    expect(configuration.service.routes.custom).toEqual({ products: 'p/{DATA_SPACE_ID}' });
    expect(configuration.service.jwt.claims).toEqual({ iss: 'me' });
    expect(configuration.service.apiKey?.reveal()).toBe('0123');
    expect(configuration.instance).toBe('');
    expect(configuration.commerce.version).toBe('2.4');
  });

  test('may be JSON, indented with tabs', async () => {
    write('saas-export.config.json', '{\n\t"ordersDays": 30,\n\t"persistExportedFeed": true\n}\n');
    const { feeds } = await load();
    expect([feeds.settings.orderDays, feeds.persistExported]).toEqual([30, true]);
  });

  test('may be empty', async () => {
    write('saas-export.config.yaml', '# nothing yet\n');
    expect((await load()).log.level).toBe('info');
  });

  test('may be another one, with paths relative to it', async () => {
    mkdirSync(join(directory, 'etc'));
    write('etc/mine.yaml', 'commerceEnvPhp: ../env.php\n');
    const { commerce } = await load({}, { configFile: 'etc/mine.yaml' });
    expect(commerce.envPhp).toBe(join(directory, 'env.php'));
  });

  test('is refused with its name and line where it is not understood', async () => {
    write(
      'saas-export.config.yaml',
      `logLevel: loud
COMMERCE_DATABASE_URL: mysql://localhost/shop
feedProductBatchSize: 5
nonsense: 1
ordersDays: {a: {b: 1}}
`,
    );
    expect(await problems()).toEqual([
      'saas-export.config.yaml, line 2: “COMMERCE_DATABASE_URL” is not a setting. Did you mean commerceDatabaseUrl?',
      'saas-export.config.yaml, line 3: “feedProductBatchSize” is not a setting. Did you mean feedProductsBatchSize?',
      'saas-export.config.yaml, line 4: “nonsense” is not a setting.',
      'saas-export.config.yaml, line 5: ordersDays must be a text, a list of texts or a map of texts.',
      'logLevel (saas-export.config.yaml) must be one of trace, debug, info, warn, error, fatal, silent, not “loud”. Example: logLevel: debug',
    ]);
  });

  test.each([
    ['a: [', 'saas-export.config.yaml, line 1: '],
    [
      'logLevel: info\nlogLevel: debug\n',
      'saas-export.config.yaml, line 2: Map keys must be unique',
    ],
    ['- a', 'saas-export.config.yaml must be a map of settings'],
  ])('%j is refused together with what else is wrong', async (content, message) => {
    write('saas-export.config.yaml', content);
    const [first, second] = await problems({ LOG_FORMAT: 'x' });
    expect(first).toContain(message);
    expect(second).toContain('LOG_FORMAT');
  });

  test('is refused where there are two, or the one that is named is missing', async () => {
    write('saas-export.config.yaml', '');
    write('saas-export.config.json', '{}');
    expect(await problems()).toEqual([
      'There is more than one configuration file, saas-export.config.json and saas-export.config.yaml: keep one.',
    ]);
    const [missing] = await problems({}, { configFile: 'gone.yaml' });
    expect(missing).toMatch(/^gone\.yaml cannot be read: ENOENT/);
  });
});

describe('wrong values', () => {
  test('are all reported at once, each with its variable, problem and example', async () => {
    write('.env', 'ORDERS_DAYS=seven\n');
    expect(
      await problems({
        COMMERCE_DATABASE_URL: 'postgres://localhost/shop',
        FEED_PRODUCT_BATCH_SIZE: '5',
        FEEDS: 'product',
        METRICS_PORT: '70000',
      }),
    ).toEqual([
      'COMMERCE_DATABASE_URL (environment) must be a URL that begins with mysql:// and names a host, not “postgres://localhost/shop”. Example: COMMERCE_DATABASE_URL=mysql://exporter:password@db.example.com:3306/magento',
      'FEEDS (environment) names the feed “product”, which does not exist: did you mean products? Example: FEEDS=products,productAttributes,prices',
      'ORDERS_DAYS (.env) must be a whole number from 1 to 3650, not “seven”. Example: ORDERS_DAYS=30',
      'METRICS_PORT (environment) must be a whole number from 0 to 65535, not “70000”. Example: METRICS_PORT=9464',
      'FEED_PRODUCT_BATCH_SIZE (environment) is not a setting. Did you mean FEED_PRODUCTS_BATCH_SIZE?',
    ]);
  });

  test.each([
    ['COMMERCE_DATABASE_URL', 'mysql://localhost', 'must name a database'],
    ['COMMERCE_DATABASE_URL', 'mysql://localhost/', 'must name a database'],
    ['COMMERCE_DATABASE_URL', 'localhost', 'begins with mysql://'],
    ['COMMERCE_TABLE_PREFIX', 'm2-', 'letters, digits and underscores'],
    ['COMMERCE_EDITION', 'enterprise', 'one of ce, ee, b2b'],
    ['EXPORT_INSTANCE', 'a/b', 'letters, digits and hyphens'],
    ['TEMPORAL_ADDRESS', 'https://temporal:7233', 'host:port'],
    ['TEMPORAL_TLS', 'maybe', '1 or 0'],
    ['SERVICE_URL', 'ftp://x', 'https://'],
    ['SERVICE_URL', 'https://x/?a=1', 'without a query'],
    ['SERVICE_URL', 'https://commerce.adobe.io/feeds/', 'before feeds/'],
    ['SERVICE_REQUESTS_PER_SECOND', '-1', 'number from 0'],
    ['SERVICE_REQUESTS_PER_SECOND', '1e3', 'number from 0'],
    [
      'SERVICE_ROUTES',
      'optimizer',
      'preset (commerce-services, composable-catalog, commerce-optimizer)',
    ],
    ['SERVICE_ROUTES', 'orders=feeds/orders', '{DATA_SPACE_ID}'],
    ['SERVICE_LOCALES', '{"en": "en-US", "de": "de-DE", "us": "en-us"}', 'to en and to us'],
    ['SERVICE_LOCALES', '{"en": ""}', 'must name a locale for en'],
    ['SERVICE_ROUTES', 'order=x/{DATA_SPACE_ID}', 'did you mean orders'],
    ['SERVICE_JWT_CLAIMS', 'iss', 'not valid JSON'],
    ['SERVICE_JWT_CLAIMS', '{"exp": 5}', 'values are texts'],
    ['FEEDS', ',', 'at least one feed'],
    ['FEED_PRODUCTS_BATCH_SIZE', '101', 'from 1 to 100'],
    ['FEED_PRODUCTS_BATCH_SIZE', '1.5', 'from 1 to 100'],
    ['EXPORTER_NOW', '2026-11-28', 'RFC 3339'],
    ['EXPORTER_NOW', '2026-13-28T00:00:00Z', 'RFC 3339'],
  ])('%s=%s', async (name, value, message) => {
    const [first, ...others] = await problems({ [name]: value });
    expect(first).toContain(message);
    expect(first).toContain(`Example: ${name}=`);
    expect(others).toEqual([]);
  });
});

describe('secrets', () => {
  test('are not printed by any means', async () => {
    const configuration = await load({
      SERVICE_API_KEY: 'hush',
      SERVICE_HEADERS: '{"authorization": "hush"}',
      INGESTION_API_KEYS: 'hush,hush2',
      TEMPORAL_API_KEY: 'hush',
      CONFIG__DEFAULT__PAYMENT__KEY: 'hush',
    });
    expect(JSON.stringify(configuration)).not.toContain('hush');
    expect(inspect(configuration, { depth: 10 })).not.toContain('hush');
    expect(String(configuration.service.apiKey)).toBe('***');
    expect(configuration.service.apiKey?.reveal()).toBe('hush');
    expect(configuration.ingestion.apiKeys?.reveal()).toEqual(['hush', 'hush2']);
  });

  test('are not repeated in problems, nor are passwords', async () => {
    const found = await problems({
      SERVICE_PRIVATE_KEY: 'hush',
      SERVICE_HEADERS: 'hush',
      COMMERCE_DATABASE_URL: 'mysql://root:hush@localhost',
      EXPORT_DATABASE_URL: 'mysql://root:hu/sh@host:3306x/db',
      SERVICE_URL: 'ftp://user:hush@host',
    });
    expect(found).toHaveLength(5);
    expect(found.join('\n')).not.toMatch(/hu\/?sh/);
  });

  test('a private key may be in the variable, its line breaks written as \\n', async () => {
    const { service } = await load({ SERVICE_PRIVATE_KEY: privatePem.replaceAll('\n', '\\n') });
    expect(service.privateKey?.reveal()).toBe(privatePem);
  });

  test('a private key may be in a file, in the older form too', async () => {
    write('key.pem', rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
    const { service } = await load({ SERVICE_PRIVATE_KEY_FILE: 'key.pem' });
    expect(service.privateKey?.reveal()).toBe(privatePem);
  });

  test('API keys may be in a file, one a line', async () => {
    write('keys', 'one\ntwo\n');
    write('key', 'three\n');
    const { ingestion, service } = await load({
      INGESTION_API_KEYS_FILE: 'keys',
      SERVICE_API_KEY_FILE: 'key',
    });
    expect(ingestion.apiKeys?.reveal()).toEqual(['one', 'two']);
    expect(service.apiKey?.reveal()).toBe('three');
  });

  test('a public key is taken out of a private one', async () => {
    const { ingestion } = await load({ INGESTION_PUBLIC_KEY: privatePem });
    expect(ingestion.publicKey).toBe(rsa.publicKey.export({ type: 'spki', format: 'pem' }));
  });

  test.each([
    [
      'an elliptic key',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
        type: 'pkcs8',
        format: 'pem',
      }),
      'RS256',
    ],
    [
      'a key with a passphrase',
      rsa.privateKey.export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: 'x',
      }),
      'without a passphrase',
    ],
    ['something else', 'hush', 'cannot be read as one'],
  ])('%s is refused', async (_, pem, message) => {
    write('key.pem', pem.toString());
    const [inFile] = await problems({ SERVICE_PRIVATE_KEY_FILE: 'key.pem' });
    expect(inFile).toContain(
      `SERVICE_PRIVATE_KEY_FILE (environment): the content of ${join(directory, 'key.pem')} must be`,
    );
    expect(inFile).toContain(message);
    const [inVariable] = await problems({ SERVICE_PRIVATE_KEY: pem.toString() });
    expect(inVariable).toContain(message);
  });

  test('a file that is missing or empty is refused', async () => {
    write('empty', '\n');
    expect(
      await problems({ SERVICE_API_KEY_FILE: 'empty', SERVICE_PRIVATE_KEY_FILE: 'gone' }),
    ).toEqual([
      `SERVICE_API_KEY_FILE (environment): the content of ${join(directory, 'empty')} is empty.`,
      expect.stringContaining(`the content of ${join(directory, 'gone')} cannot be read (ENOENT`),
    ]);
  });

  test('of the value and its file the heavier one counts; both in one place are refused', async () => {
    write('key', 'from the file');
    write('.env', 'SERVICE_API_KEY=from .env\n');
    const heavierFile = await load({ SERVICE_API_KEY_FILE: 'key' });
    expect(heavierFile.service.apiKey?.reveal()).toBe('from the file');
    write('.env', 'SERVICE_API_KEY_FILE=gone\n');
    const heavierValue = await load({ SERVICE_API_KEY: 'from the variable' });
    expect(heavierValue.service.apiKey?.reveal()).toBe('from the variable');
    expect(await problems({ SERVICE_API_KEY: 'a', SERVICE_API_KEY_FILE: 'key' })).toEqual([
      'SERVICE_API_KEY_FILE (environment) and SERVICE_API_KEY are both set: keep one.',
    ]);
  });
});

test('what is wrong and what is missing is told at once', async () => {
  const loading = loadConfiguration({
    environment: {
      LOG_LEVEL: 'loud',
      COMMERCE_DATABASE_URL: 'localhost',
      SERVICE_API_KEY_FILE: '/none',
    },
    workingDirectory: '/nonexistent',
    required: ['COMMERCE_DATABASE_URL', 'EXPORT_DATABASE_URL', 'SERVICE_URL', 'SERVICE_API_KEY'],
  });
  const error = await loading.catch((caught: unknown) => caught as Error);
  if (!(error instanceof Error)) throw new Error('nothing was refused');
  const problems = error.message.split('\n').slice(1);
  // Each once: what is refused is not missing, nor what follows from it.
  expect(problems.map((line) => /^- (\w+)/.exec(line)?.[1]).sort()).toEqual([
    'COMMERCE_DATABASE_URL',
    'LOG_LEVEL',
    'SERVICE_API_KEY_FILE',
    'SERVICE_URL',
  ]);
});

test('settings can be seen although others are wrong', async () => {
  const { resolved, problems } = await readSettings({
    environment: { LOG_LEVEL: 'loud', EXPORT_INSTANCE: 'shop-de' },
    workingDirectory: '/nonexistent',
  });
  expect(resolved.get('EXPORT_INSTANCE')?.value).toBe('shop-de');
  expect(problems).toEqual([expect.stringContaining('LOG_LEVEL')]);
});
