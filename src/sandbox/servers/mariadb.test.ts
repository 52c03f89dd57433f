import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startOwner } from '../../../test/owner-process.js';
import { ExportError } from '../../errors/export-error.js';
import { type MariaDb, startMariaDb } from './mariadb.js';
import { findMariaDb, type MariaDbBinaries } from './mariadb-binaries.js';

const environment = process.env;
let binaries: MariaDbBinaries;
let folder = '';
const started: MariaDb[] = [];

beforeAll(async () => {
  binaries = await findMariaDb({ environment, report: () => undefined });
  folder = await mkdtemp(join(tmpdir(), 'mariadb-test-'));
});
afterAll(async () => {
  await Promise.all(started.map((server) => server.kill()));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof startMariaDb>[0]> = {}): Promise<MariaDb> {
  const server = await startMariaDb({ binaries, environment, bufferPool: '16M', ...options });
  started.push(server);
  return server;
}

describe('a private MariaDB', () => {
  test('two started at once are two servers, and neither is left when they stop', async () => {
    const servers = await Promise.all([start(), start()]);
    const [one, other] = servers;
    await query(one, 'CREATE DATABASE only_here');
    expect(await query(one, "SHOW DATABASES LIKE 'only_here'")).toHaveLength(1);
    expect(await query(other, "SHOW DATABASES LIKE 'only_here'")).toHaveLength(0);
    await Promise.all(servers.map((server) => server.stop()));
    for (const server of servers) {
      expect(isRunning(server.pid)).toBe(false);
      expect(await accepts(server.port)).toBe(false);
      expect(existsSync(dirname(server.logFile))).toBe(false);
    }
  });

  test('has the settings of a database server for Commerce', async () => {
    const server = await start({ bufferPool: '32M', durable: false });
    const [row] = await query(
      server,
      `SELECT @@innodb_buffer_pool_size / 1048576, @@innodb_flush_log_at_trx_commit,
              @@max_allowed_packet / 1048576, @@character_set_server, @@log_bin, @@local_infile`,
    );
    expect(row?.map(String)).toEqual(['32.0000', '2', '64.0000', 'utf8mb4', '0', '1']);
    await server.kill();
  });

  test('goes on with the data of a directory, after a stop and after a crash', async () => {
    const directory = join(folder, 'kept', 'mariadb');
    const first = await start({ directory });
    await query(first, 'CREATE DATABASE shop');
    await query(first, 'CREATE TABLE shop.t (id INT PRIMARY KEY)');
    await query(first, 'INSERT INTO shop.t VALUES (1)');
    await first.stop();
    const second = await start({ directory });
    await query(second, 'INSERT INTO shop.t VALUES (2)');
    await second.kill();
    const third = await start({ directory });
    expect(await query(third, 'SELECT id FROM shop.t ORDER BY id')).toEqual([[1], [2]]);
    await third.stop();
  });

  test('says why it did not start', async () => {
    const directory = join(folder, 'busy');
    const first = await start({ directory });
    const second = start({ directory, startSeconds: 30 });
    await expect(second).rejects.toSatisfy((error) => {
      expect(error).toBeInstanceOf(ExportError);
      expect((error as ExportError).code).toBe('SDE50-03');
      expect((error as ExportError).cure).toContain(join(directory, 'mariadb.log'));
      expect(String((error as ExportError).cause)).toMatch(/lock/i);
      return true;
    });
    expect(await query(first, 'SELECT 1')).toEqual([[1]]);
    await first.stop();
  });

  test('does not take another server at its port for itself', async () => {
    const first = await start();
    const second = start({ port: first.port, startSeconds: 30 });
    await expect(second).rejects.toMatchObject({ code: 'SDE50-03' });
    await first.stop();
  });

  test('ends with its owner at kill -9, and its data is gone', async () => {
    const owner = await startOwner<{ pid: number; port: number; logFile: string }>(
      ['sandbox/servers', 'errors'],
      (sources) => `
        import { startMariaDb } from '${sources}/sandbox/servers/mariadb.js';
        const server = await startMariaDb({
          binaries: ${JSON.stringify(binaries)}, environment: process.env, bufferPool: '16M',
        });
        say({ pid: server.pid, port: server.port, logFile: server.logFile });`,
    );
    const { pid, port, logFile } = owner.said;
    expect(await accepts(port)).toBe(true);
    await owner.end('SIGKILL');
    while (isRunning(pid) || existsSync(dirname(logFile))) await wait(20);
    expect(await accepts(port)).toBe(false);
  });
});

describe('finding MariaDB', () => {
  test('names what was tried where there is none and nothing can be installed', async () => {
    if (existsSync('/usr/sbin/mariadbd') || existsSync('/usr/sbin/mysqld')) {
      // The usual folders are looked at whatever the PATH is.
      const found = findMariaDb({ environment: { PATH: folder }, report: () => undefined });
      await expect(found).resolves.toMatchObject({ product: expect.any(String) as string });
    }
    const missing = findMariaDb({
      environment: { PATH: folder },
      report: () => undefined,
      folders: [],
    });
    await expect(missing).rejects.toMatchObject({
      code: 'SDE50-02',
      message: expect.stringMatching(
        /no mariadbd or mysqld on the PATH[^]*not installed from packages: apt-get is not here/,
      ) as string,
    });
  });
});

async function query(server: MariaDb | undefined, sql: string): Promise<unknown[][]> {
  const connection = await createConnection(server?.url('') ?? '');
  const [rows] = await connection.query({ sql, rowsAsArray: true });
  await connection.end();
  return rows as unknown[][];
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
