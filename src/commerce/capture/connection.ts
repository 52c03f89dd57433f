import mysql, { type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';

import { ExportError } from '../../errors/export-error.js';
import type { ShopPlace, Sql } from './sql.js';

export interface CaptureConnection extends Sql {
  close(): Promise<void>;
}

/**
 * A connection of its own for work on triggers, in UTC.
 *
 * @throws ExportError SDE20-01 when it cannot be had.
 */
export async function connectForCapture(url: string): Promise<CaptureConnection> {
  const connection = await mysql
    .createConnection({
      uri: url,
      charset: 'utf8mb4_general_ci',
      timezone: 'Z',
      dateStrings: true,
      supportBigNumbers: true,
    })
    .catch((cause: unknown) => {
      throw new ExportError('SDE20-01', { cause });
    });
  await connection.query(`SET time_zone = '+00:00'`);
  return {
    rows: async <Row extends object>(sql: string, values: readonly unknown[] = []) => {
      const [rows] = await connection.query<RowDataPacket[]>(sql, [...values]);
      return rows as unknown as Row[];
    },
    run: async (sql, values = []) => {
      const [result] = await connection.query<ResultSetHeader>(sql, [...values]);
      return result.affectedRows;
    },
    close: () => connection.end(),
  };
}

/** The schema that a database URL names. */
export function shopPlace(url: string, tablePrefix: string): ShopPlace {
  return { schema: decodeURIComponent(new URL(url).pathname.slice(1)), tablePrefix };
}
