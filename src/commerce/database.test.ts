import { randomBytes } from 'node:crypto';
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

test('a table that is missing or may not be read is told with a code, and which it is', async () => {
  const { url, name } = await freshDatabase('rights');
  const user = `t_${randomBytes(4).toString('hex')}`;
  const admin = await createConnection(url);
  await admin.query('CREATE TABLE store (store_id INT PRIMARY KEY)');
  await admin.query('CREATE TABLE url_rewrite (url_rewrite_id INT PRIMARY KEY)');
  await admin.query(`CREATE USER '${user}'@'%'`);
  await admin.query(`GRANT SELECT ON \`${name}\`.store TO '${user}'@'%'`);
  const database = new CommerceDatabase({ url: url.replace('//root@', `//${user}@`) });
  const rows = (table: string) =>
    database
      .snapshot((read) => read.rows(`SELECT * FROM ${table}`))
      .catch((error: unknown) => error);
  try {
    expect(await rows('store')).toEqual([]);
    expect(await rows('url_rewrite')).toMatchObject({
      code: 'SDE20-10',
      cause: { message: expect.stringContaining('url_rewrite') as string },
    });
    await admin.query(`GRANT SELECT ON \`${name}\`.* TO '${user}'@'%'`);
    await admin.query('DROP TABLE url_rewrite');
    expect(await rows('url_rewrite')).toMatchObject({
      code: 'SDE20-09',
      cause: { message: expect.stringContaining('url_rewrite') as string },
    });
  } finally {
    await database.close();
    await admin.query(`DROP USER '${user}'@'%'`);
    await admin.end();
  }
});
