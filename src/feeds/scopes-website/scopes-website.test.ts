import { beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../../test/test-shop.js';
import { websiteItems } from './collect.js';
import { scopesWebsite } from './feed.js';
import { websiteToWire } from './wire.js';

describe('the feed scopesWebsite', () => {
  let shop: TestShop;

  beforeAll(async () => {
    shop = await TestShop.bare({ tables: [] });
    await shop.insert('store_website', [
      { website_id: 1, code: 'base', sort_order: 9 },
      { website_id: 2, code: 'alpha', sort_order: 1 },
      { website_id: 3, code: 'mid', sort_order: 0 },
    ]);
    await shop.insert('store_group', [
      { group_id: 3, website_id: 1, code: 'second', name: 'Second' },
      { group_id: 1, website_id: 1, code: 'main', name: 'Main' },
      { group_id: 2, website_id: 3, code: 'mid_store', name: 'Mid' },
    ]);
    await shop.insert('store', [
      // The group decides, whatever the store view's own website is.
      { store_id: 5, code: 'moved', group_id: 1, website_id: 3, name: '', sort_order: 0 },
      { store_id: 2, code: 'second_en', group_id: 3, website_id: 1, name: '', sort_order: 0 },
      { store_id: 1, code: 'default', group_id: 1, website_id: 1, name: '', sort_order: 8 },
    ]);
    return () => shop.close();
  });

  test('lists websites, groups and store views by id, inactive ones too, never the admin', async () => {
    expect((await shop.collect(scopesWebsite)).items).toEqual([
      {
        websiteId: '1',
        websiteCode: 'base',
        stores: [
          {
            storeId: '1',
            storeCode: 'main',
            storeViews: [
              { storeViewId: '1', storeViewCode: 'default' },
              { storeViewId: '5', storeViewCode: 'moved' },
            ],
          },
          {
            storeId: '3',
            storeCode: 'second',
            storeViews: [{ storeViewId: '2', storeViewCode: 'second_en' }],
          },
        ],
      },
      { websiteId: '2', websiteCode: 'alpha', stores: null },
      {
        websiteId: '3',
        websiteCode: 'mid',
        stores: [{ storeId: '2', storeCode: 'mid_store', storeViews: null }],
      },
    ]);
  });

  test('covers all websites but the admin in a full sync', async () => {
    expect(await shop.pages(scopesWebsite, 2)).toEqual({
      total: 3,
      pages: [
        { kind: 'range', from: 1, to: 2 },
        { kind: 'range', from: 3, to: 3 },
      ],
    });
    expect(await shop.collect(scopesWebsite, { kind: 'ids', ids: [0] })).toEqual({
      items: [],
      failures: [],
    });
  });

  test('is sent with `deleted` and the stamp', async () => {
    expect(await shop.preview(scopesWebsite, ['2'])).toEqual([
      {
        websiteId: '2',
        websiteCode: 'alpha',
        stores: null,
        deleted: false,
        modifiedAt: '2026-11-21 22:40:09',
      },
    ]);
  });
});

test('codes that are missing in the database are absent', () => {
  expect(websiteItems([[4, null, 5, null, 7, null]])).toEqual([
    { websiteId: '4', stores: [{ storeId: '5', storeViews: [{ storeViewId: '7' }] }] },
  ]);
});

describe('a website on the wire', () => {
  test('is wrapped, has no ids, and its time is RFC 3339', () => {
    const item = {
      websiteId: '2',
      websiteCode: 'eu',
      stores: [
        {
          storeId: '2',
          storeCode: 'eu_store',
          storeViews: [{ storeViewId: '3', storeViewCode: 'eu_de' }],
        },
        { storeId: '4', storeCode: 'empty', storeViews: null },
      ],
      deleted: false,
      modifiedAt: '2026-11-21 22:40:09',
    };
    expect(websiteToWire(item)).toEqual({
      website: {
        websiteCode: 'eu',
        stores: [
          { storeCode: 'eu_store', storeViews: [{ storeViewCode: 'eu_de' }] },
          { storeCode: 'empty', storeViews: [] },
        ],
      },
      updatedAt: '2026-11-21T22:40:09+00:00',
      deleted: false,
    });
  });

  test('keeps that it is deleted', () => {
    const item = { websiteId: '3', websiteCode: 'alpha', stores: null, deleted: true };
    expect(websiteToWire(item)).toEqual({
      website: { websiteCode: 'alpha', stores: [] },
      deleted: true,
    });
  });
});
