import type { Change } from './captured-table.js';
import { CHANGELOG } from './changelog-table.js';
import { SLOTS, TEXT_SLOT, type CaptureSource, type KeyColumn } from './source.js';
import { qualified } from './shop-tables.js';
import { quoted, type OwnTables, type ShopPlace } from './sql.js';
import type { KnownSources } from './known-sources.js';

/** Without the prefix of the exporter's tables. */
const TABLE = 'index_snapshot';

/** Rows of one statement. */
const SLICE = 2_000;

/** The key of no row: says that there is a snapshot, if only of an empty table. */
const TAKEN = '';

/** Keys that are compared and noted in one round. */
const ROUND = 50_000;

interface Difference {
  readonly row_key: Buffer;
  /** What is there now; null: nothing. */
  readonly content: string | null;
}

/**
 * Compares a table that Commerce swaps in with what it held when it was last looked at, and notes
 * each key that differs in the changelog, as a trigger would have done; the snapshot follows. Call it
 * after the triggers are right again: what is changed from then on, they note.
 *
 * `transaction` has to be one at READ COMMITTED, so that the shop's rows are read without locks.
 *
 * @returns how many keys differed.
 */
export async function noteSwappedContent(
  transaction: OwnTables,
  place: ShopPlace,
  source: CaptureSource,
): Promise<number> {
  return walkDifferences(transaction, place, source, async (differences) => {
    const keys = differences.map(({ row_key }) => keyValues(source, row_key));
    const columns = ['source', ...source.key.map(({ slot }) => slot)];
    // Rows that are counted beforehand take no lock on the automatic numbers until the commit.
    for (let at = 0; at < keys.length; at += SLICE) {
      const slice = keys.slice(at, at + SLICE);
      await transaction.run(
        `INSERT INTO ${qualified(place, CHANGELOG)} (${columns.map(quoted).join(', ')})
         VALUES ${slice.map(() => `(${columns.map(() => '?').join(', ')})`).join(', ')}`,
        slice.flatMap((key) => [source.comparedId, ...key]),
      );
    }
  });
}

/**
 * Whether there is a snapshot to compare with. Without one, nobody knows what a swap has removed, and
 * the feeds have to be compared as a whole.
 */
export async function hasSnapshot(own: OwnTables, source: CaptureSource): Promise<boolean> {
  const rows = await own.rows(`SELECT 1 FROM ${own.t(TABLE)} WHERE source = ? LIMIT 1`, [
    source.id,
  ]);
  return rows.length > 0;
}

/**
 * Takes the snapshot of a table as it is, without noting anything: after an installation, when the
 * feeds are compared as a whole anyway.
 */
export async function takeSnapshot(
  transaction: OwnTables,
  place: ShopPlace,
  source: CaptureSource,
): Promise<void> {
  await walkDifferences(transaction, place, source, () => Promise.resolve());
}

/**
 * Marks keys of swapped tables whose rows were changed singly, in the transaction that takes the
 * changes off the changelog. The next comparison notes them whatever it finds: the snapshot does not
 * know what was exported of them, and the swap may bring back what they were before.
 */
export async function staleInSnapshot(
  transaction: OwnTables,
  sources: readonly CaptureSource[],
  changes: readonly Change[],
): Promise<void> {
  const swapped = new Map(
    sources.filter((source) => source.swapped.length > 0).map((source) => [source.table, source]),
  );
  const rows = changes.flatMap((change) => {
    const source = swapped.get(change.table);
    // What a comparison found is in the snapshot already.
    if (source === undefined || change.compared === true) return [];
    return [[source.id, rowKey(source, change)] as const];
  });
  for (let at = 0; at < rows.length; at += SLICE) {
    const slice = rows.slice(at, at + SLICE);
    await transaction.run(
      `INSERT INTO ${transaction.t(TABLE)} (source, row_key, content)
       VALUES ${slice.map(() => '(?, ?, NULL)').join(', ')}
       ON DUPLICATE KEY UPDATE content = NULL`,
      slice.flat(),
    );
  }
}

/** Removes snapshots of tables that are no longer captured, or with another key. */
export async function forgetSnapshots(
  own: OwnTables,
  sources: readonly CaptureSource[],
  known: KnownSources,
): Promise<void> {
  const kept = new Set(sources.filter(({ swapped }) => swapped.length > 0).map(({ id }) => id));
  for (const source of known.keys()) {
    if (!kept.has(source)) await own.run(`DELETE FROM ${own.t(TABLE)} WHERE source = ?`, [source]);
  }
}

async function walkDifferences(
  transaction: OwnTables,
  place: ShopPlace,
  source: CaptureSource,
  note: (differences: readonly Difference[]) => Promise<void>,
): Promise<number> {
  const key = keySql(source);
  let total = 0;
  for (;;) {
    // Both sides side by side: the sums of a key's rows differ, or one side has none of them.
    const differences = await transaction.rows<Difference>(
      `SELECT row_key, CAST(MAX(live) AS CHAR) AS content FROM (
         SELECT ${key} AS row_key, SUM(${contentSql(source)}) AS live, NULL AS kept, 0 AS snapshot
         FROM ${qualified(place, source.table)} GROUP BY row_key
         UNION ALL
         SELECT row_key, NULL, content, 1 FROM ${transaction.t(TABLE)}
         WHERE source = ? AND row_key <> '${TAKEN}'
       ) both_sides
       GROUP BY row_key HAVING NOT (MAX(live) <=> MAX(kept)) OR (MAX(live) IS NULL AND MAX(kept) IS NULL)
       LIMIT ${ROUND}`,
      [source.id],
    );
    if (differences.length > 0) await note(differences);
    await refresh(transaction, source, differences);
    total += differences.length;
    if (differences.length < ROUND) break;
  }
  await transaction.run(
    `INSERT IGNORE INTO ${transaction.t(TABLE)} (source, row_key, content) VALUES (?, '${TAKEN}', 0)`,
    [source.id],
  );
  return total;
}

async function refresh(
  transaction: OwnTables,
  source: CaptureSource,
  differences: readonly Difference[],
): Promise<void> {
  const table = transaction.t(TABLE);
  for (let at = 0; at < differences.length; at += SLICE) {
    const slice = differences.slice(at, at + SLICE);
    const there = slice.filter(({ content }) => content !== null);
    const gone = slice.filter(({ content }) => content === null);
    if (there.length > 0) {
      await transaction.run(
        `INSERT INTO ${table} (source, row_key, content)
         VALUES ${there.map(() => '(?, ?, ?)').join(', ')}
         ON DUPLICATE KEY UPDATE content = VALUES(content)`,
        there.flatMap(({ row_key, content }) => [source.id, row_key, content]),
      );
    }
    if (gone.length > 0) {
      await transaction.run(
        `DELETE FROM ${table} WHERE source = ? AND row_key IN (${gone.map(() => '?').join(', ')})`,
        [source.id, ...gone.map(({ row_key }) => row_key)],
      );
    }
  }
}

/** Numbers first, the text last: `17,1,,24-MB01`. Nothing stands for null. */
function keySql({ key }: CaptureSource): string {
  const parts = SLOTS.map((slot) => {
    const column = key.find((one) => one.slot === slot)?.column;
    return column === undefined ? `''` : `IFNULL(${quoted(column.name)}, '')`;
  });
  return `CAST(CONVERT(CONCAT_WS(',', ${parts.join(', ')}) USING utf8mb4) AS BINARY)`;
}

/** 60 bits of a row's compared columns; they are added up over the rows of a key. */
function contentSql({ swapped }: CaptureSource): string {
  const parts = swapped.map((name) => `IFNULL(${quoted(name)}, '~')`);
  return `CAST(CONV(LEFT(MD5(CONCAT_WS('|', ${parts.join(', ')})), 15), 16, 10) AS UNSIGNED)`;
}

function rowKey({ key }: CaptureSource, { key: values }: Change): string {
  return SLOTS.map((slot) => {
    const name = key.find((one) => one.slot === slot)?.name;
    const value = name === undefined ? null : values[name];
    return value ?? '';
  }).join(',');
}

/** Values for the source's key columns, in their order. */
function keyValues({ key }: CaptureSource, row: Buffer): (number | string | null)[] {
  const parts = row.toString().split(',');
  const slots = new Map<string, string>(
    SLOTS.map((slot, at) => [
      slot,
      slot === TEXT_SLOT ? parts.slice(at).join(',') : (parts[at] ?? ''),
    ]),
  );
  return key.map(({ slot }: KeyColumn) => {
    const value = slots.get(slot) ?? '';
    if (value === '') return null;
    return slot === TEXT_SLOT ? value : Number(value);
  });
}
