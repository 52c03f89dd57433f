import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Explanation } from '../src/client/explain/explanation.js';
import { pendingEntities, queueEntities } from '../src/store/pending.js';
import { runProgram } from './program.js';
import { TestSystem } from './system.js';

interface HeldOrder {
  readonly orderId: { readonly id: string };
  readonly commerceOrderId: string;
  readonly customerId?: number;
  readonly customerEmail?: string;
  readonly payment: { readonly billingAddress: { readonly street?: string } | null };
}

let system: TestSystem;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 800, storeViews: 2, now: new Date() },
    settings: { FEED_ORDERS_THREAD_COUNT: '2' },
  });
  await system.startWorker();
});
afterAll(() => system.stop());

const fullSync = async (input = {}) => {
  const result = await system.fullSync({ feeds: ['orders'], ...input });
  const { outcome = 'failed', counts } = result.feeds.orders ?? {};
  return { outcome, counts };
};
const held = async (): Promise<HeldOrder[]> => (await system.held('orders')) as HeldOrder[];
const heldIds = async (): Promise<string[]> => (await held()).map((item) => item.commerceOrderId);

describe('orders', () => {
  test('a dry run exports nothing, stores nothing and makes no UUIDs', async () => {
    const before = await system.storeContents();
    const { outcome, counts } = await fullSync({ dryRun: true });
    expect(outcome).toBe('completed');
    expect(counts?.sent).toBeGreaterThan(0);
    expect(await system.storeContents()).toEqual(before);
    expect(await held()).toEqual([]);
  });

  test('a full sync brings the linked ones of the last days to the service', async () => {
    const { outcome, counts } = await fullSync();
    expect(outcome).toBe('completed');
    expect(counts).toMatchObject({ rejected: 0, failed: 0, deleted: 0 });
    await system.expectConverged(['orders']);
    expect((await fullSync()).counts).toMatchObject({ sent: 0, requests: 0 });
  });

  test('leave nothing of themselves in the history of a run', async () => {
    const personal = (await held()).flatMap(({ customerEmail = '', payment }) => [
      customerEmail,
      payment.billingAddress?.street ?? '',
    ]);
    expect(personal.filter((text) => text !== '').length).toBeGreaterThan(0);
    const run = await system.startFullSync({ feeds: ['orders'], force: true });
    expect((await run.result()).feeds.orders?.counts.sent).toBeGreaterThan(0);
    for (const workflowId of [run.workflowId, `${system.instance}/sync/orders`]) {
      const history = await system.client.workflow.getHandle(workflowId).fetchHistory();
      const texts = textsIn(history);
      expect(texts).toContain('orders');
      expect(personal.filter((text) => text !== '' && texts.includes(text))).toEqual([]);
    }
  });

  test('explain tells in what one differs, and nothing of the person', async () => {
    await fullSync();
    const order = (await held()).find(({ customerEmail = '' }) => customerEmail !== '')!;
    const id = order.commerceOrderId;
    const { customerEmail: email } = order;
    const set = (address: string) =>
      system.shop.query('UPDATE sales_order SET customer_email = ? WHERE entity_id = ?', [
        address,
        id,
      ]);
    await set('somebody@else.example');
    const { stdout, code } = await runProgram(['explain', 'orders', id, '--json'], system.settings);
    expect(code).toBe(0);
    const [item] = (JSON.parse(stdout) as Explanation).entities[0]!.items;
    expect(item).toMatchObject({
      verdict: 'changed',
      now: { item: { customerEmail: '***', commerceOrderId: id } },
      sent: { kept: { customerEmail: '***' } },
      service: { payload: { customerEmail: '***' } },
    });
    expect(item!.differences).toContainEqual({
      path: 'customerEmail',
      now: '***',
      sent: '***',
      service: '***',
    });
    expect(stdout).not.toContain(email);
    expect(stdout).not.toContain('somebody@else.example');
    const { stdout: text } = await runProgram(['explain', 'orders', id], system.settings);
    expect(text).toContain('customerEmail');
    expect(text).not.toContain('somebody@else.example');
    await set(email!);
    await fullSync();
    await system.expectConverged(['orders']);
  });

  test('a changed one is sent again, alone, under the same UUID', async () => {
    const [before] = await held();
    const id = Number(before!.commerceOrderId);
    await system.shop.query(
      `UPDATE sales_order_address SET city = 'Elsewhere' WHERE parent_id = ?`,
      [id],
    );
    await system.shop.query(`UPDATE data_exporter_uuid SET uuid = UUID() WHERE entity_id = ?`, [
      id,
    ]);
    expect((await fullSync()).counts).toMatchObject({ sent: 1, accepted: 1 });
    await system.expectConverged(['orders']);
    expect((await held())[0]?.orderId).toEqual(before!.orderId);
  });

  test('those that grow old stay at the service, up to date, and those that are deleted as they were sent', async () => {
    const before = await held();
    const [first, second] = before.map((item) => Number(item.commerceOrderId));
    await system.shop.query(
      `UPDATE sales_order SET updated_at = updated_at - INTERVAL 90 DAY WHERE entity_id = ?`,
      [first],
    );
    await system.shop.query('DELETE FROM sales_order WHERE entity_id = ?', [second]);
    expect(await fullSync()).toMatchObject({
      outcome: 'completed',
      // Its time of change is in the payload.
      counts: { sent: 1, deleted: 0, failed: 0 },
    });
    const after = await held();
    expect(after.map((item) => item.commerceOrderId)).toEqual(
      before.map((item) => item.commerceOrderId),
    );
    expect(after.slice(1)).toEqual(before.slice(1));
  });

  test('linked later, they are queued, and the next sync sends them, whatever their age', async () => {
    const before = await heldIds();
    const { code, stdout } = await runProgram(
      ['orders', 'link', '--state', 'holded', '--json'],
      system.settings,
    );
    expect(code).toBe(0);
    const { linked } = JSON.parse(stdout) as { readonly linked: number };
    const pending = await pendingEntities(system.store, 'orders', 1000);
    expect(linked).toBeGreaterThan(0);
    expect(pending).toHaveLength(linked);

    await fullSync();
    const after = await heldIds();
    const added = after.filter((id) => !before.includes(id));
    const queued = pending.map(({ entityId }) => String(entityId)).sort(byNumber);
    expect(added.sort(byNumber)).toEqual(queued);
    expect(await pendingEntities(system.store, 'orders', 1000)).toEqual([]);
    const fresh = (await system.fresh('orders')) as HeldOrder[];
    const recent = fresh.filter((item) => added.includes(item.commerceOrderId));
    expect(recent.length).toBeGreaterThan(0);
    const recentIds = recent.map((item) => item.commerceOrderId);
    expect((await held()).filter((item) => recentIds.includes(item.commerceOrderId))).toEqual(
      recent,
    );
  });

  test('of a customer are erased here, and replaced at the service once Commerce has', async () => {
    // Those that grew old meanwhile are sent as they are now.
    await queueEntities(system.store, 'orders', (await heldIds()).map(Number));
    await fullSync();
    const customer = (await held()).find((item) => item.customerId !== undefined)!;
    const erase = ['orders', 'erase', '--customer-id', String(customer.customerId), '--json'];
    const first = await runProgram(erase, system.settings);
    expect(first.code).toBe(0);
    expect(first.stdout).not.toContain(customer.customerEmail);
    const erased = JSON.parse(first.stdout) as { erased: number[]; todo: string[] };
    expect(erased.erased).toContain(Number(customer.commerceOrderId));
    expect(erased.todo.join(' ')).toContain('Commerce still has');
    expect((await fullSync()).counts).toMatchObject({ sent: 0 });

    await system.shop.query(
      `UPDATE sales_order SET customer_email = 'anonymous@example.com', customer_id = NULL
       WHERE customer_id = ?`,
      [customer.customerId],
    );
    await fullSync();
    const [stored] = await system.store.rows<{ texts: string | null }>(
      `SELECT GROUP_CONCAT(feed_data) AS texts FROM sales_data_exporter_orders_v2
       WHERE source_entity_id IN (?)`,
      [erased.erased],
    );
    expect(stored?.texts).not.toContain(customer.customerEmail);
    const fresh = (await system.fresh('orders')).map((item) => (item as HeldOrder).commerceOrderId);
    const replaced = (await held()).filter(
      (item) =>
        erased.erased.includes(Number(item.commerceOrderId)) &&
        fresh.includes(item.commerceOrderId),
    );
    expect(replaced.length).toBeGreaterThan(0);
    expect(new Set(replaced.map((item) => item.customerEmail))).toEqual(
      new Set(['anonymous@example.com']),
    );
  });

  test('all are sent to a new data space, also those of which no payload is kept', async () => {
    await system.store.run(
      `UPDATE sales_data_exporter_orders_v2 SET feed_data = '' ORDER BY id DESC LIMIT 1`,
    );
    const [{ count }] = (await system.store.rows<{ count: number }>(
      `SELECT COUNT(*) AS count FROM sales_data_exporter_orders_v2 WHERE feed_data = ''`,
    )) as [{ count: number }];
    await system.store.run('DELETE FROM pending_entity');
    const { counts } = await fullSync({ cleanupFeed: true });
    expect(counts?.sent).toBeGreaterThanOrEqual((await held()).length - count);
    expect(count).toBeGreaterThan(0);
    expect(await pendingEntities(system.store, 'orders', 1000)).toEqual([]);
  });
});

test('a preview names the UUIDs that the exporter keeps, if it is told where', async () => {
  const preview = ['preview', 'orders'];
  const { COMMERCE_DATABASE_URL: commerce, EXPORT_DATABASE_URL: kept = '' } = system.settings;
  const settings = { COMMERCE_DATABASE_URL: commerce! };
  const lines = async (...flags: readonly string[]): Promise<Record<string, unknown>[]> => {
    const { code, stdout } = await runProgram([...preview, ...flags], settings);
    expect(code).toBe(0);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const without = await lines();
  const withStore = await lines('--store-url', kept);
  expect(withStore.length).toBeGreaterThan(without.length);
  expect(withStore.map((item) => item['commerceOrderId'])).toEqual(
    (await system.fresh('orders'))
      .map((item) => (item as HeldOrder).commerceOrderId)
      .sort(byNumber),
  );
  const masked = await lines('--mask');
  expect(masked.map((item) => item['commerceOrderId'])).toEqual(
    without.map((item) => item['commerceOrderId']),
  );
  expect(new Set(masked.map((item) => item['customerEmail']))).toEqual(new Set(['***']));

  const wrong = await runProgram([...preview, '--store-url', `${kept}_none`], settings);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('SDE20-03');
});

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}

/** All texts of a history, payloads included. */
function textsIn(value: unknown): string {
  if (typeof value === 'string') return `${value}\n`;
  if (value instanceof Uint8Array) return `${Buffer.from(value).toString()}\n`;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(textsIn).join('');
}
