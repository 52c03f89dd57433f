/**
 * The name of a table in an installation with this prefix. Commerce adds the prefix only where the
 * name does not start with it already.
 */
export function prefixedName(tablePrefix: string, table: string): string {
  return table.startsWith(tablePrefix) ? table : `${tablePrefix}${table}`;
}
