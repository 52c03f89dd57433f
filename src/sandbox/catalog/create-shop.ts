import type { RowDataPacket } from 'mysql2/promise';

import { ExportError } from '../../errors/export-error.js';
import type { Statements } from './bulk-writer.js';
import type { CatalogProgress, CatalogSettings } from './options.js';
import { defaultStockView, shopTables } from './schema/shop-schema.js';
import { addKeys, createTable, type Table } from './schema/table.js';
import type { Scopes } from './scopes/scopes.js';

type Report = (step: CatalogProgress['step'], done: number, total: number) => void;

export interface Shop {
  readonly tables: readonly Table[];
  readonly prefix: string;
  /** Secondary and foreign keys are made after loading. */
  readonly keysLater: boolean;
  readonly restoreSession: () => Promise<void>;
}

/** From this many products on, building the keys of loaded tables is faster than keeping them. */
const keysLaterFrom = 10_000;

/** Below so many rows a table’s statistics make no difference to a plan. */
const analysedFrom = 1000;

/**
 * Makes the tables, with the session set for bulk loading: no checks of foreign and unique keys
 * (the generator's rows keep both), id 0 allowed, UTC.
 *
 * @throws ExportError SDE10-03 when the database holds one of the tables.
 */
export async function createShop(
  connection: Statements,
  { edition, tablePrefix: prefix, products }: CatalogSettings,
  scopes: Scopes,
  report: Report,
): Promise<Shop> {
  const tables = shopTables(edition, {
    storeIds: scopes.storeViews.map(({ id }) => id),
    stockIds: scopes.stocks.map(({ id }) => id),
  });
  await refuseExisting(connection, tables, prefix);
  const keysLater = products >= keysLaterFrom;
  const restoreSession = await prepareSession(connection);
  try {
    for (const [at, table] of tables.entries()) {
      await connection.query(createTable(table, { prefix, keysLater }));
      report('schema', at + 1, tables.length);
    }
    await connection.query(defaultStockView(prefix));
  } catch (error) {
    await restoreSession();
    throw error;
  }
  return { tables, prefix, keysLater, restoreSession };
}

/** Makes the keys that are still missing, and fresh statistics for the query plans. */
export async function finishShop(
  connection: Statements,
  { tables, prefix, keysLater }: Shop,
  rows: Readonly<Record<string, number>>,
  report: Report,
): Promise<void> {
  for (const [at, table] of tables.entries()) {
    const keys = keysLater ? addKeys(table, prefix) : undefined;
    if (keys !== undefined) await connection.query(keys);
    report('keys', at + 1, tables.length);
  }
  const large = tables.filter(({ name }) => (rows[name] ?? 0) >= analysedFrom);
  const names = large.map(({ name }) => `\`${prefix}${name}\``);
  if (names.length > 0) await connection.query(`ANALYZE TABLE ${names.join(', ')}`);
}

async function refuseExisting(
  connection: Statements,
  tables: readonly Table[],
  prefix: string,
): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>({
    sql: `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()`,
    rowsAsArray: false,
  });
  const present = new Set(rows.map((row) => String(row['name'])));
  const found = tables.find(({ name }) => present.has(`${prefix}${name}`));
  if (found !== undefined) {
    throw new ExportError('SDE10-03', {
      message: `The catalog cannot be generated: the database has a table ${prefix}${found.name} already.`,
      cure: 'Name an empty database, or use another table prefix.',
    });
  }
}

const sessionSettings = {
  foreign_key_checks: 0,
  unique_checks: 0,
  sql_mode: 'NO_AUTO_VALUE_ON_ZERO,STRICT_ALL_TABLES',
  time_zone: '+00:00',
} as const;

/** Returns what puts the session back. */
async function prepareSession(connection: Statements): Promise<() => Promise<void>> {
  const names = Object.keys(sessionSettings);
  const [rows] = await connection.query<RowDataPacket[]>({
    sql: `SELECT ${names.map((name) => `@@SESSION.${name} AS ${name}`).join(', ')}`,
    rowsAsArray: false,
  });
  const assignments = names.map((name) => `SESSION ${name} = ?`).join(', ');
  await connection.query(`SET ${assignments}`, Object.values(sessionSettings));
  return async () => {
    await connection.query(
      `SET ${assignments}`,
      names.map((name): unknown => rows[0]?.[name]),
    );
  };
}
