import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { isCaptured } from '../src/commerce/capture/family.js';
import { DEFAULT_FEED_SETTINGS, type Feed } from '../src/feeds/feed.js';
import type { FeedName } from '../src/feeds/names.js';
import { allFeeds, watchedTables } from '../src/feeds/registry.js';
import type { Edition } from '../src/sandbox/catalog/options.js';
import { countedOf } from './captured-rows.js';
import { allColumns, columnsRead, type Columns } from './columns-read.js';
import { ItemImages } from './item-images.js';
import { TestShop } from './test-shop.js';

/** Tables that are read and need not be watched by any feed. */
const CONSTANT = [
  // Made by the installer: kinds of things that Commerce’s code knows.
  'eav_entity_type',
  'review_entity',
  // Each id once, where a full sync finds them; the entity’s own row comes and goes with it.
  'sequence_product',
  'sequence_catalog_category',
];

/**
 * Tables that every feed reads with the shop, and some make nothing of: their items have no scopes,
 * settings, attributes or versions in them.
 */
const WITHOUT_MEANING: Partial<Readonly<Record<FeedName, readonly string[]>>> = {
  productAttributes: ['core_config_data', 'flag'],
  scopesCustomerGroup: ['core_config_data', 'eav_attribute', 'flag', 'store', 'store_group'],
  scopesWebsite: ['core_config_data', 'eav_attribute', 'flag'],
  productOverrides: ['eav_attribute'],
  variants: ['core_config_data'],
  categoryPermissions: ['eav_attribute'],
  inventoryStockStatus: ['eav_attribute'],
  // Of products they show the SKU alone, which is not staged.
  orders: ['eav_attribute', 'flag'],
  reviews: ['core_config_data', 'eav_attribute', 'flag'],
  ratingMetadata: ['core_config_data', 'eav_attribute', 'flag'],
};

/** Columns that may change without a word: nobody changes ids, and these are no content. */
const FREE = [
  'catalog_product_entity.entity_id',
  'catalog_product_entity.updated_at',
  'catalog_category_entity.entity_id',
  'catalog_category_entity.updated_at',
];

/** Columns that a feed reads and makes nothing of, as above. */
const FREE_FOR: Partial<Readonly<Record<FeedName, readonly string[]>>> = {
  variants: [
    ...['code', 'group_id', 'website_id'].map((column) => `store.${column}`),
    ...['code', 'root_category_id', 'default_store_id'].map((column) => `store_group.${column}`),
    ...['code', 'is_default', 'default_group_id'].map((column) => `store_website.${column}`),
  ],
  orders: ['catalog_product_entity.created_in', 'catalog_product_entity.updated_in'],
  // A place in the order of pages has this name, too.
  categoryPermissions: ['catalog_category_entity.position'],
};

describe.each<readonly [Edition, string]>([
  ['open-source', ''],
  ['commerce', 'm2_'],
])('a shop (%s)', (edition, tablePrefix) => {
  let shop: TestShop;
  let primaryKeys: ReadonlySet<string>;
  const readBy = new Map<FeedName, Columns>();

  beforeAll(async () => {
    shop = await TestShop.generated({ products: 80, edition, tablePrefix });
    const keys = await shop.rows<{ name: string }>(
      `SELECT CONCAT(SUBSTRING(table_name, ${tablePrefix.length + 1}), '.', column_name) AS name
       FROM information_schema.columns
       WHERE table_schema = DATABASE() AND column_key = 'PRI'`,
    );
    primaryKeys = new Set(keys.map(({ name }) => name));
    const images = new ItemImages(shop.url, {
      tablePrefix,
      clock: () => new Date('2026-06-15T12:00:00Z'),
      settings: { ...DEFAULT_FEED_SETTINGS, extraProductAttributes: true },
    });
    const columns = await allColumns(shop, tablePrefix);
    for (const feed of allFeeds()) {
      const work = (): Promise<unknown> => images.differences([feed]);
      readBy.set(feed.name, await columnsRead(work, columns, tablePrefix));
    }
    await images.close();
  });
  afterAll(() => shop.close());

  test.each(allFeeds())('has all tables watched that $name reads', (feed) => {
    const tables = [...tablesOf(feed)];
    expect(tables.length).toBeGreaterThan(0);
    const unwatched = tables.filter((table) => !isWatchedBy(feed, table)).sort();
    const allowed = [...CONSTANT, ...(WITHOUT_MEANING[feed.name] ?? [])];
    expect(unwatched.filter((table) => !allowed.includes(table))).toEqual([]);
  });

  test.each(allFeeds())('has no table excused that $name watches', (feed) => {
    const excused = [...CONSTANT, ...(WITHOUT_MEANING[feed.name] ?? [])];
    expect(excused.filter((table) => isWatchedBy(feed, table))).toEqual([]);
  });

  test.each(allFeeds())('has all columns counted that $name reads', (feed) => {
    const uncounted: string[] = [];
    for (const [table, columns] of readBy.get(feed.name) ?? []) {
      const watches = feed.watches.filter((watched) => isCaptured(watched, table));
      if (watches.length === 0) continue;
      for (const column of columns) {
        const counts = watches.some((watched) => countedOf(watched, [column]).includes(column));
        if (!counts) uncounted.push(`${table}.${column}`);
      }
    }
    const free = [...primaryKeys, ...FREE, ...(FREE_FOR[feed.name] ?? [])];
    expect(uncounted.filter((column) => !free.includes(column))).toEqual([]);
  });

  function tablesOf(feed: Feed): Iterable<string> {
    return readBy.get(feed.name)?.keys() ?? [];
  }
});

test('a change needs at most three numbers and one text to be noted, for all feeds that watch its table', () => {
  const keys = new Map<string, Set<string>>();
  for (const { table, key } of watchedTables()) {
    keys.set(table, new Set([...(keys.get(table) ?? []), ...key]));
  }
  expect(keys.size).toBeGreaterThan(90);
  const tooLong = [...keys].filter(([, columns]) => {
    const texts = [...columns].filter((column) => TEXTS.includes(column)).length;
    return texts > 1 || columns.size - texts > 3;
  });
  expect(tooLong).toEqual([]);
});

test('all feeds that watch an index agree on how its content is compared', () => {
  const compared = new Map<string, Set<string>>();
  for (const { table, swapped } of watchedTables()) {
    compared.set(table, new Set([...(compared.get(table) ?? []), JSON.stringify(swapped)]));
  }
  expect([...compared].filter(([, ways]) => ways.size > 1)).toEqual([]);
});

const TEXTS = ['attribute_code', 'entity_type', 'flag_code', 'path', 'sku', 'source_code', 'type'];

function isWatchedBy(feed: Feed, table: string): boolean {
  return feed.watches.some((watched) => isCaptured(watched, table));
}
