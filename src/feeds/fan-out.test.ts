import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../test/test-shop.js';
import type { Change, ChangeKey } from '../commerce/capture/captured-table.js';
import { affectedBy, endsEpoch, type Affected } from './fan-out.js';
import type { Feed, WatchedTable } from './feed.js';
import { inventoryStockStatus } from './inventory-stock-status/feed.js';
import { prices } from './prices/feed.js';
import { productAttributes } from './product-attributes/feed.js';
import { productOverrides } from './product-overrides/feed.js';
import { products } from './products/feed.js';
import { allFeeds } from './registry.js';

const change = (table: string, key: ChangeKey, id = 1): Change => ({
  id,
  table,
  key,
  changedAt: '2026-06-15 12:00:00.000',
});

/** A feed that watches one table. */
const watching = (watched: Omit<WatchedTable, 'key' | 'concerns'>): Feed => ({
  ...prices,
  watches: [{ key: ['entity_id', 'sku'], concerns: 'what it says', ...watched }],
});

describe('the fan-out of changes', () => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await TestShop.generated({ products: 80 });
  });
  afterAll(() => shop.close());

  const affected = (feeds: readonly Feed[], changes: readonly Change[]): Promise<Affected> =>
    shop.inShop((inForce, read) => affectedBy(read, inForce, feeds, changes));

  test('names entities by ascending id, once', async () => {
    const found = await affected(
      [prices],
      [3, 1, 3].map((id) => change('catalog_product_website', { product_id: id })),
    );
    expect(found.entities.get('prices')).toEqual([1, 3]);
    expect(found.wholeFeeds.size).toBe(0);
    expect(found.endsEpoch).toBe(false);
  });

  test('turns SKUs into products, in whatever letters, and gives back those that none has', async () => {
    const [product] = await shop.rows<{ id: number; sku: string }>(
      'SELECT entity_id AS id, sku FROM {catalog_product_entity} LIMIT 1',
    );
    const { entities, skus } = await affected(
      [inventoryStockStatus, products],
      [
        change('inventory_source_item', { sku: product!.sku.toLowerCase() }),
        change('inventory_stock_2', { sku: 'gone' }),
      ],
    );
    expect(entities.get('inventoryStockStatus')).toEqual([product!.id]);
    expect(entities.get('products')).toEqual([]);
    expect([...skus]).toEqual([
      ['inventoryStockStatus', ['gone']],
      ['products', ['gone']],
    ]);
  });

  test('names the whole feed with the reason, and no entities of it', async () => {
    const {
      entities,
      wholeFeeds,
      endsEpoch: ends,
    } = await affected(
      [products, prices],
      [
        change('core_config_data', { path: 'currency/options/base' }),
        change('catalog_product_website', { product_id: 3 }, 2),
      ],
    );
    expect([...wholeFeeds]).toEqual([
      [
        'products',
        'The table core_config_data (currency/options/base) changed, which concerns all products.',
      ],
    ]);
    expect([...entities.keys()]).toEqual(['prices']);
    expect(ends).toBe(true);
  });

  test('overlooks settings that no feed reads', async () => {
    const {
      wholeFeeds,
      entities,
      endsEpoch: ends,
    } = await affected(allFeeds(), [
      change('core_config_data', { path: 'admin/security/session_lifetime' }),
    ]);
    expect(wholeFeeds.size).toBe(0);
    expect([...entities.values()].flat()).toEqual([]);
    expect(ends).toBe(false);
  });

  test('names the whole feed where entities cannot be told, or are more than 10,000', async () => {
    const one = change('catalog_product_entity', { entity_id: 1, sku: 'A' });
    const unknown = watching({
      table: 'catalog_product_entity',
      entities: () => 'SELECT NULL FROM changed c',
    });
    const pairs = (times: number): Feed =>
      watching({
        table: 'catalog_product_entity',
        entities: ({ t }) => `SELECT (a.entity_id * 100 + b.entity_id) * 10 + c.n
          FROM ${t('catalog_product_entity')} a, ${t('catalog_product_entity')} b,
            (SELECT 1 AS n UNION SELECT ${times}) c`,
      });
    expect((await affected([unknown], [one])).wholeFeeds.get('prices')).toBe(
      'The table catalog_product_entity changed, which concerns what it says.',
    );
    expect((await affected([pairs(1)], [one])).entities.get('prices')).toHaveLength(6400);
    expect((await affected([pairs(2)], [one])).wholeFeeds.size).toBe(1);
  });

  test('names the whole feed where too many rows changed to look for each', async () => {
    const changes = (count: number): Change[] =>
      Array.from({ length: count }, (_, at) =>
        change('catalog_product_entity', { entity_id: at, sku: 'A' }, at),
      );
    const feed = watching({
      table: 'catalog_product_entity',
      tooMany: 20,
      entities: () => 'SELECT c.entity_id FROM changed c',
    });
    expect((await affected([feed], changes(19))).entities.get('prices')).toHaveLength(19);
    expect((await affected([feed], changes(20))).wholeFeeds.size).toBe(1);
  });

  test('passes keys to SQL in slices, with texts, NULLs and quotes as they are', async () => {
    const feed = watching({
      table: 'catalog_product_entity',
      entities: () =>
        `SELECT c.entity_id FROM changed c WHERE c.sku IS NULL OR CAST(c.sku AS BINARY) = 'it''s “x”'`,
    });
    const changes = Array.from({ length: 2500 }, (_, at) =>
      change('catalog_product_entity', {
        entity_id: at,
        sku: at % 100 === 0 ? null : at % 100 === 1 ? `it's “x”` : 'other',
      }),
    );
    const before = shop.queries;
    const { entities } = await affected([feed], changes);
    expect(entities.get('prices')).toHaveLength(50);
    expect(shop.queries - before).toBeLessThan(15);
  });

  test('takes as many queries for a thousand changes as for one', async () => {
    const queriesFor = async (count: number): Promise<number> => {
      const changes = Array.from({ length: count }, (_, at) =>
        change('catalog_product_entity_int', { entity_id: at, attribute_id: 97, store_id: 0 }),
      );
      const before = shop.queries;
      await affected(allFeeds(), changes);
      return shop.queries - before;
    };
    expect(await queriesFor(1000)).toBe(await queriesFor(1));
  });

  test('leaves out feeds that this edition does not have', async () => {
    const { wholeFeeds, entities } = await affected(allFeeds(), [
      change('store', { store_id: 1, group_id: 1, website_id: 1 }),
    ]);
    expect([...wholeFeeds.keys(), ...entities.keys()]).not.toContain('productOverrides');
    expect(wholeFeeds.has('productAttributes')).toBe(true);
  });

  test('tells by itself whether an epoch ends, also by a table that is new', async () => {
    await shop.inShop((inForce) => {
      const ends = (table: string, key: ChangeKey): boolean =>
        endsEpoch(inForce, allFeeds(), [change(table, key)]);
      expect(ends('catalog_product_website', { product_id: 1 })).toBe(false);
      expect(ends('inventory_stock_2', { sku: 'A' })).toBe(false);
      expect(ends('inventory_stock_77', { sku: 'A' })).toBe(true);
      expect(ends('eav_attribute_option_value', { option_id: 1 })).toBe(true);
      expect(ends('flag', { flag_code: 'staging' })).toBe(true);
      expect(ends('flag', { flag_code: 'report_bestsellers' })).toBe(false);
      // Of which group's tables the index of permissions consists.
      const group = change('customer_group', { customer_group_id: 4 });
      expect(endsEpoch(inForce, [productOverrides], [group])).toBe(true);
      return Promise.resolve();
    });
  });

  test('asks nothing of the database where keys name the entities', async () => {
    const before = shop.queries;
    await affected([productAttributes], []);
    const idle = shop.queries - before;
    await affected(
      [productAttributes],
      [change('eav_attribute', { attribute_id: 90, entity_type_id: 4, attribute_code: 'x' })],
    );
    expect(shop.queries - before).toBe(2 * idle);
  });
});
