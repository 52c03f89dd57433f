import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../bin/saas-export.mjs', import.meta.url));

test('a sandbox that is stopped leaves no process, port or temporary folder', async () => {
  // Everything that it starts names this folder, in its arguments, variables or open files.
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
  const child = spawn(process.execPath, [PROGRAM, 'sandbox', '--products', '20'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: homedir(), TMPDIR: folder, LOG_LEVEL: 'debug' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  let said = '';
  let steps = '';
  child.stderr.on('data', (chunk: Buffer) => (steps += chunk.toString()));
  const exited = once(child, 'exit');
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ctrl-C stops everything.')) resolve();
    });
  });
  await Promise.race([
    ready,
    exited.then(() => {
      throw new Error(`it ended by itself:\n${said}${steps}`);
    }),
  ]);
  const [logs = ''] = readdirSync(folder);
  const settings = readFileSync(join(folder, logs, 'sandbox.env'), 'utf8');
  const ports = new Set(
    [...`${said}${settings}`.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port)),
  );
  // MariaDB, Temporal and its UI, the ingestion service.
  expect(ports.size).toBe(4);
  for (const port of ports) expect(await answers(port), String(port)).toBe(true);
  expect(processesOf(folder).length).toBeGreaterThan(4);
  expect(readFileSync(join(folder, logs, 'worker.log'), 'utf8')).toContain('"level":"debug"');

  child.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
  for (const port of ports) expect(await answers(port), String(port)).toBe(false);
  expect(processesOf(folder)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
}, 300_000);

/** Command lines of the processes whose arguments or variables name the folder. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const variables = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return `${command}${variables}`.includes(folder) ? [command.replaceAll('\0', ' ')] : [];
      } catch {
        return []; // It has ended, or is another user's.
      }
    });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
