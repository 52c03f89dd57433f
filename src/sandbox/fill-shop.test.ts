import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';

import { freshDatabase } from '../../test/servers.js';
import { generateCatalog } from './catalog/generate-catalog.js';
import { fillShop } from './fill-shop.js';

const server = inject('mariadb');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fill-shop-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a shop that was not filled to the end is filled anew, one that was is left alone', async () => {
  const { name, url } = await freshDatabase('half');
  const connection = await createConnection({ uri: url, multipleStatements: true });
  try {
    await connection.query('CREATE TABLE half (id INT)');
    await fill();
    expect(await has('half')).toBe(true);

    writeFileSync(join(folder, 'shop-is-being-filled'), '');
    await fill();
    expect(await has('half')).toBe(false);
    expect(await has('catalog_product_entity')).toBe(true);

    await connection.query(`CREATE TABLE ${name}.mine (id INT)`);
    await fill();
    expect(await has('mine')).toBe(true);
  } finally {
    await connection.end();
  }

  async function fill(): Promise<void> {
    await fillShop(connection, {
      server,
      database: name,
      directory: folder,
      environment: process.env,
      catalog: { products: 1 },
      report: () => undefined,
      signal: new AbortController().signal,
    });
    expect(existsSync(join(folder, 'shop-is-being-filled'))).toBe(false);
  }

  async function has(table: string): Promise<boolean> {
    const [rows] = await connection.query(`SHOW TABLES FROM ${name} LIKE '${table}'`);
    return (rows as unknown[]).length > 0;
  }
});

test('the generation of a catalog stops between two slices', async () => {
  const { url } = await freshDatabase('stopped');
  const connection = await createConnection({ uri: url });
  const stop = new AbortController();
  const seen: number[] = [];
  try {
    const generation = generateCatalog(connection, {
      products: 1_000_000,
      signal: stop.signal,
      onProgress: ({ step, done }) => {
        if (step !== 'products') return;
        seen.push(done);
        stop.abort(new Error('stopped'));
      },
    });
    await expect(generation).rejects.toThrow('stopped');
    expect(seen).toHaveLength(1);
  } finally {
    await connection.end();
  }
});
