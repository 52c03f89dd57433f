import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';

/** A connection for looks at a server: settings, rights, tables. */
export class DoctorDatabase {
  readonly schema: string;
  readonly tablePrefix: string;
  readonly #connection: Connection;

  private constructor(connection: Connection, schema: string, tablePrefix: string) {
    this.#connection = connection;
    this.schema = schema;
    this.tablePrefix = tablePrefix;
  }

  static async open(url: string, tablePrefix: string): Promise<DoctorDatabase> {
    const connection = await mysql.createConnection({
      uri: url,
      connectTimeout: 3000,
      timezone: 'Z',
      dateStrings: true,
    });
    const [rows] = await connection.query<RowDataPacket[]>('SELECT DATABASE() AS name');
    return new DoctorDatabase(connection, String(rows[0]?.['name'] ?? ''), tablePrefix);
  }

  /** Rows as objects; give columns of information_schema an alias, since servers spell them differently. */
  async rows<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    const [rows] = await this.#connection.query<RowDataPacket[]>(sql, [...values]);
    return rows as unknown as Row[];
  }

  async row<Row extends object>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row | undefined> {
    const [first] = await this.rows<Row>(sql, values);
    return first;
  }

  /** The table's name in SQL, with prefix, quoted. */
  t(table: string): string {
    return `\`${this.tablePrefix}${table}\``;
  }

  async hasTable(table: string): Promise<boolean> {
    const row = await this.row(
      `SELECT 1 AS found FROM information_schema.tables
       WHERE table_schema = DATABASE() AND table_name = ?`,
      [`${this.tablePrefix}${table}`],
    );
    return row !== undefined;
  }

  async close(): Promise<void> {
    await this.#connection.end();
  }
}
