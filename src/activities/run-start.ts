import { readShop, type Shop } from '../commerce/shop.js';
import { ExportError } from '../errors/export-error.js';
import { unavailability } from '../feeds/availability.js';
import type { Feed } from '../feeds/feed.js';
import { hashVersion, keepsItems } from '../feeds/item.js';
import type { FeedName } from '../feeds/names.js';
import type { Operation } from '../feeds/operation.js';
import { feedNamed } from '../feeds/registry.js';
import { bindState } from '../store/binding.js';
import { holdLease, renewLease, takeLease, type Lease } from '../store/lease.js';
import { resendItems } from '../store/missing.js';
import { newestPending, queueStored, queueWithoutPayload } from '../store/pending.js';
import { recordRunOptions, recordRunStart } from '../store/runs.js';
import { dropSegments, saveSegments } from '../store/segments.js';
import { drawCollectedSeq } from '../store/sequence.js';
import { firstSyncHasBegun, newestRequest } from '../store/sync-requests.js';
import type { RunOptions, RunRef } from '../workflows/messages.js';
import type { ActivityDependencies } from './dependencies.js';
import { COVERED_FROM } from './mass-changes.js';
import { linkNewOrders } from './new-orders.js';
import { runLog } from './run-log.js';

/** Rows made to count as never sent in one transaction. */
const CLEANUP_SLICE = 10_000;

export interface BeginRunInput {
  readonly feed: FeedName;
  /** Default: a full sync. */
  readonly operation?: Operation;
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

/**
 * Begins a run: binds the state to the data space, takes the lease, writes the record. Repeating it
 * for the same workflow run changes nothing more. A dry run does none of it.
 *
 * @throws ExportError SDE40-02 where the shop lacks the feed's tables or module, SDE30-02 when the state
 *   belongs to another data space.
 */
export async function beginRun(
  deps: ActivityDependencies,
  input: BeginRunInput,
  caller: Caller,
  beat: () => void,
): Promise<RunRef> {
  const { store } = deps;
  const { operation = 'full sync', options } = input;
  const feed = feedNamed(input.feed);
  const shop = await readShopNow(deps);
  const reason = unavailability(shop, feed);
  if (reason !== undefined) throw new ExportError('SDE40-02', { message: reason });
  const shared = {
    feed: feed.name,
    operation,
    options,
    startedAt: new Date().toISOString(),
    caller: input.requestedBy ?? input.trigger,
    ...(feed.mode === 'immediate' && deps.persistExported === true ? { keepsItems: true } : {}),
  };
  if (options.dryRun === true) {
    return begun(deps, {
      ...shared,
      runId: 0,
      epoch: 0,
      // It claims nothing, so with `force` all that it finds is to be shown.
      firstSeq: Number.MAX_SAFE_INTEGER,
      coveredUpTo: 0,
      answersUpTo: 0,
    });
  }
  await bindState(store, feed.name, deps.dataSpace, { rebind: options.cleanupFeed === true });
  const runId = await recordRunStart(store, {
    feed: feed.name,
    operation,
    workflowId: caller.workflowId,
    workflowRunId: caller.firstRunId,
    launchedBy: input.launchedBy,
    requestedBy: input.requestedBy,
    reason: input.reason,
    trigger: input.trigger,
    options: { ...options },
    codeVersion: deps.codeVersion,
    contractVersion: hashVersion(feed),
  });
  const lease = await takeLease(store, feed.name, runId);
  if (isWhole(deps, feed, operation, options)) await firstSyncHasBegun(store, feed.name);
  if (operation !== 'full sync') await saveSegments(store, runId, []);
  await resend(deps, feed, lease, options, beat);
  return begun(deps, {
    ...shared,
    runId,
    epoch: lease.epoch,
    firstSeq: await drawCollectedSeq(store),
    ...(isWhole(deps, feed, operation, options)
      ? await coverage(deps, feed, shop)
      : { coveredUpTo: 0, answersUpTo: 0 }),
  });
}

function readShopNow({ commerce, shop }: ActivityDependencies): Promise<Shop> {
  return commerce.snapshot((read) => readShop(read, shop));
}

function begun(deps: ActivityDependencies, run: RunRef): RunRef {
  runLog(deps, run, 'collecting').initialize();
  return run;
}

/** Whether a run collects all entities of its feed that a full sync takes. */
function isWhole(
  { persistExported }: ActivityDependencies,
  feed: Feed,
  operation: Operation,
  options: RunOptions,
): boolean {
  const collects = options.noReindex !== true || !keepsItems(feed, persistExported === true);
  return operation === 'full sync' && options.ids === undefined && collects;
}

/**
 * What is queued now, and so answered by a full sync whose collecting has not begun. One that takes
 * only some of the feed's entities covers no pending ones; where it answers for all, as when a
 * website got another code, or without triggers, the others that were ever exported are queued.
 */
async function coverage(
  deps: ActivityDependencies,
  feed: Feed,
  shop: Shop,
): Promise<{ readonly coveredUpTo: number; readonly answersUpTo: number }> {
  const { store, clock, feedSettings: settings } = deps;
  const answersUpTo = await newestRequest(store, feed.name);
  if (feed.source({ shop, clock, settings }).where !== undefined) {
    const compares = deps.capture === 'compare';
    if (compares && feed.name === 'orders') {
      await deps.commerce.snapshot((read) => linkNewOrders(store, read, shop));
    }
    if (answersUpTo > 0 || compares) await queueStored(store, feed.name, feed.table);
    return { coveredUpTo: 0, answersUpTo };
  }
  const pending = await newestPending(store, feed.name);
  return { coveredUpTo: pending.entities >= COVERED_FROM ? pending.seq : 0, answersUpTo };
}

/** Makes stored items wait for being sent, where the options say so. */
async function resend(
  { store }: ActivityDependencies,
  feed: Feed,
  lease: Lease,
  options: RunOptions,
  beat: () => void,
): Promise<void> {
  const cleanup = options.cleanupFeed === true;
  const again = options.noReindex === true && feed.mode === 'legacy';
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
}

export interface RestartRunInput {
  readonly run: RunRef;
  /** What a person asked the running run for. */
  readonly as: 'cleanupFeed' | 'noReindex';
}

/**
 * Starts a running run over as a full sync in another form; its record stays. Work that began
 * before can neither send nor store anything any more.
 */
export async function restartRun(
  deps: ActivityDependencies,
  { run, as }: RestartRunInput,
  beat: () => void,
): Promise<RunRef> {
  const { store } = deps;
  const feed = feedNamed(run.feed);
  const { ids: _ids, idType: _idType, force: _force, ...kept } = run.options;
  const options: RunOptions = { ...kept, [as]: true };
  if (run.runId === 0) return { ...run, operation: 'full sync', options };
  const lease = await renewLease(store, feed.name, run.runId);
  await bindState(store, feed.name, deps.dataSpace, { rebind: as === 'cleanupFeed' });
  await dropSegments(store, run.runId);
  await resend(deps, feed, lease, options, beat);
  await recordRunOptions(store, run.runId, { ...options });
  return begun(deps, {
    ...run,
    operation: 'full sync',
    options,
    epoch: lease.epoch,
    firstSeq: await drawCollectedSeq(store),
    ...(isWhole(deps, feed, 'full sync', options)
      ? await coverage(deps, feed, await readShopNow(deps))
      : { coveredUpTo: 0, answersUpTo: 0 }),
  });
}
