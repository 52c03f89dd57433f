/** A row that begins with its primary key and the id of what it belongs to. */
type PartRow = readonly [id: number, ownerId: number, ...rest: unknown[]];

export type Parts<Row> = ReadonlyMap<number, readonly Row[]>;

/**
 * Rows by owner, each list in order of the primary key; rows of other owners are left out. Sorted
 * here: the server would put the rows' texts into temporary tables.
 */
export function partsOf<Row extends PartRow>(
  owners: { has(id: number): boolean },
  rows: readonly Row[],
): Parts<Row> {
  const parts = new Map<number, Row[]>();
  for (const row of [...rows].sort((a, b) => a[0] - b[0])) {
    const owner = row[1];
    const list = parts.get(owner);
    if (list !== undefined) list.push(row);
    else if (owners.has(owner)) parts.set(owner, [row]);
  }
  return parts;
}

export function allRows<Row>(parts: Parts<Row>): Row[] {
  return [...parts.values()].flat();
}

export function idsOf(parts: Parts<PartRow>): Set<number> {
  return new Set(allRows(parts).map(([id]) => id));
}
