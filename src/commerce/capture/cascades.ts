import type { CaptureSource } from './source.js';
import type { CascadingKey, ShopTables } from './shop-tables.js';

/**
 * Tables with few rows on which very many depend. Of a deletion there only the row itself is noted:
 * what depends on it is for the feeds to compare as a whole.
 */
export const WIDE_TABLES: ReadonlySet<string> = new Set([
  'cataloginventory_stock',
  'customer_group',
  'eav_attribute',
  'eav_attribute_set',
  'eav_entity_type',
  'inventory_stock',
  'store',
  'store_group',
  'store_website',
]);

/** No chain of Commerce's foreign keys is longer; a loop ends here. */
const LONGEST_CHAIN = 6;

/** Rows of a captured table that are removed, or lose a value, when a row of `parent` is deleted. */
export interface Cascade {
  readonly parent: string;
  readonly source: CaptureSource;
  /** From the parent to the source's table. */
  readonly chain: readonly CascadingKey[];
}

/**
 * The rows that a deletion changes without firing a trigger, and of which something would be lost:
 * key columns that neither the noted parent tells nor a wide table explains.
 */
export function silentCascades(sources: readonly CaptureSource[], shop: ShopTables): Cascade[] {
  const captured = new Map(sources.map((source) => [source.table, source]));
  const byChild = grouped(shop.cascades, ({ child }) => child);
  const found: Cascade[] = [];
  const climb = (source: CaptureSource, chain: readonly CascadingKey[]): void => {
    const top = chain[0]?.parent ?? source.table;
    for (const key of byChild.get(top) ?? []) {
      // Only a removed row passes its removal on.
      if (chain.length > 0 && key.effect !== 'CASCADE') continue;
      if (WIDE_TABLES.has(key.parent) || chain.length === LONGEST_CHAIN) continue;
      if (chain.some(({ parent }) => parent === key.parent) || key.parent === source.table)
        continue;
      const longer = [key, ...chain];
      if (isLost(source, longer.at(-1) ?? key, captured, byChild)) {
        found.push({ parent: key.parent, source, chain: longer });
      }
      climb(source, longer);
    }
  };
  for (const source of sources) climb(source, []);
  return found;
}

/** Captured tables with rows that a deletion in a wide table removes or changes, by wide table. */
export function dependentsOfWideTables(
  sources: readonly CaptureSource[],
  shop: ShopTables,
): ReadonlyMap<string, readonly string[]> {
  const captured = new Set(sources.map(({ table }) => table));
  const byParent = grouped(shop.cascades, ({ parent }) => parent);
  const dependents = new Map<string, string[]>();
  for (const wide of WIDE_TABLES) {
    const reached = new Set<string>();
    const descend = (table: string): void => {
      for (const { child, effect } of byParent.get(table) ?? []) {
        if (reached.has(child)) continue;
        reached.add(child);
        if (effect === 'CASCADE') descend(child);
      }
    };
    descend(wide);
    const tables = [...reached].filter((table) => captured.has(table)).sort();
    if (tables.length > 0) dependents.set(wide, tables);
  }
  return dependents;
}

/** Whether a change of the source's rows by their foreign key `last` must be noted row by row. */
function isLost(
  source: CaptureSource,
  last: CascadingKey,
  captured: ReadonlyMap<string, CaptureSource>,
  byChild: ReadonlyMap<string, readonly CascadingKey[]>,
): boolean {
  const referring = new Set(last.columns.map(({ child }) => child));
  if (last.effect === 'SET NULL') {
    // The row stays, so it leads to its entity; but its value has changed.
    return [...source.counted, ...source.key.map(({ column }) => column)].some(
      (column) => column !== undefined && referring.has(column.name),
    );
  }
  // A captured row that is referred to is noted itself, and leads to its entity.
  if (!captured.has(last.parent)) return true;
  const explained = new Set(
    (byChild.get(source.table) ?? [])
      .filter((key) => WIDE_TABLES.has(key.parent))
      .flatMap(({ columns }) => columns.map(({ child }) => child)),
  );
  return source.key.some(
    ({ column }) =>
      column !== undefined && !referring.has(column.name) && !explained.has(column.name),
  );
}

function grouped(
  keys: readonly CascadingKey[],
  by: (key: CascadingKey) => string,
): ReadonlyMap<string, readonly CascadingKey[]> {
  const groups = new Map<string, CascadingKey[]>();
  for (const key of keys) groups.set(by(key), [...(groups.get(by(key)) ?? []), key]);
  return groups;
}
