import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { CaptureShop } from '../../../test/capture-shop.js';
import type { CapturedTable } from './captured-table.js';
import { OVERLOOKED_ERRORS } from './trigger-body.js';

/** What a trigger meets must not reach the shop’s statement: each was brought about once. */

const TABLES = [
  `CREATE TABLE product (entity_id INT AUTO_INCREMENT PRIMARY KEY, sku VARCHAR(64)) ENGINE=InnoDB`,
  `CREATE TABLE link (link_id INT AUTO_INCREMENT PRIMARY KEY, product_id INT, linked_id INT,
     FOREIGN KEY (linked_id) REFERENCES product (entity_id) ON DELETE CASCADE)`,
];
const CAPTURED: readonly CapturedTable[] = [
  { table: 'product', key: ['entity_id'] },
  { table: 'link', key: ['product_id'] },
];

let shop: CaptureShop;

beforeAll(async () => {
  shop = await CaptureShop.make(TABLES);
});
beforeEach(async () => {
  await shop.shop.run('DROP TABLE IF EXISTS saas_export_changelog, saas_export_kept');
  await shop.install(CAPTURED);
});
afterAll(() => shop.close());

/** Inserts, changes and deletes a product that another one is linked to. */
async function writeAsShop(connection = shop.shop): Promise<void> {
  await connection.run(`INSERT INTO product (entity_id, sku) VALUES (1, 'a')`);
  await connection.run(`UPDATE product SET sku = 'b'`);
  await connection.run(`INSERT INTO link (product_id, linked_id) VALUES (2, 1)`);
  expect(await connection.run(`DELETE FROM product`)).toBe(1);
  expect(await connection.rows('SELECT * FROM link')).toEqual([]);
}

describe('the shop’s statements go through', () => {
  test('with the changelog in order, which then holds all of it', async () => {
    await writeAsShop();
    expect(await shop.noted()).toEqual([
      ['product', { entity_id: 1 }],
      ['product', { entity_id: 1 }],
      ['link', { product_id: 2 }],
      ['link', { product_id: 2 }],
      ['product', { entity_id: 1 }],
    ]);
  });

  const damages: readonly [number | 'a warning', string, readonly string[]][] = [
    [1146, 'when the changelog is gone', ['DROP TABLE saas_export_changelog']],
    [
      1054,
      'when it lacks a column',
      ['ALTER TABLE saas_export_changelog CHANGE key1 other BIGINT NULL'],
    ],
    [
      'a warning',
      'when it has a column without default',
      ['ALTER TABLE saas_export_changelog ADD more INT NOT NULL, MODIFY changed_at TIMESTAMP(3)'],
    ],
    [
      'a warning',
      'when its columns are too small',
      ['ALTER TABLE saas_export_changelog MODIFY source TINYINT UNSIGNED'],
    ],
    [
      1467,
      'when its numbers are used up',
      [
        'INSERT INTO saas_export_changelog (id, source) VALUES (18446744073709551614, 1)',
        'ALTER TABLE saas_export_changelog AUTO_INCREMENT = 18446744073709551615',
      ],
    ],
    [
      1814,
      'when its file was taken away',
      ['ALTER TABLE saas_export_changelog DISCARD TABLESPACE'],
    ],
    [
      1114,
      'when it is full',
      [
        'DROP TABLE saas_export_changelog',
        'SET SESSION max_heap_table_size = 16384',
        `CREATE TABLE saas_export_changelog (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
           source BIGINT, key1 BIGINT, filling CHAR(255)) ENGINE=MEMORY`,
        'INSERT IGNORE INTO saas_export_changelog (source) SELECT 1 FROM seq_1_to_1000',
      ],
    ],
  ];
  test.each(damages)('%s: %s', async (number, _what, statements) => {
    if (number !== 'a warning') {
      expect(OVERLOOKED_ERRORS.map((one) => one.number)).toContain(number);
    }
    for (const statement of statements) {
      await shop.shop.run(statement).catch((error: unknown) => {
        // Filling the table up ends with the very error.
        expect(error).toMatchObject({ errno: 1114 });
      });
    }
    await writeAsShop();
    await shop.shop.run('DROP TABLE IF EXISTS saas_export_changelog');
  });

  test('1142, 1143: when the definer loses its rights to changelog and tables', async () => {
    const { schema } = shop.place;
    const user = `capture_${schema.slice(-8)}`;
    await shop.shop.run(`CREATE USER '${user}'@'localhost'`);
    try {
      await shop.shop.run(`GRANT TRIGGER, SELECT, INSERT ON ${schema}.* TO '${user}'@'localhost'`);
      await shop.install(CAPTURED, {
        definer: { account: `${user}@localhost`, user, host: 'localhost' },
      });
      await writeAsShop();
      expect(await shop.noted()).toHaveLength(5);

      await shop.shop.run(`REVOKE INSERT ON ${schema}.* FROM '${user}'@'localhost'`);
      await writeAsShop();
      await shop.shop.run(`REVOKE SELECT ON ${schema}.* FROM '${user}'@'localhost'`);
      await writeAsShop();
      await shop.shop.run(`GRANT SELECT (sku) ON ${schema}.product TO '${user}'@'localhost'`);
      await writeAsShop();
      expect(await shop.noted()).toEqual([]);
    } finally {
      await shop.install(CAPTURED, {
        definer: { account: 'root@127.0.0.1', user: 'root', host: '127.0.0.1' },
      });
      await shop.shop.run(`DROP USER '${user}'@'localhost'`);
    }
  });
});

test('a lock wait timeout inside of a trigger reaches the shop', async () => {
  const other = await shop.connect();
  await other.run('LOCK TABLES saas_export_changelog READ');
  await shop.shop.run('SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1');
  await expect(shop.shop.run(`INSERT INTO product (sku) VALUES ('a')`)).rejects.toMatchObject({
    errno: 1205,
  });
  await other.run('UNLOCK TABLES');
});

test('a deadlock inside of a trigger reaches the shop', async () => {
  const other = await shop.connect();
  await shop.shop.run(`INSERT INTO product (entity_id, sku) VALUES (50, 'a')`);
  await shop.shop.run(`INSERT INTO link (link_id, product_id, linked_id) VALUES (1, 2, 50)`);
  await other.run('START TRANSACTION');
  await other.run('UPDATE link SET product_id = 3 WHERE link_id = 1');
  await shop.shop.run('SET SESSION innodb_lock_wait_timeout = 20');
  await shop.shop.run('START TRANSACTION');
  await shop.shop.run(`INSERT INTO product (entity_id, sku) VALUES (60, 'x')`);
  // The deletion's trigger waits for the link, whose holder waits for what the shop holds.
  const deletion = shop.shop.run('DELETE FROM product WHERE entity_id = 50').then(
    () => 'done',
    (error: unknown) => (error as { errno: number }).errno,
  );
  await waitUntilBlocked(other);
  const update = other.run(`UPDATE product SET sku = 'y' WHERE entity_id = 60`).then(
    () => 'done',
    (error: unknown) => (error as { errno: number }).errno,
  );
  const outcomes = await Promise.all([
    deletion.finally(() => shop.shop.run('ROLLBACK')),
    update.finally(() => other.run('ROLLBACK')),
  ]);
  // One of the two is the victim, and learns it.
  expect(outcomes.filter((outcome) => outcome === 1213)).toHaveLength(1);
});

async function waitUntilBlocked(watcher: {
  rows<Row extends object>(sql: string): Promise<Row[]>;
}): Promise<void> {
  for (;;) {
    const waiting = await watcher.rows(
      `SELECT 1 AS yes FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'`,
    );
    if (waiting.length > 0) return;
    // The server answers from a cache that lives on while it is read more often than this.
    await delay(150);
  }
}
