import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { FeedItem } from '../src/feeds/feed.js';
import type { FeedName } from '../src/feeds/names.js';
import { feedNamed } from '../src/feeds/registry.js';
import { parseStamp } from '../src/feeds/stamp.js';
import { feedValidator } from '../src/feeds/validation.js';
import { TestSystem } from './system.js';

const FEEDS: readonly FeedName[] = [
  'products',
  'prices',
  'inventoryStockStatus',
  'categories',
  'scopesCustomerGroup',
  'reviews',
  'ratingMetadata',
];

let system: TestSystem;
/** The items of the first full sync, by feed. */
const first = new Map<FeedName, readonly FeedItem[]>();

beforeAll(async () => {
  system = await TestSystem.start({ catalog: { products: 60, storeViews: 3 } });
  await system.startWorker();
  for (const feed of FEEDS) first.set(feed, await sentBySync(feed));
});
afterAll(() => system.stop());

describe('a deletion', () => {
  test.each<FeedName>(['products', 'prices', 'inventoryStockStatus'])(
    'of the feed %s has a stamp of its own, later than that of the item',
    async (feed) => {
      await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id = 2');
      const deletions = await deletionsBySync(feed);
      expect(deletions.length).toBeGreaterThan(0);
      for (const deletion of deletions) {
        const item = itemOf(feed, deletion);
        expect(timeOf(feed, deletion)).toBeGreaterThan(timeOf(feed, item));
      }
      await system.expectConverged([feed]);
    },
  );

  test('of a product that had failed says its id as a number', async () => {
    const [{ id }] = await rows<{ id: number }>(
      `SELECT p.entity_id AS id FROM catalog_product_entity p
       JOIN catalog_product_website w ON w.product_id = p.entity_id
       WHERE p.type_id = 'simple' ORDER BY 1 DESC LIMIT 1`,
    );
    for (const type of ['int', 'varchar', 'text', 'decimal', 'datetime']) {
      await system.shop.query(`DELETE FROM catalog_product_entity_${type} WHERE entity_id = ?`, [
        id,
      ]);
    }
    expect(await deletionsBySync('products')).toEqual([]);
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id = ?', [id]);
    const deletions = await deletionsBySync('products');
    expect(deletions.length).toBeGreaterThan(0);
    for (const deletion of deletions) expect(deletion['productId']).toBe(id);
    await system.expectConverged(['products']);
  });

  test('of a category that was renamed names the URL path that goes', async () => {
    const [{ id }] = await rows<{ id: number }>(
      `SELECT entity_id AS id FROM catalog_category_entity
       WHERE children_count = 0 AND level > 1 ORDER BY 1 DESC LIMIT 1`,
    );
    const before = first.get('categories')!.filter((item) => item['categoryId'] === String(id));
    await system.shop.query(
      `UPDATE catalog_category_entity_varchar v JOIN eav_attribute a USING (attribute_id)
       SET v.value = 'another-key' WHERE a.attribute_code = 'url_key' AND v.entity_id = ?`,
      [id],
    );
    const sent = await sentBySync('categories');
    const deletions = sent.filter((item) => item['deleted'] === true);
    expect(deletions.map((item) => item['urlPath'])).toEqual(before.map((item) => item['urlPath']));
    for (const item of sent) {
      if (item['deleted'] === false) expect(item['urlPath']).toMatch(/another-key$/);
    }
    await system.expectConverged(['categories']);
  });

  test('is sent of a review that is rejected, and of one that is gone', async () => {
    const [rejected, gone] = first.get('reviews')!.map((item) => item['reviewId']);
    await system.shop.query('UPDATE review SET status_id = 3 WHERE review_id = ?', [rejected]);
    await system.shop.query('DELETE FROM review WHERE review_id = ?', [gone]);
    const deletions = await deletionsBySync('reviews');
    expect(deletions.map((item) => item['reviewId']).sort()).toEqual([rejected, gone].sort());
    await system.expectConverged(['reviews']);
  });

  test('is sent of a rating that is switched off, for each store view', async () => {
    const [{ ratingId }] = first.get('ratingMetadata') as [FeedItem];
    const id = Buffer.from(String(ratingId), 'base64').toString();
    await system.shop.query('UPDATE rating SET is_active = 0 WHERE rating_id = ?', [id]);
    const deletions = await deletionsBySync('ratingMetadata');
    const before = first.get('ratingMetadata')!.filter((item) => item['ratingId'] === ratingId);
    expect(deletions.map((item) => item['storeViewCode']).sort()).toEqual(
      before.map((item) => item['storeViewCode']).sort(),
    );
    await system.expectConverged(['ratingMetadata']);
  });

  test('is sent of a customer group by a full sync, with all that was known of it', async () => {
    await system.shop.query('DELETE FROM customer_group WHERE customer_group_id = 3');
    const deletions = await deletionsBySync('scopesCustomerGroup');
    const { modifiedAt: _, ...known } = itemOf('scopesCustomerGroup', { customerGroupId: '3' });
    expect(deletions).toEqual([
      { ...known, deleted: true, modifiedAt: expect.any(String) as string },
    ]);
    await system.expectConverged(['scopesCustomerGroup']);
  });

  test('is not forgotten when everything else is sent anew', async () => {
    await system.shop.query('DELETE FROM catalog_product_entity WHERE entity_id = 3');
    const sent = await sentBySync('prices', true);
    const deletions = sent.filter((item) => item['deleted'] === true);
    const gone = first.get('prices')!.filter((item) => item['productId'] === 3);
    expect(gone.length).toBeGreaterThan(0);
    for (const { sku } of gone) expect(deletions.map((item) => item['sku'])).toContain(sku);
    await system.expectConverged(['prices']);
  });

  test('is sent of a product’s stock whose source items are removed, with the last quantities', async () => {
    const item = first
      .get('inventoryStockStatus')!
      .find(({ stockId, productId }) => stockId === '1' && productId !== 2)!;
    await system.shop.query(
      `DELETE FROM inventory_source_item WHERE source_code = 'default' AND sku = ?`,
      [item['sku']],
    );
    const { productId: _, updatedAt: __, ...known } = item;
    expect(await deletionsBySync('inventoryStockStatus')).toContainEqual({
      ...known,
      deleted: true,
      updatedAt: expect.any(String) as string,
    });
    await system.expectConverged(['inventoryStockStatus']);
  });
});

/** Runs a full sync of the feed and returns what it sent; every item keeps the contract. */
async function sentBySync(feed: FeedName, cleanupFeed = false): Promise<FeedItem[]> {
  const before = system.proxy.requests.length;
  const result = await system.fullSync({ feeds: [feed], cleanupFeed });
  expect(result.feeds[feed]?.counts).toMatchObject({ rejected: 0 });
  const sent = system.proxy.requests.slice(before).flatMap((request) => request.items());
  const validate = feedValidator(feedNamed(feed));
  expect(sent.flatMap((item) => validate(item))).toEqual([]);
  return sent;
}

async function deletionsBySync(feed: FeedName): Promise<FeedItem[]> {
  return (await sentBySync(feed)).filter((item) => item['deleted'] === true);
}

/** The item of the first full sync with the identity of another one. */
function itemOf(feed: FeedName, other: FeedItem): FeedItem {
  const { identity } = feedNamed(feed);
  const item = first
    .get(feed)!
    .find((each) => identity.every((field) => each[field] === other[field]));
  return item!;
}

function timeOf(feed: FeedName, item: FeedItem): number {
  return parseStamp(String(item[feedNamed(feed).stamp.field]))!.getTime();
}

async function rows<Row>(sql: string): Promise<[Row, ...Row[]]> {
  const [found] = await system.shop.query(sql);
  return found as [Row, ...Row[]];
}
