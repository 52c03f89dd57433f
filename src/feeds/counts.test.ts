import { expect, test } from 'vitest';

import { addCounts, COUNT_NAMES, NO_COUNTS, type RunCounts } from './counts.js';

test('counts add up, each by itself', () => {
  const one = { ...NO_COUNTS, sent: 2, waited: 5 };
  expect(addCounts(one, { sent: 3, held: 1 })).toEqual({
    ...NO_COUNTS,
    sent: 5,
    held: 1,
    waited: 5,
  });
});

test('counts of a former version, which lack some, count as none', () => {
  // As `feedSync` handed them over when it continued as new.
  const former = {
    processed: 4,
    collected: 4,
    sent: 3,
    unchanged: 1,
    accepted: 3,
    rejected: 0,
    failed: 0,
    deleted: 0,
    requests: 1,
  } as unknown as RunCounts;
  const sum = addCounts(former, { sent: 1 });
  expect(sum).toMatchObject({ processed: 4, sent: 4, held: 0, retries: 0, waited: 0 });
  expect(COUNT_NAMES.every((name) => Number.isFinite(sum[name]))).toBe(true);
});
