import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';

import type { Activities } from '../activities/activities.js';

/** Look-ups of configuration: milliseconds, no history of their own. */
export const settings = proxyLocalActivities<Pick<Activities, 'resolveFeeds'>>({
  startToCloseTimeout: '30 seconds',
});

/** Short work on the store. */
export const records = proxyActivities<
  Pick<
    Activities,
    | 'beginRun'
    | 'restartRun'
    | 'planSegments'
    | 'endRun'
    | 'feedsToRetry'
    | 'feedsToPublish'
    | 'closeAbandonedRuns'
    | 'pruneRuns'
  >
>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '30 seconds',
  // What has begun is known before a run ends or starts over.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { maximumInterval: '1 minute' },
});

/** Work that lasts: it heartbeats, resumes from stored cursors, and is tried until it is done. */
export const work = proxyActivities<
  Pick<
    Activities,
    | 'exportSegment'
    | 'exportDeletions'
    | 'exportPending'
    | 'retryItems'
    | 'publishStored'
    | 'captureChanges'
    | 'removeAcknowledged'
    | 'verifyFeed'
    | 'lookAtRun'
    | 'waitForRun'
  >
>({
  startToCloseTimeout: '7 days',
  heartbeatTimeout: '30 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { maximumInterval: '1 minute' },
});
