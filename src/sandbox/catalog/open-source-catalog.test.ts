import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { count, duplicates, orphans, rows, tableNames } from '../../../test/database-integrity.js';
import { freshDatabase } from '../../../test/servers.js';
import { generateCatalog, type CatalogSummary } from './generate-catalog.js';
import type { CatalogProgress } from './options.js';

describe('a generated Open Source catalog', () => {
  let connection: Connection;
  let summary: CatalogSummary;
  const progress: CatalogProgress[] = [];

  beforeAll(async () => {
    const { url } = await freshDatabase('open_source');
    connection = await createConnection({ uri: url, dateStrings: true });
    summary = await generateCatalog(connection, {
      products: 300,
      onProgress: (step) => progress.push(step),
    });
  });
  afterAll(() => connection.end());

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

  it('removes what belongs to a row with it, as Commerce does', async () => {
    const cascades = `information_schema.referential_constraints
      WHERE constraint_schema = DATABASE() AND delete_rule = 'CASCADE'`;
    expect(await count(connection, cascades)).toBeGreaterThan(150);
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
