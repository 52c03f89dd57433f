import { expect, test } from 'vitest';

import { dryRunId, feedSyncId, QUERY, SIGNAL, WORKFLOW } from './names.js';

test('names that running histories and programs rely on stay as they are', () => {
  expect({ WORKFLOW, QUERY, SIGNAL }).toEqual({
    WORKFLOW: {
      fullSync: 'fullSync',
      partialSync: 'partialSync',
      retryFailedItems: 'retryFailedItems',
      publishLegacyFeeds: 'publishLegacyFeeds',
      cleanupDeletedItems: 'cleanupDeletedItems',
      verifyFeeds: 'verifyFeeds',
      feedSync: 'feedSync',
    },
    QUERY: { progress: 'progress' },
    SIGNAL: {
      cleanupFeed: 'cleanupFeed',
      noReindex: 'noReindex',
      pause: 'pause',
      resume: 'resume',
      approveDeletions: 'approveDeletions',
      segmentProgress: 'segmentProgress',
      makeWay: 'makeWay',
    },
  });
});

test('the ID of a feed’s one operation is its lock, and tells shops apart', () => {
  expect(feedSyncId('', 'products')).toBe('sync/products');
  expect(feedSyncId('acme', 'products')).toBe('acme/sync/products');
  expect(dryRunId('', 'products', 'x')).toBe('dry-run/products/x');
});
