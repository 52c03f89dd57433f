import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { deletionJson } from '../feeds/item.js';
import { holdLease } from '../store/lease.js';
import { forgetItems, missingItems, rivalsOfMissing, dropRivals } from '../store/missing.js';
import { advanceSegment } from '../store/segments.js';
import { RequestWindow } from './request-window.js';
import type { OutgoingItem } from './sender.js';
import { SegmentExport, type SegmentExportOptions } from './segment-export.js';

/** Missing items looked at at once. */
const SLICE = 1000;

/**
 * Sends the deletions of a run, at its end: by then other entities have yielded what moved to them.
 * An item that another entity yields as well is exported from there instead.
 */
export async function exportDeletions(options: SegmentExportOptions): Promise<RunCounts> {
  let counts = await exportRivals(options);
  const { feed, store, lease, sender, batchSize, attempt } = options;
  const seq = await options.drawSeq();
  const window = new RequestWindow(options.requestsInFlight, () => sender.oldestRequest());
  try {
    for (let after = 0; ;) {
      attempt.signal.throwIfAborted();
      const rows = await missingItems(store, feed.table, after, SLICE);
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.id;

      const unsent = rows.filter((row) => row.storedJson === '').map((row) => row.id);
      await store.transaction(async (transaction) => {
        await holdLease(store, transaction, lease);
        await forgetItems(store, transaction, feed.table, unsent);
      });
      const deletions = rows
        .filter((row) => row.storedJson !== '')
        .map((row): OutgoingItem => ({
          ...row,
          openJson: deletionJson(row.storedJson),
          collectedSeq: seq,
          isDeleted: true,
        }));
      for (let at = 0; at < deletions.length; at += batchSize) {
        attempt.signal.throwIfAborted();
        await window.start(async () => {
          const sent = await sender.send(deletions.slice(at, at + batchSize), (transaction, step) =>
            advanceSegment(store, transaction, options.segment, { counts: step }),
          );
          counts = addCounts(counts, sent);
          attempt.report(counts);
        });
      }
    }
    await window.drain();
  } finally {
    await window.settle();
  }
  return counts;
}

/** Exports the entities whose items were shadowed by an item that is gone now. */
async function exportRivals(options: SegmentExportOptions): Promise<RunCounts> {
  const { store, feed, lease } = options;
  const rivals = await rivalsOfMissing(store, feed.name, feed.table);
  if (rivals.sourceIds.length === 0) return NO_COUNTS;
  const counts = await new SegmentExport({
    ...options,
    segment: { ...options.segment, ids: rivals.sourceIds, cursor: undefined },
  }).run();
  await store.transaction(async (transaction) => {
    await holdLease(store, transaction, lease);
    await dropRivals(store, transaction, feed.name, rivals.feedIds);
  });
  return counts;
}
