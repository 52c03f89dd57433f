import { describe, expect, test } from 'vitest';

import { websitePrice, type StoreViewAmount } from './website-price.js';

const price = (storeId: number, amount: number | null): StoreViewAmount => ({
  storeId,
  special: false,
  amount,
});
const special = (storeId: number, amount: number | null): StoreViewAmount => ({
  storeId,
  special: true,
  amount,
});

const BASE = 1;
const EU = 2;

interface Case {
  readonly says: string;
  readonly regular: number | null;
  readonly special: number | null;
  /** Rows at store views of the website that is asked for. */
  readonly rows: readonly StoreViewAmount[];
  readonly gives: { readonly regular: number; readonly special: number | null };
}

const cases: readonly Case[] = [
  {
    says: 'a product without any row costs 0',
    ...{ regular: null, special: null, rows: [] },
    gives: { regular: 0, special: null },
  },
  {
    says: 'default rows count in every website',
    ...{ regular: 34, special: 29.99, rows: [] },
    gives: { regular: 34, special: 29.99 },
  },
  {
    says: 'a price of a store view replaces the default one and leaves the special price',
    ...{ regular: 34, special: 29, rows: [price(3, 90)] },
    gives: { regular: 90, special: 29 },
  },
  {
    says: 'the store view with the highest id wins, in whatever order rows come',
    ...{ regular: 34, special: null, rows: [price(5, 95), price(3, 90), special(4, 80)] },
    gives: { regular: 95, special: 80 },
  },
  {
    says: 'a price of NULL at the last store view leaves the price of another',
    ...{ regular: 34, special: null, rows: [price(3, 90), price(5, null)] },
    gives: { regular: 90, special: null },
  },
  {
    says: 'a price of NULL leaves the default price, and hides the default special price',
    ...{ regular: 34, special: 29, rows: [price(3, null)] },
    gives: { regular: 34, special: null },
  },
  {
    says: 'a price of NULL hides no special price of the website itself',
    ...{ regular: 34, special: 29, rows: [price(3, null), special(3, 27)] },
    gives: { regular: 34, special: 27 },
  },
  {
    says: 'a special price of NULL at the last store view removes it altogether',
    ...{ regular: 34, special: 29, rows: [special(3, 27), special(5, null)] },
    gives: { regular: 34, special: null },
  },
  {
    says: 'a special price of NULL at an earlier store view does not matter',
    ...{ regular: 34, special: 29, rows: [special(3, null), special(5, 27)] },
    gives: { regular: 34, special: 27 },
  },
  {
    says: 'a special price of 0 is a price',
    ...{ regular: 34, special: 29, rows: [special(3, 0)] },
    gives: { regular: 34, special: 0 },
  },
];

describe('the price of a website', () => {
  test.each(cases)('$says', ({ regular, special, rows, gives }) => {
    const inWebsites = rows.length === 0 ? undefined : new Map([[EU, [...rows]]]);
    expect(websitePrice({ regular, special, inWebsites }, EU)).toEqual(gives);
  });

  test('rows of another website do not count', () => {
    const inWebsites = new Map([[EU, [price(3, 90), special(3, null)]]]);
    const rows = { regular: 34, special: 29, inWebsites };
    expect(websitePrice(rows, BASE)).toEqual({ regular: 34, special: 29 });
  });
});
