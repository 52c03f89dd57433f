import type { Knex } from 'knex';

import { ExportError } from '../errors/export-error.js';
import { createFeedTable } from './feed-table-schema.js';
import { runsAndLocks } from './migrations/0001-runs-and-locks.js';
import { orderUuids } from './migrations/0002-order-uuids.js';
import { changeCapture } from './migrations/0003-change-capture.js';
import { audit } from './migrations/0005-audit.js';
import { partialSync } from './migrations/0006-partial-sync.js';
import { verification } from './migrations/0007-verification.js';
import { releasedDeletions } from './migrations/0008-released-deletions.js';
import { publishing } from './migrations/0004-publishing.js';
import { alerts } from './migrations/0009-alerts.js';
import { verificationResults } from './migrations/0010-verification-results.js';
import { alertDeliveries } from './migrations/0011-alert-deliveries.js';
import type { Store } from './store.js';

/** A step forward of the exporter's tables; there is no way back. */
export interface Migration {
  readonly name: string;
  up(knex: Knex, table: (name: string) => string): Promise<void>;
}

export const MIGRATIONS: readonly Migration[] = [
  runsAndLocks,
  orderUuids,
  changeCapture,
  publishing,
  audit,
  partialSync,
  verification,
  releasedDeletions,
  alerts,
  verificationResults,
  alertDeliveries,
];

/** Creates what is missing of the exporter's tables; returns the names of the migrations run. */
export async function migrate(store: Store, feedTables: readonly string[]): Promise<string[]> {
  const [, ran] = (await store.knex.migrate.latest(settings(store))) as [number, string[]];
  for (const table of feedTables) {
    if (!(await store.knex.schema.hasTable(store.table(table)))) {
      await createFeedTable(store.knex, store.table(table));
      ran.push(table);
    }
  }
  return ran;
}

/** @throws ExportError SDE30-01 when `migrate` has not been run for this version. */
export async function requireMigrated(store: Store, feedTables: readonly string[]): Promise<void> {
  await store.ping();
  const rows = await store.rows<{ name: string }>(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
  );
  const existing = new Set(rows.map(({ name }) => name));
  const missing = [...feedTables, 'sync_run', 'migration']
    .map((name) => store.table(name))
    .filter((name) => !existing.has(name));
  if (missing.length > 0) {
    throw new ExportError('SDE30-01', {
      message: `The exporter’s database has no table ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ' …' : ''}.`,
    });
  }
  const [, pending] = (await store.knex.migrate.list(settings(store))) as [unknown, unknown[]];
  if (pending.length > 0) {
    throw new ExportError('SDE30-01', {
      message: `${pending.length} migrations of the exporter’s tables have not been run.`,
    });
  }
}

/** When the exporter's tables were made, in seconds since the epoch. */
export async function installedAt(store: Store): Promise<number> {
  const [row] = await store.rows<{ seconds: number | null }>(
    `SELECT UNIX_TIMESTAMP(MIN(migration_time)) AS seconds FROM ${store.t('migration')}`,
  );
  return row?.seconds ?? 0;
}

function settings(store: Store): Knex.MigratorConfig {
  return {
    tableName: store.table('migration'),
    migrationSource: {
      getMigrations: () => Promise.resolve([...MIGRATIONS]),
      getMigrationName: (migration: Migration) => migration.name,
      getMigration: (migration: Migration) =>
        Promise.resolve({
          up: (knex: Knex) => migration.up(knex, (name) => store.table(name)),
          down: () => Promise.reject(new Error('migrations go forward only')),
        }),
    },
    // DDL commits by itself on MySQL and MariaDB.
    disableTransactions: true,
  };
}
