import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Alert } from '../../src/activities/alert-conditions.js';
import { driftAlerts } from '../../src/activities/drift-alerts.js';
import type { VerifiedFeed } from '../../src/activities/verification/verified-feed.js';
import type { ScheduleSettings } from '../../src/client/schedules/declarations.js';
import { applySchedules } from '../../src/client/schedules/reconcile.js';
import { pendingEntities } from '../../src/store/pending.js';
import { verificationResults } from '../../src/store/verification.js';
import { WORKFLOW } from '../../src/workflows/names.js';
import { runProgram } from '../program.js';
import { TestSystem } from '../system.js';

let system: TestSystem;
let product: number;

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 20, storeViews: 2, websites: 1 } });
  await system.startWorker();
  await system.fullSync({ feeds: ['products', 'categories'] });
  const [rows] = await system.shop.query('SELECT MIN(entity_id) AS id FROM catalog_product_entity');
  product = (rows as { id: number }[])[0]!.id;
});
afterAll(() => system.stop());

type Found = Readonly<Record<string, VerifiedFeed>>;

/** Nobody notes it: the system has no triggers. */
async function rename(name: string): Promise<void> {
  await system.shop.query(
    `UPDATE catalog_product_entity_varchar v JOIN eav_attribute a USING (attribute_id)
     SET v.value = ? WHERE a.attribute_code = 'name' AND v.entity_id = ? AND v.store_id = 0`,
    [name, product],
  );
}

const pending = async (): Promise<number[]> =>
  (await pendingEntities(system.store, 'products', 10)).map(({ entityId }) => entityId);

describe('verifyFeeds', () => {
  test('tells in numbers that nothing drifted, and says so of feeds that this edition lacks', async () => {
    const found = await system.run<Found>(WORKFLOW.verifyFeeds, {
      feeds: ['products', 'categories', 'productOverrides'],
    });
    const held = await system.held('products');
    expect(found['products']).toMatchObject({
      available: true,
      finished: true,
      serviceUnread: null,
      entities: 20,
      items: held.length,
      heldItems: held.length,
      queued: 0,
      sentence: `Verification of products: 20 entities gave ${held.length} items, the service holds ${held.length}; nothing drifted.`,
    });
    expect(Object.keys(found)).toEqual(['products', 'categories', 'productOverrides']);
    expect(JSON.stringify(found)).not.toContain('feedId');
    const results = await verificationResults(system.store);
    expect(results.map(({ feed }) => feed)).toEqual(expect.arrayContaining(['products']));
  });

  test('refuses an input that does not fit', async () => {
    await expect(
      system.run(WORKFLOW.verifyFeeds, { rowsPerSecond: -1, fixx: true }),
    ).rejects.toMatchObject({
      cause: { message: expect.stringContaining('Unknown field “fixx”') as string },
    });
  });

  test('goes on where a worker that was killed stopped', { timeout: 180_000 }, async () => {
    await rename('Drifted');
    const running = system.run<Found>(WORKFLOW.verifyFeeds, {
      feeds: ['products'],
      rowsPerSecond: 1,
    });
    await expect
      .poll(
        () =>
          system.store.rows(
            `SELECT 1 FROM ${system.store.t('verification')} WHERE position <> '-1'`,
          ),
        { timeout: 60_000, interval: 50 },
      )
      .toHaveLength(1);
    await system.killWorkers();
    // What was compared before is not compared again, whatever the shop says now.
    await rename('Drifted once more');
    await system.store.run(
      `UPDATE ${system.store.t('verification')} SET findings = REPLACE(findings, '"entities":20', '"entities":2020')`,
    );
    await system.startWorker();
    const { products } = await running;
    expect(products).toMatchObject({ finished: true, entities: 2020, queued: 0 });
    expect(products!.drift.stale).toBeGreaterThan(0);
    expect(await pending()).toEqual([]);
  });

  test(
    'is started by its schedule, mends what drifted, and an alert tells',
    { timeout: 240_000 },
    async () => {
      const feeds = ['products', 'categories'] as const;
      const settings: ScheduleSettings = {
        instance: system.instance,
        taskQueue: system.taskQueue,
        capture: 'compare',
        verification: { schedule: 'daily', rowsPerSecond: 0, fix: true },
      };
      const { client } = system;
      await rename('Drifted unnoticed');
      const plans = await applySchedules(client, settings);
      try {
        await client.schedule.getHandle(`${system.instance}-saas-export-verify`).trigger();
        await expect
          .poll(async () => (await verificationResults(system.store)).filter(({ fix }) => fix), {
            timeout: 120_000,
          })
          .toContainEqual(expect.objectContaining({ feed: 'products', withService: true }));
      } finally {
        for (const { id, action } of plans) {
          if (action === 'create') await client.schedule.getHandle(id).delete();
        }
      }
      const alerts = await runProgram(['alerts', 'check', '--json'], {
        ...system.settings,
        FEEDS: feeds.join(','),
      });
      expect(
        (JSON.parse(alerts.stdout) as Alert[]).filter(({ key }) => key.startsWith('drift/')),
      ).toMatchObject([
        {
          key: 'drift/products',
          feed: 'products',
          cause: expect.stringMatching(/stale; their entities were queued/) as string,
          command: 'saas-export verify --feed products',
        },
      ]);
      // A partial sync of the schedules may have been faster.
      for (const id of await pending()) {
        await system.fullSync({ feeds: ['products'], ids: [String(id)], idType: 'entityId' });
      }
      await system.expectConverged(feeds);
      const again = await system.run<Found>(WORKFLOW.verifyFeeds, { feeds, rowsPerSecond: 0 });
      expect(again['products']).toMatchObject({ drift: { stale: 0, different: 0, missing: 0 } });
      expect(await driftAlerts(system.store, feeds)).toEqual([]);
    },
  );
});
