import type { CapturedTable } from './captured-table.js';
import type { CapturePlan } from './triggers.js';
import { CHANGELOG, MARKER } from './changelog-table.js';
import { qualified } from './shop-tables.js';
import type { OwnTables, ShopPlace, Sql } from './sql.js';
import { isCaptured } from './family.js';
import { SLOTS, type CaptureSource, type Slot } from './source.js';

/** What the numbers in the changelog mean, by number. */
export type KnownSources = ReadonlyMap<
  number,
  {
    readonly table: string;
    readonly key: readonly { readonly name: string; readonly slot: Slot }[];
    readonly compared: boolean;
  }
>;

/** Without the prefix of the exporter's tables. */
const TABLE = 'capture_source';

/**
 * Reads what the numbers in the changelog mean. Sources stay known when their triggers are gone, so
 * that rows written before an upgrade can still be read, and by workers of both versions.
 */
export async function knownSources(own: OwnTables): Promise<KnownSources> {
  const rows = await own.rows<{ source: number; table_name: string; key_columns: string }>(
    `SELECT source, table_name, key_columns FROM ${own.t(TABLE)}`,
  );
  return new Map(
    rows.map((row) => {
      const columns = JSON.parse(row.key_columns) as Partial<Record<Slot, string>> & {
        compared?: boolean;
      };
      const key = SLOTS.flatMap((slot) => {
        const name = columns[slot];
        return name === undefined ? [] : [{ name, slot }];
      });
      return [row.source, { table: row.table_name, key, compared: columns.compared === true }];
    }),
  );
}

/**
 * Those of the given tables. Whoever takes changes off the changelog reads no others: while two
 * versions work side by side, the older one leaves the newer one what only that knows to resolve.
 */
export function sourcesOf(known: KnownSources, tables: readonly CapturedTable[]): KnownSources {
  return new Map(
    [...known].filter(([, source]) => tables.some((each) => isCaptured(each, source.table))),
  );
}

/** Notes what the numbers of the plan's sources mean; before their triggers are made. */
export async function rememberSources(own: OwnTables, plan: CapturePlan): Promise<void> {
  if (plan.sources.length === 0) return;
  const rows = plan.sources.flatMap((source) => {
    const noted = [source.id, source.table, keyColumns(source)];
    if (source.swapped.length === 0) return [noted];
    return [noted, [source.comparedId, source.table, keyColumns(source, { compared: true })]];
  });
  await own.run(
    `INSERT INTO ${own.t(TABLE)} (source, table_name, key_columns)
     VALUES ${rows.map(() => '(?, ?, ?)').join(', ')}
     ON DUPLICATE KEY UPDATE table_name = VALUES(table_name)`,
    rows.flat(),
  );
}

/**
 * Changes in the changelog whose meaning nobody knows, at most `limit`: they come from another
 * installation, or the exporter's own tables were made anew.
 */
export async function unknownChanges(
  sql: Sql,
  place: ShopPlace,
  sources: KnownSources,
  limit: number,
): Promise<number[]> {
  const known = [MARKER.source, ...sources.keys()];
  const rows = await sql.rows<{ id: number }>(
    `SELECT id FROM ${qualified(place, CHANGELOG)}
     WHERE source NOT IN (${known.join(', ')}) ORDER BY id LIMIT ?`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

function keyColumns(source: CaptureSource, further: object = {}): string {
  const columns = Object.fromEntries(source.key.map(({ slot, name }) => [slot, name]));
  return JSON.stringify({ ...columns, ...further });
}
