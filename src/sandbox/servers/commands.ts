import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The first of the names that is an executable file on the PATH, or in one of the other folders. */
export function findCommand(
  names: readonly string[],
  environment: Environment,
  otherFolders: readonly string[] = [],
): string | undefined {
  const path = environment['PATH'] ?? '';
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...otherFolders];
  for (const name of names) {
    for (const folder of folders) {
      const file = join(folder, name);
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

export interface RunOptions {
  readonly environment: Environment;
  readonly folder?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a command to its end and gives what it printed to standard output. A failure is an error
 * whose message holds the last lines that the command printed.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { environment, folder, signal }: RunOptions,
): Promise<string> {
  try {
    const { stdout } = await exec(command, args, {
      env: environment,
      maxBuffer: 64 * 1024 * 1024,
      ...(folder === undefined ? {} : { cwd: folder }),
      ...(signal === undefined ? {} : { signal }),
    });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    const said = lastLines(stderr.trim() === '' ? stdout : stderr, 5);
    if (said === '') throw error;
    throw new Error(`${command} ${args.join(' ')}: ${said}`, { cause: error });
  }
}

/** The last lines of a text that are not empty. */
export function lastLines(text: string, count: number): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).join('\n').trim();
}

/**
 * Where things are kept that take long to get: one folder for each user and not for each checkout,
 * so that a second clone does not build the Temporal server again.
 */
export function cacheFolder(environment: Environment): string {
  const caches = environment['XDG_CACHE_HOME'];
  const home = environment['HOME'] ?? homedir();
  return join(caches === undefined || caches === '' ? join(home, '.cache') : caches, 'saas-export');
}
