import { prefixedName } from '../table-prefix.js';
import { createHash } from 'node:crypto';

import type { OwnTables, ShopPlace, Sql } from './sql.js';
import type { CapturePlan } from './triggers.js';

/** What tells whether a table is still the one it was. */
export interface TableIdentity {
  /** When it was made, as the server says; renaming changes it as well. */
  readonly createdAt: string | null;
  /** The next automatic number; a TRUNCATE sets it back. */
  readonly autoIncrement: number | null;
  /** InnoDB's number of the table, new after TRUNCATE; null where the account may not read it. */
  readonly tableId: number | null;
}

/** Without the prefix of the exporter's tables. */
const TABLE = 'captured_table';

/** Reads the identity of captured tables and of the changelog, by name without prefix. */
export async function readIdentities(
  shop: Sql,
  place: ShopPlace,
  tables: readonly string[],
): Promise<ReadonlyMap<string, TableIdentity>> {
  await uncachedStatistics(shop);
  const rows = await shop.rows<{ name: string; created: string; next: number | string | null }>(
    `SELECT table_name AS name, create_time AS created, auto_increment AS next
     FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE'`,
    [place.schema],
  );
  const ids = await tableIds(shop, place.schema);
  const wanted = new Map(tables.map((table) => [prefixedName(place.tablePrefix, table), table]));
  return new Map(
    rows
      .filter(({ name }) => wanted.has(name))
      .map(({ name, created, next }) => [
        wanted.get(name) ?? name,
        {
          createdAt: created,
          autoIncrement: next === null ? null : Number(next),
          tableId: ids.get(name) ?? null,
        },
      ]),
  );
}

/**
 * Remembers how the plan's tables and the changelog were when they were last in order. Whoever found
 * them so hands over what he read then: read anew, it could be that of a table emptied meanwhile.
 */
export async function rememberTables(
  own: OwnTables,
  plan: CapturePlan,
  found: ReadonlyMap<string, TableIdentity>,
): Promise<void> {
  const before = await rememberedTables(own);
  const identities = [...found].filter(([name, now]) => {
    const old = before.get(name);
    return old === undefined || !isSame(old, now) || old.triggers !== triggersHash(plan, name);
  });
  if (identities.length === 0) return;
  await own.run(
    `INSERT INTO ${own.t(TABLE)}
       (table_name, created_at, auto_increment, table_id, triggers, checked_at)
     VALUES ${identities.map(() => '(?, ?, ?, ?, ?, UTC_TIMESTAMP(3))').join(', ')}
     ON DUPLICATE KEY UPDATE created_at = VALUES(created_at),
       auto_increment = VALUES(auto_increment), table_id = VALUES(table_id),
       triggers = VALUES(triggers), checked_at = VALUES(checked_at)`,
    identities.flatMap(([name, identity]) => [
      name,
      identity.createdAt,
      identity.autoIncrement,
      identity.tableId,
      triggersHash(plan, name),
    ]),
  );
}

function isSame(a: TableIdentity, b: TableIdentity): boolean {
  return (
    a.createdAt === b.createdAt && a.autoIncrement === b.autoIncrement && a.tableId === b.tableId
  );
}

/** What was remembered, by table, with the hash of its triggers. */
export async function rememberedTables(
  own: OwnTables,
): Promise<ReadonlyMap<string, TableIdentity & { readonly triggers: string }>> {
  const rows = await own.rows<{
    table_name: string;
    created_at: string | null;
    auto_increment: number | null;
    table_id: number | null;
    triggers: string;
  }>(`SELECT table_name, created_at, auto_increment, table_id, triggers FROM ${own.t(TABLE)}`);
  return new Map(
    rows.map((row) => [
      row.table_name,
      {
        createdAt: row.created_at,
        autoIncrement: row.auto_increment,
        tableId: row.table_id,
        triggers: row.triggers,
      },
    ]),
  );
}

/** Hash of all triggers that note changes of a captured table. */
export function triggersHash(plan: CapturePlan, table: string): string {
  const triggers = plan.triggers.filter(({ notes }) => notes.includes(table));
  const text = triggers.map(({ name, body }) => `${name}\n${body}`).join('\n');
  return createHash('sha1').update(text).digest('hex');
}

/** MySQL 8 answers from a cache a day old, unless told otherwise; MariaDB has no such setting. */
async function uncachedStatistics(shop: Sql): Promise<void> {
  const [row] = await shop.rows<{ version: string }>('SELECT VERSION() AS version');
  if (row !== undefined && !row.version.includes('MariaDB')) {
    await shop.run('SET SESSION information_schema_stats_expiry = 0');
  }
}

/** By full name; empty without the right to read it (PROCESS). */
async function tableIds(shop: Sql, schema: string): Promise<ReadonlyMap<string, number>> {
  const [view] = await shop.rows<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = 'information_schema'
       AND table_name IN ('INNODB_TABLES', 'INNODB_SYS_TABLES')`,
  );
  if (view === undefined) return new Map();
  const start = `${fileName(schema)}/`;
  try {
    const rows = await shop.rows<{ name: string; id: number }>(
      `SELECT name, table_id AS id FROM information_schema.${view.name} WHERE name LIKE ?`,
      [`${start.replaceAll(/[\\_%]/g, '\\$&')}%`],
    );
    return new Map(rows.map(({ name, id }) => [name.slice(start.length), id]));
  } catch {
    return new Map();
  }
}

/** How InnoDB writes a name: other characters than letters, digits and _ as `@002d`. */
function fileName(name: string): string {
  return name.replaceAll(
    /[^0-9A-Za-z_]/g,
    (character) => `@${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Why it must be another table, or the same one emptied; undefined if nothing says so. Without
 * InnoDB's number, a TRUNCATE shows only where it set back the next automatic number.
 */
export function resetReason(before: TableIdentity, now: TableIdentity): string | undefined {
  if (before.tableId !== null && now.tableId !== null) {
    return before.tableId === now.tableId ? undefined : 'its number at the server is another one';
  }
  if (
    before.autoIncrement !== null &&
    now.autoIncrement !== null &&
    now.autoIncrement < before.autoIncrement
  ) {
    return `its next automatic number went from ${before.autoIncrement} back to ${now.autoIncrement}`;
  }
  return before.createdAt === now.createdAt
    ? undefined
    : `it was made at ${now.createdAt ?? 'an unknown time'}`;
}
