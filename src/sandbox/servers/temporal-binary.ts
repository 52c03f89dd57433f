import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { ExportError } from '../../errors/export-error.js';
import {
  cacheFolder,
  type Environment,
  findCommand,
  isExecutable,
  runCommand,
} from './commands.js';
import { findGo } from './go.js';
import { type Report, reported } from './progress.js';
import { downloadTemporal } from './temporal-download.js';

/** The last version of the CLI that `go install` accepts. */
export const TEMPORAL_CLI_VERSION = '1.5.1';

export interface FindTemporalOptions {
  readonly environment: Environment;
  readonly report: Report;
  readonly signal?: AbortSignal | undefined;
  /** Where the CLI is downloaded from. Default: the address that Temporal's SDKs use. */
  readonly downloadFrom?: string;
  /** Where Go is looked for beside the PATH. Default: where its installer and packages put it. */
  readonly goFolders?: readonly string[];
}

export interface TemporalBinary {
  readonly path: string;
  readonly origin: 'path' | 'cache' | 'download' | 'go';
}

/**
 * The Temporal CLI, which holds the development server: from the PATH, from this user's cache, else
 * downloaded or built into the cache. Two processes may do so at once.
 *
 * @throws ExportError `SDE50-01` naming each try and why it failed.
 */
export async function findTemporal(options: FindTemporalOptions): Promise<TemporalBinary> {
  const { environment, signal } = options;
  const target = join(
    cacheFolder(environment),
    'temporal',
    `temporal-${TEMPORAL_CLI_VERSION}-${process.platform}-${process.arch}`,
  );
  const tries: readonly [TemporalBinary['origin'], string, () => Promise<string>][] = [
    ['path', 'temporal on the PATH', () => onPath(environment)],
    ['cache', `the cache, ${target}`, () => cached(target, environment)],
    ['download', 'download', () => inCache(target, options, download)],
    ['go', `go install ${MODULE}`, () => inCache(target, options, build)],
  ];
  const failures: string[] = [];
  const causes: unknown[] = [];
  for (const [origin, name, attempt] of tries) {
    signal?.throwIfAborted();
    try {
      return { path: await attempt(), origin };
    } catch (error) {
      signal?.throwIfAborted();
      causes.push(error);
      failures.push(`- ${name}: ${error instanceof Error ? describe(error) : String(error)}`);
    }
  }
  throw new ExportError('SDE50-01', {
    message: `No Temporal server could be found or built:\n${failures.join('\n')}`,
    cause: new AggregateError(causes),
  });
}

const MODULE = `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_CLI_VERSION}`;

async function onPath(environment: Environment): Promise<string> {
  const found = findCommand(['temporal'], environment);
  if (found === undefined) throw new Error('not there');
  return runs(found, environment);
}

async function cached(target: string, environment: Environment): Promise<string> {
  if (!isExecutable(target)) throw new Error('not there');
  return runs(target, environment);
}

async function runs(binary: string, environment: Environment): Promise<string> {
  await runCommand(binary, ['--version'], { environment });
  return binary;
}

type Obtain = (folder: string, options: FindTemporalOptions) => Promise<string>;

/** Lets `obtain` put a binary into a folder of its own, tries it, and moves it to its place. */
async function inCache(
  target: string,
  options: FindTemporalOptions,
  obtain: Obtain,
): Promise<string> {
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(`${target}.`);
  try {
    const binary = await runs(await obtain(folder, options), options.environment);
    await rename(binary, target);
    return target;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const download: Obtain = (folder, { downloadFrom, environment, report, signal }) =>
  reported(report, 'Downloading the Temporal server', () =>
    downloadTemporal({
      version: TEMPORAL_CLI_VERSION,
      folder,
      environment,
      signal,
      ...(downloadFrom === undefined ? {} : { from: downloadFrom }),
    }),
  );

const build: Obtain = async (folder, options) => {
  const { environment, report, signal } = options;
  const go = await findGo(options);
  await reported(report, 'Building the Temporal server with Go (a minute or three, once)', () =>
    runCommand(go, ['install', '-ldflags=-s -w', MODULE], {
      environment: {
        ...environment,
        GOBIN: folder,
        CGO_ENABLED: '0',
        GOFLAGS: '',
        // A Go that is too old for the module fetches the one it needs.
        GOTOOLCHAIN: 'auto',
      },
      folder,
      signal,
    }),
  );
  return join(folder, 'temporal');
};

/** `fetch` tells why it failed only in the cause. */
function describe(error: Error): string {
  const { message, cause } = error;
  return message === 'fetch failed' && cause instanceof Error ? cause.message : message;
}
