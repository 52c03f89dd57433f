import type { PoolConnection, RowDataPacket } from 'mysql2/promise';

export interface ReadStatistics {
  queries: number;
  /** Time between sending a query and having its last row. */
  milliseconds: number;
}

/** Queries within one snapshot. Integers come as numbers, everything else as text. */
export class Read {
  readonly #connection: PoolConnection;
  readonly #statistics: ReadStatistics;

  constructor(connection: PoolConnection, statistics: ReadStatistics) {
    this.#connection = connection;
    this.#statistics = statistics;
  }

  /** All rows, each an array in the order of the select list; the caller names their type. */
  async rows<Row extends readonly unknown[]>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    const start = performance.now();
    const [rows] = await this.#connection.query<RowDataPacket[][]>(sql, [...values]);
    this.#statistics.queries += 1;
    this.#statistics.milliseconds += performance.now() - start;
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
