import type { Connection } from 'mysql2/promise';

import type { Change, ChangeKey } from '../src/commerce/capture/captured-table.js';
import { isCaptured } from '../src/commerce/capture/family.js';
import type { WatchedTable } from '../src/feeds/feed.js';

type Value = string | null;
type Row = Readonly<Record<string, Value>>;

/** A table of the shop as the watches of all feeds together want it captured. */
interface Captured {
  /** As it stands in the database. */
  readonly name: string;
  /** Without table prefix. */
  readonly table: string;
  readonly key: readonly string[];
  readonly primary: readonly string[];
  /** Columns whose updates count. */
  readonly counted: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
}

interface ForeignKey {
  readonly table: string;
  readonly column: string;
  readonly parent: string;
  readonly parentColumn: string;
  readonly rule: string;
}

/** What hangs on these is not noted when they go: too much does. */
const WIDE = [
  'store',
  'store_group',
  'store_website',
  'eav_attribute',
  'eav_entity_type',
  'customer_group',
  'inventory_stock',
];

/**
 * Tells the changes that triggers note of a shop, from what its tables hold before and after. Rows
 * that go by a foreign key are noted only where their key says more than the key of their parent.
 */
export class CapturedRows {
  readonly #connection: Connection;
  readonly #tables: readonly Captured[];
  readonly #foreignKeys: readonly ForeignKey[];
  readonly #wide: readonly string[];
  readonly #checksums = new Map<string, string>();
  readonly #rows = new Map<string, ReadonlyMap<string, Row>>();
  #id = 0;

  private constructor(
    connection: Connection,
    tables: readonly Captured[],
    foreignKeys: readonly ForeignKey[],
    wide: readonly string[],
  ) {
    this.#connection = connection;
    this.#tables = tables;
    this.#foreignKeys = foreignKeys;
    this.#wide = wide;
  }

  /** Reads the tables as they are now. */
  static async read(
    connection: Connection,
    watches: readonly WatchedTable[],
    tablePrefix = '',
  ): Promise<CapturedRows> {
    const tables = await capturedTables(connection, watches, tablePrefix);
    const [foreignKeys] = await connection.query({
      rowsAsArray: false,
      sql: `SELECT k.table_name AS \`table\`, k.column_name AS \`column\`,
              k.referenced_table_name AS parent, k.referenced_column_name AS parentColumn,
              r.delete_rule AS rule
            FROM information_schema.key_column_usage k
            JOIN information_schema.referential_constraints r
              ON r.constraint_schema = k.constraint_schema
                AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
            WHERE k.table_schema = DATABASE()`,
    });
    const wide = WIDE.map((table) => `${tablePrefix}${table}`);
    const rows = new CapturedRows(connection, tables, foreignKeys as ForeignKey[], wide);
    await rows.changes();
    return rows;
  }

  /** What changed since the tables were read last. */
  async changes(): Promise<Change[]> {
    const deleted = new Map<string, Row[]>();
    const gone: (readonly [Captured, Row])[] = [];
    const updated: (readonly [Captured, Row, Row])[] = [];
    const noted: (readonly [Captured, Row])[] = [];
    for (const captured of await this.#changedTables()) {
      const before = this.#rows.get(captured.name);
      const after = await this.#readRows(captured);
      this.#rows.set(captured.name, after);
      if (before === undefined) continue;
      for (const [primary, row] of before) {
        const now = after.get(primary);
        if (now === undefined) {
          gone.push([captured, row]);
          deleted.set(captured.name, [...(deleted.get(captured.name) ?? []), row]);
        } else {
          updated.push([captured, row, now]);
        }
      }
      for (const [primary, row] of after) if (!before.has(primary)) noted.push([captured, row]);
    }
    for (const [captured, row, now] of updated) {
      const differs = (column: string): boolean => row[column] !== now[column];
      if (
        ![...captured.counted].some(
          (each) => differs(each) && !this.#setNull(captured, each, row, deleted),
        )
      )
        continue;
      noted.push([captured, row], [captured, now]);
    }
    for (const [captured, row] of gone) {
      if (!this.#wentSilently(captured, row, deleted)) noted.push([captured, row]);
    }
    return this.#once(noted);
  }

  #wentSilently(
    captured: Captured,
    row: Row,
    deleted: ReadonlyMap<string, readonly Row[]>,
  ): boolean {
    return this.#foreignKeys.some(({ table, column, parent, parentColumn, rule }) => {
      if (table !== captured.name || rule !== 'CASCADE') return false;
      const parents = deleted.get(parent) ?? [];
      if (!parents.some((each) => each[parentColumn] === row[column])) return false;
      if (this.#wide.includes(parent)) return true;
      return captured.key.every(
        (each) => columnOf(row, each) === column || each === 'attribute_id' || each === 'store_id',
      );
    });
  }

  /** Whether a foreign key emptied the column, which fires no trigger either. */
  #setNull(
    { name }: Captured,
    changed: string,
    row: Row,
    deleted: ReadonlyMap<string, readonly Row[]>,
  ): boolean {
    return this.#foreignKeys.some(
      ({ table, column, parent, parentColumn, rule }) =>
        table === name &&
        column === changed &&
        rule === 'SET NULL' &&
        (deleted.get(parent) ?? []).some((each) => each[parentColumn] === row[column]),
    );
  }

  #once(noted: readonly (readonly [Captured, Row])[]): Change[] {
    const changes = new Map<string, Change>();
    for (const [{ table, key, numbers }, row] of noted) {
      const values = Object.fromEntries(
        key.map((column) => {
          const value = row[columnOf(row, column)] ?? null;
          return [column, value !== null && numbers.has(column) ? Number(value) : value];
        }),
      ) satisfies ChangeKey;
      const change = { table, key: values, changedAt: '2026-06-15 12:00:00.000' };
      const text = JSON.stringify(change);
      if (!changes.has(text)) changes.set(text, { id: (this.#id += 1), ...change });
    }
    return [...changes.values()];
  }

  async #changedTables(): Promise<Captured[]> {
    const [sums] = await this.#connection.query({
      rowsAsArray: true,
      sql: `CHECKSUM TABLE ${this.#tables.map(({ name }) => `\`${name}\``).join(', ')}`,
    });
    return this.#tables.filter(({ name }, index) => {
      const checksum = String((sums as unknown as [string, unknown][])[index]?.[1]);
      const changed = this.#checksums.get(name) !== checksum;
      this.#checksums.set(name, checksum);
      return changed;
    });
  }

  async #readRows({ name, primary }: Captured): Promise<Map<string, Row>> {
    const [rows] = await this.#connection.query({
      sql: `SELECT * FROM \`${name}\``,
      typeCast: (field) => field.string(),
    });
    return new Map(
      (rows as Row[]).map((row) => [primary.map((column) => row[column]).join('\0'), row]),
    );
  }
}

/** The columns of all tables that are watched, and what counts of them. */
async function capturedTables(
  connection: Connection,
  watches: readonly WatchedTable[],
  tablePrefix: string,
): Promise<Captured[]> {
  const [columns] = await connection.query({
    rowsAsArray: true,
    sql: `SELECT c.table_name, c.column_name, c.data_type, c.column_key
          FROM information_schema.columns c
          JOIN information_schema.tables t
            ON t.table_schema = c.table_schema AND t.table_name = c.table_name
          WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'`,
  });
  type Column = [table: string, column: string, type: string, key: string];
  const byTable = new Map<string, Column[]>();
  for (const column of columns as unknown as Column[]) {
    byTable.set(column[0], [...(byTable.get(column[0]) ?? []), column]);
  }
  return [...byTable].flatMap(([name, rows]) => {
    if (!name.startsWith(tablePrefix)) return [];
    const table = name.slice(tablePrefix.length);
    const all = watches.filter((watched) => isCaptured(watched, table));
    if (all.length === 0) return [];
    const names = rows.map(([, column]) => column);
    const counted = new Set(all.flatMap((watched) => countedOf(watched, names)));
    return [
      {
        name,
        table,
        key: [...new Set(all.flatMap(({ key }) => key))],
        primary: rows.filter(([, , , key]) => key === 'PRI').map(([, column]) => column),
        counted,
        numbers: new Set([
          ...rows.filter(([, , type]) => type.endsWith('int')).map(([, column]) => column),
          'entity_id',
        ]),
      },
    ];
  });
}

/** The columns whose updates a watch counts. */
export function countedOf(
  { only, ignoring = ['updated_at'] }: WatchedTable,
  columns: readonly string[],
): readonly string[] {
  return only ?? columns.filter((column) => !ignoring.includes(column));
}

/** `entity_id` stands for `row_id` where there is only that. */
function columnOf(row: Row, column: string): string {
  return column === 'entity_id' && !('entity_id' in row) ? 'row_id' : column;
}
