import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TestSystem } from './system.js';

let system: TestSystem;
/** A product that no other one shows. */
let poison: number;

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 60, storeViews: 2 }, capture: true });
  const [rows] = await system.shop.query(
    `SELECT e.entity_id AS id FROM catalog_product_entity e
     JOIN catalog_product_website w ON w.product_id = e.entity_id
     WHERE e.type_id = 'simple' AND e.entity_id NOT IN (
       SELECT child_id FROM catalog_product_relation UNION ALL
       SELECT linked_product_id FROM catalog_product_link UNION ALL
       SELECT product_id FROM catalog_product_bundle_selection)
     ORDER BY e.entity_id LIMIT 1`,
  );
  poison = (rows as { id: number }[])[0]!.id;
  // Whoever reads the websites of this product gets an error of the database.
  await system.shop.query(`
    CREATE FUNCTION poisoned(id INT) RETURNS INT DETERMINISTIC NO SQL
    BEGIN
      IF id = ${poison} AND @@session.time_zone = '+00:00' THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'poison';
      END IF;
      RETURN id;
    END;
    RENAME TABLE catalog_product_website TO true_product_website;
    CREATE VIEW catalog_product_website AS
      SELECT s.*, poisoned(s.product_id) AS poison FROM true_product_website s
      WHERE poisoned(s.product_id) IS NOT NULL;`);
  await system.startWorker();
  await system.startWorker();
});
afterAll(() => system.stop());

describe('an entity with which the collector fails', () => {
  test('is told as failed; the others go out in the same run', async () => {
    const { outcome, feeds } = await system.fullSync({ feeds: ['products'], threadCount: 2 });
    expect(outcome).toBe('completed with failures');
    expect(feeds.products?.counts).toMatchObject({ failed: 1, rejected: 0 });
    await expectOthersConverged();
    const rows = await system.store.rows<{ source_entity_id: number; errors: string }>(
      'SELECT source_entity_id, errors FROM cde_products_feed WHERE status = 1',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ source_entity_id: poison });
    expect(rows[0]?.errors).toMatch(/^CDE01-05: .*poison/);
  });

  test('does not keep changes of others from going out', async () => {
    await system.shop.query(
      `UPDATE catalog_product_entity SET sku = CONCAT('NEW-', entity_id)
       WHERE entity_id IN (${poison - 1}, ${poison}, ${poison + 1})`,
    );
    const { settled } = await system.partialSync({ feeds: ['products'] });
    expect(settled.products?.counts.failed).toBeGreaterThan(0);
    await expectOthersConverged();
  });

  test('goes out as soon as it can be collected, and something collects it', async () => {
    await system.shop.query(
      `DROP VIEW catalog_product_website;
       RENAME TABLE true_product_website TO catalog_product_website`,
    );
    await system.fullSync({ feeds: ['products'] });
    await system.expectConverged(['products']);
  });
});

/** What the service holds is what a fresh export gives of all the others. */
async function expectOthersConverged(): Promise<void> {
  const ofOthers = (items: readonly object[]): object[] =>
    items.filter((item) => (item as { productId: number }).productId !== poison);
  await system.shop.query(
    `RENAME TABLE catalog_product_website TO poisoned_view, true_product_website TO catalog_product_website`,
  );
  const fresh = await system.fresh('products');
  await system.shop.query(
    `RENAME TABLE catalog_product_website TO true_product_website, poisoned_view TO catalog_product_website`,
  );
  expect(ofOthers(await system.held('products'))).toEqual(ofOthers(fresh));
}
