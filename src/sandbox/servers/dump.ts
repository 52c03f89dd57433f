import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { createConnection } from 'mysql2/promise';

import { ExportError } from '../../errors/export-error.js';
import { type Environment, findCommand, lastLines } from './commands.js';

export interface DumpOptions {
  readonly environment: Environment;
  /** Bytes read of the file's bytes, after each piece of some 64 KB. */
  readonly onProgress?: (read: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface DumpTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/**
 * Loads a dump (`.sql`, plain or gzipped) through the native client into a database that it creates.
 * If the load fails, the database is dropped again.
 *
 * @throws ExportError `SDE50-04`: no such file, not a dump, a statement failed, the dump is cut off,
 *   the database exists already. The cause holds the client's words.
 */
export async function loadDump(
  server: DumpTarget,
  database: string,
  file: string,
  options: DumpOptions,
): Promise<void> {
  const client = findCommand(['mariadb', 'mysql'], options.environment, ['/usr/bin']);
  if (client === undefined) {
    throw new ExportError('SDE50-04', {
      message: 'A dump is loaded with the program mariadb or mysql, and neither is on the PATH.',
      cure: 'Install it (Debian: apt-get install mariadb-client).',
    });
  }
  const gzipped = await isGzipped(file);
  const name = `\`${database.replaceAll('`', '``')}\``;
  const { host, port, user } = server;
  const connection = await createConnection({ host, port, user });
  try {
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`).catch(fail);
    try {
      await load(client, server, database, { file, gzipped }, options);
      const [rows] = await connection.query(
        'SELECT 1 FROM information_schema.tables WHERE table_schema = ? LIMIT 1',
        [database],
      );
      if ((rows as unknown[]).length === 0) {
        throw new Error(
          'it left the database empty; a dump made with --databases names its own database',
        );
      }
    } catch (error) {
      await connection.query(`DROP DATABASE ${name}`);
      options.signal?.throwIfAborted();
      fail(error);
    }
  } finally {
    await connection.end();
  }

  function fail(cause: unknown): never {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExportError('SDE50-04', { message: `${file} could not be loaded: ${why}`, cause });
  }
}

async function isGzipped(file: string): Promise<boolean> {
  const start = Buffer.alloc(2);
  try {
    const handle = await open(file);
    await handle.read(start, 0, 2, 0).finally(() => handle.close());
  } catch (cause) {
    throw new ExportError('SDE50-04', { message: `${file} cannot be read.`, cause });
  }
  return start[0] === 0x1f && start[1] === 0x8b;
}

async function load(
  client: string,
  { host, port, user }: DumpTarget,
  database: string,
  { file, gzipped }: { readonly file: string; readonly gzipped: boolean },
  { environment, onProgress, signal }: DumpOptions,
): Promise<void> {
  const { size } = await stat(file);
  const child = spawn(
    client,
    [
      '--no-defaults',
      `--host=${host}`,
      `--port=${port}`,
      `--user=${user}`,
      '--default-character-set=utf8mb4',
      '--max-allowed-packet=1G',
      database,
    ],
    { stdio: ['pipe', 'ignore', 'pipe'], env: environment, ...(signal ? { signal } : {}) },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });

  const ends = new Ends();
  let read = 0;
  const count = async function* (pieces: AsyncIterable<Buffer>) {
    for await (const piece of pieces) {
      read += piece.length;
      onProgress?.(read, size);
      yield piece;
    }
  };
  const watch = async function* (pieces: AsyncIterable<Buffer>) {
    for await (const piece of pieces) {
      ends.add(piece);
      yield piece;
    }
  };
  const source = createReadStream(file);
  const written = gzipped
    ? pipeline(source, count, createGunzip(), watch, child.stdin)
    : pipeline(source, count, watch, child.stdin);
  const [code, error] = await Promise.all([
    exited,
    written.then(
      () => undefined,
      (reason: unknown) => reason as NodeJS.ErrnoException,
    ),
  ]);
  // A broken gzip file also ends in a bad statement, and a bad statement in a broken pipe: of the
  // two errors the first says what happened.
  if (error?.code?.startsWith('Z_') === true) throw error;
  if (code !== 0) throw new Error(lastLines(said, 3) || `${client} ended with ${code}`);
  if (error !== undefined) throw error;
  if (ends.areCutOff()) throw new Error('its end is missing, the file is cut off');
}

/** The beginning and the end of a dump: the dump programs write a line about themselves at both. */
class Ends {
  #head = '';
  #tail = '';

  add(piece: Buffer): void {
    if (this.#head.length < 400) this.#head += piece.subarray(0, 400).toString('latin1');
    this.#tail = (this.#tail + piece.subarray(-200).toString('latin1')).slice(-200);
  }

  areCutOff(): boolean {
    return (
      /^-- (MariaDB|MySQL) dump/m.test(this.#head) && !this.#tail.includes('-- Dump completed')
    );
  }
}
