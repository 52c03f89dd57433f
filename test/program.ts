import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROGRAM = fileURLToPath(new URL('../bin/saas-export.mjs', import.meta.url));

export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program, running. */
export interface RunningProgram {
  /** As Ctrl-C does. */
  interrupt(): void;
  readonly ended: Promise<ProgramResult>;
}

/** Runs the program as a process of its own, in an empty folder, with only these settings. */
export function runProgram(
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<ProgramResult> {
  return startProgram(args, settings).ended;
}

/** The same, without waiting for its end. */
export function startProgram(
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): RunningProgram {
  const folder = mkdtempSync(join(tmpdir(), 'saas-export-cwd-'));
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve)).then((code) => {
    rmSync(folder, { recursive: true });
    return { code, stdout, stderr };
  });
  return { interrupt: () => child.kill('SIGINT'), ended };
}
