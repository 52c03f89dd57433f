import mysql from 'mysql2/promise';

import { requireSettings } from '../../configuration/require.js';
import { ExportError } from '../../errors/export-error.js';
import { allFeeds } from '../../feeds/registry.js';
import { migrate } from '../../store/migrate.js';
import { Store } from '../../store/store.js';
import { configurationFor, type ConnectionFlags } from '../edge.js';

/** Creates the exporter's database and tables, or brings them up to date. */
export async function install(flags: ConnectionFlags): Promise<void> {
  const configuration = await configurationFor(flags);
  const { EXPORT_DATABASE_URL: url } = requireSettings(configuration, ['EXPORT_DATABASE_URL']);
  const steps = await installStore(url, configuration.store.tablePrefix);
  process.stdout.write(
    steps.length === 0 ? 'Everything is installed already.\n' : `Installed: ${steps.join(', ')}.\n`,
  );
}

/** Creates database and tables where they are missing; returns what was done. */
export async function installStore(databaseUrl: string, tablePrefix: string): Promise<string[]> {
  await createDatabase(databaseUrl);
  const store = new Store({ databaseUrl, tablePrefix, connections: 1 });
  try {
    return await migrate(
      store,
      allFeeds().map((feed) => feed.table),
    );
  } finally {
    await store.close();
  }
}

async function createDatabase(databaseUrl: string): Promise<void> {
  const url = new URL(databaseUrl);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '/';
  try {
    const connection = await mysql.createConnection({ uri: url.href });
    try {
      await connection.query(
        `CREATE DATABASE IF NOT EXISTS ${mysql.escapeId(name)} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
      );
    } finally {
      await connection.end();
    }
  } catch (cause) {
    throw new ExportError('SDE20-03', {
      message: `The exporter’s database ${name} cannot be created or reached.`,
      cause,
    });
  }
}
