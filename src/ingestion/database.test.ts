import mysql, { type RowDataPacket } from 'mysql2/promise';
import { pino } from 'pino';
import { expect, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { durabilityRisks, openDatabase, type DurabilitySettings } from './database.js';

test.each<[DurabilitySettings, readonly RegExp[]]>([
  [{ flushAtCommit: 1, binaryLog: 0, syncBinaryLog: 0 }, []],
  [{ flushAtCommit: 1, binaryLog: 1, syncBinaryLog: 1 }, []],
  [{ flushAtCommit: 0, binaryLog: 0, syncBinaryLog: 0 }, [/innodb_flush_log_at_trx_commit is 0/]],
  [{ flushAtCommit: 2, binaryLog: 1, syncBinaryLog: 1 }, [/innodb_flush_log_at_trx_commit is 2/]],
  [{ flushAtCommit: 1, binaryLog: 1, syncBinaryLog: 0 }, [/sync_binlog is 0/]],
  [{ flushAtCommit: 1, binaryLog: 1, syncBinaryLog: 100 }, [/sync_binlog is 100/]],
  [
    { flushAtCommit: 2, binaryLog: 1, syncBinaryLog: 0 },
    [/innodb_flush_log_at_trx_commit is 2/, /sync_binlog is 0/],
  ],
])('a server with %j is told of as not durable where it is not', (settings, expected) => {
  const risks = durabilityRisks(settings);
  expect(risks).toHaveLength(expected.length);
  expected.forEach((pattern, index) => expect(risks[index]).toMatch(pattern));
});

test('at the start the log warns of the server’s settings, as they are', async () => {
  const { url: databaseUrl } = await freshDatabase('durability');
  const connection = await mysql.createConnection(databaseUrl);
  const [[settings]] = await connection.query<(DurabilitySettings & RowDataPacket)[]>(
    `SELECT @@innodb_flush_log_at_trx_commit AS flushAtCommit, @@log_bin AS binaryLog,
       @@sync_binlog AS syncBinaryLog`,
  );
  await connection.end();
  const warnings: string[] = [];
  const logger = pino(
    { level: 'warn' },
    { write: (line: string) => warnings.push((JSON.parse(line) as { msg: string }).msg) },
  );
  const { reading, writing } = await openDatabase({ databaseUrl, logger });
  await Promise.all([reading.end(), writing.end()]);
  expect(warnings).toEqual(durabilityRisks(settings!));
});
