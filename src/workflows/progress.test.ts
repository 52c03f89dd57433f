import { describe, expect, test } from 'vitest';

import { NO_COUNTS } from '../feeds/counts.js';
import { describeFeeds, describeProgress, progressOf, type ProgressFacts } from './progress.js';

const now = new Date('2026-11-22T14:03:10Z');
const facts: ProgressFacts = {
  feed: 'products',
  operation: 'full sync',
  options: {},
  phase: 'exporting',
  paused: undefined,
  counts: { ...NO_COUNTS, processed: 500, sent: 1200, unchanged: 300, requests: 12 },
  total: 2000,
  startedAt: '2026-11-22T14:02:10Z',
  now,
};
const text = (changed: Partial<ProgressFacts> = {}): string =>
  describeProgress(progressOf({ ...facts, ...changed }), now);

describe('what the Temporal UI shows of a run', () => {
  test('is feed, phase, bar, pace, time left and numbers', () => {
    expect(text().split('\n\n').slice(0, -1)).toEqual([
      '**products**: full sync, exporting',
      '█████░░░░░░░░░░░░░░░ 25 % of 2,000 entities, 500 done',
      '25 items a second for 60 s, about 3 min left, as of 14:03:10 UTC',
      'sent 1,200 · unchanged 300 · refused 0 · failed 0 · requests 12',
    ]);
  });

  test('says who paused it and why, and no time that is left', () => {
    const paused = text({ paused: { by: 'ada', reason: 'stock-taking' } });
    expect(paused).toContain('**products**: full sync, paused');
    expect(paused).toContain('This run is paused by ada (stock-taking); nothing leaves.');
    expect(paused).not.toContain('left');
  });

  test('says what it waits for and until when', () => {
    const reason = 'the service could not take a request (503)';
    expect(text({ waitsFor: { reason, until: '2026-11-22T14:05:00.000Z' } })).toContain(
      'Waiting until 14:05:00 UTC: the service could not take a request (503).',
    );
  });

  test('says what failed last, which is tried again', () => {
    const lastError = {
      message: 'CDE07-04: the database is away.',
      at: '2026-11-22T14:02:59.000Z',
    };
    expect(text({ lastError })).toContain(
      'Last error, at 14:02:59 UTC: CDE07-04: the database is away.',
    );
  });

  test('has no bar where the total is not known', () => {
    expect(text({ operation: 'partial sync', phase: 'listening', total: 0 })).toContain(
      '500 entities done',
    );
  });
});

test('a full sync is shown as a table of its feeds, with what they wait for', () => {
  const shown = describeFeeds(
    [
      { feed: 'products', workflowId: 'sync/products', state: 'running' },
      {
        feed: 'prices',
        workflowId: 'sync/prices',
        state: 'waiting for another run',
        waitsFor: 'sync/prices (full sync)',
      },
    ],
    { by: 'ada' },
    now,
  );
  expect(shown).toContain('This full sync is paused by ada.');
  expect(shown).toContain('| prices | waiting for another run: sync/prices (full sync) |');
});
