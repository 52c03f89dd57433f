/** A connection, or a transaction on one. A `Store` is one, too. */
export interface Sql {
  /** Rows of a query, as objects. */
  rows<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs a statement; returns how many rows it touched. */
  run(sql: string, values?: readonly unknown[]): Promise<number>;
}

/** The exporter's own tables, as a `Store` gives them. */
export interface OwnTables extends Sql {
  /** The table's name with prefix, quoted for SQL. */
  t(name: string): string;
}

/** Where the shop's tables are. */
export interface ShopPlace {
  /** Name of the schema. */
  readonly schema: string;
  readonly tablePrefix: string;
}

export function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** Number of a database error, such as 1146 for a table that does not exist. */
export function errorNumber(error: unknown): number | undefined {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number'
    ? error.errno
    : undefined;
}
