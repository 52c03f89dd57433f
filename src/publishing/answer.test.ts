import { describe, expect, test } from 'vitest';

import { outcomesOf, type Answer } from './answer.js';

const answered = (status: number, body: unknown): Answer => ({
  kind: 'answer',
  status,
  requestId: 'r-1',
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const statuses = (answer: Answer, count = 3): number[] =>
  outcomesOf(answer, count).map((outcome) => outcome.status);

describe('the outcome of a request', () => {
  test.each([200, 201, 202])('%i accepts every item', (status) => {
    expect(statuses(answered(status, { status: 'ACCEPTED', acceptedCount: 3 }))).toEqual([
      200, 200, 200,
    ]);
  });

  test.each([401, 403, 404, 408, 413, 429, 500, 503])('%i is to be sent again', (status) => {
    expect(statuses(answered(status, ''))).toEqual([2, 2, 2]);
  });

  test('no answer is to be sent again, with the reason', () => {
    const outcomes = outcomesOf({ kind: 'none', reason: 'connection refused', cause: null }, 2);
    expect(outcomes).toEqual([
      { status: 2, error: 'connection refused' },
      { status: 2, error: 'connection refused' },
    ]);
  });

  test('a 400 without a list refuses all items', () => {
    expect(statuses(answered(400, { message: 'malformed' }))).toEqual([400, 400, 400]);
  });

  test.each([
    ['invalidFeedItems in pointer form', { invalidFeedItems: [{ field: '/1/sku', message: 'm' }] }],
    [
      'invalidFeedItems in index form',
      { invalidFeedItems: [{ itemIndex: 1, code: 'sku', message: 'm' }] },
    ],
    ['errors in index form', { errors: [{ itemIndex: 1, code: 'sku', message: 'm', value: 'x' }] }],
  ])('an item named in %s is failed, the others are accepted', (_, body) => {
    const outcomes = outcomesOf(answered(200, body), 3);
    expect(outcomes.map((outcome) => outcome.status)).toEqual([200, 1, 200]);
    expect(outcomes[1]?.error).toBe('sku: m');
  });

  test('entries that name no item of the request are left out, the others count', () => {
    const body = {
      invalidFeedItems: [
        { field: '/9/sku', message: 'outside' },
        { field: 'sku', message: 'no index' },
        { something: 'else' },
        null,
        { field: '/0/name', message: 'empty' },
      ],
    };
    expect(statuses(answered(200, body))).toEqual([1, 200, 200]);
  });

  test('several complaints of one item are joined', () => {
    const body = {
      invalidFeedItems: [
        { field: '/0/name', message: 'empty' },
        { field: '/0/sku', message: 'too long' },
      ],
    };
    expect(outcomesOf(answered(200, body), 1)[0]?.error).toBe('name: empty; sku: too long');
  });
});
