import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import mysql from 'mysql2/promise';

import type { VerifyDocument } from '../src/client/commands/verify.js';
import { addRange, NO_FINDINGS } from '../src/activities/verification/drift.js';
import { Pace } from '../src/activities/verification/pace.js';
import { compareService, type ServiceRange } from '../src/activities/verification/service-pass.js';
import {
  verifyFeed,
  type Verification,
  type VerifyOptions,
} from '../src/activities/verification/verify-feed.js';
import { ServiceReader } from '../src/publishing/service-reader.js';
import { CommerceDatabase } from '../src/commerce/database.js';
import { readShop } from '../src/commerce/shop.js';
import { DEFAULT_FEED_SETTINGS } from '../src/feeds/feed.js';
import { feedNamed } from '../src/feeds/registry.js';
import { storedOrderUuids } from '../src/store/order-uuids.js';
import { pendingEntities } from '../src/store/pending.js';
import { runProgram, startProgram } from './program.js';
import { TestSystem } from './system.js';

let system: TestSystem;
let service: mysql.Connection;

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 40, storeViews: 2, websites: 1 } });
  await system.startWorker();
  await system.fullSync({ feeds: ['products', 'prices', 'reviews'] });
  service = await mysql.createConnection(system.serviceDatabaseUrl);
});
afterAll(async () => {
  await service.end();
  await system.stop();
});

type Result = VerifyDocument & { readonly code: number | null };

async function verified(...args: string[]): Promise<Result> {
  const { stdout, stderr, code } = await runProgram(
    ['verify', '--feed', 'products', '--json', ...args],
    system.settings,
  );
  expect(stderr).toBe('');
  return { ...(JSON.parse(stdout) as VerifyDocument), code };
}

const NONE = { missing: 0, stale: 0, surplus: 0, lost: 0, different: 0, unknown: 0 };

/** Stops a comparison once its first range is stored. */
async function interruptedVerify(): Promise<Result> {
  const running = startProgram(
    ['verify', '--feed', 'products', '--json', '--rows-per-second', '1'],
    system.settings,
  );
  await expect
    .poll(
      () =>
        system.store.rows(
          `SELECT 1 FROM ${system.store.t('verification')}
           WHERE feed = 'products' AND position <> '-1'`,
        ),
      { timeout: 60_000, interval: 50 },
    )
    .toHaveLength(1);
  running.interrupt();
  const { stdout, stderr, code } = await running.ended;
  expect(stderr).toBe('');
  return { ...(JSON.parse(stdout) as VerifyDocument), code };
}

async function verifyOptions(commerce: CommerceDatabase): Promise<VerifyOptions> {
  return {
    feed: feedNamed('products'),
    commerce,
    store: system.store,
    context: {
      shop: await commerce.snapshot((read) => readShop(read)),
      clock: () => new Date(),
      settings: DEFAULT_FEED_SETTINGS,
      orderUuids: storedOrderUuids(system.store),
    },
    service: undefined,
    fix: false,
    pace: new Pace(0),
    signal: new AbortController().signal,
  };
}

/** Counts what is asked of the service; `afterPage` is called after each page. */
function countingReader(afterPage: () => void = () => undefined) {
  const requests = { page: 0, item: 0 };
  class CountingReader extends ServiceReader {
    readonly requests = requests;
    override async page(...asked: Parameters<ServiceReader['page']>) {
      requests.page += 1;
      const page = await super.page(...asked);
      afterPage();
      return page;
    }
    override item(...asked: Parameters<ServiceReader['item']>) {
      requests.item += 1;
      return super.item(...asked);
    }
  }
  return new CountingReader({
    serviceUrl: system.settings['SERVICE_URL']!,
    environmentId: system.settings['SERVICE_ENVIRONMENT_ID']!,
    apiKey: system.settings['SERVICE_API_KEY'],
  });
}

/** What a partial sync does with the entities that were queued. */
async function syncQueued(): Promise<void> {
  const queued = await pendingEntities(system.store, 'products', 1000);
  await system.fullSync({
    feeds: ['products'],
    ids: queued.map(({ entityId }) => String(entityId)),
    idType: 'entityId',
  });
  await system.store.run(`DELETE FROM ${system.store.t('pending_entity')}`);
}

describe('verify', () => {
  test('finds nothing in a system that is converged, whatever the mode of the feed', async () => {
    const { stdout, code } = await runProgram(
      ['verify', '--feed', 'products,prices,reviews', '--json', '--rows-per-second', '0'],
      system.settings,
    );
    const document = JSON.parse(stdout) as VerifyDocument;
    expect(code).toBe(0);
    expect(document).toMatchObject({ drift: 0, finished: true });
    for (const feed of document.feeds) {
      expect(feed).toMatchObject({
        service: { readable: true },
        drift: NONE,
        rangesWithDrift: 0,
        onTheirWay: 0,
        finished: true,
      });
      expect(feed.items).toBeGreaterThan(0);
      expect(feed.heldItems).toBe(feed.items);
    }
  });

  test('finds what changed unnoticed, and queues it so that the system converges', async () => {
    const [rows] = await system.shop.query(
      'SELECT entity_id AS id FROM catalog_product_entity ORDER BY entity_id LIMIT 2',
    );
    const [first, second] = rows as { id: number }[];
    await system.shop.query(
      `UPDATE catalog_product_entity_varchar v JOIN eav_attribute a USING (attribute_id)
       SET v.value = 'Changed' WHERE a.attribute_code = 'name' AND v.entity_id = ?`,
      [first!.id],
    );
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id = ?', [second!.id]);
    const found = await verified();
    expect(found.code).toBe(1);
    expect(found.feeds[0]!.drift.stale).toBeGreaterThan(0);
    expect(found.feeds[0]!.drift.surplus).toBeGreaterThan(0);
    expect(found.feeds[0]!.queued).toBe(0);
    expect(await pendingEntities(system.store, 'products', 10)).toEqual([]);

    const fixed = await verified('--fix');
    expect(fixed.drift).toBe(found.drift);
    const queued = (await pendingEntities(system.store, 'products', 10)).map(
      (each) => each.entityId,
    );
    expect(queued).toEqual(expect.arrayContaining([first!.id, second!.id]));
    expect(fixed.feeds[0]!.queued).toBe(queued.length);
    // What is queued is on its way, and no drift any more.
    expect(await verified()).toMatchObject({ drift: 0, code: 0 });
    await syncQueued();
    expect(await verified()).toMatchObject({ drift: 0, feeds: [{ onTheirWay: 0 }] });
    await system.expectConverged(['products']);
  });

  test('finds what the service lost, altered or kept, and has it put right', async () => {
    const feed = `feed = 'products'`;
    const [rows] = await service.query(
      `SELECT item_id AS id FROM ingestion_item WHERE ${feed} AND deleted = 0 ORDER BY item_id LIMIT 3`,
    );
    const [lost, altered, forgotten] = rows as { id: string }[];
    await service.query(`DELETE FROM ingestion_item WHERE ${feed} AND item_id = ?`, [lost!.id]);
    await service.query(
      `UPDATE ingestion_item SET payload = REPLACE(payload, '"name":"', '"name":"Not ')
       WHERE ${feed} AND item_id = ?`,
      [altered!.id],
    );
    // The exporter forgot the item, and the shop does not yield it.
    const [[row]] = (await service.query(
      `SELECT payload FROM ingestion_item WHERE ${feed} AND item_id = ?`,
      [forgotten!.id],
    )) as unknown as [{ payload: string }[]];
    const { productId } = JSON.parse(row!.payload) as { productId: string };
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id = ?', [
      Number(productId),
    ]);
    await system.store.run(
      `DELETE FROM ${system.store.t('cde_products_feed')} WHERE source_entity_id = ?`,
      [Number(productId)],
    );
    const found = await verified('--fix');
    expect(found.feeds[0]!.drift).toMatchObject({ lost: 1, different: 1, missing: 0 });
    expect(found.feeds[0]!.drift.unknown).toBeGreaterThan(0);
    expect(found.feeds[0]!.examples).toContainEqual({
      drift: 'unknown',
      feedId: forgotten!.id,
      entityId: Number(productId),
    });
    await syncQueued();
    expect(await verified()).toMatchObject({ drift: 0, finished: true });
    await system.expectConverged(['products']);
  });

  test('leaves items alone that are on their way', async () => {
    const [row] = await system.store.rows<{ id: number; source_entity_id: number }>(
      `SELECT id, source_entity_id FROM ${system.store.t('cde_products_feed')}
       WHERE is_deleted = 0 LIMIT 1`,
    );
    await system.store.run(
      `UPDATE ${system.store.t('cde_products_feed')} SET status = 2 WHERE id = ?`,
      [row!.id],
    );
    expect(await verified()).toMatchObject({ drift: 0, feeds: [{ onTheirWay: 1 }], code: 0 });
    await system.store.run(
      `UPDATE ${system.store.t('cde_products_feed')} SET status = 200 WHERE id = ?`,
      [row!.id],
    );
  });

  test('goes on where it was stopped', async () => {
    await system.store.run(
      `INSERT INTO ${system.store.t('verification')}
         (feed, pass, position, findings, started_at, updated_at) VALUES
       ('products', 'service', '${'f'.repeat(40)}', '{"ranges":7,"rangesWithDrift":1,"entities":70,"items":140,"heldItems":3,"onTheirWay":0,"drift":{"missing":2,"stale":0,"surplus":0,"lost":0,"different":0,"unknown":0},"examples":[],"queued":0}', NOW(3), NOW(3))`,
    );
    const continued = await verified();
    expect(continued).toMatchObject({
      drift: 2,
      finished: true,
      feeds: [{ ranges: 8, entities: 70, items: 140, heldItems: 3 }],
    });
    // It is finished, so the next one begins anew.
    expect(await verified()).toMatchObject({ drift: 0 });
  });

  test('begins anew with --restart', async () => {
    await system.store.run(
      `INSERT INTO ${system.store.t('verification')}
         (feed, pass, position, findings, started_at, updated_at) VALUES
       ('products', 'source', '9999999', '{}', NOW(3), NOW(3))`,
    );
    expect(await verified('--restart')).toMatchObject({ drift: 0, finished: true });
  });

  test('goes on after Ctrl-C with what it has found, and queues it only where it begins anew', async () => {
    const [rows] = await system.shop.query(
      'SELECT entity_id AS id FROM catalog_product_entity ORDER BY entity_id LIMIT 1',
    );
    const [{ id }] = rows as [{ id: number }];
    const rename = (name: string) =>
      system.shop.query(
        `UPDATE catalog_product_entity_varchar v JOIN eav_attribute a USING (attribute_id)
         SET v.value = ? WHERE a.attribute_code = 'name' AND v.entity_id = ? AND v.store_id = 0`,
        [name, id],
      );
    const [names] = await system.shop.query(
      `SELECT v.value FROM catalog_product_entity_varchar v JOIN eav_attribute a USING (attribute_id)
       WHERE a.attribute_code = 'name' AND v.entity_id = ? AND v.store_id = 0`,
      [id],
    );
    const [{ value: before }] = names as [{ value: string }];
    const whole = await verified('--rows-per-second', '0');
    await rename('Drifted');
    const interrupted = await interruptedVerify();
    expect(interrupted).toMatchObject({ code: 1, finished: false });
    const [found] = interrupted.feeds;
    expect(found!.drift.stale).toBeGreaterThan(0);
    expect(found).toMatchObject({ finished: false, takenOver: false, heldItems: 0 });

    // What was compared before the stop is not compared again, whatever the shop says now.
    await rename(before);
    const resumed = await verified('--rows-per-second', '0');
    const { entities, items, heldItems } = whole.feeds[0]!;
    expect(resumed).toMatchObject({
      drift: found!.drift.stale,
      finished: true,
      feeds: [{ entities, items, heldItems, drift: found!.drift, begunAnew: false, queued: 0 }],
    });

    await rename('Drifted');
    await interruptedVerify();
    const { stdout, stderr } = await runProgram(
      ['verify', '--feed', 'products', '--fix', '--json'],
      system.settings,
    );
    expect(stderr).toContain('products: an earlier comparison did not queue what drifted');
    const queued = await pendingEntities(system.store, 'products', 10);
    expect(queued.map(({ entityId }) => entityId)).toContain(id);
    expect(JSON.parse(stdout)).toMatchObject({
      finished: true,
      feeds: [{ begunAnew: true, queued: queued.length, entities, items }],
    });
    await syncQueued();
    await system.expectConverged(['products']);
  });

  test('ends where another comparison of the feed has begun, which goes on from there', async () => {
    const commerce = new CommerceDatabase({ url: system.settings['COMMERCE_DATABASE_URL']! });
    const options = await verifyOptions(commerce);
    let second: Promise<Verification> | undefined;
    class Overtaken extends Pace {
      override async spend(): Promise<void> {
        await (second ??= verifyFeed(options));
      }
    }
    const first = await verifyFeed({ ...options, pace: new Overtaken(0) });
    expect(first).toMatchObject({ finished: false, takenOver: true });
    expect(await second).toMatchObject({
      finished: true,
      takenOver: false,
      entities: first.entities,
      items: first.items,
    });
    await commerce.close();
  });

  test('compares the feeds that are on, and says of another one that it is off', async () => {
    const settings = { ...system.settings, FEEDS: 'products,reviews' };
    const { stdout, code } = await runProgram(['verify', '--json'], settings);
    const { feeds } = JSON.parse(stdout) as VerifyDocument;
    expect(feeds.map(({ feed }) => feed)).toEqual(['products', 'reviews']);
    expect(code).toBe(0);
    for (const command of ['verify', 'estimate', 'parity-check']) {
      const refused = await runProgram([command, '--feed', 'prices'], settings);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain('Not switched on by FEEDS: prices');
    }
    const estimated = await runProgram(['estimate', '--json'], settings);
    expect(
      (JSON.parse(estimated.stdout) as { feeds: { feed: string }[] }).feeds.map(
        (each) => each.feed,
      ),
    ).toEqual(['products', 'reviews']);
  });

  test('compares shop and state alone where the service cannot be read', async () => {
    const { stdout, code } = await runProgram(['verify', '--feed', 'products', '--json'], {
      ...system.settings,
      SERVICE_URL: 'http://127.0.0.1:1',
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      drift: 0,
      feeds: [{ service: { readable: false }, heldItems: 0 }],
    });
  });

  test('comes to the same in small ranges as in one', async () => {
    const [rows] = await service.query(
      `SELECT item_id AS id FROM ingestion_item WHERE feed = 'products' AND deleted = 0
       ORDER BY item_id`,
    );
    const ids = (rows as { id: string }[]).map(({ id }) => id);
    // Both sides lack some: the service the first, the exporter the last ones.
    await service.query(`UPDATE ingestion_item SET deleted = 1 WHERE item_id IN (?)`, [
      ids.slice(0, 9),
    ]);
    await system.store.run(
      `DELETE FROM ${system.store.t('cde_products_feed')} WHERE feed_id IN (?)`,
      [ids.slice(-9)],
    );
    const commerce = new CommerceDatabase({ url: system.settings['COMMERCE_DATABASE_URL']! });
    const options = await verifyOptions(commerce);
    const reader = countingReader();
    let findings = NO_FINDINGS;
    let read = 0;
    for (let after: string | undefined = ''; after !== undefined;) {
      const range: ServiceRange = await compareService(options, reader, after, {
        items: 7,
        rows: 5,
      });
      findings = addRange(findings, range);
      read += range.read;
      after = range.position;
    }
    await commerce.close();
    expect(findings).toMatchObject({
      heldItems: ids.length - 9,
      drift: { lost: 9, unknown: 9, different: 0 },
    });
    expect(findings.ranges).toBeGreaterThan(ids.length / 7);
    // Each suspect is looked at again with its page, and what is read counts for the pace.
    expect(reader.requests.item).toBe(0);
    expect(reader.requests.page).toBeLessThanOrEqual(2 * findings.ranges);
    expect(read).toBeGreaterThanOrEqual(2 * (ids.length - 9));
  });

  test('stops between the two looks at the service', async () => {
    const commerce = new CommerceDatabase({ url: system.settings['COMMERCE_DATABASE_URL']! });
    const stop = new AbortController();
    const reader = countingReader(() => stop.abort(new Error('told to stop')));
    const options = { ...(await verifyOptions(commerce)), fix: true, signal: stop.signal };
    await expect(compareService(options, reader, '')).rejects.toThrow('told to stop');
    expect(reader.requests.page).toBe(1);
    expect(await pendingEntities(system.store, 'products', 10)).toEqual([]);
    await commerce.close();
  });

  test('prints a table for people', async () => {
    const { stdout } = await runProgram(['verify', '--feed', 'products'], system.settings);
    expect(stdout).toContain('explain products');
    expect(stdout).toMatch(/\d+ items drifted/);
  });
});
