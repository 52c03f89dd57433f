import { describe, expect, test } from 'vitest';

import { DEFAULT_STOCK_ITEM, infiniteStock, type StockItem } from './infinite-stock.js';

/** Changes of the default settings, then whether stock is infinite: configured finite, infinite. */
const cases: readonly [string, Partial<StockItem>, boolean, boolean][] = [
  ['without settings of its own, as configured', {}, false, true],
  [
    'with own “manage stock”, not infinite whatever is configured',
    { useConfigManageStock: false, manageStock: true },
    false,
    false,
  ],
  [
    'without “manage stock” of its own, infinite whatever is configured',
    { useConfigManageStock: false, manageStock: false },
    true,
    true,
  ],
  [
    'with own backorders and an own threshold of 0, infinite',
    { useConfigBackorders: false, backorders: true, useConfigMinQty: false, minQty: 0 },
    true,
    true,
  ],
  [
    'with own backorders and the configured threshold, as configured',
    { useConfigBackorders: false, backorders: true },
    false,
    true,
  ],
  [
    'with own backorders and a threshold below 0, as configured',
    { useConfigBackorders: false, backorders: true, useConfigMinQty: false, minQty: -10 },
    false,
    true,
  ],
  [
    'with own backorders and a threshold above 0, as configured',
    { useConfigBackorders: false, backorders: true, useConfigMinQty: false, minQty: 2.5 },
    false,
    true,
  ],
  [
    'with own “no backorders” and an own threshold, as configured',
    { useConfigBackorders: false, backorders: false, useConfigMinQty: false },
    false,
    true,
  ],
  [
    'with backorders that are not its own, as configured',
    { backorders: true, useConfigMinQty: false },
    false,
    true,
  ],
  [
    'with own “manage stock”, own backorders and an own threshold of 0, infinite',
    {
      ...{ useConfigManageStock: false, manageStock: true },
      ...{ useConfigBackorders: false, backorders: true, useConfigMinQty: false },
    },
    true,
    true,
  ],
];

describe('the stock of a product', () => {
  test.each(cases)('is, %s', (_, settings, whenFinite, whenInfinite) => {
    const item = { ...DEFAULT_STOCK_ITEM, ...settings };
    expect([infiniteStock(item, false), infiniteStock(item, true)]).toEqual([
      whenFinite,
      whenInfinite,
    ]);
  });
});
