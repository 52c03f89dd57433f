import { describe, expect, test } from 'vitest';

import { classOf, complaintsOf, type Answer } from './answer.js';
import { retryAfterSeconds } from './retry-after.js';

const answered = (status: number, body = ''): Answer => ({
  kind: 'answer',
  status,
  requestId: 'r-1',
  body,
});

describe('the class of an answer', () => {
  test.each([
    [200, 'accepted'],
    [201, 'accepted'],
    [202, 'accepted'],
    [302, 'refused'],
    [400, 'invalid'],
    [401, 'unauthorised'],
    [403, 'forbidden'],
    [404, 'not found'],
    [405, 'refused'],
    [408, 'transient'],
    [413, 'too large'],
    [429, 'limited'],
    [500, 'transient'],
    [503, 'transient'],
  ])('%i is %s', (status, name) => {
    expect(classOf(answered(status))).toBe(name);
  });

  test('400 with items_limit_exceeded is about no item', () => {
    expect(classOf(answered(400, '{"code":"items_limit_exceeded"}'))).toBe('too many');
  });

  test('no answer is transient, a refused token is not', () => {
    const none = { kind: 'none', reason: 'connection refused', cause: null } as const;
    expect(classOf(none)).toBe('transient');
    expect(classOf({ ...none, refused: true })).toBe('unauthorised');
  });
});

describe('the items an answer complains of', () => {
  test.each([
    ['invalidFeedItems in pointer form', { invalidFeedItems: [{ field: '/1/sku', message: 'm' }] }],
    [
      'invalidFeedItems in index form',
      { invalidFeedItems: [{ itemIndex: 1, code: 'sku', message: 'm' }] },
    ],
    ['errors in index form', { errors: [{ itemIndex: 1, code: 'sku', message: 'm', value: 'x' }] }],
    ['errors in pointer form', { errors: [{ field: '/1/sku', message: 'm' }] }],
    ['both lists', { invalidFeedItems: [], errors: [{ itemIndex: 1, code: 'sku', message: 'm' }] }],
    [
      'both forms in one entry',
      { errors: [{ field: '/1/sku', itemIndex: 2, code: 'name', message: 'm' }] },
    ],
    [
      'a field that is no pointer beside an index',
      { errors: [{ field: 'sku', itemIndex: 1, code: 'sku', message: 'm' }] },
    ],
  ])('are read from %s', (_, body) => {
    expect(complaintsOf(JSON.stringify(body), 3)).toEqual([{ index: 1, message: 'sku: m' }]);
  });

  test('are none where an entry names no item of the request', () => {
    const body = {
      invalidFeedItems: [
        { field: '/9/sku', message: 'outside' },
        { field: 'sku', message: 'no index' },
        { field: '//sku', message: 'empty index' },
        { itemIndex: -1, message: 'negative' },
        { itemIndex: null, message: 'null' },
        { itemIndex: 1.5, message: 'half' },
        { something: 'else' },
        null,
        'text',
        { field: '/0/name', message: 'empty' },
      ],
    };
    expect(complaintsOf(JSON.stringify(body), 3)).toEqual([{ index: 0, message: 'name: empty' }]);
  });

  test('have their messages joined, each once', () => {
    const body = {
      invalidFeedItems: [
        { field: '/0/name', message: 'empty' },
        { field: '/0/sku', message: 'too long' },
        { field: '/0/name', message: 'empty' },
      ],
    };
    expect(complaintsOf(JSON.stringify(body), 1)).toEqual([
      { index: 0, message: 'name: empty; sku: too long' },
    ]);
  });

  test.each(['', 'not JSON', '[]', 'null', '{"errors":"text"}'])('are none in %o', (body) => {
    expect(complaintsOf(body, 3)).toEqual([]);
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-11-22T10:00:00Z');

  test.each([
    ['30', 30],
    ['0', 0],
    [' 7 ', 7],
    ['Sun, 22 Nov 2026 10:02:00 GMT', 120],
    ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['99999999', 86_400],
    ['soon', undefined],
    ['', undefined],
  ])('%o is %o seconds', (retryAfter, seconds) => {
    expect(retryAfterSeconds({ retryAfter }, now)).toBe(seconds);
  });

  test('as a date is read by the service’s own clock', () => {
    const answer = {
      retryAfter: 'Sun, 22 Nov 2026 11:00:30 GMT',
      date: 'Sun, 22 Nov 2026 11:00:00 GMT',
    };
    expect(retryAfterSeconds(answer, now)).toBe(30);
  });
});
