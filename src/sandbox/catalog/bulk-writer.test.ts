import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { freshDatabase } from '../../../test/servers.js';
import { BulkWriter } from './bulk-writer.js';

describe('BulkWriter', () => {
  let connection: Connection;

  beforeAll(async () => {
    const { url } = await freshDatabase('bulk_writer');
    connection = await createConnection(url);
    await connection.query(
      'CREATE TABLE p_t (id int NOT NULL PRIMARY KEY, value text NULL) CHARSET utf8mb4',
    );
  });
  afterAll(() => connection.end());

  async function values(): Promise<unknown[]> {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT value FROM p_t ORDER BY id');
    await connection.query('TRUNCATE p_t');
    return rows.map((row): unknown => row['value']);
  }

  it('writes texts exactly as they are', async () => {
    const texts = ["it's", 'a\\b', '"<ü>"', 'x\0y', 'line\nfeed', '', null, '%_', '\\', "''"];
    const writer = new BulkWriter(connection, 'p_');
    for (const [at, text] of texts.entries()) writer.table('t', ['id', 'value']).add(at, text);
    await writer.flush();
    expect(await values()).toEqual(texts);
  });

  it('keeps the order of many statements and counts rows', async () => {
    const writer = new BulkWriter(connection, 'p_');
    const table = writer.table('t', ['id', 'value']);
    for (let id = table.nextId(); id <= 3000; id = table.nextId()) {
      table.add(id, String(id).padStart(1000, '0'));
      await writer.ready();
    }
    await writer.flush();
    expect(writer.rows).toEqual({ t: 3000 });
    expect((await values()).map(Number)).toEqual(Array.from({ length: 3000 }, (_, at) => at + 1));
  });

  it('takes records by the keys of the first', async () => {
    const writer = new BulkWriter(connection, 'p_');
    writer.records('t', [
      { value: 'a', id: 1 },
      { id: 2, value: 'b' },
    ]);
    writer.records('t', []);
    await writer.flush();
    expect(await values()).toEqual(['a', 'b']);
    expect(() => writer.records('t', [{ id: 1, value: 'c' }, { id: 2 }])).toThrow(/lacks value/);
  });

  it('reports the statement that failed and writes nothing after it', async () => {
    const writer = new BulkWriter(connection, 'p_');
    writer.table('t', ['id', 'value']).add(1, 'a');
    writer.table('missing', ['id']).add(1);
    writer.table('t', ['value', 'id']).add('b', 2);
    await expect(writer.flush()).rejects.toThrow(/missing/);
    await expect(writer.ready()).rejects.toThrow(/missing/);
    expect(await values()).toEqual(['a']);
  });
});
