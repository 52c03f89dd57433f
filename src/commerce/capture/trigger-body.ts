import type { Cascade } from './cascades.js';
import { TEXT_KEY_LENGTH, TEXT_SLOT, type CaptureSource, type KeyColumn } from './source.js';
import { quoted, type ShopPlace } from './sql.js';
import { named, type ShopColumn } from './shop-tables.js';

/**
 * What a trigger overlooks, so that the shop's statement goes through; `checkCapture` finds the gap
 * later. Each but 1044 was brought about on MariaDB 10.11. SQLEXCEPTION would also hide a deadlock
 * (1213) and a lock wait timeout (1205), and the shop would go on in a transaction that was rolled
 * back. What no handler sees: a definer that does not exist (1449) or may not make triggers on the
 * table (1142, before the first statement).
 */
export const OVERLOOKED_ERRORS: readonly { readonly number: number; readonly meaning: string }[] = [
  { number: 1044, meaning: 'no right to the schema' },
  { number: 1054, meaning: 'no such column' },
  { number: 1114, meaning: 'the table is full' },
  { number: 1142, meaning: 'no right to the table' },
  { number: 1143, meaning: 'no right to the column' },
  { number: 1146, meaning: 'no such table' },
  { number: 1467, meaning: 'no further number for the next row' },
  { number: 1814, meaning: 'the table’s file was taken away' },
];

const overlooked = OVERLOOKED_ERRORS.map(({ number }) => number).join(', ');

/** Notes one row, as it is (NEW) or was (OLD). `log` is SQL, without schema. */
export function rowBody(log: string, source: CaptureSource, row: 'NEW' | 'OLD'): string {
  return `BEGIN
  DECLARE CONTINUE HANDLER FOR ${overlooked} BEGIN END;
  ${insertion(log, source, (column) => `${row}.${quoted(column.name)}`)}
END`;
}

/**
 * Notes a row of which a counted column differs; where the key differs, before and after. The usual
 * case, another value under the same key, is found by one flat condition: what is nested, null-safe
 * or a further comparison in it costs 2 to 8 % of the statement (measured with 10,000 values changed
 * at once, see bench/trigger-cost.mjs). All else is left to a second condition: NULL before or
 * after, another number given by the database, another key.
 */
export function updateBody(log: string, source: CaptureSource): string {
  const note = (row: 'NEW' | 'OLD'): string =>
    insertion(log, source, (column) => `${row}.${quoted(column.name)}`);
  const key = source.key.flatMap(({ column }) => (column === undefined ? [] : [column]));
  const keyNames = new Set(key.map(({ name }) => name));
  const values = source.counted.filter(({ name }) => !keyNames.has(name));
  const usual = values.filter(({ name }) => !name.endsWith('_id'));
  const same = (columns: readonly ShopColumn[]): string =>
    columns.length === 0 ? 'TRUE' : columns.map(unchanged).join(' AND ');
  const differs = usual.length === 0 ? 'FALSE' : usual.map(changed).join(' OR ');
  return `BEGIN
  DECLARE CONTINUE HANDLER FOR ${overlooked} BEGIN END;
  IF (${differs}) AND ${same(key)} THEN
    ${note('NEW')}
  ELSEIF NOT (${same([...key, ...values])}) THEN
    IF NOT (${same(key)}) THEN
      ${note('OLD')}
    END IF;
    ${note('NEW')}
  END IF;
END`;
}

/**
 * Notes rows that a foreign key is about to remove. By a cursor and row by row: INSERT … SELECT
 * would hold the changelog's auto-increment lock, and every other writer of the shop would wait.
 * The rows are read as they are now, not as the transaction's snapshot has them, for that is what
 * the foreign key removes.
 */
export function cascadeBody(place: ShopPlace, log: string, cascades: readonly Cascade[]): string {
  return `BEGIN
${cascades.map((cascade) => block(place, log, cascade)).join('\n')}
END`;
}

function block(place: ShopPlace, log: string, { source, chain }: Cascade): string {
  const columns = source.key.filter((column) => column.column !== undefined);
  const steps = [...chain].reverse();
  // t1 is the source's table, t2 the one it refers to, and so on up to the parent's children.
  const from = [`${named(place, source.table)} t1`];
  for (const [at, step] of steps.slice(0, -1).entries()) {
    const on = step.columns.map(
      ({ child, parent }) => `t${at + 1}.${quoted(child)} = t${at + 2}.${quoted(parent)}`,
    );
    from.push(`JOIN ${named(place, step.parent)} t${at + 2} ON ${on.join(' AND ')}`);
  }
  const top = chain[0];
  const where = (top?.columns ?? []).map(
    ({ child, parent }) => `t${chain.length}.${quoted(child)} = OLD.${quoted(parent)}`,
  );
  const variable = new Map(columns.map(({ name }, at) => [name, `k${at + 1}`]));
  const types = columns.map(({ slot, name }) => {
    const type =
      slot === TEXT_SLOT ? `VARCHAR(${TEXT_KEY_LENGTH}) CHARACTER SET utf8mb4` : 'BIGINT';
    return `    DECLARE ${variable.get(name) ?? ''} ${type};`;
  });
  return `  BEGIN
${types.join('\n')}
    DECLARE c CURSOR FOR SELECT ${columns.map((column) => `t1.${quoted(column.column?.name ?? '')}`).join(', ')}
      FROM ${from.join(' ')}
      WHERE ${where.join(' AND ')} LOCK IN SHARE MODE;
    DECLARE EXIT HANDLER FOR NOT FOUND BEGIN END;
    DECLARE EXIT HANDLER FOR ${overlooked} BEGIN END;
    OPEN c;
    LOOP
      FETCH c INTO ${[...variable.values()].join(', ')};
      ${insertion(log, source, (_column, key) => variable.get(key.name) ?? 'NULL')}
    END LOOP;
  END;`;
}

function insertion(
  log: string,
  source: CaptureSource,
  value: (column: ShopColumn, key: KeyColumn) => string,
): string {
  const names = ['`source`'];
  const values = [String(source.id)];
  for (const key of source.key) {
    if (key.column === undefined) continue;
    const sql = value(key.column, key);
    names.push(quoted(key.slot));
    values.push(
      key.slot === TEXT_SLOT && (key.column.length ?? 0) > TEXT_KEY_LENGTH
        ? `LEFT(${sql}, ${TEXT_KEY_LENGTH})`
        : sql,
    );
  }
  return `INSERT INTO ${log} (${names.join(', ')}) VALUES (${values.join(', ')});`;
}

function unchanged(column: ShopColumn): string {
  const [before, after] = bothOf(column);
  return `${before} ${column.nullable ? '<=>' : '='} ${after}`;
}

/** Not true where NULL came or went. */
function changed(column: ShopColumn): string {
  return bothOf(column).join(' <> ');
}

/** Text is compared byte by byte: its collation may take `a` and `A `, or `é` and `e`, for equal. */
function bothOf({ name, length }: ShopColumn): readonly [string, string] {
  const [before, after] = [`OLD.${quoted(name)}`, `NEW.${quoted(name)}`];
  return length === null
    ? [before, after]
    : [`CAST(${before} AS BINARY)`, `CAST(${after} AS BINARY)`];
}
