import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { deletionJson, keptItem } from '../feeds/item.js';
import { keptItems, waitingItems } from '../store/claims.js';
import { holdLease } from '../store/lease.js';
import { advanceSegment } from '../store/segments.js';
import { RequestWindow } from './request-window.js';
import type { SegmentExportOptions } from './segment-export.js';

/** Sends the items of a legacy feed that were indexed and not yet published: by exact rows. */
export async function publishStored(
  options: Pick<
    SegmentExportOptions,
    'store' | 'feed' | 'sender' | 'segment' | 'batchSize' | 'requestsInFlight' | 'attempt'
  >,
): Promise<RunCounts> {
  const { store, feed, sender, segment, batchSize, attempt } = options;
  let counts = NO_COUNTS;
  const window = new RequestWindow(options.requestsInFlight, () => sender.isSlow());
  try {
    for (let after = 0; ;) {
      attempt.signal.throwIfAborted();
      const rows = await waitingItems(store, feed.table, after, batchSize);
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.id;
      const items = rows
        .filter((row) => row.storedJson !== '')
        .map((row) => ({
          ...row,
          openJson: row.isDeleted
            ? deletionJson(feed, row.storedJson)
            : `${row.storedJson.slice(0, -1)},"deleted":false`,
        }));
      if (items.length === 0) continue;
      await window.start(async () => {
        const sent = await sender.send(items, (transaction, step) =>
          advanceSegment(store, transaction, segment, { counts: step }),
        );
        counts = addCounts(counts, sent);
        attempt.report(counts);
      });
    }
    await window.drain();
  } finally {
    await window.settle();
  }
  return counts;
}

/** Rows looked at for items that are kept whole. */
const KEPT_ROWS = 1000;

/**
 * Sends the items of an immediate feed again that are kept whole, as the service last took them or
 * was to take them. Those of which less is kept, and those that wait for a change of their content,
 * are left as they are, and count as unchanged. The cursor is a row: another attempt goes on behind what was settled.
 */
export async function resendKept(
  options: Pick<
    SegmentExportOptions,
    'store' | 'feed' | 'lease' | 'sender' | 'segment' | 'batchSize' | 'attempt'
  >,
): Promise<RunCounts> {
  const { store, feed, lease, sender, segment, batchSize, attempt } = options;
  let counts = segment.counts;
  for (let after = segment.cursor ?? 0; ;) {
    attempt.signal.throwIfAborted();
    const rows = await keptItems(store, feed.table, after, KEPT_ROWS);
    const last = rows.at(-1);
    if (last === undefined) return counts;
    const items = rows.flatMap((row) => {
      const item = keptItem(feed, row.storedJson, { hash: row.hash, version: row.hashVersion });
      return item === undefined
        ? []
        : [{ ...item, id: row.id, sourceId: row.sourceId, collectedSeq: row.collectedSeq }];
    });
    for (let at = 0; at < items.length; at += batchSize) {
      attempt.signal.throwIfAborted();
      const batch = items.slice(at, at + batchSize);
      const sent = await sender.send(
        batch.map((item) => ({ ...item, isDeleted: false })),
        (transaction, step) =>
          advanceSegment(store, transaction, segment, { cursor: batch.at(-1)?.id, counts: step }),
      );
      counts = addCounts(counts, sent);
      attempt.report(counts);
    }
    after = last.id;
    const left = { ...NO_COUNTS, unchanged: rows.length - items.length };
    await store.transaction(async (transaction) => {
      await holdLease(store, transaction, lease);
      await advanceSegment(store, transaction, segment, { cursor: after, counts: left });
    });
    counts = addCounts(counts, left);
  }
}
