import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../../test/test-shop.js';
import { dateChanges, productsAtDateChange } from './date-changes.js';

describe('when the date changes in a website', () => {
  let shop: TestShop;
  beforeAll(async () => {
    // The websites: base in UTC, eu in Berlin. There are rule prices of 14, 15 and 16 June.
    shop = await TestShop.generated({ products: 80 });
  });
  afterAll(() => shop.close());

  const at = (from: string, to: string) =>
    shop.inShop((inForce, read) => dateChanges(read, inForce, new Date(from), new Date(to)));

  test('it is told by the time zone of each website', async () => {
    expect(await at('2026-06-15T10:00:00Z', '2026-06-15T21:59:59Z')).toEqual([]);
    expect(await at('2026-06-15T21:59:59Z', '2026-06-15T22:00:00Z')).toEqual([
      { websiteId: 2, from: '2026-06-15', to: '2026-06-16' },
    ]);
    expect(await at('2026-06-15T20:00:00Z', '2026-06-16T00:00:00Z')).toEqual([
      { websiteId: 1, from: '2026-06-15', to: '2026-06-16' },
      { websiteId: 2, from: '2026-06-15', to: '2026-06-16' },
    ]);
  });

  test('the products are those whose rule prices are others, came or went', async () => {
    await shop.run('DELETE FROM {catalogrule_product_price}');
    const row = (product: number, date: string, price: number, website = 1) => ({
      product_id: product,
      rule_date: date,
      rule_price: price,
      website_id: website,
      customer_group_id: 1,
    });
    await shop.insert('catalogrule_product_price', [
      ...[row(1, '2026-06-15', 5), row(1, '2026-06-16', 5)],
      ...[row(2, '2026-06-15', 5), row(2, '2026-06-16', 4)],
      row(3, '2026-06-15', 5),
      row(4, '2026-06-16', 5),
      ...[row(5, '2026-06-15', 5, 2), row(5, '2026-06-16', 4, 2)],
      row(6, '2026-06-14', 5),
    ]);
    const found = await shop.inShop(async (inForce, read) => {
      const changes = await dateChanges(
        read,
        inForce,
        new Date('2026-06-15T23:59:00Z'),
        new Date('2026-06-16T00:00:00Z'),
      );
      const sql = productsAtDateChange(inForce, changes);
      return sql === undefined ? [] : read.rows<[number]>(`${sql} ORDER BY product_id`);
    });
    expect(found.flat()).toEqual([2, 3, 4]);
  });

  test('without a change there is nothing to ask', async () => {
    await shop.inShop((inForce) => {
      expect(productsAtDateChange(inForce, [])).toBeUndefined();
      return Promise.resolve();
    });
  });
});
