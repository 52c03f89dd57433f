import knexModule, { type Knex } from 'knex';

import { ExportError } from '../errors/export-error.js';
import { inSpan } from '../tracing/span.js';
import { inStatementSpan } from '../tracing/statement.js';

export interface StoreOptions {
  /** `mysql://…/saas_export`; the database must exist (see `install`). */
  readonly databaseUrl: string;
  /** Put before the name of every table, where the exporter shares a schema. Default none. */
  readonly tablePrefix?: string;
  /** Connections held at most. Default 8. */
  readonly connections?: number;
}

export type Transaction = Knex.Transaction;

/** The exporter's own tables. Times are UTC; text is compared byte by byte. */
export class Store {
  readonly knex: Knex;
  readonly #prefix: string;

  constructor({ databaseUrl, tablePrefix = '', connections = 8 }: StoreOptions) {
    this.#prefix = tablePrefix;
    this.knex = knexModule.knex({
      client: 'mysql2',
      // Errors reach the caller; knex would print them to standard output as well.
      log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
      // Statements hold payloads, and errors end up in logs and in Temporal's history.
      compileSqlOnError: false,
      connection: {
        uri: databaseUrl,
        timezone: 'Z',
        dateStrings: true,
        supportBigNumbers: true,
      },
      pool: {
        min: 0,
        max: connections,
        afterCreate: (connection: SessionConnection, done: (error: unknown) => void) => {
          connection.query(`SET time_zone = '+00:00'`, (timeZone) => {
            connection.query(
              'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
              (isolation) => done(timeZone ?? isolation),
            );
          });
        },
      },
    });
  }

  /** The table's name with prefix, for query builders. */
  table(name: string): string {
    return `${this.#prefix}${name}`;
  }

  /** The table's name with prefix, quoted for SQL. */
  t(name: string): string {
    return `\`${this.#prefix}${name}\``;
  }

  /** Rows of a query, as objects. */
  async rows<Row extends object>(
    sql: string,
    values: readonly unknown[] = [],
    transaction?: Transaction,
  ): Promise<Row[]> {
    return (await this.#query(sql, values, transaction)) as Row[];
  }

  /** Runs a statement; returns how many rows it touched. */
  async run(
    sql: string,
    values: readonly unknown[] = [],
    transaction?: Transaction,
  ): Promise<number> {
    const result = (await this.#query(sql, values, transaction)) as { affectedRows: number };
    return result.affectedRows;
  }

  /** Runs `work` in one transaction at READ COMMITTED; a deadlock is tried again, five times. */
  async transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await inSpan('store transaction', { attributes: { attempt } }, (span) =>
          this.knex.transaction((transaction) => span.within(() => work(transaction))),
        );
      } catch (error) {
        if (!isDeadlock(error) || attempt === 5) throw error;
      }
    }
  }

  /** The store as it is seen and changed within a transaction. */
  within(transaction: Transaction): Pick<Store, 't' | 'rows' | 'run'> {
    return {
      t: (name) => this.t(name),
      rows: (sql, values) => this.rows(sql, values, transaction),
      run: (sql, values) => this.run(sql, values, transaction),
    };
  }

  /** @throws ExportError SDE20-03 when the database does not answer. */
  async ping(): Promise<void> {
    try {
      await this.knex.raw('SELECT 1');
    } catch (cause) {
      throw new ExportError('SDE20-03', { cause });
    }
  }

  async close(): Promise<void> {
    await this.knex.destroy();
  }

  async #query(
    sql: string,
    values: readonly unknown[],
    transaction: Transaction | undefined,
  ): Promise<unknown> {
    try {
      const run = async (): Promise<unknown> => {
        const [result] = (await (transaction ?? this.knex).raw(
          sql,
          values as Knex.RawBinding[],
        )) as unknown[];
        return result;
      };
      // Looks outside of transactions are many and short: whether there is anything to do.
      if (transaction === undefined) return await run();
      return await inStatementSpan(sql, run, rowsOf);
    } catch (error) {
      // The driver keeps the whole statement, with its values, in the error.
      if (error instanceof Error && 'sql' in error) delete error.sql;
      throw error;
    }
  }
}

/** Rows that a statement returned or touched. */
function rowsOf(result: unknown): number | undefined {
  if (Array.isArray(result)) return result.length;
  return (result as { affectedRows?: number } | undefined)?.affectedRows;
}

interface SessionConnection {
  query(sql: string, done: (error: Error | null) => void): void;
}

function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && error.errno === 1213;
}

function ignore(): void {
  return;
}
