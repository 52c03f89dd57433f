import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import type { Feed } from '../feeds/feed.js';
import type { PreparedItem } from '../feeds/item.js';
import { confirmUnchanged } from '../store/claims.js';
import { holdLease } from '../store/lease.js';
import { advanceSegment } from '../store/segments.js';
import type { Transaction } from '../store/store.js';
import { readPage, type DecidedPage } from './page.js';
import { recordPage, type SegmentExportOptions } from './segment-export.js';

export interface EntityExport {
  /** Counts of the page beside those of its items. */
  readonly counted?: Partial<RunCounts>;
  /** Runs in the transaction that settles the last item of the page. */
  readonly settle: (transaction: Transaction) => Promise<void>;
  /** Called after each request, with what the page has counted so far. */
  readonly onSent?: (counts: RunCounts) => void;
}

/**
 * Exports a page of named entities: collects them, stores what they say, and sends what differs.
 *
 * A segment of the same run may have an older version of an item in its buffer, or under way. So
 * what this page finds unchanged is confirmed in the feed table, by which the older version is not
 * sent any more; where it was claimed meanwhile, the page's version is sent after it.
 */
export async function exportEntities(
  options: SegmentExportOptions,
  ids: readonly number[],
  { counted = {}, settle, onSent }: EntityExport,
): Promise<RunCounts> {
  const { store, feed, lease, sender, segment, attempt, batchSize } = options;
  const read = await readPage(options, { kind: 'ids', ids }, ids.length, attempt.signal);
  let page = read;
  let counts = NO_COUNTS;
  await store.transaction(async (transaction) => {
    await holdLease(store, transaction, lease);
    page = await confirm(options, transaction, read);
    counts = {
      ...NO_COUNTS,
      ...counted,
      collected: page.collected,
      unchanged: page.unchanged.length,
      failed: page.failures.length,
    };
    await recordPage(options, transaction, page);
    await advanceSegment(store, transaction, segment, { counts });
    if (!sends(feed, page)) await settle(transaction);
  });
  const toSend = sends(feed, page) ? page.toSend : [];
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

function sends({ mode }: Pick<Feed, 'mode'>, { toSend }: DecidedPage): boolean {
  return mode === 'immediate' && toSend.length > 0;
}

/** The page with what was overtaken since it was read moved to what is to be sent. */
async function confirm(
  { store, feed }: SegmentExportOptions,
  transaction: Transaction,
  page: DecidedPage,
): Promise<DecidedPage> {
  const { unchanged, seq } = page;
  const overtaken = await confirmUnchanged(store, transaction, feed.table, unchanged, seq);
  if (overtaken.size === 0) return page;
  const isOvertaken = ({ feedId }: PreparedItem): boolean => overtaken.has(feedId);
  const late = unchanged.filter(isOvertaken);
  return {
    ...page,
    toSend: [
      ...page.toSend,
      ...late.map((item) => ({ ...item, collectedSeq: seq, isDeleted: false })),
    ],
    unchanged: unchanged.filter((item) => !isOvertaken(item)),
    present: page.present.filter((item) => !isOvertaken(item)),
  };
}
