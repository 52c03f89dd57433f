import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startOwner } from '../../../test/owner-process.js';
import { findTemporal } from './temporal-binary.js';
import {
  startTemporalServer,
  type TemporalServer,
  type TemporalServerOptions,
} from './temporal-server.js';

const environment = process.env;
const searchAttributes = { TestFeed: 'Keyword', TestFailures: 'Int' } as const;
let binary = '';
let folder = '';
const started: TemporalServer[] = [];

beforeAll(async () => {
  ({ path: binary } = await findTemporal({ environment, report: () => undefined }));
  folder = await mkdtemp(join(tmpdir(), 'temporal-test-'));
});
afterAll(async () => {
  await Promise.all(started.map((server) => server.kill()));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<TemporalServerOptions> = {}): Promise<TemporalServer> {
  const server = await startTemporalServer({
    binary,
    environment,
    namespace: 'saas-export',
    searchAttributes,
    ...options,
  });
  started.push(server);
  return server;
}

describe('a Temporal development server', () => {
  test('two started at once are two servers, and neither is left when they stop', async () => {
    const servers = await Promise.all([
      start({ namespace: 'one' }),
      start({ namespace: 'another' }),
    ]);
    for (const { address, namespace, uiUrl } of servers) {
      expect(await attributes(address, namespace)).toMatchObject({ TestFeed: 2, TestFailures: 3 });
      expect((await fetch(uiUrl)).status).toBe(200);
    }
    await expect(attributes(servers[0].address, 'another')).rejects.toThrow('another');
    await Promise.all(servers.map((server) => server.stop()));
    for (const server of servers) {
      expect(isRunning(server.pid)).toBe(false);
      await expect(attributes(server.address, 'one')).rejects.toThrow();
      expect(existsSync(dirname(server.logFile))).toBe(false);
    }
  });

  test('goes on with its database file', async () => {
    const dbFile = join(folder, 'kept', 'temporal.db');
    const logFile = join(folder, 'temporal.log');
    const first = await start({ dbFile, logFile });
    await register(first.address, 'made-later');
    await first.stop();
    const second = await start({ dbFile, logFile });
    expect(await attributes(second.address, 'saas-export')).toMatchObject({ TestFeed: 2 });
    expect(await attributes(second.address, 'made-later')).toBeDefined();
    await second.stop();
  });

  test('says why it did not start', async () => {
    const logFile = join(folder, 'refused.log');
    const starting = start({ searchAttributes: { Bad: 'Nothing' as 'Text' }, logFile });
    await expect(starting).rejects.toMatchObject({
      code: 'SDE50-03',
      cure: `Read the log file ${logFile}.`,
      cause: { message: expect.stringMatching(/Bad|Nothing/) as string },
    });
  });

  test('does not take another server at its port for itself', async () => {
    const first = await start();
    const port = Number(first.address.split(':')[1]);
    const uiPort = Number(new URL(first.uiUrl).port);
    await expect(start({ port, uiPort })).rejects.toMatchObject({ code: 'SDE50-03' });
    await first.stop();
  });

  test('ends with its owner at kill -9', async () => {
    const owner = await startOwner<{ pid: number; logFile: string }>(
      ['sandbox/servers', 'errors'],
      (sources) => `
        import { startTemporalServer } from '${sources}/sandbox/servers/temporal-server.js';
        const { pid, logFile } = await startTemporalServer({
          binary: ${JSON.stringify(binary)}, environment: process.env, namespace: 'owned',
          searchAttributes: {},
        });
        say({ pid, logFile });`,
    );
    const { pid, logFile } = owner.said;
    expect(isRunning(pid)).toBe(true);
    await owner.end('SIGKILL');
    while (isRunning(pid) || existsSync(dirname(logFile))) await wait(20);
  });
});

async function connected<T>(
  address: string,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: 2000 });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

function attributes(address: string, namespace: string): Promise<unknown> {
  return connected(address, async (connection) => {
    await connection.workflowService.describeNamespace({ namespace });
    const listed = await connection.operatorService.listSearchAttributes({ namespace });
    return listed.customAttributes;
  });
}

function register(address: string, namespace: string): Promise<unknown> {
  return connected(address, (connection) =>
    connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    }),
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
