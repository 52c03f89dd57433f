import { join } from 'node:path';

import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { CommerceDatabase } from '../src/commerce/database.js';
import { readShop } from '../src/commerce/shop.js';
import { DEFAULT_FEED_SETTINGS, type Feed } from '../src/feeds/feed.js';
import { shopOrderUuids } from '../src/feeds/orders/uuids.js';
import { previewFeed } from '../src/feeds/preview.js';
import { products } from '../src/feeds/products/feed.js';
import { allFeeds } from '../src/feeds/registry.js';
import { compareFeed } from '../src/sandbox/parity/comparison.js';
import { parseLines, ReferenceFolder } from '../src/sandbox/parity/reference-folder.js';
import { loadDump } from '../src/sandbox/servers/dump.js';
import { freshDatabase } from './servers.js';

const data = process.env['PARITY_DATA'];

describe.skipIf(data === undefined).each(['luma', 'rich'])('the shop %s of PARITY_DATA', (name) => {
  let folder: ReferenceFolder;
  let database: CommerceDatabase;
  let clock: () => Date;

  beforeAll(async () => {
    folder = new ReferenceFolder(join(data!, name));
    const exportedAt = folder.exportedAt()!;
    clock = () => exportedAt;
    const fresh = await freshDatabase(name);
    const connection = await createConnection(fresh.url);
    await connection.query('DROP DATABASE ??', [fresh.name]);
    await connection.end();
    await loadDump(inject('mariadb'), fresh.name, folder.dump, { environment: process.env });
    database = new CommerceDatabase({ url: fresh.url });
  });
  afterAll(() => database.close());

  test.each(allFeeds())('gives the items of the reference exporter: $name', async (feed) => {
    const reference = folder.golden(feed.name);
    if (reference === undefined) {
      expect(feed.requiredTables, 'a feed that every edition has').toBeDefined();
      return;
    }
    const comparison = compareFeed(feed.name, reference, await preview(feed));
    expect(comparison).toMatchObject({ different: 0, missing: 0, extra: 0, paths: [] });
    expect(comparison.equal + comparison.documented).toBe(comparison.reference);
  });

  test('takes as many queries for a page of products whichever and however many they are', async () => {
    const rows = await database.snapshot((read) =>
      read.rows<[number, string]>(
        'SELECT entity_id, type_id FROM catalog_product_entity ORDER BY entity_id',
      ),
    );
    const simple = rows.filter(([, type]) => type === 'simple').map(([id]) => id);
    // Together they have everything that products can have.
    const others = rows.filter(([, type]) => type !== 'simple').map(([id]) => id);
    const most = await queriesFor([...others, ...simple.slice(0, 50)]);
    expect(await queriesFor([...others, ...simple.slice(50, 250)])).toBe(most);
    for (const some of [simple.slice(0, 1), simple.slice(0, 300), others.slice(0, 1)]) {
      expect(await queriesFor(some)).toBeLessThanOrEqual(most);
    }
  });

  async function preview(feed: Feed): Promise<Record<string, unknown>[]> {
    let lines = '';
    await previewFeed(database, feed, {
      clock,
      settings: DEFAULT_FEED_SETTINGS,
      write: (page) => {
        lines += page;
      },
      onFailure: ({ code, message }) => expect.fail(`${code} ${message}`),
    });
    return parseLines(lines);
  }

  async function queriesFor(ids: readonly number[]): Promise<number> {
    return database.snapshot(async (read) => {
      const shop = await readShop(read);
      const context = { shop, clock, settings: DEFAULT_FEED_SETTINGS, orderUuids: shopOrderUuids };
      const collect = await products.open(context, read);
      const before = database.statistics.queries;
      await collect(read, { kind: 'ids', ids });
      return database.statistics.queries - before;
    });
  }
});
