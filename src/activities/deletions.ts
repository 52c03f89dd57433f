import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { deletionJson } from '../feeds/item.js';
import { isScopeGone, readLivingScopes, type LivingScopes } from '../feeds/living-scopes.js';
import {
  approveDeletions,
  closeRelease,
  holdDeletions,
  readHold,
} from '../store/held-deletions.js';
import { holdLease } from '../store/lease.js';
import {
  dropRivals,
  forgetItems,
  missingItems,
  rivalsOfMissing,
  type MissingItem,
} from '../store/missing.js';
import { openQueue, pendingAmong, settlePending } from '../store/pending.js';
import { advanceSegment } from '../store/segments.js';
import { drawCollectedSeq } from '../store/sequence.js';
import { RequestWindow } from './request-window.js';
import type { OutgoingItem } from './sender.js';
import { SegmentExport, type SegmentExportOptions } from './segment-export.js';

/** Missing items looked at at once. */
const SLICE = 1000;
/** More deletions than both in one run are held: an empty index must not empty a storefront. */
const HELD_FROM = 100;
const HELD_SHARE = 0.05;

export interface DeletionOptions extends SegmentExportOptions {
  readonly runId: number;
  /** A person approved however many deletions there are, those held before included. */
  readonly approved: boolean;
}

/** The deletions of a run so far that count for being held. */
export interface DeletionTally {
  counted: number;
}

/**
 * Sends the deletions of a run, at its end: by then other entities have yielded what moved to them.
 * An item that another entity yields as well is exported from there instead. Too many deletions are
 * held for a person, and any where the feed's source is lost; those of scopes that are gone, and
 * those that somebody has released, are not counted.
 *
 * @param tally of a run that sends deletions several times, since they are too many together.
 */
export async function exportDeletions(
  options: DeletionOptions,
  tally: DeletionTally = { counted: 0 },
): Promise<RunCounts> {
  const { feed, store, commerce } = options;
  if (options.approved) {
    await approveDeletions(store, feed.name, await drawCollectedSeq(store), options.runId);
  }
  const { heldUpTo, releasedUpTo } = await readHold(store, feed.name);
  const first = { heldUpTo, afterId: 0, limit: 1 };
  if ((await missingItems(store, feed.table, first)).length === 0) {
    await closeRelease(store, feed);
    return NO_COUNTS;
  }
  let counts = await exportRivals(options);
  const { shop } = await options.collecting.context();
  const { scopes, isLost } = await commerce.snapshot(async (read) => ({
    scopes: await readLivingScopes(read, shop),
    isLost: (await feed.isSourceLost?.(shop, read)) === true,
  }));

  let counted = 0;
  counts = addCounts(
    counts,
    await sendSlices(options, heldUpTo, (item) => {
      if (item.missingSeq <= releasedUpTo || isGone(item, scopes)) return true;
      counted += 1;
      return false;
    }),
  );
  await closeRelease(store, feed);
  tally.counted += counted;
  if (counted > 0 && (isLost || (await isTooMuch(options, tally.counted)))) {
    return addCounts(counts, await hold(options, counted));
  }
  return addCounts(counts, await sendSlices(options, heldUpTo, () => true));
}

/** Sends the missing items that `includes`, slice by slice. */
async function sendSlices(
  options: DeletionOptions,
  held: number,
  includes: (item: MissingItem) => boolean,
): Promise<RunCounts> {
  const { feed, store, lease, sender, batchSize, attempt } = options;
  const seq = await drawCollectedSeq(store);
  let counts = NO_COUNTS;
  const window = new RequestWindow(options.requestsInFlight, () => sender.isSlow());
  try {
    for (let after = 0; ;) {
      attempt.signal.throwIfAborted();
      const rows = await missingItems(store, feed.table, {
        heldUpTo: held,
        afterId: after,
        limit: SLICE,
      });
      const last = rows.at(-1);
      if (last === undefined) break;
      after = last.id;

      const unsent = rows.filter((row) => row.storedJson === '').map((row) => row.id);
      if (unsent.length > 0) {
        await store.transaction(async (transaction) => {
          await holdLease(store, transaction, lease);
          await forgetItems(store, transaction, feed.table, unsent);
        });
      }
      const deletions = rows
        .filter((row) => row.storedJson !== '' && includes(row))
        .map((row): OutgoingItem => ({
          ...row,
          openJson: deletionJson(feed, row.storedJson),
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

function isGone(item: MissingItem, scopes: LivingScopes): boolean {
  return isScopeGone(JSON.parse(item.storedJson) as Record<string, unknown>, scopes);
}

async function isTooMuch({ store, feed }: DeletionOptions, deletions: number): Promise<boolean> {
  if (deletions <= HELD_FROM) return false;
  const [row] = await store.rows<{ items: number }>(
    `SELECT COUNT(*) AS items FROM ${store.t(feed.table)} WHERE is_deleted = 0`,
  );
  return deletions > HELD_SHARE * (row?.items ?? 0);
}

async function hold(options: DeletionOptions, deletions: number): Promise<RunCounts> {
  const { store, feed, lease, segment } = options;
  const seq = await drawCollectedSeq(store);
  const counts = { ...NO_COUNTS, held: deletions };
  await store.transaction(async (transaction) => {
    await holdLease(store, transaction, lease);
    await holdDeletions(store, transaction, feed.name, seq, options.runId);
    await advanceSegment(store, transaction, segment, { counts });
  });
  return counts;
}

/**
 * Exports the entities whose items were shadowed by an item that is gone now. Until they are, they
 * count as pending: of several, all but the highest are shadowed again, and noted anew.
 */
async function exportRivals(options: DeletionOptions): Promise<RunCounts> {
  const { store, feed, lease } = options;
  const { sourceIds, feedIds } = await rivalsOfMissing(store, feed.name, feed.table);
  if (sourceIds.length === 0) return NO_COUNTS;
  const queue = await openQueue(store, feed.name);
  await store.transaction(async (transaction) => {
    await holdLease(store, transaction, lease);
    await queue(sourceIds, transaction);
    await dropRivals(store, transaction, feed.name, feedIds);
  });
  const pending = await pendingAmong(store, feed.name, sourceIds);
  const counts = await new SegmentExport({
    ...options,
    segment: { ...options.segment, ids: sourceIds, cursor: undefined },
  }).run();
  await store.transaction(async (transaction) => {
    await holdLease(store, transaction, lease);
    await settlePending(store, transaction, feed.name, pending);
  });
  return counts;
}
