import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { deletionJson } from '../feeds/item.js';
import { waitingItems } from '../store/claims.js';
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
  const window = new RequestWindow(options.requestsInFlight, () => sender.oldestRequest());
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
            ? deletionJson(row.storedJson)
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
