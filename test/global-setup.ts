import { readFileSync, statfsSync } from 'node:fs';
import { resolve } from 'node:path';

import type { TestProject } from 'vitest/node';

import { startMariaDb } from '../src/sandbox/servers/mariadb.js';
import { findMariaDb } from '../src/sandbox/servers/mariadb-binaries.js';
import { stepPrinter } from '../src/sandbox/servers/progress.js';
import { findTemporal } from '../src/sandbox/servers/temporal-binary.js';
import {
  type SearchAttributeType,
  startTemporalServer,
} from '../src/sandbox/servers/temporal-server.js';
import type { TestMariaDb, TestTemporal } from './servers.js';

const environment = process.env;
const tools = { environment, report: stepPrinter(process.stdout) };

const MEMORY = '/dev/shm';
/** Bytes. A whole run takes less than a third of it. */
const MEMORY_NEEDED = 8 * 2 ** 30;

const searchAttributes: Readonly<Record<string, SearchAttributeType>> = {};

/**
 * Starts the servers that the tests of this run ask for with `inject`, one of each for all.
 * `TEST_MARIADB_PORT` and `TEST_TEMPORAL_ADDRESS` name running ones to use instead.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  useMemory();
  const files = await selectedFiles(project);
  const stops: (() => Promise<void>)[] = [];
  const starts: Promise<void>[] = [];
  if (needs('mariadb', files)) {
    starts.push(mariaDb(stops).then((server) => project.provide('mariadb', server)));
  }
  if (needs('temporal', files)) {
    starts.push(temporal(stops).then((server) => project.provide('temporal', server)));
  }
  const stopAll = async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
  try {
    await Promise.all(starts);
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
}

/**
 * Temporary folders of this process and of the test files are in memory where there is enough of
 * it: making a shop's tables, which most files do, then takes less than half the time.
 */
function useMemory(): void {
  if (environment['TMPDIR'] !== undefined) return;
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize >= MEMORY_NEEDED) environment['TMPDIR'] = MEMORY;
  } catch {
    // Systems without it have their temporary folders on disk.
  }
}

async function mariaDb(stops: (() => Promise<void>)[]): Promise<TestMariaDb> {
  const port = environment['TEST_MARIADB_PORT'];
  if (port !== undefined) return { host: '127.0.0.1', port: Number(port), user: 'root' };
  const binaries = await findMariaDb(tools);
  const server = await startMariaDb({ binaries, environment, durable: false });
  stops.push(() => server.kill());
  return { host: server.host, port: server.port, user: server.user };
}

async function temporal(stops: (() => Promise<void>)[]): Promise<TestTemporal> {
  const namespace = 'default';
  const address = environment['TEST_TEMPORAL_ADDRESS'];
  if (address !== undefined) return { address, namespace };
  const { path: binary } = await findTemporal(tools);
  const server = await startTemporalServer({ binary, environment, namespace, searchAttributes });
  stops.push(() => server.stop());
  return { address: server.address, namespace };
}

/** The test files of this run. Which were asked for is not public in Vitest: else all of them. */
async function selectedFiles({ vitest }: TestProject): Promise<string[]> {
  const { filenamePattern } = vitest as { readonly filenamePattern?: readonly string[] };
  const specifications = await vitest.globTestSpecifications(
    filenamePattern === undefined ? [] : [...filenamePattern],
  );
  return specifications.map(({ moduleId }) => moduleId);
}

/** Whether one of the files, or a file that it imports by a relative path, injects the value. */
function needs(name: string, files: readonly string[]): boolean {
  const seen = new Set(files);
  for (const file of seen) {
    const text = read(file);
    if (text.includes(`inject('${name}')`)) return true;
    for (const [, path] of text.matchAll(/from '(\.{1,2}\/[^']+)\.js'/g)) {
      seen.add(resolve(file, '..', `${path}.ts`));
    }
  }
  return false;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
