import mysql, { type Pool, type RowDataPacket } from 'mysql2/promise';

import { ExportError } from '../errors/export-error.js';
import { migrate } from './migrate.js';

export interface DatabaseOptions {
  /** `mysql://user:password@host:3306/database`; the database must exist. */
  readonly databaseUrl: string;
  /** Connections held at most for reading, and as many for writing. Default 4. */
  readonly connections?: number;
}

export interface Database {
  readonly reading: Pool;
  readonly writing: Pool;
  /** Longest statement the server takes. */
  readonly maxPacketBytes: number;
}

/** Connects to the service's own database, its tables up to date. Times are UTC. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl, connections = 4 } = options;
  const reading = createPool(databaseUrl, connections);
  const writing = createPool(databaseUrl, connections);
  try {
    const [rows] = await reading.query<(RowDataPacket & { readonly bytes: number })[]>(
      'SELECT @@max_allowed_packet AS bytes',
    );
    await migrate(databaseUrl);
    return { reading, writing, maxPacketBytes: rows[0]?.bytes ?? 0 };
  } catch (cause) {
    await Promise.all([reading.end(), writing.end()]);
    throw new ExportError('SDE60-01', { cause });
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
    // One statement for each number of items in a request: mostly whole batches, and what remains.
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
