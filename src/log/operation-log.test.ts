import { expect, test } from 'vitest';

import { callerOf } from './caller.js';
import { elapsedText } from './elapsed.js';
import { createLogger } from './logger.js';
import { OperationLog, type OperationLogOptions } from './operation-log.js';
import { progressInterval } from './progress-interval.js';

function start(options: Partial<OperationLogOptions> = {}) {
  let now = Date.parse('2026-11-21T22:38:25.000Z');
  const clock = () => new Date(now);
  const lines: string[] = [];
  const logger = createLogger({ clock, destination: { write: (line) => void lines.push(line) } });
  const log = new OperationLog(logger, {
    feed: 'products',
    operation: 'full sync',
    clock,
    ...options,
  });
  return {
    log,
    pass: (milliseconds: number) => (now += milliseconds),
    records: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

test('an operation writes who works on what, how far it is and since when', () => {
  const { log, pass, records } = start({
    run: 'r1',
    workflow: 'sync/products',
    caller: 'saas-export resync --all',
  });
  pass(383);
  log.initialize();
  pass(2280);
  log.progress({ done: 21, total: 21, processed: 2046, synced: 2046 });
  log.complete();
  const common = {
    feed: 'products',
    operation: 'full sync',
    pid: process.pid,
    caller: 'saas-export resync --all',
    run: 'r1',
    workflow: 'sync/products',
    level: 'info',
  };
  expect(records()).toMatchObject([
    { ...common, status: 'Initialize', elapsed: '383 ms' },
    {
      ...common,
      status: 'Progress 21/21, processed 2046, synced 2046',
      elapsed: '00:00:02 663 ms',
      done: 21,
      total: 21,
      processed: 2046,
      synced: 2046,
    },
    { ...common, status: 'Complete', elapsed: '00:00:02 663 ms' },
  ]);
});

test('an operation that goes on in another activity counts from its own start', () => {
  const { log, records } = start({ startedAt: new Date('2026-11-21T22:38:15.000Z') });
  log.complete();
  expect(records()[0]).toMatchObject({ elapsed: '00:00:10 000 ms' });
});

test('progress is written once an interval, and at the last iteration', () => {
  const { log, pass, records } = start();
  const counts = { processed: 1, synced: 1 };
  log.progress({ done: 1, total: 4, ...counts });
  pass(59_999);
  log.progress({ done: 2, total: 4, ...counts });
  pass(1);
  log.progress({ done: 3, total: 4, ...counts });
  pass(1);
  log.progress({ done: 4, total: 4, ...counts });
  expect(records().map(({ done }) => done)).toEqual([3, 4]);
});

test('progress towards an unknown end is written every 30 seconds', () => {
  const { log, pass, records } = start();
  pass(30_000);
  log.progress({ done: 5, total: undefined, processed: 500, synced: 480 });
  expect(records()[0]).toMatchObject({ status: 'Progress 5/?, processed 500, synced 480' });
});

test('the iterations of several threads count for each thread', () => {
  const { log, pass, records } = start({ threads: 2 });
  pass(60_000);
  log.progress({ done: 5, total: 1998, processed: 1, synced: 1 });
  expect(records()).toHaveLength(1);
});

test('what was not done says why', () => {
  const { log, records } = start();
  log.skipped();
  log.skipped('partial sync(17)');
  expect(records().map(({ status }) => status)).toEqual([
    'skipping - no items to sync',
    'operation skipped - process locked by "partial sync(17)"',
  ]);
});

test('a failure is written with its error', () => {
  const { log, records } = start();
  log.failed(new Error('table is gone'));
  log.failed(new Error('table is gone'), 'The page was not collected');
  expect(records()).toMatchObject([
    { level: 'error', status: 'table is gone', err: { message: 'table is gone' } },
    { level: 'error', status: 'The page was not collected', elapsed: '0 ms' },
  ]);
});

test.each([
  [0, '0 ms'],
  [383, '383 ms'],
  [999.6, '00:00:01 000 ms'],
  [2663, '00:00:02 663 ms'],
  [3_600_000 * 25 + 61_005, '1 day(s) 01:01:01 005 ms'],
  [-5, '0 ms'],
])('%d milliseconds are written as %s', (milliseconds, text) => {
  expect(elapsedText(milliseconds)).toBe(text);
});

test.each([
  [undefined, undefined, 30],
  [999, undefined, 60],
  [1_000, undefined, 120],
  [9_999, undefined, 120],
  [10_000, undefined, 600],
  [10_000, 5, 5],
  [undefined, 0, 0],
])(
  '%s iterations with %s configured report every %d seconds',
  (iterations, configured, seconds) => {
    expect(progressInterval(iterations, configured)).toBe(seconds);
  },
);

test('a caller is the first six words of the command line', () => {
  expect(
    callerOf(['/usr/bin/node', '/app/bin/saas-export.mjs', 'resync', '--feed', 'products']),
  ).toBe('saas-export resync --feed products');
  expect(callerOf(['node', 'saas-export', 'a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe(
    'saas-export a b c d e',
  );
});
