import { beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../../test/test-shop.js';
import { scopesCustomerGroup } from './feed.js';
import { customerGroupToWire } from './wire.js';

const CODES = {
  1: '356a192b7913b04c54574d18c28d46e6395428ab',
  4: '1b6453892473a467d07372d45eb05abc2031647a',
  5: 'ac3478d69a3c81fa62e60f5c3696165a4e5e6ac4',
} as const;

describe('the feed scopesCustomerGroup', () => {
  let shop: TestShop;

  beforeAll(async () => {
    shop = await TestShop.bare({
      tables: ['customer_group', 'customer_group_excluded_website'],
    });
    await shop.insert('store_website', [
      { website_id: 1, code: 'eu' },
      { website_id: 2, code: 'eua' },
      { website_id: 3, code: 'eu_x' },
    ]);
    await shop.insert(
      'customer_group',
      [0, 1, 4, 5].map((id) => ({ customer_group_id: id, customer_group_code: `Group ${id}` })),
    );
    await shop.insert('customer_group_excluded_website', [
      { customer_group_id: 4, website_id: 1 },
      { customer_group_id: 5, website_id: 1 },
      { customer_group_id: 5, website_id: 2 },
      { customer_group_id: 5, website_id: 3 },
    ]);
    return () => shop.close();
  });

  test('names the websites open to a group in the order the database gives their codes', async () => {
    expect((await shop.collect(scopesCustomerGroup)).items).toEqual([
      { customerGroupId: '1', customerGroupCode: CODES[1], websites: ['eu', 'eua', 'eu_x'] },
      { customerGroupId: '4', customerGroupCode: CODES[4], websites: ['eua', 'eu_x'] },
      { customerGroupId: '5', customerGroupCode: CODES[5], websites: null },
    ]);
  });

  test('never exports the group of visitors who are not logged in', async () => {
    expect((await shop.pages(scopesCustomerGroup, 250)).total).toBe(3);
    expect(await shop.preview(scopesCustomerGroup, ['0'])).toEqual([]);
  });
});

test('a customer group on the wire is wrapped, has no id, and its websites are objects', () => {
  const item = {
    customerGroupId: '4',
    customerGroupCode: CODES[4],
    websites: ['base', 'eu'],
    deleted: true,
    modifiedAt: '2026-11-21 22:40:09',
  };
  expect(customerGroupToWire(item)).toEqual({
    customerGroup: {
      customerGroupCode: CODES[4],
      websites: [{ websiteCode: 'base' }, { websiteCode: 'eu' }],
    },
    updatedAt: '2026-11-21T22:40:09+00:00',
    deleted: true,
  });
  expect(customerGroupToWire({ ...item, websites: null })).toMatchObject({
    customerGroup: { websites: [] },
  });
});
