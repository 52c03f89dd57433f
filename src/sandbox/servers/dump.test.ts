import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';

import { freshDatabase } from '../../../test/servers.js';
import { loadDump } from './dump.js';

const DUMP = `-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB
CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(64) CHARACTER SET utf8mb4);
INSERT INTO item VALUES (1, 'Grün 🌿'), (2, 'it''s;');
DELIMITER ;;
CREATE TRIGGER item_insert BEFORE INSERT ON item FOR EACH ROW BEGIN SET NEW.id = NEW.id + 1; END ;;
DELIMITER ;
-- Dump completed on 2026-01-01
`;

let folder = '';
let connection: Connection;
/** The name of a database that is not there, and is dropped after the tests. */
let database = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dump-test-'));
  const made = await freshDatabase('dump');
  database = made.name;
  connection = await createConnection(made.url);
});
beforeEach(async () => {
  await connection.query('DROP DATABASE IF EXISTS ??', [database]);
});
afterAll(async () => {
  await connection.end();
  await rm(folder, { recursive: true, force: true });
});

async function load(
  content: string | Buffer,
  options: Partial<Parameters<typeof loadDump>[3]> = {},
): Promise<void> {
  const file = join(folder, 'dump.sql.gz');
  await writeFile(file, content);
  await loadDump(inject('mariadb'), database, file, { environment: process.env, ...options });
}

async function isThere(): Promise<boolean> {
  const [rows] = await connection.query('SHOW DATABASES LIKE ?', [database]);
  return (rows as unknown[]).length > 0;
}

describe('loading a dump', () => {
  test.each([
    ['plain', Buffer.from(DUMP)],
    ['gzipped', gzipSync(DUMP)],
  ])('fills a new database: %s', async (_, content) => {
    const progress: number[][] = [];
    await load(content, { onProgress: (read, total) => progress.push([read, total]) });
    await connection.query(`INSERT INTO \`${database}\`.item VALUES (10, 'by trigger 11')`);
    const [rows] = await connection.query({
      sql: `SELECT id, name FROM \`${database}\`.item ORDER BY id`,
      rowsAsArray: true,
    });
    expect(rows).toEqual([
      [1, 'Grün 🌿'],
      [2, "it's;"],
      [11, 'by trigger 11'],
    ]);
    expect(progress.at(-1)).toEqual([content.length, content.length]);
  });

  test.each([
    ['a statement that fails', `${DUMP}INSERT INTO nowhere VALUES (1);\n`, /line 8.*nowhere/],
    ['a gzip file that is cut off', gzipSync(DUMP).subarray(0, 100), /unexpected end of file/],
    ['a dump that is cut off', DUMP.slice(0, DUMP.indexOf('-- Dump completed')), /cut off/],
    ['a file that is no dump', 'PK\u0003\u0004 something', /1064|syntax/],
    ['an empty file', '', /database empty/],
  ])('reports %s and leaves no database', async (_, content, problem) => {
    await expect(load(content)).rejects.toMatchObject({
      code: 'SDE50-04',
      message: expect.stringMatching(problem) as string,
    });
    expect(await isThere()).toBe(false);
  });

  test('reports a file that is not there', async () => {
    const loading = loadDump(inject('mariadb'), database, join(folder, 'none.sql'), {
      environment: process.env,
    });
    await expect(loading).rejects.toMatchObject({ code: 'SDE50-04' });
    expect(await isThere()).toBe(false);
  });

  test('does not touch a database that exists', async () => {
    await load(DUMP);
    await expect(load(DUMP)).rejects.toMatchObject({
      code: 'SDE50-04',
      message: expect.stringMatching(/database exists/) as string,
    });
    const [rows] = await connection.query(`SELECT COUNT(*) AS items FROM \`${database}\`.item`);
    expect(rows).toEqual([{ items: 2 }]);
  });

  test('can be aborted, and leaves no database', async () => {
    const abort = new AbortController();
    const endless = `${DUMP}SELECT SLEEP(600);\n`;
    const loading = load(endless, {
      signal: abort.signal,
      onProgress: () => setTimeout(() => abort.abort(), 100),
    });
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
    expect(await isThere()).toBe(false);
  });
});
