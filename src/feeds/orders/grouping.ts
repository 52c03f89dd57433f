/** A row that begins with its primary key. */
type KeyedRow = readonly [id: number, ...rest: unknown[]];

/**
 * Rows by the number in a column, each list in order of the primary key. Sorted here: the server
 * would put the rows' texts into temporary tables.
 */
export function grouped<Row extends KeyedRow>(
  rows: readonly Row[],
  keyOf: (row: Row) => number,
): Map<number, Row[]> {
  const groups = new Map<number, Row[]>();
  for (const row of inOrder(rows)) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

export function inOrder<Row extends KeyedRow>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => a[0] - b[0]);
}
