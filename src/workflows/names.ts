/** Names that people, programs and running histories know. A test pins them. */
export const WORKFLOW = {
  fullSync: 'fullSync',
  feedSync: 'feedSync',
} as const;

export const QUERY = { progress: 'progress' } as const;

export const SIGNAL = {
  /** Sent by activities to the run they work for. */
  segmentProgress: 'segmentProgress',
} as const;

/** The ID of the one operation that may work on a feed. */
export function feedSyncId(instance: string, feed: string): string {
  return `${prefix(instance)}sync/${feed}`;
}

/** The ID of a dry run, which runs beside anything. */
export function dryRunId(instance: string, feed: string, id: string): string {
  return `${prefix(instance)}dry-run/${feed}/${id}`;
}

function prefix(instance: string): string {
  return instance === '' ? '' : `${instance}/`;
}
