import { describe, expect, test } from 'vitest';

import { durationOf, durationText, totalDuration } from './duration.js';

const pace = { records: 40_000, batchSize: 100, requestsPerSecond: 2, itemsPerSecond: undefined };

describe('a sync takes', () => {
  test.each([
    [
      'as long as its requests do (the documented example of products)',
      {},
      400,
      200,
      'request budget',
    ],
    ['the same with prices', { records: 120_000, batchSize: 500 }, 240, 120, 'request budget'],
    ['as long as collecting, if that is slower', { itemsPerSecond: 100 }, 400, 400, 'collecting'],
    [
      'as long as collecting, without a budget',
      { requestsPerSecond: 0, itemsPerSecond: 1000 },
      400,
      40,
      'collecting',
    ],
    ['nobody knows how long without either', { requestsPerSecond: 0 }, 400, null, 'unknown'],
    ['no time without records', { records: 0 }, 0, 0, 'nothing to do'],
    ['one request for one record', { records: 1 }, 1, 0.5, 'request budget'],
  ])('%s', (_, change, requests, seconds, boundBy) => {
    expect(durationOf({ ...pace, ...change })).toMatchObject({ requests, seconds, boundBy });
  });

  test('all of them together what their requests take from one budget', () => {
    const one = durationOf({ ...pace, itemsPerSecond: 10_000 });
    expect(totalDuration([one, one])).toEqual({
      requests: 800,
      sendSeconds: 400,
      collectSeconds: 8,
      seconds: 400,
      boundBy: 'request budget',
    });
  });
});

test.each([
  [0.5, '1 s'],
  [200, '3.3 min'],
  [7500, '2 h 05 min'],
  [null, 'unknown'],
])('%s seconds read “%s”', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});
