import { describe, expect, test } from 'vitest';

import { ERROR_CODES, type ErrorCode } from '../errors/codes.js';
import { ExportError } from '../errors/export-error.js';
import { failureOf, unforeseen } from './failures.js';

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

describe('the failure of an activity', () => {
  test('has the code as its type, and the cure in its message', () => {
    const failure = failureOf(new ExportError('SDE30-02', { message: 'Another space.' }));
    expect(failure.type).toBe('SDE30-02');
    expect(failure.message).toBe(`Another space. ${ERROR_CODES['SDE30-02'].cure}`);
  });

  test.each(['SDE20-01', 'SDE20-03', 'SDE20-04', 'SDE60-01'] as const)(
    '%s passes when the server is back, so it is tried again',
    (code) => expect(failureOf(new ExportError(code)).nonRetryable).toBe(false),
  );

  test('names feed, segment and cure also where nobody foresaw the error', () => {
    const error = new Error('Connection lost');
    const failure = unforeseen(error, { run: { feed: 'products' }, segment: 2 });
    expect(failure.message).toBe(
      'products, segment 3: Connection lost. It is tried again; if that does not help, run `saas-export doctor`.',
    );
    expect(failure.nonRetryable).not.toBe(true);
    expect(failure.cause).toBe(error);
    expect(unforeseen(error, undefined).message).toMatch(/^Connection lost\. It is tried again/);
    expect(unforeseen(error, { feed: 'prices' }).message).toMatch(/^prices: Connection lost\./);
  });

  test('is final where only another input, configuration or state can help', () => {
    const final = CODES.filter((code) => failureOf(new ExportError(code)).nonRetryable === true);
    expect(final).toEqual([
      'CDE03-09',
      'CDE03-10',
      'SDE10-01',
      'SDE10-02',
      'SDE10-03',
      'SDE10-04',
      'SDE20-02',
      'SDE30-01',
      'SDE30-02',
      'SDE30-03',
      'SDE40-01',
      'SDE40-02',
    ]);
  });
});
