import { describe, expect, test } from 'vitest';

import type { FeedName } from '../../feeds/names.js';
import { compareFeed } from './comparison.js';
import type { Item } from './field-differences.js';

const product = { sku: 'a', storeViewCode: 'en', name: 'A', deleted: false };

describe('two exports of a feed', () => {
  test('are equal item by item, whatever the order of items and keys', () => {
    const other = { deleted: false, sku: 'b', storeViewCode: 'en', name: 'B' };
    expect(
      compareFeed(
        'products',
        [product, { ...other }],
        [{ name: 'B', storeViewCode: 'en', sku: 'b', deleted: false }, product],
      ),
    ).toEqual({
      feed: 'products',
      reference: 2,
      equal: 2,
      documented: 0,
      different: 0,
      missing: 0,
      extra: 0,
      share: 1,
      accepted: [],
      paths: [],
    });
  });

  test('are equal when both are empty', () => {
    expect(compareFeed('orders', [], [])).toMatchObject({ equal: 0, share: 1 });
  });

  test('may have items that the other one lacks', () => {
    const found = compareFeed(
      'products',
      [product, { ...product, sku: 'gone' }],
      [product, { ...product, storeViewCode: 'de' }],
    );
    expect(found).toMatchObject({ reference: 2, equal: 1, missing: 1, extra: 1 });
    expect(found.share).toBeCloseTo(1 / 3);
  });

  test('differ in fields, which are named with the number of items and an example', () => {
    const items = ['a', 'b', 'c'].map((sku) => ({ ...product, sku, links: [{ sku: 'x' }] }));
    const ours = items.map((item, index) => ({
      ...item,
      name: index === 2 ? 'A' : undefined,
      links: [{ sku: index === 0 ? 'y' : 'x' }],
    }));
    expect(
      compareFeed('products', items, JSON.parse(JSON.stringify(ours)) as Item[]),
    ).toMatchObject({
      equal: 1,
      different: 2,
      paths: [
        { name: 'name', items: 2, example: 'a · en: reference "A", ours absent' },
        { name: 'links[].sku', items: 1, example: 'a · en: reference "x", ours "y"' },
      ],
    });
  });

  test('differ in the length of a list once, whatever is in it', () => {
    const found = compareFeed(
      'products',
      [{ ...product, links: [{ sku: 'x' }] }],
      [{ ...product, links: [{ sku: 'y' }, { sku: 'z' }] }],
    );
    expect(found.paths.map(({ name }) => name)).toEqual(['links[].length']);
  });
});

describe.each<[string, FeedName, Item, Item]>([
  [
    'stamps',
    'prices',
    { sku: 'a', updatedAt: '2026-11-21T22:40:09+00:00' },
    { sku: 'a', updatedAt: '2026-11-22T00:00:00+00:00' },
  ],
  [
    '`deleted: false` of legacy items',
    'orders',
    { commerceOrderId: '1' },
    {
      commerceOrderId: '1',
      deleted: false,
      modifiedAt: '2026-11-21T22:40:09+00:00',
    },
  ],
  [
    'the URL path of a category’s deletion',
    'categories',
    { categoryId: '4', storeViewCode: 'en', deleted: true },
    { categoryId: '4', storeViewCode: 'en', urlPath: 'bags', deleted: true },
  ],
  [
    'the order of tier prices',
    'prices',
    {
      sku: 'a',
      tierPrices: [
        { qty: 5, price: 4 },
        { qty: 2, price: 6 },
      ],
    },
    {
      sku: 'a',
      tierPrices: [
        { qty: 2, price: 6 },
        { qty: 5, price: 4 },
      ],
    },
  ],
  [
    'the order of store views of a review',
    'reviews',
    { reviewId: '1', visibility: ['a', 'b'] },
    {
      reviewId: '1',
      visibility: ['b', 'a'],
    },
  ],
  [
    'the order of samples and links of one position, as JSON too',
    'products',
    {
      ...product,
      samples: [
        { sortOrder: '1', resource: 'x' },
        { sortOrder: '1', resource: 'y' },
      ],
      optionsV2: [{ type: 'downloadable', values: [{ id: 'x' }, { id: 'y' }] }],
      attributes: [
        {
          attributeCode: 'ac_downloadable',
          value: ['{"samples":[{"label":"x"},{"label":"y"}],"links":[]}'],
        },
      ],
    },
    {
      ...product,
      samples: [
        { sortOrder: '1', resource: 'y' },
        { sortOrder: '1', resource: 'x' },
      ],
      optionsV2: [{ type: 'downloadable', values: [{ id: 'y' }, { id: 'x' }] }],
      attributes: [
        {
          attributeCode: 'ac_downloadable',
          value: ['{"samples":[{"label":"y"},{"label":"x"}],"links":[]}'],
        },
      ],
    },
  ],
])('%s', (_, feed, reference, ours) => {
  test('does not count', () => {
    expect(compareFeed(feed, [reference], [ours])).toMatchObject({ equal: 1, share: 1 });
  });
});

const DOWNLOADS = 'The label of downloadable links is the store view’s';
const KINDS = 'Every tier price keeps its own kind';
const COMPLETE = 'The price of a customer group is complete';
const ORDERS = 'An order does not depend on its batch';
const RENDERED = 'What only Commerce can render stays as it is written';
const rule = { code: 'catalog_rule', price: 8 };
const group = { code: 'group', price: 9 };
const date = (day: number): string => `2026-11-${day}T00:00:00+00:00`;

describe('a difference that is documented', () => {
  test.each<[string, FeedName, Item, Item]>([
    [
      DOWNLOADS,
      'products',
      { ...product, optionsV2: [{ type: 'downloadable', label: 'Downloads' }] },
      { ...product, optionsV2: [{ type: 'downloadable', label: 'Dateien' }] },
    ],
    [
      RENDERED,
      'products',
      { ...product, description: '<p>Hello</p>' },
      { ...product, description: '<p>{{block id="hello"}}</p>' },
    ],
    [
      KINDS,
      'prices',
      {
        sku: 'a',
        tierPrices: [
          { qty: 2, price: 6 },
          { qty: 5, price: 0 },
        ],
      },
      {
        sku: 'a',
        tierPrices: [
          { qty: 2, price: 6 },
          { qty: 5, percentage: 10 },
        ],
      },
    ],
    [
      COMPLETE,
      'prices',
      { sku: 'a', discounts: [rule] },
      { sku: 'a', discounts: [group, rule], tierPrices: [{ qty: 5, price: 4 }] },
    ],
    [
      ORDERS,
      'orders',
      {
        commerceOrderId: '1',
        invoices: [{ entityId: '1', createdAt: date(20) }],
        creditMemos: [
          { entityId: '1', createdAt: date(20), refundTaxes: null },
          { entityId: '2', createdAt: date(20), refundTaxes: null },
        ],
      },
      {
        commerceOrderId: '1',
        invoices: [{ entityId: '1', createdAt: date(19) }],
        creditMemos: [
          {
            entityId: '1',
            createdAt: date(20),
            refundTaxes: [{ taxType: 'product' }],
          },
          { entityId: '2', createdAt: date(20), refundTaxes: null },
        ],
      },
    ],
  ])('is accepted and named: %s', (title, feed, reference, ours) => {
    expect(compareFeed(feed, [reference], [ours])).toMatchObject({
      equal: 0,
      documented: 1,
      different: 0,
      share: 1,
      accepted: [{ name: title, items: 1 }],
      paths: [],
    });
  });

  test.each<[string, FeedName, Item, Item]>([
    [
      'the label of another option',
      'products',
      { ...product, optionsV2: [{ type: 'bundle', label: 'Parts' }] },
      { ...product, optionsV2: [{ type: 'bundle', label: 'Teile' }] },
    ],
    [
      'a description without directives',
      'products',
      { ...product, description: 'a' },
      { ...product, description: 'b' },
    ],
    [
      'a tier price that is another amount',
      'prices',
      { sku: 'a', tierPrices: [{ qty: 2, price: 6 }] },
      { sku: 'a', tierPrices: [{ qty: 2, price: 7 }] },
    ],
    [
      'a discount that we lack',
      'prices',
      { sku: 'a', discounts: [group, rule] },
      {
        sku: 'a',
        discounts: [rule],
      },
    ],
    [
      'a discount more without a rule price',
      'prices',
      { sku: 'a', discounts: null },
      {
        sku: 'a',
        discounts: [group],
      },
    ],
    [
      'the date of an invoice that is no other document’s',
      'orders',
      { commerceOrderId: '1', invoices: [{ entityId: '1', createdAt: date(20) }] },
      {
        commerceOrderId: '1',
        invoices: [{ entityId: '1', createdAt: date(19) }],
        creditMemos: [{ entityId: '2', createdAt: date(20) }],
      },
    ],
    [
      'the date of a transaction, which no document outdoes',
      'orders',
      {
        commerceOrderId: '1',
        invoices: [{ entityId: '1', createdAt: date(20) }],
        transactions: [{ entityId: '1', createdAt: date(20) }],
      },
      {
        commerceOrderId: '1',
        invoices: [{ entityId: '1', createdAt: date(20) }],
        transactions: [{ entityId: '1', createdAt: date(19) }],
      },
    ],
    [
      'a refunded tax that we lack',
      'orders',
      { commerceOrderId: '1', creditMemos: [{ refundTaxes: [{ taxType: 'product' }] }] },
      { commerceOrderId: '1', creditMemos: [{ refundTaxes: null }] },
    ],
    [
      'the date of an order',
      'orders',
      { commerceOrderId: '1', createdAt: 'a' },
      {
        commerceOrderId: '1',
        createdAt: 'b',
      },
    ],
  ])('does not excuse %s', (_, feed, reference, ours) => {
    expect(compareFeed(feed, [reference], [ours])).toMatchObject({
      documented: 0,
      different: 1,
      share: 0,
      accepted: [],
    });
  });

  test('beside another one leaves the item different, and both are told', () => {
    const option = { type: 'downloadable', label: 'Downloads' };
    const found = compareFeed(
      'products',
      [{ ...product, optionsV2: [option] }],
      [{ ...product, name: 'B', optionsV2: [{ ...option, label: 'Dateien' }] }],
    );
    expect(found).toMatchObject({
      documented: 0,
      different: 1,
      accepted: [{ name: DOWNLOADS }],
      paths: [{ name: 'name' }],
    });
  });
});
