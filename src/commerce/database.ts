import mysql, { type Pool, type PoolConnection } from 'mysql2/promise';

import { ExportError } from '../errors/export-error.js';
import { inSpan } from '../tracing/span.js';
import { Read, type OnStatement, type ReadStatistics } from './read.js';

export interface CommerceDatabaseOptions {
  /** `mysql://user:password@host:3306/database`; TLS and socket as URL parameters of mysql2. */
  readonly url: string;
  /** Connections held at most. Default 4: two pages in flight, and room for look-ups. */
  readonly connections?: number;
}

/** A pool of read-only connections to the Commerce database, with Commerce's session settings. */
export class CommerceDatabase {
  readonly #pool: Pool;
  readonly #statistics: ReadStatistics = { queries: 0, milliseconds: 0 };

  constructor({ url, connections = 4 }: CommerceDatabaseOptions) {
    this.#pool = mysql.createPool({
      uri: url,
      connectionLimit: connections,
      charset: 'utf8mb4_general_ci',
      timezone: 'Z',
      // Payloads carry the database's text: no Date objects, no binary floats.
      dateStrings: true,
      decimalNumbers: false,
      supportBigNumbers: true,
      jsonStrings: true,
      rowsAsArray: true,
      enableKeepAlive: true,
    });
    this.#pool.pool.on('connection', (connection) => {
      connection.query(`SET time_zone = '+00:00', sql_mode = ''`);
      connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    });
  }

  /** Queries sent and time spent waiting for them, since the start. */
  get statistics(): Readonly<ReadStatistics> {
    return this.#statistics;
  }

  /**
   * Runs `work` in one consistent, read-only snapshot on a connection of its own. When `signal`
   * aborts, the connection is cut and `work` fails.
   *
   * @throws ExportError SDE20-01 when no connection can be had, SDE20-09 and SDE20-10 when `work`
   *   reads a table that is missing or that the account may not read.
   */
  async snapshot<T>(
    work: (read: Read) => Promise<T>,
    signal?: AbortSignal,
    onStatement?: OnStatement,
  ): Promise<T> {
    signal?.throwIfAborted();
    return inSpan('commerce snapshot', {}, (span) =>
      this.#snapshot((read) => span.within(() => work(read)), signal, onStatement),
    );
  }

  async #snapshot<T>(
    work: (read: Read) => Promise<T>,
    signal: AbortSignal | undefined,
    onStatement: OnStatement | undefined,
  ): Promise<T> {
    const connection = await this.#connect();
    const cut = (): void => connection.destroy();
    signal?.addEventListener('abort', cut, { once: true });
    try {
      await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
      const result = await work(new Read(connection, this.#statistics, onStatement));
      await connection.query('COMMIT');
      connection.release();
      return result;
    } catch (error) {
      // A connection in an unknown state is not given back to the pool.
      connection.destroy();
      throw signal?.aborted === true ? signal.reason : explained(error);
    } finally {
      signal?.removeEventListener('abort', cut);
    }
  }

  /** @throws ExportError SDE20-01 when the database does not answer. */
  async ping(): Promise<void> {
    const connection = await this.#connect();
    connection.release();
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #connect(): Promise<PoolConnection> {
    try {
      return await this.#pool.getConnection();
    } catch (cause) {
      throw new ExportError('SDE20-01', { cause });
    }
  }
}

/** MySQL's errors about what is not there, and about rights to a database, table or column. */
const MISSING = new Set(['ER_NO_SUCH_TABLE']);
const DENIED = new Set([
  'ER_DBACCESS_DENIED_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
]);

/** What a person can do something about gets a code; anything else is passed on as it is. */
function explained(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const code = String(error.code);
  if (MISSING.has(code)) return new ExportError('SDE20-09', { cause: error });
  if (DENIED.has(code)) return new ExportError('SDE20-10', { cause: error });
  return error;
}
