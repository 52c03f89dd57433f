import {
  condition,
  executeChild,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';

import { NO_COUNTS } from '../feeds/counts.js';
import type { FeedName } from '../feeds/names.js';
import { nextFeed } from '../feeds/order.js';
import { settings, work } from './activities.js';
import { causeOf, invalidInput } from './failures.js';
import { feedSync } from './feed-sync.js';
import { FullSyncOrders } from './full-sync-orders.js';
import { checkFullSyncInput } from './input.js';
import {
  fullSyncProgressQuery,
  makeWaySignal,
  type FeedOutcome,
  type FeedProgress,
  type FeedSyncInput,
  type FeedSyncResult,
  type FullSyncResult,
} from './messages.js';
import { dryRunId, feedSyncId } from './names.js';
import { describeFeeds } from './progress.js';
import { startAttributes } from './search-attributes.js';
import { sentenceOf } from './sentence.js';

/** Feeds that run at the same time. Two cores collect no faster with more. */
const FEEDS_AT_ONCE = 2;

/** Runs a full sync of each feed asked for, as a child under the feed's own ID, and waits. */
export async function fullSync(input?: unknown): Promise<FullSyncResult> {
  const checked = checkFullSyncInput(input);
  const states = new Map<FeedName, FeedProgress>();
  const queued = new Set<FeedName>();
  const running = new Set<FeedName>();
  const orders = new FullSyncOrders(states, () => {
    for (const { feed } of states.values()) if (!running.has(feed)) queued.add(feed);
  });
  if (!checked.ok) throw invalidInput(checked.problems);
  const { feeds: wanted = 'all', ...options } = checked.value;
  setHandler(fullSyncProgressQuery, () => ({ feeds: [...states.values()] }));
  const { feeds, instance } = await settings.resolveFeeds({ feeds: wanted });

  for (const feed of feeds) {
    const workflowId =
      options.dryRun === true ? dryRunId(instance, feed, uuid4()) : feedSyncId(instance, feed);
    states.set(feed, { feed, workflowId, state: 'queued' });
    queued.add(feed);
  }
  const results: Partial<Record<FeedName, FeedSyncResult>> = {};
  const lane = async (): Promise<void> => {
    for (;;) {
      await condition(
        () =>
          queued.size === 0 ||
          (orders.paused === undefined && nextFeed(feeds, queued, running) !== undefined),
      );
      const feed = nextFeed(feeds, queued, running);
      const known = feed === undefined ? undefined : states.get(feed);
      if (feed === undefined || known === undefined) return;
      queued.delete(feed);
      running.add(feed);
      const enter = (state: FeedProgress['state'], waitsFor?: string): void => {
        states.set(feed, { ...known, state, ...(waitsFor === undefined ? {} : { waitsFor }) });
        setCurrentDetails(describeFeeds([...states.values()]));
      };
      const result = await syncFeed(known.workflowId, enter, {
        feed,
        ...options,
        ...orders.options,
        launchedBy: workflowInfo().workflowId,
        trigger: 'fullSync',
      });
      enter(result.outcome);
      results[feed] = result;
      running.delete(feed);
    }
  };
  await Promise.all(Array.from({ length: Math.min(FEEDS_AT_ONCE, feeds.length) }, lane));
  return { outcome: worst(Object.values(results)), feeds: results };
}

/**
 * Runs a feed's full sync. Where another run works on the feed, a listening one is asked to make
 * way; a full sync with the same options is joined; any other is waited for. A failed feed does not
 * keep the others from running; a cancelled launcher stops.
 */
async function syncFeed(
  workflowId: string,
  enter: (state: FeedProgress['state'], waitsFor?: string) => void,
  input: FeedSyncInput,
): Promise<FeedSyncResult> {
  for (;;) {
    try {
      enter('running');
      return await executeChild(feedSync, {
        workflowId,
        args: [input],
        // Cancelling the launcher cancels its children; terminating it leaves them running.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        typedSearchAttributes: startAttributes({
          feed: input.feed,
          syncType: input.operation ?? 'full sync',
          requestedBy: input.requestedBy,
        }),
        staticSummary: `full sync of ${input.feed}`,
      });
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) {
        const joined = await otherRun(workflowId, enter, input);
        if (joined !== undefined) return joined;
        continue;
      }
      if (isCancellation(error)) throw error;
      const facts = { feed: input.feed, operation: 'full sync', options: input } as const;
      const sentence = sentenceOf({
        ...facts,
        outcome: 'failed',
        counts: NO_COUNTS,
        cause: causeOf(error),
      });
      return { outcome: 'failed', counts: NO_COUNTS, sentence };
    }
  }
}

/** Waits for the run that works on the feed; returns its result if it does what was asked for. */
async function otherRun(
  workflowId: string,
  enter: (state: FeedProgress['state'], waitsFor?: string) => void,
  input: FeedSyncInput,
): Promise<FeedSyncResult | undefined> {
  const other = await work.lookAtRun({ workflowId, options: input });
  if (other === undefined) return undefined;
  enter('waiting for another run', `${workflowId} (${other.operation})`);
  if (other.operation === 'partial sync') {
    await getExternalWorkflowHandle(workflowId).signal(makeWaySignal).catch(ignoreEnded);
  }
  const result = await work.waitForRun({ workflowId, runId: other.runId });
  return other.doesTheSame ? result : undefined;
}

/** The run may have ended before the signal came. */
function ignoreEnded(error: unknown): void {
  if (isCancellation(error)) throw error;
}

const SEVERITY: readonly FeedOutcome[] = [
  'not available',
  'completed',
  'completed with failures',
  'cancelled',
  'failed',
];

function worst(results: readonly FeedSyncResult[]): FeedOutcome {
  return results
    .map((result) => result.outcome)
    .reduce<FeedOutcome>(
      (a, b) => (SEVERITY.indexOf(b) > SEVERITY.indexOf(a) ? b : a),
      'completed',
    );
}
