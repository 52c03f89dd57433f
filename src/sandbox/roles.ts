import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';

import { ServerLog } from './servers/server-log.js';
import { startProcess, type ServerProcess } from './servers/processes.js';
import { startFailure } from './servers/start-failure.js';

const PROGRAM = fileURLToPath(new URL('../../bin/saas-export.mjs', import.meta.url));
const START_SECONDS = 60;

export interface RoleOptions {
  readonly role: 'worker' | 'ingestion';
  /** Settings of the role; of this process's environment only the user's folders reach it. */
  readonly settings: Readonly<Record<string, string>>;
  /** Holds the role's log. */
  readonly directory: string;
  readonly signal: AbortSignal;
  /** Whether the role is at work yet, asked until it is. */
  readonly ready: () => Promise<boolean>;
}

/**
 * Starts a role of the program as a process of its own, and waits until it is ready.
 *
 * @throws ExportError SDE50-03 with the role's log as the cause.
 */
export async function startRole(options: RoleOptions): Promise<ServerProcess> {
  const { role, directory, settings, signal, ready } = options;
  signal.throwIfAborted();
  const logFile = join(directory, `${role}.log`);
  const log = new ServerLog(logFile);
  const server = await startProcess({
    command: process.execPath,
    args: ['--max-semi-space-size=8', PROGRAM, role],
    environment: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      XDG_CONFIG_HOME: process.env['XDG_CONFIG_HOME'],
      ...settings,
    },
    logFile,
    // Longer than a worker takes to reach the end of a page.
    graceSeconds: 20,
  });
  const start = performance.now();
  for (;;) {
    if (signal.aborted) await server.stop();
    signal.throwIfAborted();
    if (await Promise.race([server.exited.then(() => true), sleep(100, false)]))
      throw startFailure(`The ${role}`, log, false, new Error('it ended at once'));
    if (await ready()) return server;
    if (performance.now() - start > START_SECONDS * 1000) {
      await server.stop();
      throw startFailure(`The ${role}`, log, false, new Error('it was not ready in time'));
    }
  }
}

/** Whether an HTTP server answers its health check. */
export async function isHealthy(url: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(`${url}/health`);
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}
