import { describe, expect, test } from 'vitest';

import { addItems, append, type PricedProduct, type PriceItem } from './assemble.js';
import type { TierRow } from './offer.js';

const base = { id: 1, code: 'base', hasStoreViews: true };
const bare = { id: 3, code: 'bare', hasStoreViews: false };

/** Group ids instead of their hashes. */
const groupCode = (groupId: number): string => `group ${groupId}`;

interface Row {
  readonly group?: number;
  readonly website?: number;
  readonly qty: number;
  readonly price?: number;
  readonly percent?: number;
}

function tierRows(rows: readonly Row[]): Map<number, TierRow[]> {
  const tiers = new Map<number, TierRow[]>();
  for (const { group, website = 0, qty, price = 0, percent } of rows) {
    append(tiers, website, {
      groupId: group,
      qty,
      amount: percent ?? price,
      percent: percent !== undefined,
    });
  }
  return tiers;
}

function product(changes: Partial<PricedProduct> = {}): PricedProduct {
  return {
    id: 7,
    sku: '24-MB01',
    type: 'SIMPLE',
    prices: { regular: 34, special: null, inWebsites: undefined },
    websiteIds: [1],
    parents: undefined,
    tiers: undefined,
    rules: undefined,
    ...changes,
  };
}

function itemsOf(changes: Partial<PricedProduct>, website = base): PriceItem[] {
  const items: PriceItem[] = [];
  addItems(items, product(changes), website, groupCode);
  return items;
}

/** What tells the items apart: group, discounts, tiers. */
function offers(changes: Partial<PricedProduct>, website = base): unknown[] {
  return itemsOf(changes, website).map(({ customerGroupCode, discounts, tierPrices }) =>
    tierPrices === undefined
      ? [customerGroupCode, discounts]
      : [customerGroupCode, discounts, tierPrices],
  );
}

describe('the items of a product in a website', () => {
  test('a product with a price alone has one item, whose keys stand in the order of the hash', () => {
    const items = itemsOf({});
    expect(JSON.stringify(items)).toBe(
      '[{"productId":7,"sku":"24-MB01","type":"SIMPLE","customerGroupCode":"0","websiteCode":"base","regular":34,"discounts":null}]',
    );
  });

  test('all fields at once stand in the order of the hash', () => {
    const [item] = itemsOf({
      parents: [{ item: { type: 'GROUPED', sku: 'set' }, websiteIds: [1] }],
      prices: { regular: 34, special: 30, inWebsites: undefined },
      tiers: tierRows([{ qty: 2, price: 25 }]),
    });
    expect(Object.keys(item ?? {})).toEqual([
      ...['productId', 'sku', 'type', 'customerGroupCode', 'websiteCode', 'parents', 'regular'],
      ...['discounts', 'tierPrices'],
    ]);
  });

  test('parents are listed in websites they are assigned to, and absent where there is none', () => {
    const parents = [
      { item: { type: 'CONFIGURABLE', sku: 'shirt' }, websiteIds: [1, 2] },
      { item: { type: 'BUNDLE', sku: 'kit' }, websiteIds: [2] },
    ] as const;
    expect(itemsOf({ parents })[0]?.parents).toEqual([{ type: 'CONFIGURABLE', sku: 'shirt' }]);
    expect(itemsOf({ parents }, bare)[0]).not.toHaveProperty('parents');
  });

  test.each([
    ['SIMPLE', { code: 'special_price', price: 80.5 }],
    ['BUNDLE_FIXED', { code: 'special_price', percentage: 80.5 }],
    ['BUNDLE_DYNAMIC', { code: 'special_price', percentage: 80.5 }],
  ] as const)('the special price of a product of type %s is %o', (type, discount) => {
    const prices = { regular: 34, special: 80.5, inWebsites: undefined };
    expect(itemsOf({ type, prices })[0]?.discounts).toEqual([discount]);
  });

  test('rows for all groups make the fallback: 1 piece a group price, more a tier, less nothing', () => {
    const tiers = tierRows([
      { qty: 10, percent: 15 },
      { qty: 0.5, price: 40 },
      { qty: 1, price: 0 },
      { qty: 1.5, price: 29 },
    ]);
    expect(offers({ tiers })).toEqual([
      [
        '0',
        [{ code: 'group', price: 0 }],
        [
          { qty: 1.5, price: 29 },
          { qty: 10, percentage: 15 },
        ],
      ],
    ]);
  });

  test('a group inherits the fallback and replaces what has the same quantity, even if worse', () => {
    const tiers = tierRows([
      { group: 4, qty: 5, price: 33 },
      { group: 4, qty: 1, percent: 12 },
      { qty: 5, percent: 20 },
      { qty: 10, percent: 30 },
      { qty: 1, price: 31 },
    ]);
    const prices = { regular: 34, special: 32, inWebsites: undefined };
    expect(offers({ tiers, prices })).toEqual([
      [
        '0',
        [
          { code: 'special_price', price: 32 },
          { code: 'group', price: 31 },
        ],
        [
          { qty: 5, percentage: 20 },
          { qty: 10, percentage: 30 },
        ],
      ],
      [
        'group 4',
        [
          { code: 'special_price', price: 32 },
          { code: 'group', percentage: 12 },
        ],
        [
          { qty: 5, price: 33 },
          { qty: 10, percentage: 30 },
        ],
      ],
    ]);
  });

  test('a row for the website replaces one for all websites, whichever comes first', () => {
    const rows = [
      { website: 1, qty: 5, price: 20 },
      { qty: 5, price: 10 },
      { website: 1, group: 2, qty: 1, price: 25 },
      { group: 2, qty: 1, price: 15 },
      { website: 2, qty: 7, price: 1 },
    ];
    const expected = [
      ['0', null, [{ qty: 5, price: 20 }]],
      ['group 2', [{ code: 'group', price: 25 }], [{ qty: 5, price: 20 }]],
    ];
    expect(offers({ tiers: tierRows(rows) })).toEqual(expected);
    expect(offers({ tiers: tierRows(rows.toReversed()) })).toEqual(expected);
  });

  test('rows for all websites do not count where there is no store view; its own do', () => {
    const tiers = tierRows([
      { qty: 5, price: 10 },
      { group: 2, qty: 1, price: 15 },
      { group: 3, website: 3, qty: 1, price: 16 },
    ]);
    expect(offers({ tiers }, bare)).toEqual([
      ['0', null],
      ['group 3', [{ code: 'group', price: 16 }]],
    ]);
  });

  test('a group row that adds nothing makes an item all the same', () => {
    expect(offers({ tiers: tierRows([{ group: 2, qty: 0.5, price: 9 }]) })).toEqual([
      ['0', null],
      ['group 2', null],
    ]);
  });

  test('group 0 is a group, not the fallback', () => {
    expect(offers({ tiers: tierRows([{ group: 0, qty: 1, price: 9 }]) })).toEqual([
      ['0', null],
      ['group 0', [{ code: 'group', price: 9 }]],
    ]);
  });

  test('rule prices come last, make items of their own, and leave the fallback alone', () => {
    const prices = { regular: 34, special: 32, inWebsites: undefined };
    const special = { code: 'special_price', price: 32 };
    const rules = new Map([
      [
        1,
        [
          { groupId: 0, price: 27.2 },
          { groupId: 2, price: 26 },
        ],
      ],
      [2, [{ groupId: 3, price: 1 }]],
    ]);
    expect(offers({ prices, rules })).toEqual([
      ['0', [special]],
      ['group 0', [special, { code: 'catalog_rule', price: 27.2 }]],
      ['group 2', [special, { code: 'catalog_rule', price: 26 }]],
    ]);
    expect(offers({ prices, rules, tiers: tierRows([{ group: 2, qty: 1, price: 30 }]) })).toEqual([
      ['0', [special]],
      ['group 2', [special, { code: 'group', price: 30 }, { code: 'catalog_rule', price: 26 }]],
      ['group 0', [special, { code: 'catalog_rule', price: 27.2 }]],
    ]);
  });

  test('every row keeps its own kind, in whatever order fixed prices and percentages come', () => {
    const rows = [
      { qty: 2, percent: 10 },
      { qty: 3, price: 20 },
      { qty: 4, percent: 30 },
    ];
    const expected = [
      [
        '0',
        null,
        [
          { qty: 2, percentage: 10 },
          { qty: 3, price: 20 },
          { qty: 4, percentage: 30 },
        ],
      ],
    ];
    expect(offers({ tiers: tierRows(rows) })).toEqual(expected);
    expect(offers({ tiers: tierRows(rows.toReversed()) })).toEqual(expected);
  });

  test('tiers are by ascending quantity, however many there are and in whatever order they come', () => {
    const rows = Array.from({ length: 300 }, (_, at) => ({ qty: 301 - at, price: at + 1 }));
    const [item] = itemsOf({ tiers: tierRows(rows) });
    expect(item?.tierPrices).toEqual(rows.toReversed().map(({ qty, price }) => ({ qty, price })));
  });

  test('an item has all its parts, wherever its rows come from', () => {
    const tiers = tierRows([
      { qty: 5, percent: 5 },
      { group: 2, qty: 1, price: 30 },
      { group: 2, website: 1, qty: 10, percent: 20 },
    ]);
    const rules = new Map([[1, [{ groupId: 2, price: 26 }]]]);
    const prices = { regular: 34, special: 32, inWebsites: undefined };
    expect(offers({ tiers, rules, prices })[1]).toEqual([
      'group 2',
      [
        { code: 'special_price', price: 32 },
        { code: 'group', price: 30 },
        { code: 'catalog_rule', price: 26 },
      ],
      [
        { qty: 5, percentage: 5 },
        { qty: 10, percentage: 20 },
      ],
    ]);
  });
});
