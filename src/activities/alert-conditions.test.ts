import { expect, test } from 'vitest';

import { alertsOf } from './alert-conditions.js';
import type { ExportHealth, FeedHealth } from './export-health.js';

const WELL: FeedHealth = {
  feed: 'orders',
  backlog: 0,
  backlogSeconds: 0,
  lagSeconds: 0,
  retries: { items: 0, seconds: 0, error: null },
  quarantined: 0,
  heldDeletions: 0,
  items: { accepted: 1, failed: 0, retry: 0, waiting: 0, deleted: 0 },
  lastRun: undefined,
};

test('items that the service does not take are told once they have waited for longer than the limit', () => {
  expect(alertsOf(health(900), [], { lagSeconds: 900 })).toEqual([]);
  expect(alertsOf(health(901), [], { lagSeconds: 0 })).toEqual([]);
  expect(alertsOf(health(901), [], { lagSeconds: 900 })).toEqual([
    {
      key: 'retry/orders',
      feed: 'orders',
      what: 'The service has not taken 7 items of orders, the oldest for 901 seconds.',
      cause: expect.stringMatching(/^HTTP 400: no customer (?!ada@example\.com)/) as string,
      command: 'saas-export items --feed orders --status retry',
      level: 1,
    },
  ]);
});

function health(seconds: number): ExportHealth {
  const retries = { items: 7, seconds, error: 'HTTP 400: no customer ada@example.com' };
  return {
    feeds: [{ ...WELL, retries }],
    unread: { changes: 0, oldestSeconds: 0 },
    circuits: [],
  };
}
