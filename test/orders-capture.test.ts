import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { queueEntities } from '../src/store/pending.js';
import { Engine } from './engine.js';
import { TestSystem } from './system.js';

let system: TestSystem;
let engine: Engine;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 800, storeViews: 2, now: new Date() },
    capture: true,
  });
});
afterAll(() => system.stop());

beforeEach(async () => {
  engine = await Engine.open(system.settings);
  await engine.look();
  await engine.run('orders', 'full sync');
  await engine.settle();
  await system.expectConverged(['orders']);
});
afterEach(() => engine.close());

interface HeldOrder {
  readonly commerceOrderId: string;
  readonly websiteCode?: string;
}

const held = async (): Promise<HeldOrder[]> => (await system.held('orders')) as HeldOrder[];

/** An order that the service has, made older than what a full sync takes. */
async function oldOrder(): Promise<number> {
  const [order] = await held();
  const id = Number(order?.commerceOrderId);
  await system.shop.query(`UPDATE sales_order SET updated_at = '2020-01-01' WHERE entity_id = ?`, [
    id,
  ]);
  await engine.move();
  await engine.settle();
  return id;
}

/** Places an order like another one, without a UUID. */
async function placeOrder(like: number): Promise<number> {
  const id = 900_000 + Math.floor(Math.random() * 90_000);
  for (const [table, owner] of [
    ['sales_order', 'entity_id'],
    ['sales_order_payment', 'parent_id'],
  ] as const) {
    const [columns] = await system.shop.query<RowDataPacket[]>(
      `SELECT column_name AS name FROM information_schema.columns
       WHERE table_schema = DATABASE() AND table_name = ?
         AND (extra NOT LIKE '%auto_increment%' OR column_name = ?)`,
      [table, owner],
    );
    const names = (columns as { name: string }[]).map(({ name }) => name);
    const values = names.map((name) => {
      if (name === owner) return String(id);
      if (name === 'increment_id') return `'N${id}'`;
      return ['created_at', 'updated_at'].includes(name) ? 'NOW()' : `\`${name}\``;
    });
    await system.shop.query(
      `INSERT INTO ${table} (${names.map((name) => `\`${name}\``).join(', ')})
       SELECT ${values.join(', ')} FROM ${table} WHERE ${owner} = ? LIMIT 1`,
      [like],
    );
  }
  return id;
}

test('an order that is placed gets a UUID and is exported, and keeps it', async () => {
  const [first] = await held();
  const id = await placeOrder(Number(first?.commerceOrderId));
  await engine.move();
  await engine.settle();
  expect((await held()).map((order) => order.commerceOrderId)).toContain(String(id));
  await system.expectConverged(['orders']);
  const before = await held();
  await engine.run('orders', 'full sync', { force: true });
  await engine.settle();
  expect(await held()).toEqual(before);
});

test('an order that is older than the installation gets none when it changes', async () => {
  const [rows] = await system.shop.query<RowDataPacket[]>(
    `SELECT o.entity_id AS id FROM sales_order o
     LEFT JOIN data_exporter_uuid u ON u.entity_id = o.entity_id AND u.type = 'order'
     WHERE u.uuid IS NULL AND o.entity_id < 900000 LIMIT 1`,
  );
  const { id } = rows[0] as { id: number };
  await system.shop.query('UPDATE sales_order SET updated_at = NOW() WHERE entity_id = ?', [id]);
  await engine.move();
  await engine.settle();
  expect((await held()).map((order) => order.commerceOrderId)).not.toContain(String(id));
  await system.expectConverged(['orders']);
});

test('without triggers, the scheduled full sync finds orders that were placed', async () => {
  await engine.close();
  engine = await Engine.open({ ...system.settings, CAPTURE: 'compare' });
  const [first] = await held();
  const id = await placeOrder(Number(first?.commerceOrderId));
  await engine.run('orders', 'full sync');
  expect((await held()).map((order) => order.commerceOrderId)).toContain(String(id));
  await system.expectConverged(['orders']);
});

test('old orders that changed are exported also when more are pending than a full sync is asked for', async () => {
  const id = await oldOrder();
  await system.shop.query(`UPDATE sales_order_address SET city = 'Elsewhere' WHERE parent_id = ?`, [
    id,
  ]);
  await engine.move();
  const others = Array.from({ length: 5000 }, (_, n) => 1_000_000 + n);
  await queueEntities(system.store, 'orders', others);
  await engine.run('orders', 'full sync');
  await engine.settle();
  const order = (await held()).find(({ commerceOrderId }) => Number(commerceOrderId) === id);
  expect(JSON.stringify(order)).toContain('Elsewhere');
  await system.expectConverged(['orders']);
});

test('a change that concerns all orders reaches the old ones that the service has', async () => {
  const id = await oldOrder();
  const of = (order: HeldOrder): boolean => Number(order.commerceOrderId) === id;
  const code = (await held()).find(of)?.websiteCode;
  await system.shop.query(`UPDATE store_website SET code = 'renamed' WHERE code = ?`, [code]);
  await engine.move();
  await engine.settle();
  expect((await held()).find(of)?.websiteCode).toBe('renamed');
  await system.expectConverged(['orders']);
});
