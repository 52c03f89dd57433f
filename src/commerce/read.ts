import type { PoolConnection, RowDataPacket } from 'mysql2/promise';

import { inStatementSpan } from '../tracing/statement.js';

export interface ReadStatistics {
  queries: number;
  /** Time between sending a query and having its last row. */
  milliseconds: number;
}

/** Told of each query, once it is answered: its text, its rows, and how long it took. */
export type OnStatement = (sql: string, rows: number, milliseconds: number) => void;

/** Queries within one snapshot. Integers come as numbers, everything else as text. */
export class Read {
  readonly #connection: PoolConnection;
  readonly #statistics: ReadStatistics;
  readonly #onStatement: OnStatement | undefined;
  /** When the connection was last done with a query: those sent meanwhile waited until then. */
  #doneAt = 0;

  constructor(
    connection: PoolConnection,
    statistics: ReadStatistics,
    onStatement: OnStatement | undefined,
  ) {
    this.#connection = connection;
    this.#statistics = statistics;
    this.#onStatement = onStatement;
  }

  /** All rows, each an array in the order of the select list; the caller names their type. */
  async rows<Row extends readonly unknown[]>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    const start = performance.now();
    const [rows] = await inStatementSpan(
      sql,
      () => this.#connection.query<RowDataPacket[][]>(sql, [...values]),
      ([result]) => result.length,
    );
    this.#statistics.queries += 1;
    const done = performance.now();
    this.#statistics.milliseconds += done - start;
    this.#onStatement?.(sql, rows.length, done - Math.max(start, this.#doneAt));
    this.#doneAt = done;
    return rows as unknown as Row[];
  }

  /** The first row, or undefined. */
  async row<Row extends readonly unknown[]>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row | undefined> {
    const [first] = await this.rows<Row>(sql, values);
    return first;
  }
}
