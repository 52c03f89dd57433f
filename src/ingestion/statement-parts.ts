import type { ReceivedItem } from './received-item.js';

/** Bytes of one statement, unless a single item has more. */
export const STATEMENT_BYTES = 4 * 1024 * 1024;

/**
 * Rows of a statement. Few sizes, as each is prepared once for a connection and kept, with a
 * description of every placeholder. Requests that share a transaction share statements: with one
 * for each request of 100 items, 5,700 newer versions were stored in a second and not 7,700.
 */
const STATEMENT_ROWS = [500, 200, 100, 50, 20, 10, 5, 2, 1] as const;
const MOST_ROWS = STATEMENT_ROWS[0];

/** Parts of the sizes that statements are prepared for, each as large as `maxBytes` lets it be. */
export function statementParts<Row extends { readonly item: ReceivedItem }>(
  upserts: readonly Row[],
  maxBytes: number,
): Row[][] {
  const statements: Row[][] = [];
  for (let at = 0; at < upserts.length;) {
    const fitting = countWithin(upserts.slice(at, at + MOST_ROWS), maxBytes);
    const size = STATEMENT_ROWS.find((rows) => rows <= fitting) ?? 1;
    statements.push(upserts.slice(at, at + size));
    at += size;
  }
  return statements;
}

/** How many of the first rows have no more than `maxBytes` together. */
function countWithin(
  upserts: readonly { readonly item: ReceivedItem }[],
  maxBytes: number,
): number {
  let bytes = 0;
  const over = upserts.findIndex(({ item }) => (bytes += bytesOfRow(item)) > maxBytes);
  return over === -1 ? upserts.length : over;
}

/** At most: a character of the identity may take six bytes as JSON. */
function bytesOfRow({ identity, payload }: ReceivedItem): number {
  return identity.reduce((sum, value) => sum + 6 * value.length, 1024 + payload.length);
}
