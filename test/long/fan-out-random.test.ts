import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { affectedBy } from '../../src/feeds/fan-out.js';
import type { Feed } from '../../src/feeds/feed.js';
import { allFeeds, watchedTables } from '../../src/feeds/registry.js';
import type { Edition } from '../../src/sandbox/catalog/options.js';
import { Random } from '../../src/sandbox/catalog/random.js';
import { CapturedRows } from '../captured-rows.js';
import { allColumns, columnsRead, type Columns } from '../columns-read.js';
import { isFound, ItemImages } from '../item-images.js';
import { TestShop } from '../test-shop.js';

const SEED = Number(process.env['FAN_OUT_SEED'] ?? 1);
const CHANGES = Number(process.env['FAN_OUT_CHANGES'] ?? 80);

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly primary: boolean;
}

/**
 * Changes of any row and column that collectors read, which nobody thought of: whatever the values
 * mean, the fan-out must name the entities whose items differ.
 */
describe.each<readonly [Edition, string]>([
  ['open-source', ''],
  ['commerce', 'm2_'],
])('after random changes of a shop (%s)', (edition, tablePrefix) => {
  const readBy = new Map<Feed, Columns>();
  let shop: TestShop;
  let connection: Connection;
  let rows: CapturedRows;
  let images: ItemImages;
  let columns: readonly Column[];

  beforeAll(async () => {
    shop = await TestShop.generated({ products: 80, edition, tablePrefix });
    connection = await createConnection(shop.url);
    images = new ItemImages(shop.url, {
      tablePrefix,
      clock: () => new Date('2026-06-15T12:00:00Z'),
    });
    const all = await allColumns(shop, tablePrefix);
    for (const feed of allFeeds()) {
      const work = (): Promise<unknown> => images.differences([feed]);
      readBy.set(feed, await columnsRead(work, all, tablePrefix));
    }
    const watches = watchedTables();
    rows = await CapturedRows.read(connection, watches, tablePrefix);
    columns = await readColumns();
  });
  afterAll(async () => {
    await images.close();
    await connection.end();
    await shop.close();
  });

  test('each item that differs belongs to an entity that the change is said to concern', async () => {
    const random = Random.for(SEED, edition);
    const missed: string[] = [];
    let made = 0;
    let seen = 0;
    while (made < CHANGES) {
      const column = random.pick(columns);
      const sql = await randomChange(random, column);
      if (sql === undefined || !(await succeeds(sql))) continue;
      made += 1;
      const changes = await rows.changes();
      const affected = await shop.inShop((inForce, read) =>
        affectedBy(read, inForce, allFeeds(), changes),
      );
      // A change may take rows of other tables along.
      const feeds = allFeeds().filter(
        (feed) =>
          readBy.get(feed)?.has(column.table) === true ||
          affected.wholeFeeds.has(feed.name) ||
          affected.entities.has(feed.name),
      );
      const differences = await images.differences(random.chance(0.05) ? allFeeds() : feeds);
      seen += differences.length > 0 ? 1 : 0;
      const lost = differences.find((difference) => !isFound(difference, affected));
      if (lost !== undefined) missed.push(`${sql}: ${lost.feed} ${lost.identity}`);
    }
    expect(missed).toEqual([]);
    expect(seen).toBeGreaterThan(CHANGES / 5);
  }, 1_200_000);

  /** The columns that any feed reads, but primary keys, which nobody changes. */
  async function readColumns(): Promise<Column[]> {
    const all = await shop.rows<{ name: string; column: string; type: string; keyed: string }>(
      `SELECT SUBSTRING(c.table_name, ${tablePrefix.length + 1}) AS name,
              c.column_name AS \`column\`, c.data_type AS type, c.column_key AS keyed
       FROM information_schema.columns c
       JOIN information_schema.tables t
         ON t.table_schema = c.table_schema AND t.table_name = c.table_name
       WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'`,
    );
    return all
      .filter(({ name, column }) =>
        [...readBy.values()].some((tables) => tables.get(name)?.has(column) === true),
      )
      .filter(({ name }) => !CONSTANT.has(name))
      .map(({ name, column, type, keyed }) => ({
        table: name,
        name: column,
        type,
        primary: keyed === 'PRI',
      }));
  }

  /** An update of one row, seldom its deletion; undefined where the table is empty. */
  async function randomChange(
    random: Random,
    { table, name, type, primary }: Column,
  ): Promise<string | undefined> {
    const [count] = await shop.rows<{ rows: number }>(
      `SELECT COUNT(*) AS \`rows\` FROM {${table}}`,
    );
    const total = count?.rows ?? 0;
    if (total === 0) return undefined;
    const deletes = random.chance(total > 10 ? 0.15 : 0.02);
    if (primary && !deletes) return undefined;
    const keys = await shop.rows<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_schema = DATABASE() AND table_name = '${tablePrefix}${table}'
         AND column_key = 'PRI'`,
    );
    const list = keys.map((key) => `\`${key.name}\``).join(', ');
    const [row] = await shop.rows<Record<string, string | number>>(
      `SELECT ${list} FROM {${table}} ORDER BY ${list} LIMIT 1 OFFSET ${random.whole(0, total - 1)}`,
    );
    const where = Object.entries(row ?? {})
      .map(([key, value]) => `\`${key}\` = ${connection.escape(value)}`)
      .join(' AND ');
    if (deletes) return `DELETE FROM {${table}} WHERE ${where}`;
    const value = random.pick(
      type.includes('int')
        ? [`\`${name}\` + 1`, `1 - \`${name}\``, '0', '1', '2', 'NULL']
        : type === 'decimal' || type === 'float'
          ? [`\`${name}\` + 1`, '0', 'NULL']
          : type.includes('char') || type.includes('text')
            ? [`CONCAT(\`${name}\`, 'x')`, `CONCAT('a', \`${name}\`)`, `''`, 'NULL']
            : [`\`${name}\` + INTERVAL 1 DAY`, 'NULL'],
    );
    // A scope without a code is none.
    if (name === 'code' && value === 'NULL') return undefined;
    return `UPDATE {${table}} SET \`${name}\` = ${value} WHERE ${where}`;
  }

  /** Foreign and unique keys forbid some changes. */
  async function succeeds(sql: string): Promise<boolean> {
    try {
      await shop.run(sql);
      return true;
    } catch {
      return false;
    }
  }
});

/** Made by the installer and never changed; and the version in force, without which no shop is read. */
const CONSTANT = new Set([
  'eav_entity_type',
  'review_entity',
  'sequence_product',
  'sequence_catalog_category',
  'flag',
]);
