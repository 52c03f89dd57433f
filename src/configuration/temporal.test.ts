import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { ExportError } from '../errors/export-error.js';
import { loadConfiguration } from './load.js';
import { temporalConnectionOptions, type TemporalConnectionOptions } from './temporal.js';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'temporal-'))));
afterEach(() => rmSync(directory, { recursive: true }));

async function connection(
  environment: Record<string, string> = {},
): Promise<TemporalConnectionOptions> {
  const { temporal } = await loadConfiguration({
    environment: { HOME: directory, ...environment },
    workingDirectory: directory,
  });
  return temporalConnectionOptions(temporal);
}

function write(name: string, content: string): void {
  writeFileSync(join(directory, name), content);
}

test('without settings it is the local server', async () => {
  expect(await connection({ TEMPORAL_ADDRESS: '', TEMPORAL_NAMESPACE: ' ' })).toMatchObject({
    connectionOptions: { address: 'localhost:7233' },
    namespace: 'default',
  });
});

test('variables are taken, TLS with an API key', async () => {
  const { connectionOptions, namespace } = await connection({
    TEMPORAL_ADDRESS: 'cloud:7233',
    TEMPORAL_NAMESPACE: 'shop.a1',
    TEMPORAL_API_KEY: 'key',
    TEMPORAL_GRPC_META_X_SHOP: 'de',
  });
  expect(connectionOptions).toMatchObject({ address: 'cloud:7233', apiKey: 'key', tls: true });
  expect(connectionOptions.metadata).toMatchObject({ 'x-shop': 'de' });
  expect(namespace).toBe('shop.a1');
});

test('.env and the configuration file are taken too', async () => {
  write('.env', 'TEMPORAL_NAMESPACE=from-env\n');
  write('saas-export.config.yaml', 'temporalAddress: file:1\ntemporalNamespace: from-file\n');
  expect(await connection()).toMatchObject({
    connectionOptions: { address: 'file:1' },
    namespace: 'from-env',
  });
});

test('a profile is taken, and variables win over it', async () => {
  write(
    'temporal.toml',
    '[profile.default]\naddress = "toml:1"\n[profile.cloud]\naddress = "cloud:1"\nnamespace = "n"\n',
  );
  const file = { TEMPORAL_CONFIG_FILE: 'temporal.toml' };
  expect((await connection(file)).connectionOptions.address).toBe('toml:1');
  const cloud = { ...file, TEMPORAL_PROFILE: 'cloud', TEMPORAL_ADDRESS: 'mine:1' };
  expect(await connection(cloud)).toMatchObject({
    connectionOptions: { address: 'mine:1' },
    namespace: 'n',
  });
});

test.each(['1', 'true', 'yes', 'on'])('TLS is on with %s', async (value) => {
  expect((await connection({ TEMPORAL_TLS: value })).connectionOptions.tls).toBeTruthy();
});

test('TLS is off with 0, API key or not', async () => {
  const { connectionOptions } = await connection({ TEMPORAL_TLS: '0', TEMPORAL_API_KEY: 'key' });
  expect(connectionOptions.tls).toBe(false);
});

test('certificates are read from the working directory', async () => {
  write('client.pem', 'certificate');
  write('client.key', 'key');
  const { connectionOptions } = await connection({
    TEMPORAL_TLS_CLIENT_CERT_PATH: 'client.pem',
    TEMPORAL_TLS_CLIENT_KEY_PATH: 'client.key',
  });
  const { tls } = connectionOptions;
  if (typeof tls !== 'object' || tls === null) throw new Error('TLS is off');
  expect(String(Buffer.from(tls.clientCertPair?.crt ?? []))).toBe('certificate');
});

test.each([
  [{ TEMPORAL_PROFILE: 'gone' }, 'gone'],
  [{ TEMPORAL_TLS_CLIENT_CERT_PATH: 'gone.pem' }, 'gone.pem'],
  [{ TEMPORAL_CONFIG_FILE: 'broken.toml' }, 'toml'],
])('%j is refused', async (environment, message) => {
  write('broken.toml', 'address = [');
  const error: unknown = await connection(environment).catch((each: unknown) => each);
  if (!(error instanceof ExportError)) throw new Error('nothing was refused');
  expect(error.code).toBe('SDE10-04');
  expect(error.message.toLowerCase()).toContain(message);
});
