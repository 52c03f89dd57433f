import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { count, duplicates, orphans, rows, tableNames } from '../../../test/database-integrity.js';
import { freshDatabase } from '../../../test/servers.js';
import { generateCatalog, type CatalogSummary } from './generate-catalog.js';

describe('a generated Commerce catalog', () => {
  let connection: Connection;
  let summary: CatalogSummary;
  let version: number;

  beforeAll(async () => {
    const { url } = await freshDatabase('commerce');
    connection = await createConnection({ uri: url, dateStrings: true });
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
  afterAll(() => connection.end());

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
