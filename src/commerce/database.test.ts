import { createConnection } from 'mysql2/promise';
import { expect, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { CommerceDatabase } from './database.js';

test('a snapshot reads what was there when it began, and cannot write', async () => {
  const { url } = await freshDatabase('snapshot');
  const shop = await createConnection(url);
  await shop.query('CREATE TABLE store (store_id INT PRIMARY KEY, code VARCHAR(32))');
  await shop.query(`INSERT INTO store VALUES (1, 'default')`);
  const database = new CommerceDatabase({ url });
  try {
    await database.snapshot(async (read) => {
      await shop.query(`UPDATE store SET code = 'renamed'`);
      expect(await read.rows('SELECT code FROM store')).toEqual([['default']]);
      for (const statement of [
        `UPDATE store SET code = 'ours'`,
        `INSERT INTO store VALUES (2, 'ours')`,
        'DELETE FROM store',
      ]) {
        await expect(read.rows(statement)).rejects.toThrow(/read.?only/i);
      }
    });
    const later = await database.snapshot((read) => read.rows('SELECT code FROM store'));
    expect(later).toEqual([['renamed']]);
  } finally {
    await database.close();
    await shop.end();
  }
});
