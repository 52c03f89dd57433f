import { setTimeout as sleep } from 'node:timers/promises';

import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { newestPending, pendingEntities, settlePending } from '../store/pending.js';
import { advanceSegment } from '../store/segments.js';
import { newestRequest } from '../store/sync-requests.js';
import { exportDeletions, type DeletionOptions } from './deletions.js';
import { exportEntities } from './entity-export.js';
import type { SegmentExportOptions } from './segment-export.js';

/** How often the queue is looked at while nothing is in it. */
const POLL_MILLISECONDS = 100;

export interface PendingRound {
  /** Entities taken off the queue. */
  readonly entities: number;
  readonly counts: RunCounts;
}

/**
 * Exports a page of pending entities: queued entities are read first, then the snapshot opens, so it
 * holds their changes. They leave the queue with the transaction that settles the last of their
 * items, unless they were queued again meanwhile.
 *
 * @param queuedAfter leaves entities queued up to this number to the full sync that covers them.
 */
export async function exportPendingPage(
  options: SegmentExportOptions,
  queuedAfter = 0,
): Promise<PendingRound> {
  const { store, feed } = options;
  const entities = await pendingEntities(store, feed.name, feed.pageSize, queuedAfter);
  if (entities.length === 0) return { entities: 0, counts: NO_COUNTS };
  const ids = entities.map(({ entityId }) => entityId);
  const counts = await exportEntities(options, ids, {
    settle: (transaction) => settlePending(store, transaction, feed.name, entities),
  });
  return { entities: entities.length, counts };
}

/**
 * Exports the entities that are pending now, page by page; those that are queued meanwhile are left
 * to the next call, else a shop that changes all the time would keep the run from ever going on.
 *
 * @param onPage called after each page; false stops.
 */
export async function drainPending(
  options: SegmentExportOptions,
  queuedAfter: number,
  onPage: (round: PendingRound) => Promise<boolean> | boolean,
): Promise<void> {
  const { attempt, store, feed } = options;
  // The oldest come first, and what is queued again goes to the end.
  let { entities: left } = await newestPending(store, feed.name);
  while (left > 0) {
    attempt.signal.throwIfAborted();
    const round = await exportPendingPage(options, queuedAfter);
    if (round.entities === 0 || !(await onPage(round))) return;
    left -= round.entities;
  }
}

/**
 * Exports pending entities until the time has come, each round those that are there and then the
 * deletions.
 *
 * @param until when to stop waiting for more, in milliseconds since the epoch.
 */
export async function exportPending(options: DeletionOptions, until: number): Promise<RunCounts> {
  const { attempt, store, feed, segment } = options;
  let counts = segment.counts;
  const state = { idle: false, isAsked: false };
  const tally = { counted: 0 };
  for (;;) {
    attempt.signal.throwIfAborted();
    await drainPending(options, 0, async (round) => {
      state.idle = false;
      const processed = { ...NO_COUNTS, processed: round.entities };
      await store.transaction((transaction) =>
        advanceSegment(store, transaction, segment, { counts: processed }),
      );
      counts = [round.counts, processed].reduce(addCounts, counts);
      attempt.report(counts);
      // A full sync was asked for: it is to do the rest.
      state.isAsked = (await newestRequest(store, feed.name)) > 0;
      return !state.isAsked;
    });
    if (state.isAsked) return counts;
    if (!state.idle && feed.removable) {
      counts = addCounts(counts, await exportDeletions(options, tally));
    }
    state.idle = true;
    if (Date.now() >= until) return counts;
    await sleep(POLL_MILLISECONDS, undefined, { signal: attempt.signal });
  }
}
