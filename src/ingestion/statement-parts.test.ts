import { expect, test } from 'vitest';

import type { ReceivedItem } from './received-item.js';
import { statementParts } from './statement-parts.js';

function rows(count: number, payloadBytes = 100): { readonly item: ReceivedItem; n: number }[] {
  return Array.from({ length: count }, (_, n) => ({
    n,
    item: {
      feed: 'products',
      id: String(n),
      identity: [String(n)],
      payload: Buffer.alloc(payloadBytes),
      stamp: new Date(0),
      deleted: false,
    },
  }));
}

const sizes = (parts: readonly (readonly unknown[])[]): number[] =>
  parts.map((part) => part.length);

test('every row comes once, in its order, in parts of few sizes', () => {
  const parts = statementParts(rows(888), 4_000_000);
  expect(sizes(parts)).toEqual([500, 200, 100, 50, 20, 10, 5, 2, 1]);
  expect(parts.flat().map(({ n }) => n)).toEqual(Array.from({ length: 888 }, (_, n) => n));
});

test('a part has no more bytes than a statement may have', () => {
  expect(sizes(statementParts(rows(100, 9_000), 100_000))).toEqual(Array<number>(20).fill(5));
});

test('a row that is larger than that is a part of its own', () => {
  expect(sizes(statementParts(rows(3, 200_000), 100_000))).toEqual([1, 1, 1]);
});

test('nothing to store makes no statement', () => {
  expect(statementParts([], 100)).toEqual([]);
});
