import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Step } from './progress.js';
import { findTemporal, type FindTemporalOptions } from './temporal-binary.js';
import { downloadTemporal } from './temporal-download.js';

const folders: string[] = [];
const servers: Server[] = [];
let folder = '';
/** A PATH with the few programs that a download needs. */
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temporal-binary-test-'));
  folders.push(folder);
  path = join(folder, 'path');
  for (const name of ['tar', 'gzip', 'sh', 'cp', 'sleep', 'chmod', 'mkdir']) {
    program(
      join(path, name),
      `exec /usr/bin/env -- "$(PATH=/bin:/usr/bin command -v ${name})" "$@"`,
    );
  }
});
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});
afterAll(async () => {
  for (const name of folders) await rm(name, { recursive: true, force: true });
});

const CLI = '[ "$1" = --version ] && echo "temporal version 1.5.1"';

function find(options: Partial<FindTemporalOptions> = {}) {
  return findTemporal({
    environment: { PATH: path, XDG_CACHE_HOME: join(folder, 'cache') },
    report: () => undefined,
    downloadFrom: 'http://127.0.0.1:1',
    goFolders: [],
    ...options,
  });
}

describe('finding the Temporal server', () => {
  test('the one on the PATH comes first', async () => {
    program(join(path, 'temporal'), CLI);
    expect(await find()).toEqual({ path: join(path, 'temporal'), origin: 'path' });
  });

  test('the download is kept in the cache', async () => {
    const downloadFrom = await serve(archive(CLI));
    const found = await find({ downloadFrom });
    expect(found.origin).toBe('download');
    expect(await find()).toEqual({ path: found.path, origin: 'cache' });
  });

  test('it is built with Go where it cannot be downloaded, and the steps are told', async () => {
    goInstalls(CLI);
    const steps: Step[] = [];
    const found = await find({ report: (step) => steps.push(step) });
    expect(found.origin).toBe('go');
    expect(steps.map(({ name, state }) => `${name.split(' ')[0] ?? ''} ${state}`)).toEqual([
      'Downloading running',
      'Downloading failed',
      'Building running',
      'Building done',
    ]);
    expect(await readFile(join(folder, 'go-arguments'), 'utf8')).toContain(
      'install -ldflags=-s -w github.com/temporalio/cli/cmd/temporal@v1.5.1',
    );
    expect(await find()).toEqual({ path: found.path, origin: 'cache' });
  });

  test('two builds at once leave one working server', async () => {
    goInstalls(CLI);
    const found = await Promise.all([find(), find()]);
    expect(found.map(({ origin }) => origin)).toEqual(['go', 'go']);
    expect(await find()).toMatchObject({ origin: 'cache' });
    expect(readdirSync(join(folder, 'cache', 'saas-export', 'temporal'))).toHaveLength(1);
  });

  test('a build that does not run is not kept', async () => {
    goInstalls('echo broken >&2; exit 1');
    await expect(find()).rejects.toMatchObject({
      message: expect.stringMatching(/go install .*broken/) as string,
    });
    expect(readdirSync(join(folder, 'cache', 'saas-export', 'temporal'))).toHaveLength(0);
  });

  test('where nothing works the error names each try and why it failed', async () => {
    const error = (await find().catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ code: 'SDE50-01' });
    const lines = error.message.split('\n');
    expect(lines).toEqual([
      'No Temporal server could be found or built:',
      '- temporal on the PATH: not there',
      expect.stringMatching(/^- the cache, .*: not there$/),
      expect.stringMatching(/^- download: .*bad port/),
      expect.stringMatching(/^- go install .*: Go is not here, and apt-get is not here$/),
    ]);
  });
});

describe('downloading the Temporal CLI', () => {
  const options = (from: string) => ({
    version: '1.5.1',
    folder,
    environment: process.env,
    from,
    silenceSeconds: 0.3,
  });

  test('is given up when nobody answers', async () => {
    const from = await listen(() => undefined);
    await expect(downloadTemporal(options(from))).rejects.toThrow('no answer within 0.3 seconds');
  });

  test('is given up when the archive stops coming', async () => {
    const from = await serve(archive(CLI).subarray(0, 50), { complete: false });
    await expect(downloadTemporal(options(from))).rejects.toThrow('no answer within 0.3 seconds');
  });

  test('reports an archive that is broken', async () => {
    const from = await serve(Buffer.from('not an archive'));
    await expect(downloadTemporal(options(from))).rejects.toThrow('cannot be unpacked');
  });

  test('reports an answer that is an error', async () => {
    const from = await listen((_, response) => response.writeHead(404).end());
    await expect(downloadTemporal(options(from))).rejects.toThrow('answered 404');
  });
});

/** An executable shell script. */
function program(file: string, script: string): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** Puts a `go` on the PATH that installs the script as `temporal`. */
function goInstalls(script: string): void {
  program(
    join(path, 'go'),
    `if [ "$1" = version ]; then echo "go version go1.25.0 linux/amd64"; exit 0; fi
     echo "$@" > '${join(folder, 'go-arguments')}'
     { echo '#!/bin/sh'; echo '${script}'; } > "$GOBIN/temporal"
     sleep 0.2
     chmod +x "$GOBIN/temporal"`,
  );
}

/** A gzipped tar file with the script as `temporal`. */
function archive(script: string): Buffer {
  program(join(folder, 'archive', 'temporal'), script);
  return execFileSync('tar', ['-czf', '-', '-C', join(folder, 'archive'), 'temporal']);
}

/** Serves an archive as the download address does, and gives the address. */
function serve(bytes: Buffer, { complete = true } = {}): Promise<string> {
  return listen((request, response) => {
    const { host = '' } = request.headers;
    if (request.url?.startsWith('/cli/v1.5.1?') === true) {
      response.end(
        JSON.stringify({ archiveUrl: `http://${host}/archive`, fileToExtract: 'temporal' }),
      );
    } else {
      response.writeHead(200);
      if (complete) response.end(bytes);
      else response.write(bytes);
    }
  });
}

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
