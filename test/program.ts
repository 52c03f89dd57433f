import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { expect } from 'vitest';

import { problemsOfDocument } from '../src/client/json/validation.js';
import { createProgram } from '../src/client/program.js';

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

/**
 * Runs the program as a process of its own, in an empty folder, with only these settings. What it
 * prints with `--json` has to have the shape that is documented.
 */
export async function runProgram(
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<ProgramResult> {
  const result = await startProgram(args, settings).ended;
  // Also where the exit code tells of something found; errors go to standard error.
  if (args.includes('--json') && result.stdout !== '') {
    const problems = problemsOfDocument(commandOf(args), JSON.parse(result.stdout));
    expect(problems, `${args.join(' ')} prints what src/client/json says`).toEqual([]);
  }
  return result;
}

/** The words of the command, without its arguments. */
function commandOf(args: readonly string[]): string {
  const words: string[] = [];
  let command: Command | undefined = createProgram();
  for (const word of args) {
    command = command.commands.find((each) => each.name() === word);
    if (command === undefined) break;
    words.push(word);
  }
  return words.join(' ');
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
