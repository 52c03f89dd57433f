import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startOwner } from '../../../test/owner-process.js';
import { makeTemporaryFolder, startProcess } from './processes.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'processes-test-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

const shell = (script: string, logFile = join(folder, 'log')) => ({
  command: '/bin/sh',
  args: ['-c', script],
  environment: process.env,
  logFile,
  graceSeconds: 10,
});

describe('a server process', () => {
  test('is asked to end by SIGTERM, and stop waits until it has', async () => {
    const logFile = join(folder, 'asked');
    const script = 'trap "echo ended; exit 3" TERM; echo ready; while :; do sleep 0.05; done';
    const server = await startProcess(shell(script, logFile));
    await until(() => read(logFile).includes('ready'));
    await server.stop();
    expect(read(logFile)).toBe('ready\nended\n');
    expect(await server.exited).toBe(3);
    expect(isRunning(server.pid)).toBe(false);
  });

  test('is killed when it does not end within its grace', async () => {
    const logFile = join(folder, 'stubborn');
    const script = 'trap "" TERM; echo ready; while :; do sleep 0.05; done';
    const server = await startProcess({ ...shell(script, logFile), graceSeconds: 0.3 });
    await until(() => read(logFile).includes('ready'));
    await server.stop();
    expect(await server.exited).toBe(128 + 9);
    expect(isRunning(server.pid)).toBe(false);
  });

  test('can be killed at once', async () => {
    const server = await startProcess(shell('sleep 600'));
    await server.kill();
    expect(isRunning(server.pid)).toBe(false);
  });

  test('takes its temporary folder with it', async () => {
    const temporaryFolder = makeTemporaryFolder('test');
    const server = await startProcess({ ...shell('sleep 600'), temporaryFolder });
    expect(existsSync(temporaryFolder)).toBe(true);
    await server.stop();
    expect(existsSync(temporaryFolder)).toBe(false);
  });

  test('that ends by itself tells its exit code and leaves its log to be read', async () => {
    const temporaryFolder = makeTemporaryFolder('test');
    const logFile = join(temporaryFolder, 'log');
    const server = await startProcess({ ...shell('echo no; exit 7', logFile), temporaryFolder });
    expect(await server.exited).toBe(7);
    expect(read(logFile)).toBe('no\n');
    await server.stop();
    expect(existsSync(temporaryFolder)).toBe(false);
  });

  test('takes its own children with it', async () => {
    const logFile = join(folder, 'children');
    const server = await startProcess(shell('sleep 600 & echo $!; wait', logFile));
    await until(() => read(logFile).includes('\n'));
    await server.stop();
    await until(() => !isRunning(Number(read(logFile))));
  });

  test('whose program is not there ends with 127', async () => {
    const server = await startProcess({ ...shell(''), command: '/nowhere/server' });
    expect(await server.exited).toBe(127);
    await server.stop();
  });

  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'ends with its owner at %s, and its temporary folder is gone',
    async (signal) => {
      const owner = await startOwner<{ pid: number; temporaryFolder: string }>(
        ['sandbox/servers', 'errors'],
        (sources) => `
          import { makeTemporaryFolder, startProcess } from '${sources}/sandbox/servers/processes.js';
          const temporaryFolder = makeTemporaryFolder('owned');
          const { pid } = await startProcess({
            command: 'sleep', args: ['600'], environment: process.env,
            logFile: temporaryFolder + '/log', graceSeconds: 5, temporaryFolder,
          });
          say({ pid, temporaryFolder });`,
      );
      const { pid, temporaryFolder } = owner.said;
      expect(isRunning(pid)).toBe(true);
      await owner.end(signal);
      await until(() => !isRunning(pid) && !existsSync(temporaryFolder));
    },
  );

  test('does not keep its owner from ending', async () => {
    const owner = await startOwner<number>(
      ['sandbox/servers', 'errors'],
      (sources) => `
        import { startProcess } from '${sources}/sandbox/servers/processes.js';
        const { pid } = await startProcess({
          command: 'sleep', args: ['600'], environment: process.env,
          logFile: '/dev/null', graceSeconds: 5,
        });
        say(pid);
        globalThis.setInterval = () => {};`,
    );
    await until(() => !isRunning(owner.said));
  });
});

/** Polls; the test's own time limit is the limit. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(20);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
