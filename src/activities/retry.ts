import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { entitiesToRetry, type RetryRules } from '../store/retries.js';
import { advanceSegment } from '../store/segments.js';
import { exportDeletions, type DeletionOptions } from './deletions.js';
import { exportEntities } from './entity-export.js';

/**
 * Collects the entities of items that are to be sent again, page by page, and sends what is due:
 * always from the shop as it is now, never from what was sent. The cursor moves with each page.
 */
export async function retryFailedItems(
  options: DeletionOptions,
  rules: RetryRules,
): Promise<RunCounts> {
  const { store, feed, segment, attempt } = options;
  let counts = segment.counts;
  for (let after = segment.cursor ?? -1; ;) {
    attempt.signal.throwIfAborted();
    const slice = { after, limit: feed.pageSize };
    const ids = await entitiesToRetry(store, feed.table, rules, slice);
    const last = ids.at(-1);
    if (last === undefined) break;
    after = last;
    const before = counts;
    const page = await exportEntities(options, ids, {
      counted: { processed: ids.length },
      settle: (transaction) =>
        advanceSegment(store, transaction, segment, { cursor: last, counts: NO_COUNTS }),
      onSent: (sofar) => attempt.report(addCounts(before, sofar)),
    });
    counts = addCounts(counts, page);
  }
  return feed.removable ? addCounts(counts, await exportDeletions(options)) : counts;
}
