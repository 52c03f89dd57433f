import knexModule, { type Knex } from 'knex';
import mysql2Client from 'knex/lib/dialects/mysql2/index.js';
import mysql from 'mysql2';

import { createFeedTable } from './feed-table-schema.js';
import { MIGRATIONS } from './migrate.js';

/**
 * The statements with which `migrate` makes the exporter's tables in an empty schema, for an
 * administrator to run; `migrate` afterwards has nothing to do. Needs no database.
 */
export async function installationSql(
  tablePrefix: string,
  feedTables: readonly string[],
): Promise<string[]> {
  const table = (name: string): string => `${tablePrefix}${name}`;
  return recorded(async (knex) => {
    // As knex makes its own two.
    await knex.schema.createTable(table('migration'), (t) => {
      t.increments();
      t.string('name');
      t.integer('batch');
      t.timestamp('migration_time');
    });
    await knex.schema.createTable(table('migration_lock'), (t) => {
      t.increments('index').primary();
      t.integer('is_locked');
    });
    await knex(table('migration_lock')).insert({ is_locked: 0 });
    for (const migration of MIGRATIONS) {
      await migration.up(knex, table);
      const migrationTime = knex.raw('CURRENT_TIMESTAMP');
      await knex(table('migration')).insert({
        name: migration.name,
        batch: 1,
        migration_time: migrationTime,
      });
    }
    for (const name of feedTables) await createFeedTable(knex, table(name));
  });
}

/** Names of all tables that `migrate` makes, with prefix. */
export async function ownTableNames(
  tablePrefix: string,
  feedTables: readonly string[],
): Promise<string[]> {
  const statements = await installationSql(tablePrefix, feedTables);
  return statements.flatMap((sql) => /^create table `([^`]+)`/i.exec(sql)?.[1] ?? []);
}

async function recorded(work: (knex: Knex) => Promise<void>): Promise<string[]> {
  const statements: string[] = [];
  /** Writes down what it would send; answers as if it had been done, and finds nothing there yet. */
  class Recorder extends mysql2Client {
    override acquireConnection(): Promise<unknown> {
      return Promise.resolve({ __knexUid: 'recorder' });
    }

    override releaseConnection(): Promise<void> {
      return Promise.resolve();
    }

    override _query(_connection: unknown, statement: RecordedStatement): Promise<unknown> {
      if (/^\s*(select|show)\b/i.test(statement.sql)) {
        return Promise.resolve({ ...statement, response: [[], []] });
      }
      statements.push(mysql.format(statement.sql, [...(statement.bindings ?? [])]));
      return Promise.resolve({ ...statement, response: [{ affectedRows: 1, insertId: 0 }, []] });
    }
  }
  const knex = knexModule.knex({ client: Recorder as unknown as typeof Knex.Client });
  await work(knex);
  return statements;
}

interface RecordedStatement {
  readonly sql: string;
  readonly bindings?: readonly (string | number)[];
}
