import { vi } from 'vitest';

import { Read } from '../src/commerce/read.js';
import type { TestShop } from './test-shop.js';

/** Columns by table, without prefix. */
export type Columns = ReadonlyMap<string, ReadonlySet<string>>;

/** All columns of a shop. */
export async function allColumns(shop: TestShop, tablePrefix: string): Promise<Columns> {
  const rows = await shop.rows<{ name: string; columnName: string }>(
    `SELECT SUBSTRING(table_name, ${tablePrefix.length + 1}) AS name, column_name AS columnName
     FROM information_schema.columns WHERE table_schema = DATABASE()`,
  );
  const columns = new Map<string, Set<string>>();
  for (const { name, columnName } of rows) {
    columns.set(name, new Set([...(columns.get(name) ?? []), columnName]));
  }
  return columns;
}

/** The columns that queries made by some work ask for; `columns` are those that there are. */
export async function columnsRead(
  work: () => Promise<unknown>,
  columns: Columns,
  tablePrefix: string,
): Promise<Columns> {
  const queries = vi.spyOn(Read.prototype, 'rows');
  await work();
  const texts = new Set(queries.mock.calls.map(([sql]) => sql));
  queries.mockRestore();
  const read = new Map<string, Set<string>>();
  for (const sql of texts) {
    const aliases = new Map<string, string>();
    for (const [, name = '', alias = ''] of sql.matchAll(/(?:FROM|JOIN)\s+`(\w+)`\s*(\w+)?/g)) {
      const table = name.slice(tablePrefix.length);
      if (!read.has(table)) read.set(table, new Set());
      aliases.set(alias, table);
      // A table without an alias is alone in its query.
      if (sql.includes(`${alias}.`)) continue;
      for (const [word] of sql.matchAll(/\b[a-z_]+\b/g)) {
        if (columns.get(table)?.has(word) === true) read.get(table)?.add(word);
      }
    }
    for (const [, alias = '', column = ''] of sql.matchAll(/\b(\w+)\.(\w+)\b/g)) {
      read.get(aliases.get(alias) ?? '')?.add(column);
    }
  }
  return read;
}
