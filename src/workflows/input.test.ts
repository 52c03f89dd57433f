import { describe, expect, test } from 'vitest';

import { checkFullSyncInput } from './input.js';

describe('the input of a full sync', () => {
  test.each([undefined, null, {}])('%j means the defaults', (input) => {
    expect(checkFullSyncInput(input)).toEqual({ ok: true, value: {} });
  });

  test('takes every documented field', () => {
    const input = {
      feeds: ['products', 'prices'],
      dryRun: true,
      ids: ['24-MB01'],
      idType: 'sku',
      force: true,
      threadCount: 2,
      batchSize: 50,
      requestedBy: 'ada',
      reason: 'a rehearsal',
    };
    expect(checkFullSyncInput(input)).toEqual({ ok: true, value: input });
  });

  test('takes feed names in any letter case', () => {
    expect(checkFullSyncInput({ feeds: ['productattributes'] })).toEqual({
      ok: true,
      value: { feeds: ['productAttributes'] },
    });
  });

  test('allows a dry run with cleanupFeed: it shows everything and empties nothing', () => {
    expect(checkFullSyncInput({ dryRun: true, cleanupFeed: true }).ok).toBe(true);
  });

  test.each([
    ['text', 'one JSON object'],
    [[], 'one JSON object'],
    [{ feed: 'products' }, 'Unknown field “feed”'],
    [{ feeds: 'products' }, '“feeds” must be'],
    [{ feeds: [] }, 'at least one feed'],
    [{ feeds: ['produkte'] }, 'no feed “produkte”'],
    [{ dryRun: 'yes' }, '“dryRun” must be true or false'],
    [{ threadCount: 33 }, '“threadCount” must be a whole number from 1 to 32'],
    [{ batchSize: 1.5 }, '“batchSize” must be a whole number'],
    [{ ids: [] }, '“ids” must be a list'],
    [{ idType: 'sku' }, '“idType” needs “ids”'],
    [{ ids: ['1'], noReindex: true }, '“ids” does not go with “noReindex”'],
    [{ ids: ['1'], cleanupFeed: true }, '“ids” does not go with “cleanupFeed”'],
    [{ noReindex: true, cleanupFeed: true }, '“noReindex” does not go with “cleanupFeed”'],
  ])('%j is refused', (input, problem) => {
    const checked = checkFullSyncInput(input);
    expect(checked.ok).toBe(false);
    expect(checked.ok ? '' : checked.problems.join(' ')).toContain(problem);
  });

  test('tells all problems at once', () => {
    const checked = checkFullSyncInput({ feeds: ['a'], batchSize: 0, nope: 1 });
    expect(checked.ok ? [] : checked.problems).toHaveLength(3);
  });
});
