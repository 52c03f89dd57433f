import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';

import { CaptureShop } from '../../../test/capture-shop.js';
import type { CapturedTable } from './captured-table.js';
import { migrate } from '../../store/migrate.js';
import { Store } from '../../store/store.js';
import { freshDatabase } from '../../../test/servers.js';
import { deleteChanges, readChanges } from './changelog.js';
import { connectForCapture } from './connection.js';
import { parseDefiner } from './definer.js';
import { existingTriggers } from './existing-triggers.js';
import { installCapture } from './install.js';
import { knownSources, sourcesOf } from './known-sources.js';
import { printInstall } from './print.js';
import { uninstallCapture } from './uninstall.js';

const TABLES = [
  `CREATE TABLE m2_product (entity_id INT AUTO_INCREMENT PRIMARY KEY, sku VARCHAR(64), name TEXT)`,
  `CREATE TABLE m2_link (link_id INT AUTO_INCREMENT PRIMARY KEY, product_id INT, linked_id INT,
     FOREIGN KEY (linked_id) REFERENCES m2_product (entity_id) ON DELETE CASCADE)`,
  'CREATE TABLE m2_attribute (attribute_id INT PRIMARY KEY)',
  'CREATE TABLE product LIKE m2_product',
];
const CAPTURED: readonly CapturedTable[] = [
  { table: 'product', key: ['entity_id'] },
  { table: 'link', key: ['product_id'] },
];

let shop: CaptureShop;

beforeEach(async () => {
  shop = await CaptureShop.make(TABLES, 'm2_');
});
afterEach(() => shop.close());

const names = async (place = shop.place) =>
  (await existingTriggers(shop.installer, place)).map(({ name }) => name);

describe('an installation', () => {
  test('makes three triggers a table, one for what a foreign key removes, and names the gaps', async () => {
    const { created, replaced, dropped, gaps } = await shop.install(CAPTURED);
    expect([...created].sort()).toEqual([
      'saas_export_m2_link_ad',
      'saas_export_m2_link_ai',
      'saas_export_m2_link_au',
      'saas_export_m2_product_ad',
      'saas_export_m2_product_ai',
      'saas_export_m2_product_au',
      'saas_export_m2_product_bd',
    ]);
    expect([...replaced, ...dropped]).toEqual([]);
    expect(gaps).toEqual(['link', 'product']);
    expect(await shop.findings(CAPTURED)).toEqual([]);
  });

  test('finds nothing to do the second time, and leaves the changelog as it is', async () => {
    await shop.install(CAPTURED);
    await shop.shop.run(`INSERT INTO m2_product (sku) VALUES ('a')`);
    expect(await shop.install(CAPTURED)).toMatchObject({
      created: [],
      replaced: [],
      dropped: [],
      gaps: [],
    });
    expect(await shop.noted()).toHaveLength(1);
  });

  test('replaces what is not as wanted, drops what is no longer wanted, and only that', async () => {
    await shop.install(CAPTURED);
    const foreign = `CREATE TRIGGER trg_m2_product_after_insert AFTER INSERT ON m2_product
      FOR EACH ROW SET @seen = 1`;
    await shop.shop.run(foreign);
    const other = { ...CAPTURED[0]!, only: ['sku'] };
    expect(await shop.install([other])).toMatchObject({
      created: [],
      replaced: ['saas_export_m2_product_au'],
      gaps: ['product'],
    });
    expect(await names()).toEqual([
      'saas_export_m2_product_ad',
      'saas_export_m2_product_ai',
      'saas_export_m2_product_au',
    ]);
    const all = await shop.shop.rows(
      `SELECT trigger_name AS name FROM information_schema.triggers
       WHERE trigger_schema = DATABASE() AND trigger_name LIKE 'trg%'`,
    );
    expect(all).toHaveLength(1);
  });

  test('reads what was noted under another key, and then notes under the new one', async () => {
    await shop.install(CAPTURED);
    await shop.shop.run(`INSERT INTO m2_product (entity_id, sku) VALUES (1, 'a')`);
    await shop.install([{ table: 'product', key: ['entity_id', 'sku'] }]);
    await shop.shop.run(`INSERT INTO m2_product (entity_id, sku) VALUES (2, 'b')`);
    expect(await shop.noted()).toEqual([
      ['product', { entity_id: 1 }],
      ['product', { entity_id: 2, sku: 'b' }],
    ]);
  });

  test('leaves another one in the same schema alone, whose prefix begins its names', async () => {
    const bare = { ...shop.place, tablePrefix: '' };
    await shop.install(CAPTURED);
    const own = { ...CAPTURED[0]! };
    const store = new Store({ databaseUrl: (await freshDatabase('capture_store')).url });
    await migrate(store, []);
    await installCapture(shop.installer, store, { ...bare, tables: [own] });
    await store.close();
    expect(await names(bare)).toEqual([
      'saas_export_product_ad',
      'saas_export_product_ai',
      'saas_export_product_au',
    ]);
    await uninstallCapture(shop.installer, bare);
    expect(await names(bare)).toEqual([]);
    expect(await names()).toHaveLength(7);
    expect(await shop.findings(CAPTURED)).toEqual([]);
  });

  test('waits for a transaction in short attempts, and goes on where it stopped', async () => {
    const other = await shop.connect();
    await other.run('START TRANSACTION');
    await other.run(`INSERT INTO m2_product (sku) VALUES ('a')`);
    const captured = [{ table: 'attribute', key: ['attribute_id'] }, ...CAPTURED];
    await expect(shop.install(captured, { attempts: 1 })).rejects.toMatchObject({
      code: 'SDE20-07',
    });
    const made = await names();
    expect(made).toContain('saas_export_m2_attribute_ai');
    expect(made).not.toContain('saas_export_m2_product_ai');
    const installing = shop.install(captured);
    // A write of the shop that queues up behind an attempt goes through after it.
    const third = await shop.connect();
    await third.run(`INSERT INTO m2_product (sku) VALUES ('b')`);
    await other.run('COMMIT');
    // What the first one made is in order, but nobody had noted that it is.
    expect((await installing).gaps).toEqual(['attribute', 'link', 'product']);
    expect(await names()).toHaveLength(10);
  });

  test('drops rows that nobody can read any more, and says that all tables have a gap', async () => {
    await shop.install(CAPTURED);
    await shop.shop.run('INSERT INTO m2_saas_export_changelog (source, key1) VALUES (4711, 1)');
    await shop.shop.run(`INSERT INTO m2_product (sku) VALUES ('a')`);
    expect((await shop.install(CAPTURED)).gaps).toEqual(['link', 'product']);
    expect(await shop.noted()).toHaveLength(1);
    expect(
      await shop.shop.rows(`SELECT * FROM m2_saas_export_changelog WHERE source <> 0`),
    ).toEqual([]);
  });

  test('drops what was noted of tables that nobody watches any more, with their triggers', async () => {
    await shop.install(CAPTURED);
    await shop.shop.run(`INSERT INTO m2_product (sku) VALUES ('a')`);
    await shop.shop.run(`INSERT INTO m2_link (product_id) VALUES (1)`);
    await shop.install(CAPTURED.slice(0, 1));
    expect(await shop.noted()).toEqual([['product', { entity_id: 1 }]]);
  });

  test('of a newer version notes what the reader of an older one leaves it', async () => {
    await shop.install(CAPTURED);
    await shop.shop.run(`INSERT INTO m2_product (sku) VALUES ('a')`);
    await shop.shop.run(`INSERT INTO m2_link (product_id) VALUES (1)`);
    const older = sourcesOf(await knownSources(shop.store), CAPTURED.slice(0, 1));
    const read = await readChanges(shop.store, shop.place, older, 100);
    expect(read.map(({ table }) => table)).toEqual(['product']);
    await deleteChanges(
      shop.store,
      shop.place,
      read.map(({ id }) => id),
    );
    expect(await shop.noted()).toEqual([['link', { product_id: 1 }]]);
  });

  test('can be removed without a trace, twice', async () => {
    const before = await everything();
    await shop.install(CAPTURED);
    expect(await uninstallCapture(shop.installer, shop.place)).toHaveLength(8);
    expect(await uninstallCapture(shop.installer, shop.place)).toEqual([]);
    expect(await everything()).toEqual(before);
  });
});

test('of a long table name the trigger’s name is cut to 64 characters', async () => {
  const [long, alike] = [`m2_${'x'.repeat(61)}`, `m2_${'x'.repeat(60)}y`];
  await shop.shop.run(`CREATE TABLE ${long} (id INT PRIMARY KEY)`);
  await shop.shop.run(`CREATE TABLE ${alike} (id INT PRIMARY KEY)`);
  const tables = [long, alike].map((name) => ({ table: name.slice(3), key: ['id'] }));
  const { created } = await shop.install(tables);
  expect(new Set(created).size).toBe(6);
  expect(created.every((name) => name.length === 64)).toBe(true);
  expect((await shop.install(tables)).created).toEqual([]);
});

describe('printed SQL', () => {
  test('run by the command-line client, leaves nothing to do but to note what it means', async () => {
    const sql = await printInstall(shop.installer, { ...shop.place, tables: CAPTURED });
    expect(await names()).toEqual([]);
    client(sql);
    expect(await names()).toHaveLength(7);
    await shop.shop.run(`INSERT INTO m2_product (entity_id, sku) VALUES (1, 'a')`);
    expect(await shop.findings(CAPTURED)).toMatchObject([
      { kind: 'changelog-unknown-rows' },
      { kind: 'trigger-unknown' },
    ]);
    expect(await shop.install(CAPTURED)).toMatchObject({
      created: [],
      replaced: [],
      dropped: [],
      gaps: ['link', 'product'],
    });
    expect(await shop.noted()).toEqual([['product', { entity_id: 1 }]]);
    const again = await printInstall(shop.installer, { ...shop.place, tables: CAPTURED });
    expect(again).not.toContain('CREATE TRIGGER');
  });

  test('names the definer', async () => {
    const definer = parseDefiner('shop@10.0.0.%');
    const sql = await printInstall(shop.installer, { ...shop.place, tables: CAPTURED, definer });
    expect(sql.match(/CREATE DEFINER = 'shop'@'10\.0\.0\.%' TRIGGER/g)).toHaveLength(7);
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

describe('an account with only the rights of docs/capture.md', () => {
  const user = `capture_${randomBytes(4).toString('hex')}`;
  const url = () => shop.url.replace('root@', `${user}:secret@`);

  beforeEach(async () => {
    const { schema } = shop.place;
    await shop.shop.run(`CREATE USER '${user}'@'%' IDENTIFIED BY 'secret'`);
    await shop.shop.run(`GRANT SELECT, TRIGGER ON \`${schema}\`.* TO '${user}'@'%'`);
  });
  afterEach(() => shop.shop.run(`DROP USER '${user}'@'%'`));

  test('installs, is the definer, checks, repairs and removes', async () => {
    await shop.shop.run(
      `GRANT CREATE, INSERT, DELETE, DROP ON \`${shop.place.schema}\`.m2_saas_export_changelog TO '${user}'@'%'`,
    );
    const connection = await connectForCapture(url());
    const options = { ...shop.place, tables: CAPTURED };
    const { created } = await installCapture(connection, shop.store, options);
    expect(created).toHaveLength(7);
    await shop.shop.run(`INSERT INTO m2_product (entity_id, sku) VALUES (1, 'a')`);
    await shop.shop.run('INSERT INTO m2_link (product_id, linked_id) VALUES (2, 1)');
    await shop.shop.run('DELETE FROM m2_product');
    expect(await shop.noted()).toHaveLength(4);
    await shop.shop.run('DROP TRIGGER saas_export_m2_product_ai');
    expect((await installCapture(connection, shop.store, options)).created).toEqual([
      'saas_export_m2_product_ai',
    ]);
    expect(await uninstallCapture(connection, shop.place)).toHaveLength(8);
    await connection.close();
  });

  test('is told what is missing where it may not make the changelog', async () => {
    const connection = await connectForCapture(url());
    await expect(
      installCapture(connection, shop.store, { ...shop.place, tables: CAPTURED }),
    ).rejects.toMatchObject({ code: 'SDE20-06' });
    await connection.close();
  });
});

/** Everything in the shop's schema that an installation could leave behind. */
async function everything(): Promise<object[]> {
  return shop.shop.rows(
    `SELECT 'table' AS kind, table_name AS name, engine AS detail FROM information_schema.tables
       WHERE table_schema = DATABASE()
     UNION ALL SELECT 'trigger', trigger_name, action_statement FROM information_schema.triggers
       WHERE trigger_schema = DATABASE()
     UNION ALL SELECT 'routine', routine_name, NULL FROM information_schema.routines
       WHERE routine_schema = DATABASE()
     ORDER BY 1, 2`,
  );
}
