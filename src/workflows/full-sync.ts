import {
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
  startChild,
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
import { memoOf } from './memo.js';
import { CONTROL, dryRunId, feedSyncId } from './names.js';
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
  /** Feeds whose run ended without having taken an order to start over. */
  const again = new Set<FeedName>();
  const show = (): void =>
    setCurrentDetails(describeFeeds([...states.values()], orders.paused, new Date()));
  const orders = new FullSyncOrders({
    states,
    show,
    runAgain: (feed) => {
      if (!running.has(feed)) queued.add(feed);
    },
    missed: (feed) => again.add(feed),
  });
  orders.listen();
  if (!checked.ok) throw invalidInput(checked.problems);
  const { feeds: wanted = 'all', ...options } = checked.value;
  setHandler(
    fullSyncProgressQuery,
    () => ({
      feeds: [...states.values()],
      ...(orders.paused === undefined ? {} : { paused: orders.paused }),
    }),
    { description: 'Where each feed stands, as JSON.' },
  );
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
      const result = await syncFeed({
        orders,
        workflowId: known.workflowId,
        enter: (state, waitsFor) => {
          states.set(feed, { ...known, state, ...(waitsFor === undefined ? {} : { waitsFor }) });
          show();
        },
        input: { feed, ...options, launchedBy: workflowInfo().workflowId, trigger: 'fullSync' },
      });
      states.set(feed, { ...known, state: result.outcome });
      results[feed] = result;
      running.delete(feed);
      const missed = result.tooLate?.includes(CONTROL.cleanupFeed) === true;
      if (again.delete(feed) || missed) queued.add(feed);
      show();
    }
  };
  const lanes = Array.from({ length: Math.min(FEEDS_AT_ONCE, feeds.length) }, lane);
  // Cancelled, it ends when the runs that it started have.
  const failed = (await Promise.allSettled(lanes)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason as Error;
  return { outcome: worst(Object.values(results)), feeds: results };
}

interface FeedOfFullSync {
  readonly orders: FullSyncOrders;
  readonly workflowId: string;
  readonly input: FeedSyncInput;
  readonly enter: (state: FeedProgress['state'], waitsFor?: string) => void;
}

/**
 * Runs a feed's full sync. Where another run works on the feed, a listening one is asked to make
 * way; a full sync with the same options is joined; any other is waited for. A failed feed does not
 * keep the others from running; a cancelled launcher stops.
 */
async function syncFeed({
  orders,
  workflowId,
  enter,
  input: asked,
}: FeedOfFullSync): Promise<FeedSyncResult> {
  const { feed } = asked;
  for (;;) {
    await condition(() => orders.paused === undefined);
    // As people have it by now, who may have told so while another run was waited for.
    const ordered = orders.options;
    const input = { ...asked, ...ordered };
    try {
      orders.starts(feed);
      const child = await startChild(feedSync, {
        workflowId,
        args: [input],
        // Cancelling the launcher cancels its children; terminating it leaves them running.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        typedSearchAttributes: startAttributes({
          feed,
          syncType: input.operation ?? 'full sync',
          requestedBy: input.requestedBy,
        }),
        staticSummary: `full sync of ${feed}`,
        memo: memoOf(input),
      });
      enter('running');
      orders.started(feed);
      return await child.result();
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) {
        orders.notStarted(feed);
        const joined = await otherRun(workflowId, enter, input);
        if (joined !== undefined && orders.options === ordered) return joined;
        continue;
      }
      if (isCancellation(error) && CancellationScope.current().consideredCancelled) throw error;
      const facts = { feed, operation: 'full sync', options: input, counts: NO_COUNTS } as const;
      const outcome = isCancellation(error) ? 'cancelled' : 'failed';
      const sentence = sentenceOf({
        ...facts,
        outcome,
        cause: outcome === 'failed' ? causeOf(error) : undefined,
      });
      return { outcome, counts: NO_COUNTS, sentence };
    }
  }
}

/** Waits for the run that works on the feed; returns its result if it does what was asked for. */
async function otherRun(
  workflowId: string,
  enter: (state: FeedProgress['state'], waitsFor?: string) => void,
  input: FeedSyncInput,
): Promise<FeedSyncResult | undefined> {
  const other = await work.lookAtRun.executeWithOptions(
    { summary: `what does ${workflowId} do?` },
    [{ workflowId, options: input }],
  );
  if (other === undefined) return undefined;
  const why = other.doesTheSame ? 'the same, joined' : other.operation;
  enter('waiting for another run', `${workflowId} (${why})`);
  if (other.operation === 'partial sync') {
    await getExternalWorkflowHandle(workflowId).signal(makeWaySignal).catch(ignoreEnded);
  }
  const result = await work.waitForRun.executeWithOptions({ summary: `wait for ${workflowId}` }, [
    { workflowId, runId: other.runId },
  ]);
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
