import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';

import { installStore, installTriggers } from '../src/client/commands/install.js';
import { watchedTables } from '../src/feeds/registry.js';
import { connectForCapture, shopPlace } from '../src/commerce/capture/connection.js';
import { checkCapture } from '../src/commerce/capture/health.js';
import { readChanges } from '../src/commerce/capture/changelog.js';
import { knownSources } from '../src/commerce/capture/known-sources.js';
import { generateCatalog } from '../src/sandbox/catalog/generate-catalog.js';
import { Store } from '../src/store/store.js';
import { runProgram } from './program.js';
import { freshDatabase, type TestDatabase } from './servers.js';

let commerce: TestDatabase;
let own: TestDatabase;
let shop: mysql.Connection;

beforeEach(async () => {
  commerce = await freshDatabase('commerce');
  own = await freshDatabase('store');
  shop = await mysql.createConnection({ uri: commerce.url, rowsAsArray: false });
});
afterEach(() => shop.end());

const settings = () => ({
  COMMERCE_DATABASE_URL: commerce.url,
  COMMERCE_TABLE_PREFIX: 'm2_',
  EXPORT_DATABASE_URL: own.url,
});

const catalog = (edition: 'open-source' | 'commerce') =>
  generateCatalog(shop, { products: 30, storeViews: 2, websites: 1, edition, tablePrefix: 'm2_' });

async function tables(database: TestDatabase): Promise<unknown[]> {
  const [rows] = await shop.query(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?
     UNION ALL SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = ?
     ORDER BY 1`,
    [database.name, database.name],
  );
  return rows as unknown[];
}

describe.each(['open-source', 'commerce'] as const)('a generated shop, %s', (edition) => {
  test('has all its triggers in order, and a product’s deletion names those it was related to', async () => {
    await catalog(edition);
    await installStore(own.url, '');
    await installTriggers(own.url, '', { databaseUrl: commerce.url, tablePrefix: 'm2_' });
    const store = new Store({ databaseUrl: own.url });
    const connection = await connectForCapture(commerce.url);
    const place = shopPlace(commerce.url, 'm2_');
    const tables = watchedTables();
    expect((await checkCapture(connection, store, { ...place, tables })).findings).toEqual([]);

    const [links] = await connection.rows<{ child: number; parent: number }>(
      'SELECT product_id AS child, parent_id AS parent FROM m2_catalog_product_super_link LIMIT 1',
    );
    // In Adobe Commerce the product's number goes last, and takes what is left of it along.
    const [table, column] =
      edition === 'commerce'
        ? ['m2_sequence_product', 'sequence_value']
        : ['m2_catalog_product_entity', 'entity_id'];
    await connection.run(`DELETE FROM ${table} WHERE ${column} = ?`, [links!.child]);
    const changes = await readChanges(store, place, await knownSources(store), 10_000);
    expect(changes).toContainEqual(
      expect.objectContaining({
        table: 'catalog_product_super_link',
        key: { parent_id: links!.parent, product_id: links!.child },
      }),
    );
    expect(changes).toContainEqual(
      expect.objectContaining({
        table: 'catalog_product_entity',
        key: expect.objectContaining({ entity_id: links!.child }) as object,
      }),
    );
    // The hundred values that went with it follow from the product.
    expect(changes.filter(({ table }) => /_(int|varchar|text)$/.test(table))).toEqual([]);
    await connection.close();
    await store.close();
  });
});

describe('the commands', () => {
  test('install twice, then uninstall without a trace', async () => {
    await catalog('open-source');
    const before = [await tables(commerce), await tables(own)];
    const first = await runProgram(['install'], settings());
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/Triggers: \d{3} created, 0 replaced, 0 dropped/);
    const second = await runProgram(['install'], settings());
    expect(second.stdout).toMatch(/All \d{3} triggers are in order/);

    const refused = await runProgram(['uninstall'], settings());
    expect(refused).toMatchObject({ code: 2 });
    expect((await tables(commerce)).length).toBeGreaterThan(before[0]!.length);

    expect(await runProgram(['uninstall', '--yes'], settings())).toMatchObject({ code: 0 });
    expect([await tables(commerce), await tables(own)]).toEqual(before);
    const again = await runProgram(['uninstall', '--yes'], settings());
    expect(again.stdout).toBe('There was nothing to remove.\n');
  });

  test('with CAPTURE=compare leave the shop alone', async () => {
    await catalog('open-source');
    const before = await tables(commerce);
    const result = await runProgram(['install'], { ...settings(), CAPTURE: 'compare' });
    expect(result.stdout).toContain('No triggers: CAPTURE is `compare`.');
    expect(await tables(commerce)).toEqual(before);
  });

  test('print SQL that an administrator runs for an account with few rights', async () => {
    await catalog('open-source');
    await shop.query(`DROP DATABASE ${own.name}`);
    const before = await tables(commerce);
    const printed = await runProgram(['install', '--print'], {
      ...settings(),
      CAPTURE_DEFINER: 'root@127.0.0.1',
    });
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(await tables(commerce)).toEqual(before);
    client(printed.stdout);

    const user = `capture_${randomBytes(4).toString('hex')}`;
    await shop.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'secret'`);
    try {
      await shop.query(`GRANT SELECT, TRIGGER ON \`${commerce.name}\`.* TO '${user}'@'%'`);
      await shop.query(
        `GRANT INSERT, DELETE ON \`${commerce.name}\`.m2_saas_export_changelog TO '${user}'@'%'`,
      );
      await shop.query(`GRANT ALL ON \`${own.name}\`.* TO '${user}'@'%'`);
      const restricted = Object.fromEntries(
        Object.entries(settings()).map(([name, value]) => [
          name,
          value.replace('root@', `${user}:secret@`),
        ]),
      );
      const result = await runProgram(['install'], restricted);
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(result.stdout).toContain('The exporter’s tables are up to date.');
      expect(result.stdout).toContain('0 created, 0 replaced, 0 dropped');
      expect(result.stdout).toContain('may have gone unnoticed until now: productAttributes');
      expect((await runProgram(['install'], restricted)).stdout).toMatch(/All \d+ triggers are in/);
    } finally {
      await shop.query(`DROP USER '${user}'@'%'`);
    }
  });

  function client(sql: string): void {
    const { host, port, user } = inject('mariadb');
    const { status, stderr } = spawnSync(
      'mariadb',
      ['--host', host, '--port', String(port), '--user', user],
      { input: sql, encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
  }
});
