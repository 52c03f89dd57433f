/** What a run did, in numbers. */
export interface RunCounts {
  /** Source entities looked at. */
  readonly processed: number;
  /** Items they yielded. */
  readonly collected: number;
  /** Items put into requests, deletions included. */
  readonly sent: number;
  /** Items not sent, because the service has them already. */
  readonly unchanged: number;
  /** Items the service took. */
  readonly accepted: number;
  /** Items the service refused for good, until their content changes. */
  readonly rejected: number;
  /** Items that could not be collected, or are to be sent again later. */
  readonly failed: number;
  /** Deletions among the accepted items. */
  readonly deleted: number;
  readonly requests: number;
  /** Deletions that were not sent, because there are so many that a person has to approve them. */
  readonly held: number;
  /** Requests that repeat an earlier one. */
  readonly retries: number;
  /** Milliseconds spent waiting because the service failed or asked to wait, of all segments. */
  readonly waited: number;
}

export const COUNT_NAMES = [
  'processed',
  'collected',
  'sent',
  'unchanged',
  'accepted',
  'rejected',
  'failed',
  'deleted',
  'requests',
  'held',
  'retries',
  'waited',
] as const satisfies readonly (keyof RunCounts)[];

export const NO_COUNTS: RunCounts = {
  processed: 0,
  collected: 0,
  sent: 0,
  unchanged: 0,
  accepted: 0,
  rejected: 0,
  failed: 0,
  deleted: 0,
  requests: 0,
  held: 0,
  retries: 0,
  waited: 0,
};

export function addCounts(a: RunCounts, b: Partial<RunCounts>): RunCounts {
  // Counts that were recorded by a former version may lack some.
  const sum: Record<keyof RunCounts, number> = { ...NO_COUNTS, ...a };
  for (const name of COUNT_NAMES) sum[name] += b[name] ?? 0;
  return sum;
}
