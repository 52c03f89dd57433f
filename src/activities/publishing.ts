import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import type { FeedName } from '../feeds/names.js';
import { feedNamed } from '../feeds/registry.js';
import { removeOldPayloads } from '../store/payloads.js';
import {
  DELETIONS_SEGMENT,
  openSegment,
  PENDING_SEGMENT,
  PUBLISHING_SEGMENT,
} from '../store/segments.js';
import type { RunRef } from '../workflows/messages.js';
import { exportDeletions } from './deletions.js';
import type { ActivityDependencies } from './dependencies.js';
import { dryRunSegment } from './dry-run.js';
import {
  deletionOptions,
  exportOptions,
  openSender,
  pageReader,
  payloadLog,
} from './export-options.js';
import { drainPending, exportPending, exportPendingPage } from './pending-export.js';
import { retryFailedItems } from './retry.js';
import { withProgress } from './run-progress.js';
import { SegmentExport, type Attempt, type SegmentExportOptions } from './segment-export.js';
import { publishStored, resendKept } from './stored-items.js';

export interface ExportSegmentInput {
  readonly run: RunRef;
  readonly segment: number;
  /** Source entities of the whole run. */
  readonly total: number;
  /** Of a dry run, whose segments are not stored. */
  readonly range?: { readonly from: number; readonly to: number; readonly ids?: readonly number[] };
}

/** Exports one planned segment of a run, from its stored cursor on; returns all its counts. */
export async function exportPlannedSegment(
  deps: ActivityDependencies,
  { run, segment, total, range }: ExportSegmentInput,
  attempt: Attempt,
): Promise<RunCounts> {
  if (range !== undefined) {
    const show = deps.log.extended ? { show: payloadLog(deps, run) } : {};
    return dryRunSegment({ ...pageReader(deps, run), range, ids: range.ids, attempt, ...show });
  }
  const opened = await openSegment(deps.store, run.runId, segment);
  if (opened.done) return opened.counts;
  const logged = withProgress(deps, run, total, attempt);
  const options = await exportOptions(deps, run, opened, logged);
  const changes = { ...options, sender: openSender(deps, run, logged, 'change') };
  return new SegmentExport(options).run(() => exportChange(changes, run));
}

/** Feeds whose changes a segment of this process exports at the moment; others need not wait. */
const exportingChanges = new Set<FeedName>();

/** Exports a page of what changed since the run began. */
async function exportChange(options: SegmentExportOptions, run: RunRef): Promise<RunCounts> {
  const { name } = options.feed;
  if (exportingChanges.has(name)) return NO_COUNTS;
  exportingChanges.add(name);
  try {
    return (await exportPendingPage(options, run.coveredUpTo)).counts;
  } finally {
    exportingChanges.delete(name);
  }
}

/** Ends the collecting of a run: what changed meanwhile, then the deletions. */
export async function exportRunDeletions(
  deps: ActivityDependencies,
  run: RunRef,
  attempt: Attempt,
): Promise<RunCounts> {
  if (run.runId === 0) return NO_COUNTS;
  const options = await deletionOptions(deps, run, DELETIONS_SEGMENT, attempt);
  let counts = NO_COUNTS;
  await drainPending(options, run.coveredUpTo, (round) => {
    counts = addCounts(counts, round.counts);
    return true;
  });
  return options.feed.removable ? addCounts(counts, await exportDeletions(options)) : counts;
}

export interface ExportPendingInput {
  readonly run: RunRef;
  /** RFC 3339: until when the run waits for further changes. Default: it does not. */
  readonly listenUntil: string | undefined;
}

/** Exports the pending entities of a feed, and those that come while it listens. */
export async function exportRunPending(
  deps: ActivityDependencies,
  { run, listenUntil }: ExportPendingInput,
  attempt: Attempt,
): Promise<RunCounts> {
  const logged = withProgress(deps, run, undefined, attempt);
  const options = await deletionOptions(deps, run, PENDING_SEGMENT, logged);
  return exportPending(options, listenUntil === undefined ? 0 : Date.parse(listenUntil));
}

/** Collects the entities of items that are to be sent again, and sends them. */
export async function retryRun(
  deps: ActivityDependencies,
  run: RunRef,
  attempt: Attempt,
): Promise<RunCounts> {
  const logged = withProgress(deps, run, undefined, attempt);
  const options = await deletionOptions(deps, run, PENDING_SEGMENT, logged);
  const rules = { maxAgeDays: deps.retryMaxAgeDays };
  return retryFailedItems(options, rules);
}

/** Publishes the stored items of a legacy feed, or sends the kept ones of another feed again. */
export async function publishRun(
  deps: ActivityDependencies,
  run: RunRef,
  attempt: Attempt,
): Promise<RunCounts> {
  const feed = feedNamed(run.feed);
  const resends = run.options.noReindex === true && deps.persistExported === true;
  if (run.runId === 0 || (feed.mode !== 'legacy' && !resends)) return NO_COUNTS;
  const opened = await openSegment(deps.store, run.runId, PUBLISHING_SEGMENT);
  const options = await exportOptions(deps, run, opened, attempt);
  if (feed.mode !== 'legacy') return resendKept(options);
  const counts = await publishStored(options);
  await removeExpiredPayloads(deps, run);
  return counts;
}

/** Orders: what the service took long ago is kept no longer than the configuration says. */
async function removeExpiredPayloads(deps: ActivityDependencies, run: RunRef): Promise<void> {
  const { orderRetentionDays: days, store } = deps;
  if (run.feed !== 'orders' || days === undefined) return;
  await removeOldPayloads(store, feedNamed(run.feed).table, days);
}
