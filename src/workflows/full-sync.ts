import {
  condition,
  executeChild,
  isCancellation,
  ParentClosePolicy,
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
import { checkFullSyncInput } from './input.js';
import {
  fullSyncProgressQuery,
  type FeedOutcome,
  type FeedProgress,
  type FeedSyncInput,
  type FeedSyncResult,
  type FullSyncResult,
} from './messages.js';
import { dryRunId, feedSyncId } from './names.js';
import { sentenceOf } from './sentence.js';

/** Feeds that run at the same time. Two cores collect no faster with more. */
const FEEDS_AT_ONCE = 2;

/** Runs a full sync of each feed asked for, as a child under the feed's own ID, and waits. */
export async function fullSync(input?: unknown): Promise<FullSyncResult> {
  const checked = checkFullSyncInput(input);
  if (!checked.ok) throw invalidInput(checked.problems);
  const { feeds: wanted = 'all', ...options } = checked.value;
  const states = new Map<FeedName, FeedProgress>();
  setHandler(fullSyncProgressQuery, () => ({ feeds: [...states.values()] }));
  const { feeds, instance } = await settings.resolveFeeds({ feeds: wanted });

  for (const feed of feeds) {
    const workflowId =
      options.dryRun === true ? dryRunId(instance, feed, uuid4()) : feedSyncId(instance, feed);
    states.set(feed, { feed, workflowId, state: 'queued' });
  }
  const results: Partial<Record<FeedName, FeedSyncResult>> = {};
  const queued = new Set(feeds);
  const running = new Set<FeedName>();
  const lane = async (): Promise<void> => {
    for (;;) {
      await condition(() => queued.size === 0 || nextFeed(feeds, queued, running) !== undefined);
      const feed = nextFeed(feeds, queued, running);
      const known = feed === undefined ? undefined : states.get(feed);
      if (feed === undefined || known === undefined) return;
      queued.delete(feed);
      running.add(feed);
      const enter = (state: FeedProgress['state']): void => {
        states.set(feed, { ...known, state });
      };
      const result = await syncFeed(known.workflowId, enter, {
        feed,
        ...options,
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

/** A failed feed does not keep the others from running; a cancelled launcher stops. */
async function syncFeed(
  workflowId: string,
  enter: (state: FeedProgress['state']) => void,
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
        staticSummary: `full sync of ${input.feed}`,
      });
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) {
        enter('waiting for another run');
        await work.waitForRun({ workflowId });
        continue;
      }
      if (isCancellation(error)) throw error;
      const sentence = sentenceOf(input.feed, 'failed', NO_COUNTS, input, causeOf(error));
      return { outcome: 'failed', counts: NO_COUNTS, sentence };
    }
  }
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
