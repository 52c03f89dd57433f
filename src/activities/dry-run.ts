import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { nextRange } from './next-range.js';
import { readPage, type DecidedPage, type PageReader } from './page.js';
import type { Attempt } from './segment-export.js';

export interface DryRunOptions extends PageReader {
  readonly range: { readonly from: number; readonly to: number };
  readonly ids: readonly number[] | undefined;
  readonly attempt: Attempt;
  /** Takes each item that would be sent. */
  readonly show?: (json: string) => void;
}

/** Collects and compares a segment, and counts what would be sent. Stores and sends nothing. */
export async function dryRunSegment(options: DryRunOptions): Promise<RunCounts> {
  const { attempt, range, ids, feed, show } = options;
  let counts = NO_COUNTS;
  const look = (page: DecidedPage): void => {
    counts = addCounts(counts, {
      processed: page.entities,
      collected: page.collected,
      sent: page.toSend.length + page.missing.length,
      deleted: page.missing.length,
      unchanged: page.unchanged.length,
      failed: page.failures.length,
    });
    if (show !== undefined) for (const item of page.toSend) show(`${item.openJson}}`);
    attempt.report(counts);
  };
  if (ids !== undefined) {
    for (let at = 0; at < ids.length; at += feed.pageSize) {
      attempt.signal.throwIfAborted();
      const slice = ids.slice(at, at + feed.pageSize);
      look(await readPage(options, { kind: 'ids', ids: slice }, slice.length));
    }
    return counts;
  }
  for (let from = range.from; from <= range.to;) {
    attempt.signal.throwIfAborted();
    const next = await nextRange(options, from, range.to);
    const selection = { kind: 'range', from: next.from, to: next.to } as const;
    look(await readPage(options, selection, next.entities, attempt.signal));
    from = next.to + 1;
  }
  return counts;
}
