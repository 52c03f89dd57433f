/** Names that people, programs and running histories know. A test pins them. */
export const WORKFLOW = {
  fullSync: 'fullSync',
  partialSync: 'partialSync',
  retryFailedItems: 'retryFailedItems',
  publishLegacyFeeds: 'publishLegacyFeeds',
  cleanupDeletedItems: 'cleanupDeletedItems',
  verifyFeeds: 'verifyFeeds',
  feedSync: 'feedSync',
} as const;

export const QUERY = { progress: 'progress' } as const;

/** Signals of people; updates of the same names answer with what they did. */
export const CONTROL = {
  cleanupFeed: 'cleanupFeed',
  noReindex: 'noReindex',
  pause: 'pause',
  resume: 'resume',
  approveDeletions: 'approveDeletions',
} as const;

export const SIGNAL = {
  ...CONTROL,
  /** Sent by activities to the run they work for. */
  segmentProgress: 'segmentProgress',
  /** Sent to a partial sync that listens, by a run that a person asked for. */
  makeWay: 'makeWay',
} as const;

/** The ID of the one operation that may work on a feed. */
export function feedSyncId(instance: string, feed: string): string {
  return `${prefix(instance)}sync/${feed}`;
}

/** The ID of a dry run, which runs beside anything. */
export function dryRunId(instance: string, feed: string, id: string): string {
  return `${prefix(instance)}dry-run/${feed}/${id}`;
}

/** The ID of the launcher that runs a feed's queued full sync; one at a time. */
export function queuedSyncId(instance: string, feed: string): string {
  return `${prefix(instance)}queued-full-sync/${feed}`;
}

/** The ID of the one launcher of all queued full syncs, as runs that began before have it. */
export function sharedQueuedSyncId(instance: string): string {
  return `${prefix(instance)}queued-full-sync`;
}

function prefix(instance: string): string {
  return instance === '' ? '' : `${instance}/`;
}
