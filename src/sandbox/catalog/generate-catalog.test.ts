import { createConnection, createPool, type Connection } from 'mysql2/promise';
import { afterAll, describe, expect, it } from 'vitest';

import { checksums, duplicates, orphans, rows } from '../../../test/database-integrity.js';
import { freshDatabase } from '../../../test/servers.js';
import { generateCatalog } from './generate-catalog.js';
import type { CatalogOptions } from './options.js';
import { shopTables } from './schema/shop-schema.js';
import { addKeys, createTable } from './schema/table.js';

const connections: Connection[] = [];

async function emptyDatabase(): Promise<Connection> {
  const { url } = await freshDatabase('catalog');
  const connection = await createConnection({ uri: url, dateStrings: true });
  connections.push(connection);
  return connection;
}

afterAll(() => Promise.all(connections.map((connection) => connection.end())));

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
