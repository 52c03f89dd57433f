import { createHash } from 'node:crypto';

import type { CapturedTable } from './captured-table.js';
import type { ShopColumn, ShopTable, ShopTables } from './shop-tables.js';

/** Columns of the changelog that hold keys. */
export const NUMBER_SLOTS = ['key1', 'key2', 'key3'] as const;
export const TEXT_SLOT = 'text_key' as const;
export const SLOTS = [...NUMBER_SLOTS, TEXT_SLOT] as const;
export type Slot = (typeof SLOTS)[number];

/** Longest text that is noted as a key, in characters; more is cut off. */
export const TEXT_KEY_LENGTH = 255;

/** A key column and its place in the changelog. */
export interface KeyColumn {
  /** As it was asked for: `entity_id` also where the table has `row_id`. */
  readonly name: string;
  /** The table's column; undefined where it has none: null is noted. */
  readonly column: ShopColumn | undefined;
  readonly slot: Slot;
}

/** A table of the shop whose changes are noted, for all feeds together. */
export interface CaptureSource {
  /** Number in the changelog. Another key means another number, so old rows keep their meaning. */
  readonly id: number;
  /** The number of changes that a comparison found, not a trigger. */
  readonly comparedId: number;
  /** Without table prefix. */
  readonly table: string;
  readonly key: readonly KeyColumn[];
  /** Columns whose changes count; those of the key always do. */
  readonly counted: readonly ShopColumn[];
  /** Columns by which the content of a swapped table is compared; empty: it is never swapped. */
  readonly swapped: readonly string[];
}

/**
 * Brings together what all feeds want to know of each table there is: the union of keys and of the
 * columns that count. Tables that are missing, and work tables (`…_replica`, `…__temp1a2b`), are
 * left out.
 *
 * @throws Error when a table's key has more than three numbers or one text.
 */
export function captureSources(
  captured: readonly CapturedTable[],
  shop: ShopTables,
): CaptureSource[] {
  const wanted = new Map<string, CapturedTable[]>();
  for (const one of captured) {
    for (const table of members(one.table, shop)) {
      wanted.set(table, [...(wanted.get(table) ?? []), one]);
    }
  }
  const sources: CaptureSource[] = [];
  for (const [name, wishes] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const table = shop.tables.get(name);
    if (table !== undefined) sources.push(sourceOf(table, wishes));
  }
  const ids = new Set(sources.flatMap(({ id, comparedId }) => [id, comparedId]));
  if (ids.size < 2 * sources.length) throw new Error('two captured tables have the same number');
  return sources;
}

function members(pattern: string, shop: ShopTables): string[] {
  if (!pattern.endsWith('*')) return shop.tables.has(pattern) ? [pattern] : [];
  return [...shop.tables.keys()].filter((name) => isMember(pattern, name));
}

/** Whether the name of a captured table, `inventory_stock_*` for a family, means this table. */
export function isMember(pattern: string, table: string): boolean {
  if (!pattern.endsWith('*')) return pattern === table;
  const head = pattern.slice(0, -1);
  return table.startsWith(head) && /^\d+$/.test(table.slice(head.length));
}

function sourceOf(table: ShopTable, wishes: readonly CapturedTable[]): CaptureSource {
  // Sorted, so that the number does not depend on the order of the feeds.
  const names = [...new Set(wishes.flatMap(({ key }) => key))].sort();
  const slots: Slot[] = [...NUMBER_SLOTS];
  let text = false;
  const key = names.map((name): KeyColumn => {
    const column = keyColumn(table, name);
    if (column !== undefined && !isWholeNumber(column)) {
      if (text)
        throw new Error(`two text columns in the key of ${table.name}: ${names.join(', ')}`);
      text = true;
      return { name, column, slot: TEXT_SLOT };
    }
    const slot = slots.shift();
    if (slot === undefined) {
      throw new Error(`more than three numbers in the key of ${table.name}: ${names.join(', ')}`);
    }
    return { name, column, slot };
  });
  const counted = new Set(wishes.flatMap((wish) => countedBy(wish, table)));
  return {
    id: sourceId(table.name, key, 'noted'),
    comparedId: sourceId(table.name, key, 'compared'),
    table: table.name,
    key,
    counted: [...table.columns.values()].filter(({ name }) => counted.has(name)),
    swapped: [...new Set(wishes.flatMap(({ swapped = [] }) => swapped))]
      .filter((name) => table.columns.has(name))
      .sort(),
  };
}

function keyColumn({ columns }: ShopTable, name: string): ShopColumn | undefined {
  return columns.get(name) ?? (name === 'entity_id' ? columns.get('row_id') : undefined);
}

function countedBy({ only, ignoring }: CapturedTable, { columns }: ShopTable): string[] {
  if (only !== undefined) return [...only];
  const ignored = new Set(ignoring ?? ['updated_at']);
  return [...columns.keys()].filter((name) => !ignored.has(name));
}

const WHOLE_NUMBERS = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'year', 'bit']);

function isWholeNumber({ type }: ShopColumn): boolean {
  return WHOLE_NUMBERS.has(type);
}

/** 48 bits of a hash: two of a thousand tables clash once in five hundred million shops. */
function sourceId(table: string, key: readonly KeyColumn[], by: 'noted' | 'compared'): number {
  const text = [by, table, ...key.map(({ name, slot }) => `${name}=${slot}`)].join('\n');
  return createHash('sha1').update(text).digest().readUIntBE(0, 6);
}
