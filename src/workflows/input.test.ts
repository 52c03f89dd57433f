import { describe, expect, test } from 'vitest';

import { checkFeedSyncId, checkFeedSyncInput, checkFullSyncInput } from './input.js';

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

describe('the run of a feed', () => {
  test('needs a feed, and takes nothing over from anybody but itself', () => {
    expect(checkFeedSyncInput(undefined, false)).toMatchObject({ ok: false });
    expect(checkFeedSyncInput({}, false)).toMatchObject({ ok: false });
    expect(checkFeedSyncInput({ feed: 'Products' }, false)).toMatchObject({ ok: false });
    const continued = { nextSegment: 3 };
    expect(checkFeedSyncInput({ feed: 'products', continued }, false)).toMatchObject({ ok: false });
    expect(checkFeedSyncInput({ feed: 'products', continued }, true)).toMatchObject({ ok: true });
  });

  test('was asked for by itself where no launcher says otherwise', () => {
    expect(checkFeedSyncInput({ feed: 'products' }, false)).toEqual({
      ok: true,
      value: { feed: 'products', trigger: 'feedSync' },
    });
    expect(
      checkFeedSyncInput({ feed: 'prices', trigger: 'fullSync', launchedBy: 'x' }, false),
    ).toEqual({ ok: true, value: { feed: 'prices', trigger: 'fullSync', launchedBy: 'x' } });
  });

  test.each([
    ['', 'sync/products', {}, true],
    ['acme', 'acme/sync/products', {}, true],
    ['', 'acme/sync/products', {}, false],
    ['acme', 'sync/products', {}, false],
    ['acme', 'other/sync/products', {}, false],
    ['', 'sync/prices', {}, false],
    ['', 'mine', {}, false],
    ['', 'dry-run/products/1', {}, false],
    ['', 'dry-run/products/1', { dryRun: true }, true],
    ['acme', 'acme/dry-run/products/1', { dryRun: true }, true],
    ['', 'sync/products', { dryRun: true }, false],
  ])('of the shop “%s” under the ID %s with %j: %s', (instance, id, options, fits) => {
    const problems = checkFeedSyncId(id, { feed: 'products', ...options }, instance);
    expect(problems.length === 0).toBe(fits);
  });
});
