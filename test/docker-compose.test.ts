import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { createProgram } from '../src/client/program.js';
import { CHANGELOG } from '../src/commerce/capture/changelog-table.js';
import type { Configuration } from '../src/configuration/configuration.js';
import { loadConfiguration } from '../src/configuration/load.js';
import { requireSettings } from '../src/configuration/require.js';
import { allSettings } from '../src/configuration/settings.js';
import { temporalConnectionOptions } from '../src/configuration/temporal.js';
import { TEMPORAL_CLI_VERSION } from '../src/sandbox/servers/temporal-binary.js';
import { SANDBOX_DYNAMIC_CONFIG } from '../src/sandbox/servers/temporal-server.js';
import { CODE_VERSION } from '../src/worker/version.js';

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
}

const text = read('docker-compose.yml');
const { services } = parse(text, { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};
/** Services that run this program. */
const roles = Object.entries(services).filter(([, { build }]) => build !== undefined);

/** Documented at https://hub.docker.com/_/mariadb. */
const MARIADB_VARIABLES = ['MARIADB_ALLOW_EMPTY_ROOT_PASSWORD', 'MARIADB_ROOT_HOST'];
/** Read by docker/databases.sh. */
const OWN_VARIABLES = ['COMMERCE_TABLE_PREFIX'];

describe('docker-compose.yml', () => {
  test('has a service for each part of the system', () => {
    expect(Object.keys(services)).toEqual([
      'mariadb',
      'temporal',
      'install',
      'ingestion',
      'worker',
    ]);
  });

  test('has texts alone in commands and health checks, and scripts that compile', () => {
    for (const [name, { command = [], healthcheck }] of Object.entries(services)) {
      for (const word of [...command, ...(healthcheck?.test ?? [])]) {
        expect(typeof word, `${name}: ${JSON.stringify(word)}`).toBe('string');
      }
    }
    const { test: words = [] } = services['ingestion']?.healthcheck ?? {};
    expect(words.slice(0, -1)).toEqual(['CMD', 'node', '--eval']);
    expect(() => new Script(words.at(-1) ?? '')).not.toThrow();
    expect(words.at(-1)).toContain(
      `:${services['ingestion']?.ports?.[0]?.split(':').at(-1)}/health`,
    );
  });

  test('names only variables that exist', () => {
    for (const [name, { environment = {} }] of roles) {
      for (const variable of Object.keys(environment)) {
        expect(allSettings.has(variable), `${variable} of ${name}`).toBe(true);
      }
    }
    for (const [, variable = ''] of text.matchAll(/\$\{(\w+)/g)) {
      expect(allSettings.has(variable), variable).toBe(true);
    }
    expect(Object.keys(services['mariadb']?.environment ?? {})).toEqual([
      ...MARIADB_VARIABLES,
      ...OWN_VARIABLES,
    ]);
  });

  test('gives each role a configuration that is valid and complete', async () => {
    const commerce = ['COMMERCE_DATABASE_URL', 'EXPORT_DATABASE_URL'] as const;
    requireSettings(await configurationOf('install'), ['EXPORT_DATABASE_URL']);
    requireSettings(await configurationOf('ingestion'), [
      'INGESTION_DATABASE_URL',
      'INGESTION_API_KEYS',
    ]);
    requireSettings(await configurationOf('worker'), [
      ...commerce,
      'SERVICE_URL',
      'SERVICE_ENVIRONMENT_ID',
      'SERVICE_API_KEY',
    ]);
  });

  test('has commands of the program', () => {
    const commands = createProgram().commands.map((command) => command.name());
    for (const [name, { command = [] }] of roles) {
      expect(command, name).toHaveLength(1);
      expect(commands, name).toContain(command[0]);
    }
  });

  test('has the ports of the code, open on this machine alone', async () => {
    const defaults = await loadConfiguration({ environment: {}, workingDirectory: tmpdir() });
    const { connectionOptions } = await temporalConnectionOptions(defaults.temporal);
    const temporalPort = Number(connectionOptions.address.split(':')[1]);
    // The development server's own rule: its UI is a thousand above.
    expect(services['temporal']?.ports).toEqual([open(temporalPort), open(temporalPort + 1000)]);
    expect(services['ingestion']?.ports).toEqual([open(defaults.ingestion.port)]);
    expect(services['worker']?.ports).toBeUndefined();
    expect(services['mariadb']?.ports).toBeUndefined();
    for (const { host, port } of addresses()) {
      expect({ host, port }).toEqual({ host, port: portOf(host, defaults, temporalPort) });
    }
  });

  test('starts a role when all that it needs is healthy', () => {
    for (const [name, { depends_on: needs = {} }] of Object.entries(services)) {
      for (const [needed, { condition }] of Object.entries(needs)) {
        if (needed === 'install') {
          expect(condition).toBe('service_completed_successfully');
        } else {
          expect(condition, `${name} needs ${needed}`).toBe('service_healthy');
          expect(services[needed]?.healthcheck?.test.length, needed).toBeGreaterThan(1);
        }
      }
    }
    for (const { name, host } of addresses()) expect(allNeedsOf(name), name).toContain(host);
    expect(allNeedsOf('worker').sort()).toEqual(['ingestion', 'install', 'mariadb', 'temporal']);
  });

  test('lets a worker come to the end of its page when it is stopped', async () => {
    const { worker } = await configurationOf('worker');
    const grace = Number.parseInt(services['worker']?.stop_grace_period ?? '', 10);
    expect(grace).toBeGreaterThan(worker.shutdownGraceSeconds + 10);
  });

  test('has the database users and databases that the roles use', () => {
    const sql = databasesSql('');
    for (const url of urls('mysql:')) {
      const database = url.pathname.slice(1);
      expect(sql).toContain(`CREATE DATABASE ${database} `);
      expect(sql).toContain(`CREATE USER ${url.username} IDENTIFIED BY '${url.password}';`);
      expect(sql).toMatch(new RegExp(`GRANT [\\w, ]+ ON ${database}\\.\\* TO ${url.username};`));
    }
  });

  test('gives the exporter the changelog, whatever the table prefix', () => {
    for (const prefix of ['', 'm2_']) {
      const changelog = `\`${prefix}${CHANGELOG}\``;
      expect(databasesSql(prefix)).toContain(
        `GRANT CREATE, DROP, INSERT, DELETE ON commerce.${changelog} TO exporter;`,
      );
    }
    const { volumes = [] } = services['mariadb'] ?? {};
    expect(volumes).toContain('./docker/databases.sh:/docker-entrypoint-initdb.d/databases.sh:ro');
  });

  test('pins images: ours to the version, Temporal to the one that the sandbox runs', () => {
    for (const [name, { image }] of roles) expect(image, name).toBe(`saas-export:${CODE_VERSION}`);
    const { image, command = [] } = services['temporal'] ?? {};
    expect(image).toBe(`temporalio/temporal:${TEMPORAL_CLI_VERSION}`);
    for (const [name, value] of Object.entries(SANDBOX_DYNAMIC_CONFIG)) {
      expect(command).toContain(`${name}=${value}`);
    }
    expect(services['mariadb']?.image).toMatch(/^mariadb:\d+\.\d+\.\d+$/);
  });
});

describe('the Dockerfile', () => {
  const dockerfile = read('Dockerfile');
  const [, final = ''] = dockerfile.split(/^FROM node:20-bookworm-slim$/m);

  test('runs the program as its own first line says, and not as root', () => {
    const [, flags = ''] =
      /^#!\/usr\/bin\/env -S node (.*)\n/.exec(read('bin/saas-export.mjs')) ?? [];
    const entry = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(final)?.[1] ?? '[]') as string[];
    expect(entry).toEqual(['node', ...flags.split(' '), 'bin/saas-export.mjs']);
    expect(final).toMatch(/^USER node$/m);
  });

  test('copies what there is, and .dockerignore lets it through', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, sources = '']) => sources.split(' '),
    );
    expect(copied.filter((path) => !existsSync(pathOf(path)))).toEqual([]);
    expect([...copied].sort()).toEqual([...allowed].sort());
  });
});

function pathOf(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

function read(path: string): string {
  return readFileSync(pathOf(path), 'utf8');
}

/** What docker/databases.sh tells MariaDB, whose client is one here that prints its input. */
function databasesSql(tablePrefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'docker-compose-test-'));
  try {
    writeFileSync(join(folder, 'mariadb'), '#!/bin/sh\nexec cat\n', { mode: 0o755 });
    return execFileSync(pathOf('docker/databases.sh'), {
      env: { PATH: `${folder}:${process.env['PATH'] ?? ''}`, COMMERCE_TABLE_PREFIX: tablePrefix },
      encoding: 'utf8',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function open(port: number): string {
  return `127.0.0.1:${port}:${port}`;
}

function portOf(host: string, { ingestion }: Configuration, temporal: number): number | undefined {
  return { mariadb: 3306, temporal, ingestion: ingestion.port }[host];
}

/** The value with what a shell without variables puts in: the default, or a text where one is due. */
function filled(value: string): string {
  return value
    .replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
    .replaceAll(/\$\{\w+:\?[^}]*\}/g, 'a-text-of-my-choice');
}

function environmentOf(name: string): Readonly<Record<string, string>> {
  const { environment = {} } = services[name] ?? {};
  return Object.fromEntries(
    Object.entries(environment).map(([variable, value]) => [variable, filled(value)]),
  );
}

async function configurationOf(name: string): Promise<Configuration> {
  return loadConfiguration({ environment: environmentOf(name), workingDirectory: tmpdir() });
}

function urls(protocol: 'mysql:' | 'http:'): URL[] {
  return roles.flatMap(([name]) =>
    Object.values(environmentOf(name))
      .filter((value) => value.startsWith(`${protocol}//`))
      .map((value) => new URL(value)),
  );
}

/** Where the roles connect to. */
function addresses(): { readonly name: string; readonly host: string; readonly port: number }[] {
  return roles.flatMap(([name]) =>
    Object.values(environmentOf(name)).flatMap((value) => {
      const [, host, port] = /^(?:\w+:\/\/(?:[^@/]*@)?)?([a-z]+):(\d+)(?:\/|$)/.exec(value) ?? [];
      return host === undefined ? [] : [{ name, host, port: Number(port) }];
    }),
  );
}

/** The services that a service waits for, and those that they wait for. */
function allNeedsOf(name: string): string[] {
  const all = new Set(Object.keys(services[name]?.depends_on ?? {}));
  for (const needed of all) for (const further of allNeedsOf(needed)) all.add(further);
  return [...all];
}
