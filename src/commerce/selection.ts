/** The entities of a page: all within a range of ids (both ends included), or some ids. */
export type Selection =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'ids'; readonly ids: readonly number[] };

/** From here on a list of ids is joined as a table: long IN lists are read 1.2 times slower. */
const LONG_LIST = 50;

/**
 * The SQL condition that `column` belongs to the selection. Numbers are written into the text; a
 * selection of no ids is never true.
 */
export function among(column: string, selection: Selection): string {
  if (selection.kind === 'range') {
    return `${column} BETWEEN ${integer(selection.from)} AND ${integer(selection.to)}`;
  }
  return amongIds(column, selection.ids);
}

/** The SQL condition that `column` is one of the ids. */
export function amongIds(column: string, ids: readonly number[]): string {
  if (ids.length === 0) return 'FALSE';
  const list = ids.map(integer).join(',');
  if (ids.length < LONG_LIST) return `${column} IN (${list})`;
  return `${column} IN (SELECT listed.id FROM JSON_TABLE('[${list}]', '$[*]' COLUMNS (id BIGINT PATH '$')) listed)`;
}

function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an id: ${value}`);
  return value.toFixed(0);
}
