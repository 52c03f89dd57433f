import {
  CancellationScope,
  condition,
  isCancellation,
  log,
  ParentClosePolicy,
  patched,
  startChild,
  workflowInfo,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';

import { NO_COUNTS } from '../feeds/counts.js';
import type { FeedName } from '../feeds/names.js';
import type { Operation } from '../feeds/operation.js';
import { causeOf } from './failures.js';
import { feedSync } from './feed-sync.js';
import type { FeedSyncInput, FeedSyncResult, LauncherResult } from './messages.js';
import { memoOf } from './memo.js';
import { feedSyncId } from './names.js';
import { REQUESTED_BY_SCHEDULE, SEARCH_ATTRIBUTE, startAttributes } from './search-attributes.js';
import { sentenceOf } from './sentence.js';

/** Less than the shortest interval of a schedule. */
const PATIENCE = '45 seconds';

/** Starts runs of feeds under the feeds' own IDs, and keeps what becomes of them. */
export class Launcher {
  readonly #instance: string;
  readonly #operation: Operation;
  readonly #started = new Set<FeedName>();
  readonly #handedOver = new Set<FeedName>();
  readonly #open = new Map<FeedName, Promise<void>>();
  readonly #settled: Partial<Record<FeedName, FeedSyncResult>> = {};

  constructor(instance: string, operation: Operation) {
    this.#instance = instance;
    this.#operation = operation;
  }

  /** Starts a feed's run; false where another run works on the feed, which is left to it. */
  async start(feed: FeedName, input: Pick<FeedSyncInput, 'listenUntil'> = {}): Promise<boolean> {
    const { workflowId, workflowType } = workflowInfo();
    const attribute = workflowInfo().typedSearchAttributes.get(SEARCH_ATTRIBUTE.requestedBy);
    // The audit holds people: of what a schedule started it tells the workflow.
    const requestedBy = attribute === REQUESTED_BY_SCHEDULE ? undefined : attribute;
    try {
      const child = await startChild(feedSync, {
        workflowId: feedSyncId(this.#instance, feed),
        args: [
          {
            feed,
            operation: this.#operation,
            launchedBy: workflowId,
            trigger: workflowType,
            ...(requestedBy === undefined ? {} : { requestedBy }),
            ...input,
          },
        ],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        typedSearchAttributes: startAttributes({
          feed,
          syncType: this.#operation,
          requestedBy: attribute,
        }),
        staticSummary: `${this.#operation} of ${feed}`,
        memo: memoOf({ requestedBy, launchedBy: workflowId, trigger: workflowType }),
      });
      this.#started.add(feed);
      this.#open.set(feed, this.#follow(feed, child));
      return true;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      if (!this.#handedOver.has(feed)) {
        const holder = feedSyncId(this.#instance, feed);
        log.info(`operation skipped - process locked by "${holder}"`, {
          feed,
          operation: this.#operation,
        });
      }
      this.#handedOver.add(feed);
      return false;
    }
  }

  /** Feeds whose run has not ended. */
  get open(): readonly FeedName[] {
    return [...this.#open.keys()];
  }

  /** Resolves when all runs have ended that were started so far. */
  async ended(): Promise<void> {
    await Promise.all(this.#open.values());
  }

  /**
   * As `ended`, but not for longer than until the schedule is due again: while one run is paused or
   * waits for the service, the other feeds go on. The runs stay, under their own IDs.
   */
  async endedOrLeft(): Promise<void> {
    // Launchers that began before wait as they would have.
    if (!patched('2026-11-launchers-leave')) return this.ended();
    if (this.#open.size === 0) return;
    await CancellationScope.cancellable(async () => {
      let ended = false;
      void this.ended().then(() => (ended = true));
      await condition(() => ended, PATIENCE, {
        summary: `wait for ${this.open.join(', ')}`,
      });
    });
  }

  get result(): LauncherResult {
    return {
      started: [...this.#started],
      handedOver: [...this.#handedOver],
      settled: this.#settled,
    };
  }

  async #follow(feed: FeedName, child: ChildWorkflowHandle<typeof feedSync>): Promise<void> {
    try {
      this.#settled[feed] = await child.result();
    } catch (error) {
      const outcome = isCancellation(error) ? 'cancelled' : 'failed';
      const facts = { feed, operation: this.#operation, options: {}, counts: NO_COUNTS };
      const cause = outcome === 'failed' ? causeOf(error) : undefined;
      const sentence = sentenceOf({ ...facts, outcome, cause });
      this.#settled[feed] = { outcome, counts: NO_COUNTS, sentence };
    } finally {
      this.#open.delete(feed);
    }
  }
}
