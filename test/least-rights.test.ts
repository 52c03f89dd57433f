import { randomBytes } from 'node:crypto';
import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { availableFeeds, runsEnded, settle } from './settle.js';
import { TestSystem } from './system.js';

const user = `t_${randomBytes(4).toString('hex')}`;
let system: TestSystem;
let admin: Connection;
let shop: string;
let store: string;

beforeAll(async () => {
  system = await TestSystem.start({
    catalog: { products: 60, storeViews: 2, now: new Date() },
    capture: true,
  });
  const { host, port, user: root } = inject('mariadb');
  admin = await createConnection({ host, port, user: root });
  shop = databaseOf('COMMERCE_DATABASE_URL');
  store = databaseOf('EXPORT_DATABASE_URL');
  await admin.query(`CREATE USER '${user}'@'%'`);
  // Nobody without TRIGGER sees triggers, so that they could not be looked at.
  await admin.query(`GRANT SELECT, TRIGGER ON \`${shop}\`.* TO '${user}'@'%'`);
  await admin.query(`GRANT INSERT, DELETE ON \`${shop}\`.saas_export_changelog TO '${user}'@'%'`);
  await admin.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON \`${store}\`.* TO '${user}'@'%'`);
  await system.startWorker({
    COMMERCE_DATABASE_URL: asUser('COMMERCE_DATABASE_URL'),
    EXPORT_DATABASE_URL: asUser('EXPORT_DATABASE_URL'),
  });
});
afterAll(async () => {
  await admin.query(`DROP USER IF EXISTS '${user}'@'%'`);
  await admin.end();
  await system.stop();
});

test.each([
  ['READ COMMITTED', 5],
  ['REPEATABLE READ', 15],
])(
  'with the shop at %s, a worker whose accounts may change no schema does all its work, and no schema changes',
  async (isolation, id) => {
    await system.shop.query(`SET SESSION TRANSACTION ISOLATION LEVEL ${isolation}`);
    const before = await schemas(shop, store);
    await system.fullSync();
    await settle(system);
    const feeds = await availableFeeds(system);
    await system.expectConverged(feeds);

    await system.shop.query(
      `UPDATE catalog_product_entity SET sku = 'LEAST-${id}' WHERE entity_id = ${id}`,
    );
    await system.shop.query(`DELETE FROM catalog_product_entity WHERE entity_id = ${id + 1}`);
    await system.shop.query(`UPDATE store_website SET code = 'least${id}' WHERE website_id = 2`);
    await settle(system);
    await system.fullSync({ feeds: ['products', 'reviews'], cleanupFeed: true });
    await system.fullSync({ feeds: ['prices'], dryRun: true });
    await system.run('cleanupDeletedItems');
    await runsEnded(system);
    await system.expectConverged(feeds);
    expect(await schemas(shop, store)).toEqual(before);
    const [[grants]] = (await admin.query('SELECT COUNT(*) AS n FROM mysql.db WHERE User = ?', [
      user,
    ])) as unknown as [[{ n: number }]];
    expect(grants.n).toBe(2);
  },
  120_000,
);

function databaseOf(setting: string): string {
  return new URL(system.settings[setting] ?? '').pathname.slice(1);
}

function asUser(setting: string): string {
  const url = new URL(system.settings[setting] ?? '');
  url.username = user;
  return url.toString();
}

/** Every table and trigger, with the time at which it was made. */
async function schemas(...names: readonly string[]): Promise<unknown> {
  const [tables] = await admin.query(
    `SELECT table_schema, table_name, create_time FROM information_schema.tables
     WHERE table_schema IN (?) ORDER BY 1, 2`,
    [names],
  );
  const [triggers] = await admin.query(
    `SELECT trigger_schema, trigger_name, event_object_table, created
     FROM information_schema.triggers WHERE trigger_schema IN (?) ORDER BY 1, 2`,
    [names],
  );
  return { tables, triggers };
}
