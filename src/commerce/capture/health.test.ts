import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { CaptureShop } from '../../../test/capture-shop.js';
import type { CapturedTable } from './captured-table.js';
import { checkCapture } from './health.js';
import { resetReason } from './table-memory.js';

const TABLES = [
  `CREATE TABLE product (entity_id INT AUTO_INCREMENT PRIMARY KEY, sku VARCHAR(64))`,
  `CREATE TABLE rule_price (id INT AUTO_INCREMENT PRIMARY KEY, product_id INT, price DECIMAL(20,6))`,
];
const CAPTURED: readonly CapturedTable[] = [
  { table: 'product', key: ['entity_id'] },
  { table: 'rule_price', key: ['product_id'], swapped: ['product_id', 'price'] },
];

let shop: CaptureShop;

beforeEach(async () => {
  shop = await CaptureShop.make(TABLES);
  await shop.install(CAPTURED);
});
afterEach(() => shop.close());

const run = (sql: string) => shop.shop.run(sql);
const found = async () =>
  (await shop.findings(CAPTURED)).map(({ kind, tables, gap }) => ({ kind, tables, gap }));

describe('each finding names its tables, and an installation puts it right', () => {
  const all = ['product', 'rule_price'];
  test.each<[string, readonly string[], { kind: string; tables: readonly string[]; gap: boolean }]>(
    [
      [
        'a trigger that is missing',
        ['DROP TRIGGER saas_export_product_ai'],
        { kind: 'trigger-missing', tables: ['product'], gap: true },
      ],
      [
        'a trigger that does something else',
        [
          'DROP TRIGGER saas_export_product_ai',
          'CREATE TRIGGER saas_export_product_ai AFTER INSERT ON product FOR EACH ROW SET @seen = 1',
        ],
        { kind: 'trigger-altered', tables: ['product'], gap: true },
      ],
      [
        'a trigger that is no longer needed',
        [
          `CREATE TRIGGER saas_export_product_xx AFTER INSERT ON product FOR EACH ROW
           INSERT INTO \`saas_export_changelog\` (source) VALUES (1)`,
        ],
        { kind: 'trigger-superfluous', tables: [], gap: false },
      ],
      [
        'a table whose columns have changed',
        ['ALTER TABLE product ADD colour VARCHAR(20)'],
        { kind: 'trigger-altered', tables: ['product'], gap: true },
      ],
      [
        'a swap by which the triggers went to the twin',
        [
          'CREATE TABLE rule_price_replica LIKE rule_price',
          'RENAME TABLE rule_price TO x, rule_price_replica TO rule_price, x TO rule_price_replica',
        ],
        { kind: 'table-swapped', tables: ['rule_price'], gap: true },
      ],
      [
        'a swap by which the triggers went with the old table',
        [
          'CREATE TABLE rule_price__temp1a2b3c4d LIKE rule_price',
          'RENAME TABLE rule_price TO rule_price__old, rule_price__temp1a2b3c4d TO rule_price',
          'DROP TABLE rule_price__old',
        ],
        { kind: 'table-swapped', tables: ['rule_price'], gap: true },
      ],
      [
        'a table that was emptied without a trigger',
        [`INSERT INTO product (sku) VALUES ('a')`, 'TRUNCATE product'],
        { kind: 'table-reset', tables: ['product'], gap: true },
      ],
      [
        'a changelog that is gone',
        ['DROP TABLE saas_export_changelog'],
        { kind: 'changelog-missing', tables: all, gap: true },
      ],
      [
        'a changelog that was emptied',
        ['TRUNCATE saas_export_changelog'],
        { kind: 'changelog-reset', tables: all, gap: true },
      ],
      [
        'rows that nobody can read',
        ['INSERT INTO saas_export_changelog (source) VALUES (1)'],
        { kind: 'changelog-unknown-rows', tables: all, gap: true },
      ],
    ],
  )('%s', async (_what, statements, finding) => {
    for (const statement of statements) await run(statement);
    expect(await found()).toContainEqual(finding);
    const { gaps } = await shop.install(CAPTURED);
    if (finding.gap) expect(gaps).toEqual(expect.arrayContaining([...finding.tables]));
    expect(await found()).toEqual([]);
  });
});

test('a changelog without transactions is told, with the statement that cures it', async () => {
  await run('ALTER TABLE saas_export_changelog ENGINE=MyISAM');
  const findings = await shop.findings(CAPTURED);
  const unusable = findings.find(({ kind }) => kind === 'changelog-unusable');
  expect(unusable!.cure).toContain('ALTER TABLE saas_export_changelog ENGINE=InnoDB');
});

test('a twin never has triggers of ours after an installation', async () => {
  await run('CREATE TABLE rule_price_replica LIKE rule_price');
  await run(
    'RENAME TABLE rule_price TO x, rule_price_replica TO rule_price, x TO rule_price_replica',
  );
  await shop.install(CAPTURED);
  const on = await shop.shop.rows<{ name: string }>(
    `SELECT DISTINCT event_object_table AS name FROM information_schema.triggers
     WHERE trigger_schema = DATABASE() ORDER BY 1`,
  );
  expect(on.map(({ name }) => name)).toEqual(['product', 'rule_price']);
});

test('a definer that is gone, or may not make triggers, is told before the shop’s writes fail', async () => {
  const user = `capture_${shop.place.schema.slice(-8)}`;
  const definer = { account: `${user}@%`, user, host: '%' };
  await run(`CREATE USER '${user}'@'%'`);
  await run(`GRANT SELECT, INSERT, TRIGGER ON ${shop.place.schema}.* TO '${user}'@'%'`);
  await shop.install(CAPTURED, { definer });
  expect(await shop.findings(CAPTURED)).toEqual([]);
  await run(`REVOKE TRIGGER ON ${shop.place.schema}.* FROM '${user}'@'%'`);
  expect(await found()).toEqual([
    { kind: 'definer-unusable', tables: ['product', 'rule_price'], gap: true },
  ]);
  await run(`DROP USER '${user}'@'%'`);
  const [finding] = await shop.findings(CAPTURED);
  expect(finding!.message).toContain('does not exist');
});

test.each(['TRUNCATE saas_export_changelog', 'DELETE FROM saas_export_changelog'])(
  'the first changes since the installation are lost by %s: an account without PROCESS notices',
  async (emptied) => {
    const user = `capture_${shop.place.schema.slice(-8)}`;
    const { schema } = shop.place;
    await run(`CREATE USER '${user}'@'%'`);
    await run(`GRANT SELECT, TRIGGER ON ${schema}.* TO '${user}'@'%'`);
    const url = new URL(shop.url);
    url.username = user;
    const least = await shop.connect(url.toString());
    const kinds = async () => {
      const options = { ...shop.place, tables: CAPTURED };
      return (await checkCapture(least, shop.store, options)).findings.map(({ kind }) => kind);
    };
    await run(`INSERT INTO product (sku) VALUES ('a'), ('b')`);
    expect(await kinds()).toEqual([]);
    await run(emptied);
    await run(`INSERT INTO product (sku) VALUES ('c'), ('d'), ('e')`);
    expect(await kinds()).toEqual(['changelog-reset']);
    expect((await shop.install(CAPTURED)).gaps).toEqual(['product', 'rule_price']);
    expect(await kinds()).toEqual([]);
    await run(`DROP USER '${user}'@'%'`);
  },
);

test('without InnoDB’s number, a table counts as reset by its automatic number or its time', () => {
  const before = { createdAt: '2026-01-01 00:00:00', autoIncrement: 10, tableId: null };
  expect(resetReason(before, { ...before, autoIncrement: 12 })).toBeUndefined();
  expect(resetReason(before, { ...before, autoIncrement: 3 })).toContain('from 10 back to 3');
  expect(resetReason(before, { ...before, createdAt: '2026-01-02 00:00:00' })).toContain('made at');
});
