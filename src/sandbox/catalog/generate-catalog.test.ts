import { createConnection, createPool, type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { freshDatabase } from '../../../test/servers.js';
import { generateCatalog, type CatalogSummary } from './generate-catalog.js';
import type { CatalogOptions, CatalogProgress } from './options.js';
import { shopTables } from './schema/shop-schema.js';
import { addKeys, createTable } from './schema/table.js';

const connections: Connection[] = [];

async function emptyDatabase(): Promise<Connection> {
  const { url } = await freshDatabase('catalog');
  const connection = await createConnection({ uri: url, dateStrings: true });
  connections.push(connection);
  return connection;
}

async function rows<Row>(
  connection: Connection,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const [found] = await connection.query<RowDataPacket[]>(sql, values);
  return found as Row[];
}

async function count(connection: Connection, sql: string): Promise<number> {
  const [row] = await rows<{ n: number }>(connection, `SELECT COUNT(*) AS n FROM ${sql}`);
  return Number(row?.n);
}

async function tableNames(connection: Connection): Promise<string[]> {
  const found = await rows<{ name: string }>(
    connection,
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' ORDER BY table_name`,
  );
  return found.map(({ name }) => name);
}

async function checksums(connection: Connection): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const name of await tableNames(connection)) {
    const [row] = await rows<Record<string, unknown>>(connection, `CHECKSUM TABLE \`${name}\``);
    found[name] = row?.['Checksum'];
  }
  return found;
}

/** References that lead nowhere, over all foreign keys of the database. */
async function orphans(connection: Connection): Promise<string[]> {
  const keys = await rows<{ t: string; c: string; rt: string; rc: string }>(
    connection,
    `SELECT table_name AS t, column_name AS c, referenced_table_name AS rt, referenced_column_name AS rc
     FROM information_schema.key_column_usage
     WHERE constraint_schema = DATABASE() AND referenced_table_name IS NOT NULL`,
  );
  const found: string[] = [];
  for (const { t, c, rt, rc } of keys) {
    const lost = await count(
      connection,
      `\`${t}\` a LEFT JOIN \`${rt}\` b ON b.\`${rc}\` = a.\`${c}\`
       WHERE a.\`${c}\` IS NOT NULL AND b.\`${rc}\` IS NULL`,
    );
    if (lost > 0) found.push(`${t}.${c}: ${lost}`);
  }
  expect(keys.length).toBeGreaterThan(160);
  return found;
}

/** Values that occur twice in a unique key: loading runs without that check. */
async function duplicates(connection: Connection): Promise<string[]> {
  const keys = await rows<{ t: string; k: string; c: string }>(
    connection,
    `SELECT table_name AS t, index_name AS k,
       GROUP_CONCAT(CONCAT('\`', column_name, '\`') ORDER BY seq_in_index) AS c
     FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND non_unique = 0 GROUP BY table_name, index_name`,
  );
  const found: string[] = [];
  for (const { t, k, c } of keys) {
    const filled = c.split(',').map((column) => `${column} IS NOT NULL`);
    const twice = await count(
      connection,
      `(SELECT ${c} FROM \`${t}\` IGNORE INDEX (\`${k}\`) WHERE ${filled.join(' AND ')}
        GROUP BY ${c} HAVING COUNT(*) > 1) d`,
    );
    if (twice > 0) found.push(`${t} (${c}): ${twice}`);
  }
  return found;
}

afterAll(() => Promise.all(connections.map((connection) => connection.end())));

describe('a generated Open Source catalog', () => {
  let connection: Connection;
  let summary: CatalogSummary;
  const progress: CatalogProgress[] = [];

  beforeAll(async () => {
    connection = await emptyDatabase();
    summary = await generateCatalog(connection, {
      products: 300,
      onProgress: (step) => progress.push(step),
    });
  });

  it('has exactly the products asked for, of every type', async () => {
    const types = await rows<{ type: string; n: number }>(
      connection,
      'SELECT type_id AS type, COUNT(*) AS n FROM catalog_product_entity GROUP BY type_id',
    );
    const found = Object.fromEntries(types.map(({ type, n }) => [type, n]));
    expect(found).toEqual(summary.products);
    expect(Object.keys(found).sort()).toEqual(
      ['bundle', 'configurable', 'downloadable', 'grouped', 'simple', 'virtual'].sort(),
    );
    expect(Object.values(found).reduce((sum, n) => sum + n)).toBe(300);
  });

  it('keeps all foreign and unique keys', async () => {
    expect(await orphans(connection)).toEqual([]);
    expect(await duplicates(connection)).toEqual([]);
  });

  it('counts the rows that are there', async () => {
    for (const [name, expected] of Object.entries(summary.rows)) {
      expect(await count(connection, `\`${name}\``), name).toBe(expected);
    }
  });

  it('has the SKUs that are awkward to handle', async () => {
    const skus = (
      await rows<{ sku: string }>(connection, 'SELECT sku FROM catalog_product_entity')
    ).map(({ sku }) => sku);
    expect(skus).toEqual(
      expect.arrayContaining([
        '000123',
        `5" <Pipe> & Müller's 'best'`,
        'A/B\\C_100%',
        'What? a,b; c',
      ]),
    );
    expect(skus.some((sku) => sku.length === 64)).toBe(true);
  });

  it('has custom options of all ten types', async () => {
    expect(await count(connection, '(SELECT DISTINCT type FROM catalog_product_option) t')).toBe(
      10,
    );
  });

  it('has rows without a value and with an empty one in store views', async () => {
    const overrides = (value: string) =>
      count(connection, `catalog_product_entity_text WHERE store_id > 0 AND value ${value}`);
    expect(await overrides('IS NULL')).toBeGreaterThan(0);
    expect(await overrides(`= ''`)).toBeGreaterThan(0);
  });

  it('shows in the category index what is enabled, visible and assigned to the website', async () => {
    const wrong = await count(
      connection,
      `catalog_category_product_index_store2 i
       LEFT JOIN catalog_product_website w ON w.product_id = i.product_id AND w.website_id = 2
       WHERE w.product_id IS NULL OR i.visibility = 1 OR i.store_id <> 2`,
    );
    expect(wrong).toBe(0);
    expect(summary.rows['catalog_category_product_index_store2']).toBeGreaterThan(50);
  });

  it('has prices of rules for yesterday, today and tomorrow', async () => {
    const days = await rows<{ day: string }>(
      connection,
      'SELECT DISTINCT rule_date AS day FROM catalogrule_product_price ORDER BY rule_date',
    );
    expect(days.map(({ day }) => day)).toEqual(['2026-06-14', '2026-06-15', '2026-06-16']);
  });

  it('answers for the default stock by a view', async () => {
    expect(await count(connection, 'inventory_stock_1')).toBe(300);
  });

  it('has orders in several states, some without an identifier', async () => {
    const states = await rows<{ state: string | null }>(
      connection,
      'SELECT DISTINCT state FROM sales_order ORDER BY state',
    );
    expect(states.length).toBeGreaterThan(8);
    const unlinked = await count(
      connection,
      `sales_order o LEFT JOIN data_exporter_uuid u ON u.entity_id = o.entity_id AND u.type = 'order'
       WHERE u.uuid IS NULL`,
    );
    expect(unlinked).toBeGreaterThan(0);
    expect(await count(connection, 'sales_creditmemo')).toBeGreaterThan(0);
    expect(await count(connection, 'sales_shipment_track')).toBeGreaterThan(0);
  });

  it('reports every step, with numbers that only grow', () => {
    expect([...new Set(progress.map(({ step }) => step))]).toEqual([
      'schema',
      'scopes',
      'categories',
      'products',
      'reviews',
      'orders',
      'keys',
    ]);
    const written = progress.map(({ rows: number }) => number);
    expect(written).toEqual([...written].sort((a, b) => a - b));
    expect(written.at(-1)).toBe(summary.totalRows);
  });

  it('leaves the session as it was', async () => {
    const [session] = await rows(
      connection,
      'SELECT @@foreign_key_checks AS fk, @@unique_checks AS uk',
    );
    expect(session).toEqual({ fk: 1, uk: 1 });
  });

  it('refuses a database that holds one of the tables, and changes nothing', async () => {
    const before = await tableNames(connection);
    await expect(generateCatalog(connection, { products: 10 })).rejects.toMatchObject({
      code: 'SDE10-03',
      message: expect.stringContaining('has a table store_website already') as string,
    });
    expect(await tableNames(connection)).toEqual(before);
  });
});

describe('a generated Commerce catalog', () => {
  let connection: Connection;
  let summary: CatalogSummary;
  let version: number;

  beforeAll(async () => {
    connection = await emptyDatabase();
    summary = await generateCatalog(connection, {
      products: 120,
      edition: 'commerce',
      tablePrefix: 'mg_',
    });
    const [flag] = await rows<{ data: string }>(
      connection,
      `SELECT flag_data AS data FROM mg_flag WHERE flag_code = 'staging'`,
    );
    version = Number((JSON.parse(flag!.data) as { current_version: string }).current_version);
  });

  it('has the table prefix everywhere', async () => {
    const names = await tableNames(connection);
    expect(names.filter((name) => !name.startsWith('mg_'))).toEqual([]);
    expect(names.length).toBeGreaterThan(150);
  });

  it('keeps all foreign and unique keys', async () => {
    expect(await orphans(connection)).toEqual([]);
    expect(await duplicates(connection)).toEqual([]);
  });

  it('has gift cards', () => {
    expect(summary.products.giftcard).toBeGreaterThan(0);
    expect(summary.rows['magento_giftcard_amount']).toBeGreaterThan(0);
  });

  it.each([
    ['catalog_product_entity', 'sequence_product'],
    ['catalog_category_entity', 'sequence_catalog_category'],
  ])(
    'has versions in %s that do not overlap, at most one of them active',
    async (table, sequence) => {
      const versions = await rows<{ id: number; from: number; until: number }>(
        connection,
        `SELECT entity_id AS id, created_in AS \`from\`, updated_in AS until
       FROM mg_${table} ORDER BY entity_id, created_in`,
      );
      const ends = new Map<number, number>();
      const active = new Map<number, number>();
      for (const { id, from, until } of versions) {
        expect(from).toBeLessThan(until);
        expect(from).toBe(ends.get(id) ?? from);
        ends.set(id, until);
        if (from <= version && until > version) active.set(id, (active.get(id) ?? 0) + 1);
      }
      expect([...active.values()].every((n) => n === 1)).toBe(true);
      expect(versions.length).toBeGreaterThan(ends.size);
      expect(await count(connection, `mg_${sequence}`)).toBeGreaterThanOrEqual(ends.size);
    },
  );

  it('has products that are scheduled but not there yet, and ids without a product', async () => {
    expect(
      await count(
        connection,
        `(SELECT entity_id FROM mg_catalog_product_entity
          GROUP BY entity_id HAVING MIN(created_in) > ${version}) p`,
      ),
    ).toBeGreaterThan(0);
    expect(
      await count(
        connection,
        `mg_sequence_product s LEFT JOIN mg_catalog_product_entity p ON p.entity_id = s.sequence_value
         WHERE p.row_id IS NULL`,
      ),
    ).toBeGreaterThan(0);
  });

  it('keeps values by row_id, so that versions differ', async () => {
    const names = await rows<{ value: string }>(
      connection,
      `SELECT v.value FROM mg_catalog_product_entity p
       JOIN mg_catalog_product_entity_varchar v ON v.row_id = p.row_id AND v.store_id = 0
       JOIN mg_eav_attribute a ON a.attribute_id = v.attribute_id AND a.attribute_code = 'name'
       WHERE p.entity_id = 11 ORDER BY p.created_in`,
    );
    expect(names).toHaveLength(3);
    expect(new Set(names.map(({ value }) => value)).size).toBe(3);
  });

  it('has category permissions and their index', async () => {
    expect(summary.rows['magento_catalogpermissions']).toBeGreaterThan(0);
    expect(summary.rows['magento_catalogpermissions_index_product']).toBeGreaterThan(0);
    expect(
      await count(connection, 'mg_magento_catalogpermissions WHERE customer_group_id IS NULL'),
    ).toBeGreaterThan(0);
  });
});

describe('generateCatalog', () => {
  async function generated(options: CatalogOptions): Promise<Record<string, unknown>> {
    const connection = await emptyDatabase();
    await generateCatalog(connection, options);
    return await checksums(connection);
  }

  it('gives the same rows for the same seed, and others for another', async () => {
    const first = await generated({ products: 40 });
    expect(await generated({ products: 40 })).toEqual(first);
    const other = await generated({ products: 40, seed: 2 });
    expect(other['catalog_product_entity_varchar']).not.toBe(
      first['catalog_product_entity_varchar'],
    );
  });

  it.each([
    { products: 1, websites: 1, storeViews: 1 },
    { products: 12, websites: 3, storeViews: 2 },
    { products: 35, websites: 6, storeViews: 9, edition: 'commerce' },
  ] as const)(
    'makes a sound shop of $products products, $websites websites, $storeViews store views',
    async (options) => {
      const connection = await emptyDatabase();
      const summary = await generateCatalog(connection, options);
      expect(summary.websites).toHaveLength(options.websites);
      expect(summary.storeViews).toHaveLength(options.storeViews);
      expect(await orphans(connection)).toEqual([]);
      expect(await duplicates(connection)).toEqual([]);
    },
  );

  it('takes one connection of a pool and gives it back', async () => {
    const { url } = await freshDatabase('catalog');
    const pool = createPool({ uri: url, connectionLimit: 1 });
    await generateCatalog(pool, { products: 5 });
    await pool.query('SELECT 1 FROM catalog_product_entity');
    await pool.end();
  });

  it('makes the same keys before loading and after it', async () => {
    const tables = shopTables('commerce', { storeIds: [1], stockIds: [1, 2] });
    const keysOf = async (keysLater: boolean): Promise<unknown[]> => {
      const connection = await emptyDatabase();
      await connection.query('SET foreign_key_checks = 0');
      for (const table of tables)
        await connection.query(createTable(table, { prefix: '', keysLater }));
      for (const table of keysLater ? tables : []) {
        const keys = addKeys(table, '');
        if (keys !== undefined) await connection.query(keys);
      }
      return await rows(
        connection,
        `SELECT table_name, index_name, column_name, seq_in_index, non_unique
         FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY 1, 2, 4`,
      );
    };
    expect(await keysOf(true)).toEqual(await keysOf(false));
  });
});
