import knexModule, { type Knex } from 'knex';

import { createItems } from './migrations/0001-items.js';
import { createChanges } from './migrations/0002-changes.js';
import { createWebhooks } from './migrations/0003-webhooks.js';
import { narrowCounts } from './migrations/0004-counts.js';

interface Migration {
  readonly name: string;
  readonly up: (knex: Knex) => Promise<void>;
}

const MIGRATIONS: readonly Migration[] = [
  { name: '0001-items', up: createItems },
  { name: '0002-changes', up: createChanges },
  { name: '0003-webhooks', up: createWebhooks },
  { name: '0004-counts', up: narrowCounts },
];

const LOCK_SECONDS = 60;

/** Brings the service's own tables up to date. Several instances may start at the same time. */
export async function migrate(databaseUrl: string): Promise<void> {
  const knex = knexModule.knex({
    client: 'mysql2',
    // Errors reach the caller; knex would print them to standard output as well.
    log: { warn: ignore, error: ignore, deprecate: ignore, debug: ignore },
    connection: { uri: databaseUrl },
    // One connection, since the named lock belongs to it.
    pool: { min: 0, max: 1 },
  });
  try {
    const [rows] = (await knex.raw(
      `SELECT GET_LOCK(CONCAT('saas-export-ingestion/', MD5(DATABASE())), ?) AS locked`,
      [LOCK_SECONDS],
    )) as [{ readonly locked: number | null }[]];
    if (rows[0]?.locked !== 1) throw new Error('another instance is migrating the tables');
    // Under the named lock nobody else migrates: a lock row still there was left by a killed one.
    await knex.migrate.forceFreeMigrationsLock(settings);
    await knex.migrate.latest(settings);
  } finally {
    await knex.destroy();
  }
}

const settings: Knex.MigratorConfig = {
  tableName: 'ingestion_migration',
  migrationSource: {
    getMigrations: () => Promise.resolve([...MIGRATIONS]),
    getMigrationName: (migration: Migration) => migration.name,
    getMigration: (migration: Migration) =>
      Promise.resolve({
        up: (knex: Knex) => migration.up(knex),
        down: () => Promise.reject(new Error('migrations go forward only')),
      }),
  },
  // DDL commits by itself on MySQL and MariaDB.
  disableTransactions: true,
};

function ignore(): void {
  return;
}
