import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { FeedName } from '../src/feeds/names.js';
import { TestSystem } from './system.js';

interface StateRow {
  readonly source_entity_id: number;
  readonly status: number;
  readonly errors: string | null;
}

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 60, storeViews: 2, now: new Date() },
  });
  await system.startWorker();
});
afterAll(() => system.stop());

describe('a full sync of a shop with broken rows', () => {
  let broken: number;
  let choice: number;
  let order: number;

  test('sends everything else, and keeps each failure with its code', async () => {
    [broken, choice] = (await simpleProducts()) as [number, number];
    await setStatus(broken, 7);
    await run(
      `INSERT INTO catalog_product_option (option_id, product_id, type) VALUES (60000, ${choice}, 'radio')`,
      `INSERT INTO catalog_product_option_title (option_id, store_id, title) VALUES (60000, 0, 'Choose')`,
    );
    order = await newestOrder();
    await run(
      `UPDATE sales_order_payment SET additional_information = '{' WHERE parent_id = ${order}`,
    );

    const result = await system.fullSync({ feeds: ['products', 'orders'] });
    expect(result.feeds.products?.counts.failed).toBeGreaterThanOrEqual(2);
    expect(result.feeds.orders?.counts.failed).toBe(1);
    await system.expectConverged(['products', 'orders']);

    const failed = await failures('cde_products_feed');
    expect(new Set(failed.map((row) => row.source_entity_id))).toEqual(new Set([broken, choice]));
    for (const { errors } of failed) expect(errors).toMatch(/^CDE01-23: .*product /i);
    expect(await failures('sales_data_exporter_orders_v2')).toEqual([
      expect.objectContaining({
        source_entity_id: order,
        errors: expect.stringMatching(/^CDE01-23: .*additional_information/) as string,
      }),
    ]);
  });

  test('does it again the same way, and sends nothing', async () => {
    const before = await failures('cde_products_feed');
    const result = await system.fullSync({ feeds: ['products'] });
    expect(result.feeds.products?.counts).toMatchObject({ sent: 0, deleted: 0 });
    expect(await failures('cde_products_feed')).toEqual(before);
  });

  test('deletes nothing of an entity that breaks after it was sent', async () => {
    const [, , sent] = await simpleProducts();
    const held = await itemsOf('products', sent!);
    expect(held.length).toBeGreaterThan(0);
    await setStatus(sent!, 7);
    const result = await system.fullSync({ feeds: ['products'] });
    expect(result.feeds.products?.counts).toMatchObject({ sent: 0, deleted: 0 });
    expect(await itemsOf('products', sent!)).toEqual(held);
    await setStatus(sent!, 1);
  });

  test('sends what has been repaired, and no failure remains', async () => {
    await setStatus(broken, 1);
    await run(
      'DELETE FROM catalog_product_option_title WHERE option_id = 60000',
      'DELETE FROM catalog_product_option WHERE option_id = 60000',
      `UPDATE sales_order_payment SET additional_information = '{}' WHERE parent_id = ${order}`,
    );
    const result = await system.fullSync({ feeds: ['products', 'orders'] });
    expect(result.feeds.products?.counts).toMatchObject({ failed: 0, deleted: 0 });
    await system.expectConverged(['products', 'orders']);
    expect((await itemsOf('products', broken)).length).toBeGreaterThan(0);
    expect((await itemsOf('products', choice)).length).toBeGreaterThan(0);
    expect(await failures('cde_products_feed')).toEqual([]);
    expect(await failures('sales_data_exporter_orders_v2')).toEqual([]);
  });
});

/** Products that are sold by themselves, from the highest id down. */
async function simpleProducts(): Promise<number[]> {
  const [rows] = await system.shop.query(
    `SELECT DISTINCT p.entity_id AS id FROM catalog_product_entity p
     JOIN catalog_product_website w ON w.product_id = p.entity_id
     WHERE p.type_id = 'simple' AND p.entity_id NOT IN (SELECT child_id FROM catalog_product_relation)
     ORDER BY 1 DESC`,
  );
  return (rows as { id: number }[]).map(({ id }) => id);
}

async function newestOrder(): Promise<number> {
  const [rows] = await system.shop.query(
    `SELECT o.entity_id AS id FROM sales_order o
     JOIN data_exporter_uuid u ON u.entity_id = o.entity_id AND u.type = 'order'
     ORDER BY o.updated_at DESC LIMIT 1`,
  );
  return (rows as { id: number }[])[0]!.id;
}

async function setStatus(productId: number, status: number): Promise<void> {
  await run(
    `UPDATE catalog_product_entity_int v JOIN eav_attribute a USING (attribute_id)
     JOIN eav_entity_type y ON y.entity_type_id = a.entity_type_id
     SET v.value = ${status}
     WHERE y.entity_type_code = 'catalog_product' AND a.attribute_code = 'status'
       AND v.entity_id = ${productId}`,
  );
}

async function run(...statements: readonly string[]): Promise<void> {
  for (const statement of statements) await system.shop.query(statement);
}

function failures(table: string): Promise<StateRow[]> {
  return system.store.rows<StateRow>(
    `SELECT source_entity_id, status, errors FROM ${table} WHERE status = 1 ORDER BY feed_id`,
  );
}

async function itemsOf(feed: FeedName, productId: number): Promise<object[]> {
  const items = await system.held(feed);
  return items.filter((item) => (item as { productId?: number }).productId === productId);
}
