import { expect, test } from 'vitest';

import { NO_COUNTS } from '../feeds/counts.js';
import { sentenceOf } from './sentence.js';

const RUN = {
  feed: 'products',
  operation: 'full sync',
  options: {},
  outcome: 'completed',
  counts: NO_COUNTS,
} as const;

test('a run that nobody told anything has one sentence', () => {
  const sentence = 'Full sync of products: 0 entities gave 0 items, 0 sent, 0 unchanged.';
  expect(sentenceOf(RUN)).toBe(sentence);
  expect(sentenceOf({ ...RUN, orders: [] })).toBe(sentence);
});

test('what people told it follows, with who, why and when', () => {
  const at = '2026-11-22T14:03:10.123Z';
  const orders = [
    { what: 'pause', by: 'ada', reason: 'stock-taking', at },
    { what: 'resume', at },
  ] as const;
  expect(sentenceOf({ ...RUN, orders })).toMatch(
    / unchanged\. It was paused by ada \(stock-taking\) at 2026-11-22T14:03:10Z, resumed by somebody at 2026-11-22T14:03:10Z\.$/,
  );
});
