import { prefixedName } from '../table-prefix.js';
import type { CapturedTable } from './captured-table.js';
import { isCaptured } from './family.js';
import { quoted, type ShopPlace, type Sql } from './sql.js';

export interface ShopColumn {
  readonly name: string;
  /** `int`, `varchar`, …, lower case. */
  readonly type: string;
  readonly nullable: boolean;
  /** Longest content in characters; null for what is no text. */
  readonly length: number | null;
}

export interface ShopTable {
  /** Without table prefix. */
  readonly name: string;
  readonly columns: ReadonlyMap<string, ShopColumn>;
}

/** What becomes of the rows of `child` when their row of `parent` is deleted. */
export interface CascadingKey {
  readonly child: string;
  readonly parent: string;
  readonly columns: readonly { readonly child: string; readonly parent: string }[];
  readonly effect: 'CASCADE' | 'SET NULL';
}

/** Tables of the shop as they are, names without table prefix. Views are left out. */
export interface ShopTables {
  readonly place: ShopPlace;
  readonly tables: ReadonlyMap<string, ShopTable>;
  /** Foreign keys that change rows of their own accord. */
  readonly cascades: readonly CascadingKey[];
}

/** Name of a table in SQL, with prefix: relative to the connection's schema. */
export function named({ tablePrefix }: ShopPlace, table: string): string {
  return quoted(prefixedName(tablePrefix, table));
}

/** Name of a table in SQL, with prefix and schema. */
export function qualified(place: ShopPlace, table: string): string {
  return `${quoted(place.schema)}.${named(place, table)}`;
}

/**
 * The tables by the names they are captured under: `sales_order`, in an installation with the prefix
 * `sales_`, may be the table of that name or one named `order`.
 */
export function underCapturedNames(
  captured: readonly Pick<CapturedTable, 'table' | 'suffix'>[],
  shop: ShopTables,
): ShopTables {
  const { tablePrefix } = shop.place;
  if (tablePrefix === '') return shop;
  const nameOf = (table: string): string => {
    const full = tablePrefix + table;
    return captured.some((one) => isCaptured(one, full)) ? full : table;
  };
  return {
    ...shop,
    tables: new Map(
      [...shop.tables].map(([name, table]) => [nameOf(name), { ...table, name: nameOf(name) }]),
    ),
    cascades: shop.cascades.map((key) => ({
      ...key,
      child: nameOf(key.child),
      parent: nameOf(key.parent),
    })),
  };
}

/** Reads which tables, columns and cascading foreign keys there are: three queries. */
export async function readShopTables(sql: Sql, place: ShopPlace): Promise<ShopTables> {
  const tables = new Map<string, { name: string; columns: Map<string, ShopColumn> }>();
  const inPrefix = (name: string): string | undefined =>
    name.startsWith(place.tablePrefix) ? name.slice(place.tablePrefix.length) : undefined;

  for (const row of await sql.rows<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = ? AND table_type = 'BASE TABLE'`,
    [place.schema],
  )) {
    const name = inPrefix(row.name);
    if (name !== undefined) tables.set(name, { name, columns: new Map() });
  }
  for (const row of await sql.rows<ColumnRow>(
    `SELECT table_name AS tab, column_name AS name, LOWER(data_type) AS type,
       is_nullable AS nullable, character_maximum_length AS length
     FROM information_schema.columns WHERE table_schema = ? ORDER BY table_name, ordinal_position`,
    [place.schema],
  )) {
    const name = inPrefix(row.tab);
    if (name === undefined) continue;
    tables.get(name)?.columns.set(row.name, {
      name: row.name,
      type: row.type,
      nullable: row.nullable === 'YES',
      length: row.length === null ? null : Number(row.length),
    });
  }
  return { place, tables, cascades: await readCascades(sql, place, inPrefix) };
}

interface ColumnRow {
  readonly tab: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: string;
  readonly length: number | string | null;
}

async function readCascades(
  sql: Sql,
  place: ShopPlace,
  inPrefix: (name: string) => string | undefined,
): Promise<CascadingKey[]> {
  const rows = await sql.rows<{
    constraint: string;
    child: string;
    child_column: string;
    parent: string;
    parent_column: string;
    effect: 'CASCADE' | 'SET NULL';
  }>(
    `SELECT k.constraint_name AS \`constraint\`, k.table_name AS child,
       k.column_name AS child_column, k.referenced_table_name AS parent,
       k.referenced_column_name AS parent_column, r.delete_rule AS effect
     FROM information_schema.referential_constraints r
     JOIN information_schema.key_column_usage k ON k.constraint_schema = r.constraint_schema
       AND k.constraint_name = r.constraint_name AND k.table_name = r.table_name
     WHERE r.constraint_schema = ? AND k.table_schema = ?
       AND k.referenced_table_schema = ? AND r.delete_rule IN ('CASCADE', 'SET NULL')
     ORDER BY k.table_name, k.constraint_name, k.ordinal_position`,
    [place.schema, place.schema, place.schema],
  );
  const keys = new Map<string, CascadingKey & { columns: { child: string; parent: string }[] }>();
  for (const row of rows) {
    const child = inPrefix(row.child);
    const parent = inPrefix(row.parent);
    if (child === undefined || parent === undefined) continue;
    const id = `${row.child}.${row.constraint}`;
    const key = keys.get(id) ?? { child, parent, effect: row.effect, columns: [] };
    key.columns.push({ child: row.child_column, parent: row.parent_column });
    keys.set(id, key);
  }
  return [...keys.values()];
}
