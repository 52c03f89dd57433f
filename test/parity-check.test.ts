import { join } from 'node:path';

import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { adoptFeed } from '../src/client/parity/adopt.js';
import { parityCheck, type ParityFeed } from '../src/client/parity/parity-check.js';
import { Pace } from '../src/activities/verification/pace.js';
import { verifyFeed } from '../src/activities/verification/verify-feed.js';
import { CommerceDatabase } from '../src/commerce/database.js';
import { readShop } from '../src/commerce/shop.js';
import { DEFAULT_FEED_SETTINGS, type Feed, type FeedContext } from '../src/feeds/feed.js';
import { shopOrderUuids } from '../src/feeds/orders/uuids.js';
import { allFeeds, feedNamed } from '../src/feeds/registry.js';
import { ReferenceFolder } from '../src/sandbox/parity/reference-folder.js';
import { loadDump } from '../src/sandbox/servers/dump.js';
import { migrate } from '../src/store/migrate.js';
import { Store } from '../src/store/store.js';
import { runProgram } from './program.js';
import { fillReferenceTable } from './reference-tables.js';
import { freshDatabase } from './servers.js';

const data = process.env['PARITY_DATA'];
const SPACE = { environmentId: 'e-1', serviceUrl: 'http://service.test' };

describe.skipIf(data === undefined)('beside a state made from the golden files of rich', () => {
  let connection: mysql.Connection;
  let commerce: CommerceDatabase;
  let store: Store;
  let context: FeedContext;
  let url: string;
  const feeds = allFeeds().filter(
    (feed) => feed.requiredTables === undefined || feed.name === 'inventoryStockStatus',
  );

  beforeAll(async () => {
    const folder = new ReferenceFolder(join(data!, 'rich'));
    const exportedAt = folder.exportedAt()!;
    const fresh = await freshDatabase('parity_check');
    const dropping = await mysql.createConnection(fresh.url);
    await dropping.query('DROP DATABASE ??', [fresh.name]);
    await dropping.end();
    await loadDump(inject('mariadb'), fresh.name, folder.dump, { environment: process.env });
    url = fresh.url;
    connection = await mysql.createConnection({
      uri: url,
      timezone: 'Z',
      multipleStatements: true,
    });
    for (const feed of feeds) {
      // A correction adds its field at the end; the exporter writes it before `deleted`.
      const items = folder.golden(feed.name)!.map(({ deleted, ...item }) => ({ ...item, deleted }));
      await fillReferenceTable(connection, feed, items);
    }
    commerce = new CommerceDatabase({ url });
    store = new Store({ databaseUrl: (await freshDatabase('parity_store')).url });
    await migrate(
      store,
      allFeeds().map((feed) => feed.table),
    );
    context = {
      shop: await commerce.snapshot((read) => readShop(read)),
      clock: () => exportedAt,
      settings: DEFAULT_FEED_SETTINGS,
      orderUuids: shopOrderUuids,
    };
  });
  afterAll(() => Promise.all([connection.end(), commerce.close(), store.close()]));

  const checked = (feed: Feed): Promise<ParityFeed> => parityCheck(commerce, feed, context);

  /** The label of a store view's downloadable links is ours alone: docs/differences.md. */
  const meant = (feed: Feed): number => (feed.name === 'products' ? 1 : 0);

  test.each(feeds)('$name has no difference but the one that is meant', async (feed) => {
    const found = await checked(feed);
    expect(found).toMatchObject({ present: true, different: meant(feed), missing: 0, extra: 0 });
    expect(found.examples.map(({ identity }) => identity)).toEqual(
      feed.name === 'products' ? [['RX-DL-1', 'eu_de']] : [],
    );
    expect(found.equal).toBe(found.items - meant(feed));
    expect(found.reference).toBe(found.items);
    expect(found.items).toBeGreaterThan(0);
  });

  test('all of the state of immediate feeds is taken over, and nothing is sent again', async () => {
    for (const feed of feeds) {
      const adopted = await adoptFeed(commerce, store, feed, context, SPACE);
      const { items } = await checked(feed);
      const sent = feed.mode === 'immediate' ? items - meant(feed) : 0;
      expect(adopted).toEqual({
        feed: feed.name,
        present: true,
        sent,
        toSend: items - sent,
        toDelete: 0,
      });
      expect(await wouldSend(feed)).toBe(0);
    }
  });

  /** Items that a full sync would send and that nobody knew to be on their way. */
  async function wouldSend(feed: Feed): Promise<number> {
    const { drift } = await verifyFeed({
      feed,
      commerce,
      store,
      context,
      service: undefined,
      fix: false,
      pace: new Pace(0),
      signal: new AbortController().signal,
    });
    return drift.missing + drift.stale + drift.surplus;
  }

  test('each of fifty planted differences is found, with its reason', async () => {
    const products = feedNamed('products');
    const prices = feedNamed('prices');
    const rows = async (
      table: string,
    ): Promise<{ id: number; feed_id: string; source: number }[]> => {
      const [found] = await connection.query(
        'SELECT id, feed_id, source_entity_id AS source FROM ?? ORDER BY RAND(7), id',
        [table],
      );
      return found as { id: number; feed_id: string; source: number }[];
    };
    const product = await rows(products.table);
    const price = await rows(prices.table);
    const planted = {
      // Sent with other content than ours.
      'other content': product.slice(0, 15),
      // Never sent.
      'the module never sent it': product.slice(15, 25),
      'the module counts it as deleted': product.slice(25, 30),
      'the module failed to send it': price.slice(0, 10),
      // Sent, and the shop yields none of them.
      'the shop yields it no more': Array.from({ length: 10 }, (_, index) => ({
        feed_id: String(index).padStart(40, 'f'),
      })),
    };
    const ids = (list: readonly { id: number }[]): number[] => list.map(({ id }) => id);
    await connection.query(
      `UPDATE ?? SET feed_hash = SHA1(id) WHERE id IN (?);
       DELETE FROM ?? WHERE id IN (?);
       UPDATE ?? SET is_deleted = 1 WHERE id IN (?);
       UPDATE ?? SET status = 2, feed_hash = '' WHERE id IN (?)`,
      [
        ...[products.table, ids(planted['other content'])],
        ...[products.table, ids(planted['the module never sent it'])],
        ...[products.table, ids(planted['the module counts it as deleted'])],
        ...[prices.table, ids(planted['the module failed to send it'])],
      ],
    );
    for (const { feed_id } of planted['the shop yields it no more']) {
      await connection.query(
        `INSERT INTO ?? (source_entity_id, feed_id, modified_at, is_deleted, status, feed_data, feed_hash)
         VALUES (999999, ?, NOW(), 0, 200, '{"sku":"GONE","storeViewCode":"default"}', '')`,
        [products.table, feed_id],
      );
    }
    const inProducts = await checked(products);
    const inPrices = await checked(prices);
    const found = [...inProducts.examples, ...inPrices.examples];
    // The one that is meant comes on top.
    expect(found.length).toBe(51);
    const own = found.findIndex(({ identity }) => identity.join() === 'RX-DL-1,eu_de');
    found.splice(own, 1);
    for (const [reason, expected] of Object.entries(planted)) {
      expect(
        found
          .filter((each) => each.reason === reason)
          .map(({ feedId }) => feedId)
          .sort(),
        reason,
      ).toEqual(expected.map(({ feed_id }) => feed_id).sort());
    }
    expect(inProducts).toMatchObject({ different: 16, missing: 15, extra: 10 });
    expect(inPrices).toMatchObject({ different: 10, missing: 0, extra: 0 });

    for (const feed of [products, prices]) {
      await store.run(`DELETE FROM ${store.t(feed.table)}`);
    }
    const adopted = await adoptFeed(commerce, store, products, context, SPACE);
    expect(adopted).toMatchObject({ toSend: 21, toDelete: 10 });
    expect(await adoptFeed(commerce, store, prices, context, SPACE)).toMatchObject({ toSend: 10 });
  });

  test('a change that is in the changelog of the module is told as such', async () => {
    const variants = feedNamed('variants');
    await connection.query(
      `CREATE TABLE IF NOT EXISTS mview_state (state_id INT AUTO_INCREMENT PRIMARY KEY,
         view_id VARCHAR(255), version_id INT UNSIGNED);
       DELETE FROM mview_state WHERE view_id = '${variants.table}';
       INSERT INTO mview_state (view_id, version_id) VALUES ('${variants.table}', 7);
       CREATE TABLE ${variants.table}_cl (version_id INT UNSIGNED PRIMARY KEY, entity_id INT UNSIGNED)`,
    );
    const [rows] = await connection.query(
      'SELECT id, source_entity_id AS source FROM ?? ORDER BY id LIMIT 2',
      [variants.table],
    );
    const [waits, waited] = rows as { id: number; source: number }[];
    await connection.query('INSERT INTO ?? VALUES (8, ?), (7, ?)', [
      `${variants.table}_cl`,
      waits!.source,
      waited!.source,
    ]);
    await connection.query(`UPDATE ?? SET feed_hash = '' WHERE id IN (?)`, [
      variants.table,
      [waits!.id, waited!.id],
    ]);
    const shop = await commerce.snapshot((read) => readShop(read));
    const found = await parityCheck(commerce, variants, { ...context, shop });
    expect(found.reasons).toEqual({
      'the module has not exported the change yet': 1,
      'other content': 1,
    });
  });

  test('the command tells differences with exit code 1', async () => {
    const { stdout, code } = await runProgram([
      'parity-check',
      '--feed',
      'variants,categories',
      '--json',
      '--database-url',
      url,
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      differences: 2,
      feeds: [
        { feed: 'variants', different: 2 },
        { feed: 'categories', different: 0 },
      ],
    });
  });
});
