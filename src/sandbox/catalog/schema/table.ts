import { createHash } from 'node:crypto';

export interface Column {
  readonly name: string;
  /** SQL type with nullability, default and auto-increment. */
  readonly definition: string;
}

export interface Key {
  readonly kind: 'primary' | 'unique' | 'key';
  readonly columns: readonly string[];
}

export interface ForeignKey {
  readonly column: string;
  readonly table: string;
  readonly references: string;
  readonly onDelete: 'CASCADE' | 'SET NULL' | 'NO ACTION';
}

/** A table of the shop; names are without the table prefix. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly keys: readonly Key[];
  readonly foreignKeys: readonly ForeignKey[];
}

export interface CreateTableOptions {
  readonly prefix: string;
  /** Leave out all keys but the primary one; `addKeys` makes them when the rows are there. */
  readonly keysLater: boolean;
}

export function createTable(table: Table, { prefix, keysLater }: CreateTableOptions): string {
  const lines = [
    ...table.columns.map(({ name, definition }) => `\`${name}\` ${definition}`),
    ...table.keys
      .filter(({ kind }) => kind === 'primary' || !keysLater)
      .map((key) => keySql(table, key, prefix)),
    ...(keysLater ? [] : table.foreignKeys.map((key) => foreignKeySql(key, prefix))),
  ];
  // Commerce's text columns are utf8mb3 up to 2.4.7.
  return `CREATE TABLE \`${prefix}${table.name}\` (\n${lines.join(',\n')}\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3`;
}

/** The statement for what `keysLater` left out, if anything. */
export function addKeys(table: Table, prefix: string): string | undefined {
  const parts = [
    ...table.keys.filter(({ kind }) => kind !== 'primary').map((key) => keySql(table, key, prefix)),
    ...table.foreignKeys.map((key) => foreignKeySql(key, prefix)),
  ];
  if (parts.length === 0) return undefined;
  return `ALTER TABLE \`${prefix}${table.name}\` ${parts.map((part) => `ADD ${part}`).join(', ')}`;
}

function keySql(table: Table, { kind, columns }: Key, prefix: string): string {
  const list = columns.map((column) => `\`${column}\``).join(', ');
  if (kind === 'primary') return `PRIMARY KEY (${list})`;
  return `${kind === 'unique' ? 'UNIQUE KEY' : 'KEY'} \`${keyName(prefix + table.name, kind, columns)}\` (${list})`;
}

function foreignKeySql({ column, table, references, onDelete }: ForeignKey, prefix: string) {
  return `FOREIGN KEY (\`${column}\`) REFERENCES \`${prefix}${table}\` (\`${references}\`) ON DELETE ${onDelete}`;
}

/** Commerce names a key after table and columns, and by a hash where that exceeds 64 characters. */
function keyName(table: string, kind: 'unique' | 'key', columns: readonly string[]): string {
  const name = [table, ...columns].join('_').toUpperCase();
  if (name.length <= 64) return name;
  const hash = createHash('md5').update(name).digest('hex').toUpperCase();
  return `${kind === 'unique' ? 'UNQ' : 'IDX'}_${hash}`;
}
