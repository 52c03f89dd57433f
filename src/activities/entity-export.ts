import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { holdLease } from '../store/lease.js';
import { advanceSegment } from '../store/segments.js';
import type { Transaction } from '../store/store.js';
import { readPage } from './page.js';
import { recordPage, type SegmentExportOptions } from './segment-export.js';

export interface EntityExport {
  /** Counts of the page beside those of its items. */
  readonly counted?: Partial<RunCounts>;
  /** Runs in the transaction that settles the last item of the page. */
  readonly settle: (transaction: Transaction) => Promise<void>;
  /** Called after each request, with what the page has counted so far. */
  readonly onSent?: (counts: RunCounts) => void;
}

/** Exports a page of named entities: collects them, stores what they say, and sends what differs. */
export async function exportEntities(
  options: SegmentExportOptions,
  ids: readonly number[],
  { counted = {}, settle, onSent }: EntityExport,
): Promise<RunCounts> {
  const { store, feed, lease, sender, segment, attempt, batchSize } = options;
  const page = await readPage(options, { kind: 'ids', ids }, ids.length, attempt.signal);
  const toSend = feed.mode === 'immediate' ? page.toSend : [];
  let counts: RunCounts = {
    ...NO_COUNTS,
    ...counted,
    collected: page.collected,
    unchanged: page.unchanged,
    failed: page.failures.length,
  };
  await store.transaction(async (transaction) => {
    await holdLease(store, transaction, lease);
    await recordPage(options, transaction, page);
    await advanceSegment(store, transaction, segment, { counts });
    if (toSend.length === 0) await settle(transaction);
  });
  for (let at = 0; at < toSend.length; at += batchSize) {
    attempt.signal.throwIfAborted();
    const isLast = at + batchSize >= toSend.length;
    const sent = await sender.send(toSend.slice(at, at + batchSize), async (transaction, step) => {
      await advanceSegment(store, transaction, segment, { counts: step });
      if (isLast) await settle(transaction);
    });
    counts = addCounts(counts, sent);
    onSent?.(counts);
  }
  return counts;
}
