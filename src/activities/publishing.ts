import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import type { Feed, FeedItem } from '../feeds/feed.js';
import type { FeedName } from '../feeds/names.js';
import { maskMessage, maskPersonalData } from '../feeds/orders/privacy.js';
import { feedNamed } from '../feeds/registry.js';
import { removeOldPayloads } from '../store/payloads.js';
import {
  DELETIONS_SEGMENT,
  openSegment,
  PENDING_SEGMENT,
  PUBLISHING_SEGMENT,
  segmentCounts,
  type Segment,
} from '../store/segments.js';
import type { RunRef } from '../workflows/messages.js';
import { Collecting } from './collecting.js';
import { exportDeletions, type DeletionOptions } from './deletions.js';
import type { ActivityDependencies } from './dependencies.js';
import { dryRunSegment } from './dry-run.js';
import type { PageReader } from './page.js';
import { exportPending, exportPendingPage } from './pending-export.js';
import { retryFailedItems } from './retry.js';
import { logAnswer, runLog } from './run-log.js';
import { shopSetting } from './shop-settings.js';
import { SegmentExport, type Attempt, type SegmentExportOptions } from './segment-export.js';
import { Sender } from './sender.js';
import { publishStored } from './stored-items.js';

/** How often a segment looks at the run as a whole; the log's own intervals are longer. */
const LOOK_MILLISECONDS = 10_000;

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
    return dryRunSegment({ ...pageReader(deps, run), range, ids: range.ids, attempt });
  }
  const opened = await openSegment(deps.store, run.runId, segment);
  if (opened.done) return opened.counts;
  const logged = logProgress(deps, run, total, attempt);
  const options = await exportOptions(deps, run, opened, logged);
  return new SegmentExport(options).run(() => exportChange(options, run));
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
  for (;;) {
    attempt.signal.throwIfAborted();
    const round = await exportPendingPage(options, run.coveredUpTo);
    counts = addCounts(counts, round.counts);
    if (round.entities === 0) break;
  }
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
  const options = await deletionOptions(deps, run, PENDING_SEGMENT, attempt);
  return exportPending(options, listenUntil === undefined ? 0 : Date.parse(listenUntil));
}

/** Collects the entities of items that are to be sent again, and sends them. */
export async function retryRun(
  deps: ActivityDependencies,
  run: RunRef,
  attempt: Attempt,
): Promise<RunCounts> {
  const options = await deletionOptions(deps, run, PENDING_SEGMENT, attempt);
  const rules = { maxAgeDays: deps.retryMaxAgeDays };
  return retryFailedItems(options, rules);
}

/** Publishes the stored items of a legacy feed. */
export async function publishRun(
  deps: ActivityDependencies,
  run: RunRef,
  attempt: Attempt,
): Promise<RunCounts> {
  if (run.runId === 0 || feedNamed(run.feed).mode !== 'legacy') return NO_COUNTS;
  const opened = await openSegment(deps.store, run.runId, PUBLISHING_SEGMENT);
  const counts = await publishStored(await exportOptions(deps, run, opened, attempt));
  await removeExpiredPayloads(deps, run);
  return counts;
}

/** Orders: what the service took long ago is kept no longer than the configuration says. */
async function removeExpiredPayloads(deps: ActivityDependencies, run: RunRef): Promise<void> {
  const { orderRetentionDays: days, store } = deps;
  if (run.feed !== 'orders' || days === undefined) return;
  await removeOldPayloads(store, feedNamed(run.feed).table, days);
}

async function deletionOptions(
  deps: ActivityDependencies,
  run: RunRef,
  segment: number,
  attempt: Attempt,
): Promise<DeletionOptions> {
  const opened = await openSegment(deps.store, run.runId, segment);
  return {
    ...(await exportOptions(deps, run, opened, attempt)),
    runId: run.runId,
    approved: run.options.approveDeletions === true,
  };
}

function pageReader(deps: ActivityDependencies, run: RunRef): PageReader {
  const { commerce, store } = deps;
  return {
    feed: feedNamed(run.feed),
    commerce,
    store,
    collecting: new Collecting(deps, run),
    force: run.options.force === true || run.options.ids !== undefined,
    firstSeq: run.firstSeq,
  };
}

async function exportOptions(
  deps: ActivityDependencies,
  run: RunRef,
  segment: Segment,
  attempt: Attempt,
): Promise<SegmentExportOptions> {
  const reader = pageReader(deps, run);
  const { feed, store } = reader;
  const { shop } = await reader.collecting.context();
  const lease = { feed: feed.name, epoch: run.epoch };
  const log = runLog(deps, run);
  const sender = new Sender({
    feed,
    lease,
    store,
    publisher: deps.publisher,
    toWire: wireForm(deps, feed),
    onAnswer: (texts, answer, outcomes) => {
      if (deps.log.extended) log.status('payload', { payload: shown(feed, texts) });
      logAnswer(
        log,
        answer,
        outcomes.map(({ status, error }) => ({ status, error: maskMessage(feed.name, error) })),
      );
    },
  });
  return {
    ...reader,
    lease,
    sender,
    segment,
    attempt,
    batchSize:
      run.options.batchSize ??
      deps.feedOptions(feed.name).batchSize ??
      shopSetting(shop, feed.name, 'batch_size') ??
      feed.batchSize,
  };
}

/** The attempt, with records of how far the whole run is, at the log's intervals. */
function logProgress(
  deps: ActivityDependencies,
  run: RunRef,
  total: number,
  attempt: Attempt,
): Attempt {
  const log = runLog(deps, run);
  let looked = performance.now();
  return {
    signal: attempt.signal,
    report(counts) {
      attempt.report(counts);
      if (performance.now() - looked < LOOK_MILLISECONDS) return;
      looked = performance.now();
      segmentCounts(deps.store, run.runId).then(
        ({ processed, sent }) => log.progress({ done: processed, total, processed, synced: sent }),
        (error: unknown) => log.failed(error, 'progress is not known'),
      );
    },
  };
}

/** Items as a log shows them: personal data are masked. */
function shown(feed: Feed, texts: readonly string[]): readonly unknown[] {
  return texts.map((text) => maskPersonalData(feed.name, JSON.parse(text) as FeedItem));
}

/** An item's JSON as it goes over the wire: without dropped fields, in the route's own form. */
function wireForm(deps: ActivityDependencies, feed: Feed): (json: string) => string {
  const { droppedFields } = deps.feedOptions(feed.name);
  const toWire = deps.wireForms ? feed.toWire : undefined;
  if (droppedFields.length === 0 && toWire === undefined) return (json) => json;
  return (json) => {
    const item = JSON.parse(json) as Record<string, unknown>;
    const kept = Object.fromEntries(
      Object.entries(item).filter(([field]) => !droppedFields.includes(field)),
    );
    return JSON.stringify(toWire === undefined ? kept : toWire(kept));
  };
}
