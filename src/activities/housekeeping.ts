import { readShop } from '../commerce/shop.js';
import { ExportError } from '../errors/export-error.js';
import { missingTables, unavailableSentence } from '../feeds/availability.js';
import type { RunCounts } from '../feeds/counts.js';
import { hashVersion } from '../feeds/item.js';
import type { FeedName } from '../feeds/names.js';
import { feedNamed } from '../feeds/registry.js';
import { bindState } from '../store/binding.js';
import { holdLease, takeLease } from '../store/lease.js';
import { resendItems } from '../store/missing.js';
import { queueWithoutPayload } from '../store/pending.js';
import { recordRunEnd, recordRunStart } from '../store/runs.js';
import { dropSegments, segmentCounts } from '../store/segments.js';
import { drawCollectedSeq } from '../store/sequence.js';
import type {
  FeedOutcome,
  FeedSyncResult,
  FullSyncInput,
  RunOptions,
  RunRef,
} from '../workflows/messages.js';
import { sentenceOf } from '../workflows/sentence.js';
import { STATUS_TEXTS } from '../log/status-texts.js';
import type { ActivityDependencies } from './dependencies.js';
import { runLog } from './run-log.js';

/** Rows made to count as never sent in one transaction. */
const CLEANUP_SLICE = 10_000;

export interface BeginRunInput {
  readonly feed: FeedName;
  readonly options: RunOptions;
  readonly launchedBy: string | undefined;
  readonly requestedBy: string | undefined;
  readonly reason: string | undefined;
  readonly trigger: string;
}

/** Who runs: the workflow, as the server knows it. */
export interface Caller {
  readonly workflowId: string;
  readonly firstRunId: string;
}

/** The feeds of a full sync, in the order in which they start. */
export function resolveFeeds(
  deps: ActivityDependencies,
  wanted: FullSyncInput['feeds'],
): { readonly feeds: readonly FeedName[]; readonly instance: string } {
  const { instance } = deps;
  if (wanted === undefined || wanted === 'all') return { feeds: deps.feeds, instance };
  const off = wanted.filter((feed) => !deps.feeds.includes(feed));
  if (off.length > 0) {
    throw new ExportError('SDE40-01', {
      message: `Not switched on by FEEDS: ${off.join(', ')}. Feeds: ${deps.feeds.join(', ')}.`,
    });
  }
  return { feeds: [...new Set(wanted)], instance };
}

/**
 * Begins a run: binds the state to the data space, takes the lease, writes the record. Repeating it
 * for the same workflow run changes nothing more. A dry run does none of it.
 *
 * @throws ExportError SDE40-02 where the edition lacks the feed's tables, SDE30-02 when the state
 *   belongs to another data space.
 */
export async function beginRun(
  deps: ActivityDependencies,
  input: BeginRunInput,
  caller: Caller,
  beat: () => void,
): Promise<RunRef> {
  const { store } = deps;
  const feed = feedNamed(input.feed);
  const shop = await deps.commerce.snapshot((read) => readShop(read, deps.shop));
  const missing = missingTables(shop, feed);
  if (missing.length > 0) {
    throw new ExportError('SDE40-02', { message: unavailableSentence(feed, missing) });
  }
  const shared = {
    feed: feed.name,
    options: input.options,
    startedAt: new Date().toISOString(),
    caller: input.requestedBy ?? input.trigger,
  };
  if (input.options.dryRun === true) {
    return { ...shared, runId: 0, epoch: 0, firstSeq: 0 };
  }
  const cleanup = input.options.cleanupFeed === true;
  await bindState(store, feed.name, deps.dataSpace, { rebind: cleanup });
  const runId = await recordRunStart(store, {
    feed: feed.name,
    operation: 'full sync',
    workflowId: caller.workflowId,
    workflowRunId: caller.firstRunId,
    launchedBy: input.launchedBy,
    requestedBy: input.requestedBy,
    reason: input.reason,
    trigger: input.trigger,
    options: { ...input.options },
    codeVersion: deps.codeVersion,
    contractVersion: hashVersion(feed),
  });
  const lease = await takeLease(store, feed.name, runId);
  const again = input.options.noReindex === true && feed.mode === 'legacy';
  let after: number | undefined = cleanup || again ? 0 : undefined;
  while (after !== undefined) {
    const slice = { afterId: after, rows: CLEANUP_SLICE, forgetContent: cleanup };
    after = await store.transaction(async (transaction) => {
      await holdLease(store, transaction, lease);
      return resendItems(store, transaction, feed.table, slice);
    });
    beat();
  }
  if (cleanup && feed.mode === 'legacy') await queueWithoutPayload(store, feed.name, feed.table);
  const firstSeq = await drawCollectedSeq(store);
  return { ...shared, runId, epoch: lease.epoch, firstSeq };
}

export interface EndRunInput {
  readonly run: RunRef;
  readonly outcome: FeedOutcome;
  /** As the workflow knows them; the store's are exact, and a dry run has none there. */
  readonly counts: RunCounts;
  /** Why it failed. */
  readonly cause: string | undefined;
}

/** Writes the end of a run into its record, once, and returns what came of it. */
export async function endRun(
  deps: ActivityDependencies,
  { run, outcome: ended, counts: told, cause }: EndRunInput,
): Promise<FeedSyncResult> {
  const { store } = deps;
  const counts = run.runId === 0 ? told : await segmentCounts(store, run.runId);
  const troubled = ended === 'completed' && counts.rejected + counts.failed > 0;
  const outcome = troubled ? 'completed with failures' : ended;
  const sentence = sentenceOf(run.feed, outcome, counts, run.options, cause);
  const log = runLog(deps, run);
  const { processed, sent } = counts;
  log.progress({ done: processed, total: processed, processed, synced: sent });
  if (ended === 'failed') log.warning(sentence);
  else log.status(ended === 'completed' ? STATUS_TEXTS.complete : sentence, { counts });
  if (run.runId === 0 || outcome === 'not available') return { outcome, counts, sentence };
  const first = await recordRunEnd(store, run.runId, { outcome, sentence, counts });
  await dropSegments(store, run.runId);
  return { outcome: first.outcome, counts: first.counts, sentence: first.sentence };
}
