import type { Connection, RowDataPacket } from 'mysql2/promise';

/** Runs a query. */
export async function rows<Row>(
  connection: Connection,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const [found] = await connection.query<RowDataPacket[]>(sql, values);
  return found as Row[];
}

/** `SELECT COUNT(*) FROM …` */
export async function count(connection: Connection, sql: string): Promise<number> {
  const [row] = await rows<{ n: number }>(connection, `SELECT COUNT(*) AS n FROM ${sql}`);
  return Number(row?.n);
}

/** Tables of the selected database, without views. */
export async function tableNames(connection: Connection): Promise<string[]> {
  const found = await rows<{ name: string }>(
    connection,
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name`,
  );
  return found.map(({ name }) => name);
}

/** What each table holds, as one number. */
export async function checksums(connection: Connection): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const name of await tableNames(connection)) {
    const [row] = await rows<Record<string, unknown>>(connection, `CHECKSUM TABLE \`${name}\``);
    found[name] = row?.['Checksum'];
  }
  return found;
}

/** References that lead nowhere, over all foreign keys of the database. */
export async function orphans(connection: Connection): Promise<string[]> {
  const keys = await rows<{ t: string; c: string; rt: string; rc: string }>(
    connection,
    `SELECT table_name AS t, column_name AS c, referenced_table_name AS rt, referenced_column_name AS rc
     FROM information_schema.key_column_usage
     WHERE constraint_schema = DATABASE() AND referenced_table_name IS NOT NULL`,
  );
  const found: string[] = [];
  for (const { t, c, rt, rc } of keys) {
    const lost = await count(
      connection,
      `\`${t}\` a LEFT JOIN \`${rt}\` b ON b.\`${rc}\` = a.\`${c}\`
       WHERE a.\`${c}\` IS NOT NULL AND b.\`${rc}\` IS NULL`,
    );
    if (lost > 0) found.push(`${t}.${c}: ${lost}`);
  }
  return found;
}

/** Values that occur twice in a unique key: loading runs without that check. */
export async function duplicates(connection: Connection): Promise<string[]> {
  const keys = await rows<{ t: string; k: string; c: string }>(
    connection,
    `SELECT table_name AS t, index_name AS k,
       GROUP_CONCAT(CONCAT('\`', column_name, '\`') ORDER BY seq_in_index) AS c
     FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND non_unique = 0 GROUP BY table_name, index_name`,
  );
  const found: string[] = [];
  for (const { t, k, c } of keys) {
    const filled = c.split(',').map((column) => `${column} IS NOT NULL`);
    const twice = await count(
      connection,
      `(SELECT ${c} FROM \`${t}\` IGNORE INDEX (\`${k}\`) WHERE ${filled.join(' AND ')}
        GROUP BY ${c} HAVING COUNT(*) > 1) d`,
    );
    if (twice > 0) found.push(`${t} (${c}): ${twice}`);
  }
  return found;
}
