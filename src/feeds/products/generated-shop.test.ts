import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { TestShop } from '../../../test/test-shop.js';
import type { Selection } from '../../commerce/selection.js';
import type { Edition } from '../../sandbox/catalog/options.js';
import { preparePage, type PreparedItem } from '../item.js';
import { feedValidator } from '../validation.js';
import { products } from './feed.js';

const shops: readonly (readonly [Edition, string])[] = [
  ['open-source', ''],
  ['commerce', 'm2_'],
];

describe.each(shops)('products of a generated shop (%s)', (edition, tablePrefix) => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await TestShop.generated({ products: 160, edition, tablePrefix });
  });
  afterAll(() => shop.close());

  const prepared = async (selection?: Selection): Promise<PreparedItem[]> => {
    const { items, failures } = preparePage(products, await shop.collect(products, selection));
    expect(failures).toEqual([]);
    return items.toSorted((a, b) => (a.feedId < b.feedId ? -1 : 1));
  };

  test('conform to the contract, and are of every type', async () => {
    const { items } = await shop.collect(products);
    const validate = feedValidator(products);
    const stamp = { deleted: false, modifiedAt: '2026-11-21 22:40:05' };
    expect(items.flatMap((item) => validate({ ...item, ...stamp }))).toEqual([]);
    const types = new Set(items.map((item) => item['type']));
    const expected = ['simple', 'virtual', 'configurable', 'grouped', 'downloadable', 'bundle'];
    expect([...types]).toEqual(expect.arrayContaining(expected));
  });

  test('are the same whether a page is a range or a list of ids', async () => {
    const ids = Array.from({ length: 200 }, (_, at) => at + 1);
    const whole = await prepared();
    expect(whole.length).toBeGreaterThan(300);
    expect(await prepared({ kind: 'ids', ids })).toEqual(whole);
    const few = ids.filter((id) => id % 7 === 0);
    expect(await prepared({ kind: 'ids', ids: few })).toEqual(
      whole.filter(({ sourceId }) => few.includes(sourceId)),
    );
  });

  test('cost the same queries however many are on a page', async () => {
    const queriesFor = async (to: number): Promise<number> => {
      const before = shop.queries;
      await shop.collect(products, { kind: 'range', from: 1, to });
      return shop.queries - before;
    };
    expect(await queriesFor(160)).toBe(await queriesFor(80));
  });
});
