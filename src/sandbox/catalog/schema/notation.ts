import type { Column, ForeignKey, Key, Table } from './table.js';

/**
 * Reads tables from the short notation of this folder. A table is a name, then indented lines:
 *
 * ```
 * catalog_product_website
 *   product_id int u !
 *   website_id smallint u !
 *   primary product_id, website_id
 *   key website_id
 *   cascade website_id -> store_website.website_id
 *
 * other_table like catalog_product_website
 * ```
 *
 * Columns: `name[, name…] type`, then `!` NOT NULL, `= x` NOT NULL with default, `?= x` nullable
 * with default, `auto` auto-increment, nothing: nullable. `u` is unsigned, `money` decimal(20,4),
 * `created` and `touched` the two automatic timestamps. A line that ends in a comma goes on in the
 * next. Keys: `primary`, `unique`, `key`. Foreign keys: `cascade`, `setnull`, `restrict`. `like`
 * copies columns and keys, not foreign keys. `placeholders` are replaced first.
 *
 * @throws Error with the line that cannot be read.
 */
export function readTables(
  text: string,
  placeholders: Readonly<Record<string, string>> = {},
): Table[] {
  const tables = new Map<string, Table>();
  for (const block of fill(text, placeholders)
    .trim()
    .split(/\n\s*\n|\n(?=\w+ like )/)) {
    const [head = '', ...lines] = block.replaceAll(/,\n\s*/g, ', ').split('\n');
    const [name = '', like, original = ''] = head.trim().split(' ');
    const table = like === undefined ? readTable(name, lines) : copy(name, tables.get(original));
    tables.set(name, table);
  }
  return [...tables.values()];
}

function fill(text: string, placeholders: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\w+\}|@\w+/g, (mark) => {
    const value = placeholders[mark];
    if (value === undefined) throw new Error(`No table notation is known for ${mark}.`);
    return value;
  });
}

function readTable(name: string, lines: readonly string[]): Table {
  const columns: Column[] = [];
  const keys: Key[] = [];
  const foreignKeys: ForeignKey[] = [];
  for (const line of lines) {
    const [, word = '', rest = ''] = /^\s*(\w+),? ?(.*)$/.exec(line) ?? [];
    switch (word) {
      case 'primary':
      case 'unique':
      case 'key':
        keys.push({ kind: word, columns: rest.split(', ') });
        break;
      case 'cascade':
      case 'setnull':
      case 'restrict':
        foreignKeys.push(readForeignKey(word, rest));
        break;
      default:
        columns.push(...readColumns(line));
    }
  }
  return { name, columns, keys, foreignKeys };
}

function copy(name: string, original: Table | undefined): Table {
  if (original === undefined) throw new Error(`Table ${name} is like a table not yet read.`);
  return { ...original, name, foreignKeys: [] };
}

const onDelete = { cascade: 'CASCADE', setnull: 'SET NULL', restrict: 'NO ACTION' } as const;

function readForeignKey(kind: keyof typeof onDelete, text: string): ForeignKey {
  const [, column, table, references] = /^(\w+) -> (\w+)\.(\w+)$/.exec(text) ?? [];
  if (column === undefined || table === undefined || references === undefined) {
    throw new Error(`No foreign key: ${text}`);
  }
  return { column, table, references, onDelete: onDelete[kind] };
}

function readColumns(line: string): Column[] {
  const [, names, type, mark, value] =
    /^\s*(\w+(?:, \w+)*) ([a-z]+(?:\([\d,]+\))?(?: u)?)(?: (!|\?=|=|auto)(?: (.+))?)?$/.exec(
      line,
    ) ?? [];
  if (names === undefined || type === undefined) throw new Error(`No column: ${line}`);
  const definition = columnDefinition(type, mark, value);
  return names.split(', ').map((name) => ({ name, definition }));
}

function columnDefinition(type: string, mark: string | undefined, value = 'NULL'): string {
  const now = 'DEFAULT CURRENT_TIMESTAMP';
  if (type === 'created') return `timestamp NOT NULL ${now}`;
  if (type === 'touched') return `timestamp NOT NULL ${now} ON UPDATE CURRENT_TIMESTAMP`;
  const sql = type === 'money' ? 'decimal(20,4)' : type.replace(/ u$/, ' unsigned');
  switch (mark) {
    case 'auto':
      return `${sql} NOT NULL AUTO_INCREMENT`;
    case '!':
      return `${sql} NOT NULL`;
    case '=':
      return `${sql} NOT NULL DEFAULT ${value}`;
    case '?=':
      return `${sql} NULL DEFAULT ${value}`;
    case undefined:
    default:
      return `${sql} NULL`;
  }
}
