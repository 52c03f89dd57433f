import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TestSystem } from './system.js';

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 60, storeViews: 2 } });
  await system.startWorker();
  await system.fullSync({ feeds: ['products', 'categories'] });
});
afterAll(() => system.stop());

describe('an identity that moves between entities', () => {
  test('two SKUs swapped: each product is sent under its new SKU, nothing is deleted', async () => {
    const [a, b] = await twoProducts();
    await system.shop.query(
      `UPDATE catalog_product_entity SET sku = CASE entity_id WHEN ? THEN ? ELSE ? END
       WHERE entity_id IN (?)`,
      [a.id, b.sku, a.sku, [a.id, b.id]],
    );
    const result = await system.fullSync({ feeds: ['products'] });
    expect(result.feeds.products?.counts.deleted).toBe(0);
    await system.expectConverged(['products']);
  });

  test('two categories with one path: the higher id owns it, and the other follows when it leaves', async () => {
    const [sibling] = await rows<{ parent: number; position: number }>(
      `SELECT parent_id AS parent, COUNT(*) AS position FROM catalog_category_entity
       WHERE level = 2 GROUP BY parent_id HAVING COUNT(*) > 1 LIMIT 1`,
    );
    const [first, second] = await rows<{ id: number }>(
      `SELECT entity_id AS id FROM catalog_category_entity
       WHERE parent_id = ${sibling!.parent} AND level = 2 ORDER BY entity_id LIMIT 2`,
    );
    const urlKey = `(SELECT attribute_id FROM eav_attribute a JOIN eav_entity_type y USING (entity_type_id)
      WHERE y.entity_type_code = 'catalog_category' AND a.attribute_code = 'url_key')`;
    const rename = (id: number, key: string): Promise<unknown> =>
      system.shop.query(
        `UPDATE catalog_category_entity_varchar SET value = ? WHERE entity_id = ? AND attribute_id = ${urlKey}`,
        [key, id],
      );

    await rename(first!.id, 'shared');
    await rename(second!.id, 'shared');
    await system.fullSync({ feeds: ['categories'] });
    const owners = (await system.held('categories')).filter(
      (item) => (item as { urlPath?: string }).urlPath === 'shared',
    );
    expect(owners.length).toBeGreaterThan(0);
    expect(new Set(owners.map((item) => (item as { categoryId: string }).categoryId))).toEqual(
      new Set([String(second!.id)]),
    );

    await rename(second!.id, 'of-its-own');
    await system.fullSync({ feeds: ['categories'] });
    await system.expectConverged(['categories']);
  });

  test.each([
    ['one after the other', true],
    ['in one page', false],
  ])(
    'three categories with one path, collected %s: each follows when the one above it leaves',
    async (_, singly) => {
      const leaves = await rows<{ id: number }>(
        `SELECT entity_id AS id FROM catalog_category_entity c WHERE level > 1 AND NOT EXISTS
           (SELECT 1 FROM catalog_category_entity d WHERE d.parent_id = c.entity_id)
         ORDER BY 1 LIMIT 3`,
      );
      const ids = leaves.map(({ id }) => id);
      expect(ids).toHaveLength(3);
      await system.shop.query(
        `UPDATE catalog_category_entity SET parent_id = 2, level = 2,
           path = CONCAT('1/2/', entity_id) WHERE entity_id IN (?)`,
        [ids],
      );
      await system.fullSync({ feeds: ['categories'] });
      const path = `third-${String(singly)}`;
      const move = async (changed: readonly number[], key?: string): Promise<void> => {
        await system.shop.query(
          `UPDATE catalog_category_entity_varchar v JOIN eav_attribute a USING (attribute_id)
           SET v.value = IFNULL(?, CONCAT('own-', v.entity_id))
           WHERE a.attribute_code IN ('url_key', 'url_path') AND v.entity_id IN (?)`,
          [key ?? null, changed],
        );
        const sync = (entities: readonly number[]) =>
          system.fullSync({ feeds: ['categories'], ids: entities.map(String), idType: 'entityId' });
        if (singly) for (const id of changed) await sync([id]);
        else await sync(changed);
      };
      await move(ids, path);
      for (const id of [...ids].reverse()) {
        await move([id]);
        await system.expectConverged(['categories']);
      }
    },
  );
});

async function twoProducts(): Promise<[{ id: number; sku: string }, { id: number; sku: string }]> {
  const [a, b] = await rows<{ id: number; sku: string }>(
    `SELECT e.entity_id AS id, e.sku FROM catalog_product_entity e
     JOIN catalog_product_website w ON w.product_id = e.entity_id
     GROUP BY e.entity_id HAVING COUNT(*) = (SELECT COUNT(*) - 1 FROM store_website)
     ORDER BY e.entity_id LIMIT 2`,
  );
  return [a!, b!];
}

async function rows<Row>(sql: string): Promise<Row[]> {
  const [found] = await system.shop.query(sql);
  return found as Row[];
}
