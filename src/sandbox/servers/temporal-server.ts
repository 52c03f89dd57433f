import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Connection } from '@temporalio/client';

import type { Environment } from './commands.js';
import { freePort } from './ports.js';
import { makeTemporaryFolder, type ServerProcess, startProcess } from './processes.js';
import { ServerLog } from './server-log.js';
import { onFreePorts, startFailure } from './start-failure.js';

/** The types a search attribute can have, as the Temporal CLI spells them. */
export type SearchAttributeType =
  'Text' | 'Keyword' | 'Int' | 'Double' | 'Bool' | 'Datetime' | 'KeywordList';

export interface TemporalServerOptions {
  /** The Temporal CLI, see `findTemporal`. */
  readonly binary: string;
  readonly environment: Environment;
  readonly namespace: string;
  readonly searchAttributes: Readonly<Record<string, SearchAttributeType>>;
  /** Default: a free one. */
  readonly port?: number;
  /** The port of the Temporal UI. Default: a free one. */
  readonly uiPort?: number;
  /** Where histories are kept. Default: in memory. */
  readonly dbFile?: string;
  /** Default: `SANDBOX_DYNAMIC_CONFIG`. */
  readonly dynamicConfig?: Readonly<Record<string, number | string | boolean>>;
  /** Default: a temporary file that is removed when the server ends. */
  readonly logFile?: string;
  readonly signal?: AbortSignal;
}

/** A Temporal development server on 127.0.0.1. */
export interface TemporalServer extends Pick<ServerProcess, 'pid' | 'exited' | 'stop' | 'kill'> {
  /** `127.0.0.1:40123` */
  readonly address: string;
  readonly uiUrl: string;
  readonly namespace: string;
  readonly logFile: string;
}

/**
 * The development server's history service looks for work 20 times a second and shard by default,
 * which makes a round trip of an activity 90 ms; with this rate it is 14 to 19 ms.
 */
export const SANDBOX_DYNAMIC_CONFIG = { 'history.transferProcessorMaxPollRPS': 1000 } as const;

const START_SECONDS = 60;

/** With a database file: a clean end takes 1.1 s. Without one there is nothing to save. */
const GRACE_SECONDS = 10;

/**
 * Starts a Temporal development server and waits until it answers, with the namespace and the
 * search attributes registered.
 *
 * @throws ExportError `SDE50-03` with the last lines of the server's log as the cause.
 */
export async function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  const { port, uiPort } = options;
  if (port !== undefined && uiPort !== undefined) return start(options, port, uiPort);
  return onFreePorts(async () =>
    start(options, port ?? (await freePort()), uiPort ?? (await freePort())),
  );
}

async function start(
  options: TemporalServerOptions,
  port: number,
  uiPort: number,
): Promise<TemporalServer> {
  const { namespace, searchAttributes, dbFile, signal } = options;
  const dynamicConfig = options.dynamicConfig ?? SANDBOX_DYNAMIC_CONFIG;
  signal?.throwIfAborted();
  if (dbFile !== undefined) mkdirSync(dirname(dbFile), { recursive: true });
  const temporary = options.logFile === undefined ? makeTemporaryFolder('temporal') : undefined;
  const logFile = options.logFile ?? join(temporary ?? '', 'temporal.log');
  const log = new ServerLog(logFile);
  const flags = (flag: string, values: readonly string[]) =>
    values.flatMap((value) => [flag, value]);
  const server = await startProcess({
    command: options.binary,
    args: [
      'server',
      'start-dev',
      '--ip',
      '127.0.0.1',
      ...flags('--port', [String(port)]),
      ...flags('--ui-port', [String(uiPort)]),
      ...flags('--namespace', [namespace]),
      ...flags('--db-filename', dbFile === undefined ? [] : [dbFile]),
      ...flags(
        '--search-attribute',
        Object.entries(searchAttributes).map(([name, type]) => `${name}=${type}`),
      ),
      ...flags(
        '--dynamic-config-value',
        Object.entries(dynamicConfig).map(([name, value]) => `${name}=${JSON.stringify(value)}`),
      ),
    ],
    environment: options.environment,
    logFile,
    graceSeconds: dbFile === undefined ? 0 : GRACE_SECONDS,
    temporaryFolder: temporary,
  });
  try {
    await untilItAnswers(server, {
      port,
      namespace,
      names: Object.keys(searchAttributes),
      log,
      signal,
    });
  } catch (cause) {
    const failure = startFailure('The Temporal server', log, temporary !== undefined, cause);
    await server.kill();
    signal?.throwIfAborted();
    throw failure;
  }
  return {
    address: `127.0.0.1:${port}`,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    namespace,
    logFile,
    pid: server.pid,
    exited: server.exited,
    stop: () => server.stop(),
    kill: () => server.kill(),
  };
}

interface Expected {
  readonly port: number;
  readonly namespace: string;
  /** The names of the search attributes. */
  readonly names: readonly string[];
  readonly log: ServerLog;
  readonly signal: AbortSignal | undefined;
}

async function untilItAnswers(server: ServerProcess, expected: Expected): Promise<void> {
  const { log, port, signal } = expected;
  let code: number | undefined;
  void server.exited.then((exit) => (code = exit));
  const end = performance.now() + START_SECONDS * 1000;
  let problem: unknown;
  for (;;) {
    signal?.throwIfAborted();
    if (code !== undefined) throw new Error(`it ended with exit code ${code}`);
    // If another program took the port meanwhile, it is the one that answers there: the server's
    // own word is waited for, `Server:  localhost:40123`.
    if (new RegExp(`server\\b.*:${port}\\b`, 'i').test(log.text())) {
      try {
        if (await isReady(expected)) return;
      } catch (error) {
        problem = error;
      }
    }
    if (performance.now() > end) {
      throw new Error(`no answer within ${START_SECONDS} seconds`, { cause: problem });
    }
    await wait(30);
  }
}

async function isReady({ port, namespace, names }: Expected): Promise<boolean> {
  const connection = await Connection.connect({
    address: `127.0.0.1:${port}`,
    connectTimeout: 2000,
  });
  try {
    await connection.workflowService.describeNamespace({ namespace });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace,
    });
    return names.every((name) => name in customAttributes);
  } finally {
    await connection.close();
  }
}
