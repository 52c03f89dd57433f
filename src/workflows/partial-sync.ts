import {
  CancellationScope,
  condition,
  ParentClosePolicy,
  patched,
  setCurrentDetails,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';

import type { FeedName } from '../feeds/names.js';
import { settings, work } from './activities.js';
import { invalidInput } from './failures.js';
import { fullSync } from './full-sync.js';
import { checkPartialSyncInput } from './input.js';
import { Launcher } from './launcher.js';
import type { PartialSyncResult } from './messages.js';
import { queuedSyncId, sharedQueuedSyncId } from './names.js';

const DEFAULT_LISTEN_SECONDS = 60;
/**
 * How long a busy feed is left to the run that works on it before it is looked at again: at first,
 * and at most. Each look doubles it, since each is some events in this run's history.
 */
const BUSY_MILLISECONDS = 2_000;
const LONGEST_BUSY_MILLISECONDS = 16_000;
/** How long a run that does not listen waits for what it started. */
const PATIENCE = '10 minutes';

/**
 * Moves the shop's changes to the feeds they concern, and starts a run for each feed with changes
 * and each queued full sync; then listens for more until its time is up. A feed that another run
 * works on is left to that run, which exports changes itself.
 */
export async function partialSync(input?: unknown): Promise<PartialSyncResult> {
  const checked = checkPartialSyncInput(input);
  if (!checked.ok) throw invalidInput(checked.problems);
  const { feeds: wanted = 'all', listenSeconds = DEFAULT_LISTEN_SECONDS } = checked.value;
  const { feeds, instance } = await settings.resolveFeeds({ feeds: wanted });
  const launcher = new Launcher(instance, 'partial sync');
  const until = new Date(Date.now() + listenSeconds * 1000).toISOString();
  const busy = new Map<FeedName, { readonly until: number; readonly wait: number }>();
  const fullSyncs: Partial<Record<FeedName, string>> = {};
  // Those of an earlier launcher that still runs are left to the next run of this workflow.
  const asked = new Set<FeedName>();
  let changes = 0;

  for (let first = true; ; first = false) {
    const now = Date.now();
    const found = await work.captureChanges({
      feeds,
      until,
      first,
      asked: [...asked],
      busy: [
        ...launcher.open.map((feed) => ({ feed })),
        ...[...busy]
          .filter(([, { until }]) => until > now)
          .map(([feed, { until }]) => ({ feed, until: new Date(until).toISOString() })),
      ],
    });
    changes += found.changes;
    if (found.fullSyncs.length > 0) {
      // One for each feed: a feed that is paused, waits or takes hours holds up no other.
      const launchers = patched('2026-11-launcher-per-queued-feed')
        ? found.fullSyncs.map((each) => [queuedSyncId(instance, each.feed), [each]] as const)
        : [[sharedQueuedSyncId(instance), found.fullSyncs] as const];
      for (const [workflowId, requests] of launchers) {
        const started = await startQueued(workflowId, requests);
        for (const { feed, reason } of requests) {
          asked.add(feed);
          if (started) fullSyncs[feed] = reason;
        }
      }
    }
    for (const feed of found.pending) {
      const started = await launcher.start(feed, listenSeconds === 0 ? {} : { listenUntil: until });
      if (started) {
        busy.delete(feed);
        continue;
      }
      const wait = Math.min(
        LONGEST_BUSY_MILLISECONDS,
        2 * (busy.get(feed)?.wait ?? 0) || BUSY_MILLISECONDS,
      );
      busy.set(feed, { until: Date.now() + wait, wait });
    }
    setCurrentDetails(
      `${changes} changes; runs for ${launcher.result.started.join(', ') || 'no feed'}`,
    );
    if (found.ended) break;
  }
  // A run that listened ends when its time is up: the next one goes on with the changelog.
  if (listenSeconds === 0) {
    await CancellationScope.cancellable(async () => {
      let ended = false;
      void launcher.ended().then(() => (ended = true));
      await condition(() => ended, PATIENCE);
    });
  }
  return { ...launcher.result, changes, fullSyncs };
}

/** Starts a launcher of queued full syncs; false while an earlier one still runs. */
async function startQueued(
  workflowId: string,
  queued: readonly { readonly feed: FeedName; readonly reason: string }[],
): Promise<boolean> {
  try {
    await startChild(fullSync, {
      workflowId,
      args: [
        {
          feeds: queued.map(({ feed }) => feed),
          requestedBy: workflowInfo().workflowType,
          reason: [...new Set(queued.map(({ reason }) => reason))].join('; ').slice(0, 1000),
        },
      ],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `queued full sync of ${queued.map(({ feed }) => feed).join(', ')}`,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
