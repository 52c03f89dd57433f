import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { holdLease } from '../store/lease.js';
import { entitiesToRetry, type RetryRules } from '../store/retries.js';
import { advanceSegment } from '../store/segments.js';
import { exportDeletions, type DeletionOptions } from './deletions.js';
import { readPage } from './page.js';
import { recordPage } from './segment-export.js';

/**
 * Collects the entities of items that are to be sent again, page by page, and sends what is due:
 * always from the shop as it is now, never from what was sent. The cursor moves with each page.
 */
export async function retryFailedItems(
  options: DeletionOptions,
  rules: RetryRules,
): Promise<RunCounts> {
  const { store, feed, lease, sender, segment, attempt, batchSize } = options;
  let counts = segment.counts;
  for (let after = segment.cursor ?? -1; ;) {
    attempt.signal.throwIfAborted();
    const slice = { after, limit: feed.pageSize };
    const ids = await entitiesToRetry(store, feed.table, rules, slice);
    const last = ids.at(-1);
    if (last === undefined) break;
    after = last;
    const page = await readPage(options, { kind: 'ids', ids }, ids.length, attempt.signal);
    const taken = {
      processed: ids.length,
      collected: page.collected,
      unchanged: page.unchanged,
      failed: page.failures.length,
    };
    const toSend = feed.mode === 'immediate' ? page.toSend : [];
    const cursor = toSend.length === 0 ? last : undefined;
    await store.transaction(async (transaction) => {
      await holdLease(store, transaction, lease);
      await recordPage(options, transaction, page);
      const step = addCounts(NO_COUNTS, taken);
      await advanceSegment(store, transaction, segment, { cursor, counts: step });
    });
    counts = addCounts(counts, taken);
    for (let at = 0; at < toSend.length; at += batchSize) {
      attempt.signal.throwIfAborted();
      const batch = toSend.slice(at, at + batchSize);
      const reached = at + batchSize >= toSend.length ? last : undefined;
      const sent = await sender.send(batch, (transaction, step) =>
        advanceSegment(store, transaction, segment, { cursor: reached, counts: step }),
      );
      counts = addCounts(counts, sent);
      attempt.report(counts);
    }
  }
  return feed.removable ? addCounts(counts, await exportDeletions(options)) : counts;
}
