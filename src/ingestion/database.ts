import mysql, {
  type FieldPacket,
  type Pool,
  type QueryOptions,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2/promise';
import type { Logger } from 'pino';

import { ExportError } from '../errors/export-error.js';
import { migrate } from './migrate.js';

export interface DatabaseOptions {
  /** `mysql://user:password@host:3306/database`; the database must exist. */
  readonly databaseUrl: string;
  /** Connections held at most for reading, and as many for writing. Default 4. */
  readonly connections?: number;
  /** Told of what makes the server lose what it has taken. */
  readonly logger?: Logger | undefined;
}

export interface Database {
  readonly reading: ReadingPool;
  readonly writing: Pool;
  /** Longest statement the server takes. */
  readonly maxPacketBytes: number;
}

/** Connects to the service's own database, its tables up to date. Times are UTC. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl, connections = 4, logger } = options;
  const reading = createPool(databaseUrl, connections);
  const writing = createPool(databaseUrl, connections);
  try {
    const [[server]] = await reading.query<ServerRow[]>(
      `SELECT @@max_allowed_packet AS bytes, @@innodb_flush_log_at_trx_commit AS flushAtCommit,
         @@log_bin AS binaryLog, @@sync_binlog AS syncBinaryLog`,
    );
    if (server === undefined) throw new Error('the server does not tell its settings');
    await migrate(databaseUrl);
    for (const risk of durabilityRisks(server)) logger?.warn(risk);
    return { reading: new ReadingPool(reading), writing, maxPacketBytes: server.bytes };
  } catch (cause) {
    await Promise.all([reading.end(), writing.end()]);
    throw new ExportError('SDE60-01', { cause });
  }
}

interface ServerRow extends DurabilitySettings, RowDataPacket {
  readonly bytes: number;
}

/** What of a server's settings decides whether a commit survives its end. */
export interface DurabilitySettings {
  readonly flushAtCommit: number;
  /** 0 or 1. */
  readonly binaryLog: number;
  readonly syncBinaryLog: number;
}

/** Why what was answered with 200 might be lost; empty where it is durable. */
export function durabilityRisks(settings: DurabilitySettings): string[] {
  const risks: string[] = [];
  if (settings.flushAtCommit !== 1) {
    risks.push(
      `innodb_flush_log_at_trx_commit is ${settings.flushAtCommit}: when the database’s machine fails, items of the last second or so that were accepted are lost; set it to 1`,
    );
  }
  if (settings.binaryLog !== 0 && settings.syncBinaryLog !== 1) {
    risks.push(
      `sync_binlog is ${settings.syncBinaryLog}: when the database’s machine fails, the binary log may lack items that were accepted, and replicas and restored backups with it; set it to 1`,
    );
  }
  return risks;
}

/** The database did not do what it was asked: it is away, or its tables are. */
export class DatabaseFailure extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : 'the database failed', { cause });
    this.name = 'DatabaseFailure';
  }
}

/** Connections for reading, and for what is no item. */
export class ReadingPool {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** @throws DatabaseFailure */
  async query<Result extends RowDataPacket[] | ResultSetHeader>(
    sql: string | QueryOptions,
    values: readonly unknown[] = [],
  ): Promise<[Result, FieldPacket[]]> {
    const options = typeof sql === 'string' ? { sql } : sql;
    try {
      return await this.#pool.query<Result>({ ...options, values: [...values] });
    } catch (cause) {
      throw new DatabaseFailure(cause);
    }
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }
}

/** Senders give up after a minute; who waits longer than this is answered with 503 before. */
const LOCK_SECONDS = 15;

function createPool(databaseUrl: string, connections: number): Pool {
  const pool = mysql.createPool({
    uri: databaseUrl,
    connectionLimit: connections,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    dateStrings: true,
    supportBigNumbers: true,
    enableKeepAlive: true,
    // Upserts of nine sizes, and the statements of the sequence.
    maxPreparedStatements: 16,
  });
  pool.pool.on('connection', (connection) => {
    connection.query(`SET time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES',
       innodb_lock_wait_timeout = ${LOCK_SECONDS}`);
    // Upserts then lock no gaps but those of the unique key.
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  });
  return pool;
}
