import { afterEach, expect, test } from 'vitest';

import { inSpan, recordSpans, type SpanOptions } from './span.js';
import { inStatementSpan, statementName } from './statement.js';

afterEach(() => recordSpans(undefined));

test.each([
  ['SELECT a FROM `pre_product` p WHERE a = 1', 'SELECT', 'pre_product'],
  ['\n  SELECT COUNT(*)\n  FROM (SELECT 1 FROM shop.`orders`) o', 'SELECT', 'shop.orders'],
  ["insert ignore into t (a) VALUES ('FROM secret')", 'INSERT', 't'],
  ['UPDATE `t` SET a = ?', 'UPDATE', 't'],
  ['DELETE d FROM t d JOIN u', 'DELETE', 't'],
  ['WITH x AS (SELECT 1 FROM t) SELECT * FROM x', 'WITH', 't'],
  ['SELECT UTC_TIMESTAMP(3)', 'SELECT', undefined],
])('the name of %j is its verb and its first table', (sql, operation, table) => {
  expect(statementName(sql)).toEqual({ operation, table });
});

test('a span of a statement has names and the number of rows, and not its text', async () => {
  const kept: unknown[] = [];
  recordSpans({
    span: (name, options: SpanOptions, work) => {
      kept.push(name, options.attributes);
      return work({
        isRecording: true,
        set: (attributes) => kept.push(attributes),
        within: (inner) => inner(),
      });
    },
  });
  const rows = await inStatementSpan(
    "SELECT a FROM t WHERE b = 'secret'",
    () => Promise.resolve([1, 2]),
    (result) => result.length,
  );
  expect(rows).toEqual([1, 2]);
  expect(kept[0]).toBe('SELECT t');
  expect(kept.at(-1)).toEqual({ 'db.response.returned_rows': 2 });
  expect(JSON.stringify(kept)).not.toContain('secret');
});

test('where nobody keeps spans the work is just done', async () => {
  expect(await inSpan('work', {}, (span) => Promise.resolve(span.isRecording))).toBe(false);
  expect(
    await inStatementSpan(
      'SELECT 1',
      () => Promise.resolve('done'),
      () => 1,
    ),
  ).toBe('done');
});
