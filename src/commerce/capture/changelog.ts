import type { Change, ChangeKey } from './captured-table.js';
import { CHANGELOG, MARKER } from './changelog-table.js';
import type { Slot } from './source.js';
import type { KnownSources } from './known-sources.js';
import { qualified } from './shop-tables.js';
import { errorNumber, type ShopPlace, type Sql } from './sql.js';

/** Rows removed by one statement: its text stays under 100 kB. */
const SLICE = 5_000;

/** The changelog is gone (1146) or lacks a column (1054). */
const UNUSABLE: readonly number[] = [1054, 1146];

/** All rows but the marker. */
const CHANGE = `id <> ${MARKER.id}`;

/** Rows that are counted at most, so that looking at a long changelog stays cheap. */
const COUNTED = 1_000_000;

export interface ChangelogBacklog {
  /** Changes that wait to be read; a million stands for that many or more. */
  readonly changes: number;
  /** When the oldest of them was noted, UTC, `YYYY-MM-DD HH:MM:SS.mmm`. */
  readonly oldest: string | undefined;
}

interface ChangelogRow extends Readonly<Record<Slot, number | string | null>> {
  readonly id: number;
  readonly source: number;
  readonly changed_at: string;
}

/**
 * The first `limit` changes that are there, by number: a plain read that waits for nobody. Numbers
 * are given at the insert but become visible at the commit, so lower ones may still appear: whoever
 * reads deletes exactly what was read, and keeps no high-water mark. Rows of an unknown source are
 * left where they are; `checkCapture` reports them. A changelog that cannot be read has none.
 *
 * The connection's time zone has to be UTC.
 */
export async function readChanges(
  sql: Sql,
  place: ShopPlace,
  sources: KnownSources,
  limit: number,
): Promise<Change[]> {
  if (sources.size === 0) return [];
  const rows = await readRows(sql, place, sources, limit).catch((error: unknown) => {
    // `checkCapture` tells of it, and nothing else has to wait for the cure.
    if (UNUSABLE.includes(errorNumber(error) ?? 0)) return [];
    throw error;
  });
  return rows.map((row): Change => {
    const source = sources.get(row.source);
    const key: Record<string, ChangeKey[string]> = {};
    for (const { name, slot } of source?.key ?? []) key[name] = row[slot];
    return {
      id: row.id,
      table: source?.table ?? '',
      key,
      changedAt: row.changed_at,
      ...(source?.compared === true ? { compared: true } : {}),
    };
  });
}

function readRows(
  sql: Sql,
  place: ShopPlace,
  sources: KnownSources,
  limit: number,
): Promise<ChangelogRow[]> {
  return sql.rows<ChangelogRow>(
    `SELECT id, source, key1, key2, key3, text_key, changed_at
     FROM ${qualified(place, CHANGELOG)}
     WHERE source IN (${[...sources.keys()].join(', ')}) ORDER BY id LIMIT ?`,
    [limit],
  );
}

/**
 * Deletes exactly these rows, in slices, each found by its primary key: a range, or a scan that the
 * optimiser prefers to a long list, would wait for rows that the shop has not committed yet.
 */
export async function deleteChanges(
  transaction: Sql,
  place: ShopPlace,
  ids: readonly number[],
): Promise<void> {
  for (let at = 0; at < ids.length; at += SLICE) {
    await transaction.run(
      `DELETE c FROM JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT UNSIGNED PATH '$')) wanted
       STRAIGHT_JOIN ${qualified(place, CHANGELOG)} c ON c.id = wanted.id`,
      [JSON.stringify(ids.slice(at, at + SLICE))],
    );
  }
}

/** Puts the marker into the changelog, where it is not there. */
export async function markChangelog(sql: Sql, place: ShopPlace): Promise<void> {
  await sql.run(`INSERT IGNORE INTO ${qualified(place, CHANGELOG)} (id, source) VALUES (?, ?)`, [
    MARKER.id,
    MARKER.source,
  ]);
}

/** Whether the marker is there; without it others have emptied the changelog. */
export async function isMarked(sql: Sql, place: ShopPlace): Promise<boolean> {
  const found = await sql.rows(
    `SELECT 1 AS yes FROM ${qualified(place, CHANGELOG)} WHERE id = ? AND source = ?`,
    [MARKER.id, MARKER.source],
  );
  return found.length > 0;
}

/** How many changes wait, and since when. */
export async function changelogBacklog(sql: Sql, place: ShopPlace): Promise<ChangelogBacklog> {
  const table = qualified(place, CHANGELOG);
  const [count] = await sql.rows<{ changes: number }>(
    `SELECT COUNT(*) AS changes FROM (SELECT 1 FROM ${table} WHERE ${CHANGE} LIMIT ${COUNTED}) c`,
  );
  const [first] = await sql.rows<{ changed_at: string }>(
    `SELECT changed_at FROM ${table} WHERE ${CHANGE} ORDER BY id LIMIT 1`,
  );
  return { changes: count?.changes ?? 0, oldest: first?.changed_at };
}
