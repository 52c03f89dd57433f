import type { PoolConnection } from 'mysql2/promise';

export type SqlValue = string | number | null;

/** Anything that runs a statement; a mysql2 promise connection is one. */
export type Statements = Pick<PoolConnection, 'query'>;

/** Bytes of one INSERT; far below any server's `max_allowed_packet`. */
const statementLength = 512 * 1024;
/** Statements ready but not yet taken by the database, before `ready` makes the caller wait. */
const backlog = 4;

/**
 * Collects rows per table and writes them with multi-row INSERTs in the background, while the
 * caller makes the next ones. Memory stays bounded if the caller awaits `ready()` now and then.
 */
export class BulkWriter {
  readonly #connection: Statements;
  readonly #prefix: string;
  readonly #tables = new Map<string, TableWriter>();
  readonly #waiting: string[] = [];
  #current: Promise<unknown> = Promise.resolve();
  #busy = false;
  #failure: Error | undefined;

  constructor(connection: Statements, prefix: string) {
    this.#connection = connection;
    this.#prefix = prefix;
  }

  /** The writer of a table. Asked for again with other columns, a second one. */
  table<const C extends readonly string[]>(name: string, columns: C): TableWriter<C> {
    const key = `${name} ${columns.join()}`;
    let table = this.#tables.get(key);
    if (table === undefined) {
      table = new TableWriter(name, `${this.#prefix}${name}`, columns, (sql) => this.#send(sql));
      this.#tables.set(key, table);
    }
    return table;
  }

  /** Adds records; the first one's keys are the columns, and all must have the same ones. */
  records(name: string, records: readonly Readonly<Record<string, SqlValue>>[]): void {
    const [first] = records;
    if (first === undefined) return;
    const columns = Object.keys(first);
    const table = this.table(name, columns);
    for (const record of records) {
      table.add(
        ...columns.map((column) => {
          const value = record[column];
          if (value === undefined) throw new Error(`A record of ${name} lacks ${column}.`);
          return value;
        }),
      );
    }
  }

  /** Rows added so far, per table (without prefix). */
  get rows(): Record<string, number> {
    const rows: Record<string, number> = {};
    for (const { name, count } of this.#tables.values()) rows[name] = (rows[name] ?? 0) + count;
    return rows;
  }

  get totalRows(): number {
    let total = 0;
    for (const { count } of this.#tables.values()) total += count;
    return total;
  }

  /** Waits until the database has caught up enough. @throws what an INSERT failed with. */
  async ready(): Promise<void> {
    await this.#waitFor(() => this.#waiting.length <= backlog);
  }

  /** Writes all that was added. @throws what an INSERT failed with. */
  async flush(): Promise<void> {
    for (const table of this.#tables.values()) table.flush();
    await this.#waitFor(() => !this.#busy);
  }

  async #waitFor(enough: () => boolean): Promise<void> {
    while (!enough()) await Promise.allSettled([this.#current]);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #send(sql: string): void {
    if (this.#failure !== undefined) return;
    this.#waiting.push(sql);
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    try {
      for (let sql = this.#waiting[0]; sql !== undefined; sql = this.#waiting[0]) {
        this.#current = this.#connection.query(sql);
        await this.#current;
        this.#waiting.shift();
      }
    } catch (cause) {
      this.#failure = cause instanceof Error ? cause : new Error('An INSERT failed.', { cause });
      this.#waiting.length = 0;
    }
    this.#busy = false;
  }
}

/** Collects rows of one table; ids count up from 1 in the order they are asked for. */
export class TableWriter<C extends readonly string[] = readonly string[]> {
  readonly name: string;
  readonly #head: string;
  readonly #send: (sql: string) => void;
  #text = '';
  #count = 0;
  #lastId = 0;

  constructor(name: string, fullName: string, columns: C, send: (sql: string) => void) {
    this.name = name;
    this.#head = `INSERT INTO \`${fullName}\` (\`${columns.join('`, `')}\`) VALUES\n`;
    this.#send = send;
  }

  get count(): number {
    return this.#count;
  }

  /** The next value of the table's key. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  add(...row: { readonly [K in keyof C]: SqlValue }): void {
    let text = this.#text === '' ? '(' : ',\n(';
    for (let at = 0; at < row.length; at += 1) {
      text += (at === 0 ? '' : ',') + literal(row[at] as SqlValue);
    }
    this.#text += `${text})`;
    this.#count += 1;
    if (this.#text.length > statementLength) this.flush();
  }

  flush(): void {
    if (this.#text === '') return;
    this.#send(this.#head + this.#text);
    this.#text = '';
  }
}

function literal(value: SqlValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  return /['\\\0]/.test(value)
    ? `'${value.replaceAll(/['\\]/g, '\\$&').replaceAll('\0', '\\0')}'`
    : `'${value}'`;
}
