import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { affectedBy } from '../src/feeds/fan-out.js';
import { allFeeds, watchedTables } from '../src/feeds/registry.js';
import type { Edition } from '../src/sandbox/catalog/options.js';
import { CapturedRows } from './captured-rows.js';
import { isFound, ItemImages } from './item-images.js';
import { pick, shopChanges, type Picks } from './shop-changes.js';
import { TestShop } from './test-shop.js';

const editions: readonly (readonly [Edition, string])[] = [
  ['open-source', ''],
  ['commerce', 'm2_'],
];
const watches = watchedTables();

describe.each(editions)('after a change of a shop (%s)', (edition, tablePrefix) => {
  let shop: TestShop;
  let connection: Connection;
  let picks: Picks;
  let rows: CapturedRows;
  let images: ItemImages;

  beforeAll(async () => {
    shop = await TestShop.generated({ products: 80, edition, tablePrefix });
    connection = await createConnection(shop.url);
    picks = await pick(shop, edition);
    rows = await CapturedRows.read(connection, watches, tablePrefix);
    images = new ItemImages(shop.url, {
      tablePrefix,
      clock: () => new Date('2026-06-15T12:00:00Z'),
    });
    await images.differences(allFeeds());
  });
  afterAll(async () => {
    await images.close();
    await connection.end();
    await shop.close();
  });

  test('each item that differs belongs to an entity that the change is said to concern', async () => {
    const missed = new Set<string>();
    const vain: string[] = [];
    for (const change of shopChanges(picks)) {
      if (change.edition !== undefined && change.edition !== edition) continue;
      for (const sql of change.sql) await shop.run(sql.replaceAll('{link}', picks.link));
      const changes = await rows.changes();
      const affected = await shop.inShop((inForce, read) =>
        affectedBy(read, inForce, allFeeds(), changes),
      );
      const differences = await images.differences(allFeeds());
      for (const difference of differences) {
        const { feed, identity } = difference;
        if (!isFound(difference, affected)) missed.add(`${change.name}: ${feed} ${identity}`);
      }
      const changed = new Set(differences.map(({ feed }) => feed));
      for (const feed of change.changes) {
        if (!changed.has(feed)) vain.push(`${change.name}: ${feed}`);
      }
    }
    expect({ missed: [...missed], vain }).toEqual({ missed: [], vain: [] });
  }, 120_000);
});
