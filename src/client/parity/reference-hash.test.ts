import { describe, expect, test } from 'vitest';

import { feedIdOf } from '../../feeds/item.js';
import { inventoryStockStatus } from '../../feeds/inventory-stock-status/feed.js';
import { prices } from '../../feeds/prices/feed.js';
import { variants } from '../../feeds/variants/feed.js';
import { referenceHash, referenceJson } from './reference-hash.js';
import { inReferenceOrder } from './reference-order.js';

describe('hash and identity are the reference exporter’s', () => {
  test.each([
    [
      prices,
      ['24-MB01', '0', 'base'],
      '6cdcee55e57da65c54a2222c31446a7c24fddf48',
      '{"productId":1,"sku":"24-MB01","type":"SIMPLE","customerGroupCode":"0","websiteCode":"base","regular":34,"discounts":null,"deleted":false,"updatedAt":"2026-11-21T23:38:32+00:00"}',
      '2d4047443dcaddf066c7c22d0e8be7a21881fcad',
    ],
    [
      inventoryStockStatus,
      ['1', '24-MB01'],
      'b02c4ce02b1f69958a2d6d69f394ffeeb8eaa61f',
      '{"stockId":"1","productId":1,"sku":"24-MB01","qty":100,"qtyForSale":100,"infiniteStock":false,"isSalable":true,"updatedAt":"2026-11-21 23:38:32"}',
      '40c22c56a4247462287dc6a2def6a7bbaf23ac18',
    ],
    [
      variants,
      ['MH01', 'MH01-XS-Black'],
      'fe75a83624e114224a940de72fd31d2226f9accd',
      '{"id":"4c3206d5168cde6e7630e082b3e39feb","optionValues":[{"attributeCode":"color","uid":"Y29uZmlndXJhYmxlLzkzLzQ5","label":"Black","valueIndex":"49"},{"attributeCode":"size","uid":"Y29uZmlndXJhYmxlLzE0Mi8xNjY=","label":"XS","valueIndex":"166"}],"parentId":"68","productId":"53","parentSku":"MH01","productSku":"MH01-XS-Black","deleted":false,"modifiedAt":"2026-11-21 23:38:32"}',
      '3af83cc8f7c1ee300ea15576553116d64089725e',
    ],
  ])('of $name', (feed, identity, feedId, json, hash) => {
    expect(feedIdOf(identity)).toBe(feedId);
    expect(referenceHash(feed, JSON.parse(json) as Record<string, unknown>)).toBe(hash);
  });
});

test.each([
  ['a/b', '"a\\/b"'],
  ['Größe', '"Gr\\u00f6\\u00dfe"'],
  ['😀', '"\\ud83d\\ude00"'],
  ['say "hi"\n', '"say \\"hi\\"\\n"'],
  [34, '34'],
  [0.1, '0.1'],
  [33.33, '33.33'],
  [0.00005, '5.0e-5'],
  [1.25e-7, '1.25e-7'],
  [1e25, '1.0e+25'],
  [{}, '[]'],
  [[], '[]'],
  [{ a: null, b: [1, { c: true }] }, '{"a":null,"b":[1,{"c":true}]}'],
])('%j is written %s', (value, json) => {
  expect(referenceJson(value)).toBe(json);
});

test('fields that stand elsewhere are moved, all others stay', () => {
  expect(
    Object.keys(
      inReferenceOrder('productAttributes', {
        multi: 1,
        required: 1,
        systemAttribute: 1,
        boolean: 1,
        numeric: 1,
        label: 1,
      }),
    ),
  ).toEqual(['multi', 'label', 'required', 'boolean', 'systemAttribute', 'numeric']);
  expect(Object.keys(inReferenceOrder('prices', { b: 1, a: 1 }))).toEqual(['b', 'a']);
});
