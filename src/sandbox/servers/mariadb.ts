import { mkdirSync, writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';

import type { Environment } from './commands.js';
import { dataTemplate, type MariaDbBinaries, userArguments } from './mariadb-binaries.js';
import { freePort } from './ports.js';
import { makeTemporaryFolder, type ServerProcess, startProcess } from './processes.js';
import { ServerLog } from './server-log.js';
import { onFreePorts, startFailure } from './start-failure.js';

export interface MariaDbOptions {
  readonly binaries: MariaDbBinaries;
  readonly environment: Environment;
  /**
   * Where the data is kept, in a folder `data`; a second start with the same directory goes on with
   * it. Default: a temporary folder that is removed when the server ends.
   */
  readonly directory?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** `innodb_buffer_pool_size`. Default: `256M`. */
  readonly bufferPool?: string;
  /**
   * Whether a commit survives the end of the machine (default true). If only the server is killed,
   * nothing is lost either way.
   */
  readonly durable?: boolean;
  /** Default: `mariadb.log` in the directory. */
  readonly logFile?: string;
  /** How long the start may take, recovery of a kept directory included. Default: 120. */
  readonly startSeconds?: number;
  readonly signal?: AbortSignal;
}

/** A private MariaDB or MySQL server on 127.0.0.1. The user is root, without a password. */
export interface MariaDb extends Pick<ServerProcess, 'pid' | 'exited' | 'stop' | 'kill'> {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: 'root';
  readonly socket: string;
  readonly logFile: string;
  /** `mysql://root@127.0.0.1:40123/luma` */
  url(database: string): string;
}

/** The socket's name within the data folder: relative, as a path of a socket has 107 bytes at most. */
const SOCKET = 'server.sock';

/** How long a clean shutdown may take before the server is killed; InnoDB then recovers at the start. */
const GRACE_SECONDS = 20;

/**
 * Starts a private server and waits until it answers.
 *
 * @throws ExportError `SDE50-03` with the last lines of the server's log as the cause.
 */
export async function startMariaDb(options: MariaDbOptions): Promise<MariaDb> {
  const { port } = options;
  if (port !== undefined) return start(options, port);
  return onFreePorts(async () => start(options, await freePort()));
}

async function start(options: MariaDbOptions, port: number): Promise<MariaDb> {
  const { binaries, environment, signal, durable = true, startSeconds = 120 } = options;
  signal?.throwIfAborted();
  const template = await dataTemplate(binaries, environment);
  const temporary = options.directory === undefined ? makeTemporaryFolder('mariadb') : undefined;
  const directory = resolve(options.directory ?? temporary ?? '');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const data = join(directory, 'data');
  // A server that starts removes the temporary tables it finds in its folder, also those of another
  // server that is using them, so each has a folder of its own.
  const temporaryTables = join(directory, 'tmp');
  mkdirSync(temporaryTables, { recursive: true });
  const logFile = options.logFile ?? join(directory, 'mariadb.log');
  const log = new ServerLog(logFile);
  const server = await startProcess({
    command: binaries.server,
    args: [
      '--no-defaults',
      ...userArguments(),
      `--datadir=${data}`,
      `--tmpdir=${temporaryTables}`,
      `--socket=${SOCKET}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      '--skip-log-bin',
      '--character-set-server=utf8mb4',
      '--local-infile=1',
      '--max-connections=500',
      '--max-allowed-packet=64M',
      `--innodb-buffer-pool-size=${options.bufferPool ?? '256M'}`,
      '--innodb-log-file-size=256M',
      `--innodb-flush-log-at-trx-commit=${durable ? 1 : 2}`,
      ...(durable ? [] : ['--innodb-doublewrite=0']),
      ...(binaries.product === 'mysql' ? mysqlArguments(directory) : []),
    ],
    environment,
    logFile,
    graceSeconds: GRACE_SECONDS,
    temporaryFolder: temporary,
    copy: { from: template, to: data },
  });
  try {
    await untilItAnswers(server, { port, data, log, startSeconds, signal });
  } catch (cause) {
    const failure = startFailure('MariaDB', log, temporary !== undefined, cause);
    await server.kill();
    signal?.throwIfAborted();
    throw failure;
  }
  return {
    host: '127.0.0.1',
    port,
    user: 'root',
    socket: join(data, SOCKET),
    logFile,
    url: (database) => `mysql://root@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    pid: server.pid,
    exited: server.exited,
    stop: () => server.stop(),
    kill: () => server.kill(),
  };
}

interface Expected {
  readonly port: number;
  readonly data: string;
  readonly log: ServerLog;
  readonly startSeconds: number;
  readonly signal: AbortSignal | undefined;
}

async function untilItAnswers(server: ServerProcess, expected: Expected): Promise<void> {
  const { port, data, log, startSeconds, signal } = expected;
  let code: number | undefined;
  void server.exited.then((exit) => (code = exit));
  const end = performance.now() + startSeconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    const answering = await dataFolderBehind(port);
    if (code !== undefined) throw new Error(`it ended with exit code ${code}`);
    // The server itself would try for half a minute to two.
    if (/(can't|unable to) lock /i.test(log.text())) {
      throw new Error('another server works in its directory');
    }
    // At the port of a server that found it taken, another one answers.
    if (answering !== undefined && answering === (await realpath(data))) return;
    if (performance.now() > end) throw new Error(`no answer within ${startSeconds} seconds`);
    await wait(30);
  }
}

async function dataFolderBehind(port: number): Promise<string | undefined> {
  try {
    const connection = await createConnection({ host: '127.0.0.1', port, user: 'root' });
    try {
      const [rows] = await connection.query({ sql: 'SELECT @@datadir', rowsAsArray: true });
      return await realpath(String((rows as unknown[][])[0]?.[0]));
    } finally {
      await connection.end();
    }
  } catch {
    return undefined;
  }
}

/** MySQL's initialisation makes root for the socket only, and it opens a second port by default. */
function mysqlArguments(directory: string): string[] {
  const init = join(directory, 'init.sql');
  writeFileSync(
    init,
    "CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';\n" +
      "GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;\n",
  );
  return [`--init-file=${init}`, '--mysqlx=OFF'];
}
