export interface Progress {
  /** Iterations done: batches, segments or pages. */
  readonly done: number;
  /** Iterations in all; undefined while unknown. */
  readonly total: number | undefined;
  /** Source ids looked at. */
  readonly processed: number;
  /** Items sent; accepted or not. */
  readonly synced: number;
}

/** The texts of `status`, as the reference exporter writes them: people and dashboards search for them. */
export const STATUS_TEXTS = {
  initialize: 'Initialize',
  creatingBatchTable: (table: string, startPosition: number) =>
    `Creating batch table \`${table}\`. Start position: ${startPosition}`,
  continuingBatchTable: (table: string) => `Continue fulfilling batch table \`${table}\``,
  batchTableCreated: (table: string, items: number, batches: number) =>
    `Batch table \`${table}\` created. Total Items: ${items}, batches: ~${batches}`,
  startProcessing: (items: number, threads: number, batchSize: number) =>
    `start processing \`${items}\` items in \`${threads}\` threads with \`${batchSize}\` batch size`,
  nothingToSync: 'skipping - no items to sync',
  progress: ({ done, total, processed, synced }: Progress) =>
    `Progress ${done}/${total ?? '?'}, processed ${processed}, synced ${synced}`,
  complete: 'Complete',
  locked: (by: string) => `operation skipped - process locked by "${by}"`,
  waitsFor: (holder: string) => `operation waits - process locked by "${holder}"`,
  cleanedUp: (items: number, feed: string) =>
    `Cleaned up "${items}" deleted feed items for feed "${feed}"`,
} as const;
