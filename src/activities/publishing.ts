import { readShop } from '../commerce/shop.js';
import { NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import type { CollectWarning, Feed, FeedItem } from '../feeds/feed.js';
import { maskMessage, maskPersonalData } from '../feeds/orders/privacy.js';
import { feedNamed } from '../feeds/registry.js';
import type { Priority } from '../publishing/gate.js';
import { settledOrderUuids, storedOrderUuids } from '../store/order-uuids.js';
import { removeOldPayloads } from '../store/payloads.js';
import {
  DELETIONS_SEGMENT,
  openSegment,
  PUBLISHING_SEGMENT,
  segmentCounts,
  type Segment,
} from '../store/segments.js';
import { drawCollectedSeq } from '../store/sequence.js';
import type { RunRef } from '../workflows/messages.js';
import { exportDeletions } from './deletions.js';
import type { ActivityDependencies } from './dependencies.js';
import { dryRunSegment } from './dry-run.js';
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
  const collecting = await openFeed(deps, run);
  if (range !== undefined) {
    return dryRunSegment({
      ...collecting,
      drawSeq: () => Promise.resolve(0),
      range,
      ids: range.ids,
      attempt,
    });
  }
  const opened = await openSegment(deps.store, run.runId, segment);
  if (opened.done) return opened.counts;
  const logged = logProgress(deps, run, total, attempt);
  return new SegmentExport(exportOptions(deps, run, collecting, opened, logged)).run();
}

/** Sends the deletions of a run. */
export async function exportRunDeletions(
  deps: ActivityDependencies,
  run: RunRef,
  attempt: Attempt,
): Promise<RunCounts> {
  if (run.runId === 0 || !feedNamed(run.feed).removable) return NO_COUNTS;
  const opened = await openSegment(deps.store, run.runId, DELETIONS_SEGMENT);
  const collecting = await openFeed(deps, run);
  return exportDeletions(exportOptions(deps, run, collecting, opened, attempt));
}

/** Publishes the stored items of a legacy feed. */
export async function publishRun(
  deps: ActivityDependencies,
  run: RunRef,
  attempt: Attempt,
): Promise<RunCounts> {
  if (run.runId === 0 || feedNamed(run.feed).mode !== 'legacy') return NO_COUNTS;
  const opened = await openSegment(deps.store, run.runId, PUBLISHING_SEGMENT);
  const collecting = await openFeed(deps, run);
  const counts = await publishStored(exportOptions(deps, run, collecting, opened, attempt));
  await removeExpiredPayloads(deps, run);
  return counts;
}

/** Orders: what the service took long ago is kept no longer than the configuration says. */
async function removeExpiredPayloads(deps: ActivityDependencies, run: RunRef): Promise<void> {
  const { orderRetentionDays: days, store } = deps;
  if (run.feed !== 'orders' || days === undefined) return;
  await removeOldPayloads(store, feedNamed(run.feed).table, days);
}

type Collecting = Pick<
  SegmentExportOptions,
  'feed' | 'commerce' | 'store' | 'context' | 'collect' | 'force' | 'warn' | 'firstSeq'
>;

/** Reads what is kept of the shop for an epoch, and opens the feed's collector with it. */
async function openFeed(deps: ActivityDependencies, run: RunRef): Promise<Collecting> {
  const feed = feedNamed(run.feed);
  const { commerce, store, clock, feedSettings: settings } = deps;
  // A dry run stores nothing, so it makes no UUIDs.
  const orderUuids = run.runId === 0 ? storedOrderUuids(store) : settledOrderUuids(store);
  const { context, collect } = await commerce.snapshot(async (read) => {
    const context = { shop: await readShop(read, deps.shop), clock, settings, orderUuids };
    return { context, collect: await feed.open(context, read) };
  });
  const force = run.options.force === true || run.options.ids !== undefined;
  const log = runLog(deps, run);
  const told = new Set<string>();
  const warn = ({ code, message }: CollectWarning): void => {
    if (!told.has(message)) log.warning(message, { code });
    told.add(message);
  };
  return { feed, commerce, store, context, collect, force, warn, firstSeq: run.firstSeq };
}

function exportOptions(
  deps: ActivityDependencies,
  run: RunRef,
  collecting: Collecting,
  segment: Segment,
  attempt: Attempt,
): SegmentExportOptions {
  const { feed, store } = collecting;
  const lease = { feed: feed.name, epoch: run.epoch };
  const log = runLog(deps, run);
  const sender = new Sender({
    feed,
    lease,
    store,
    deliverer: deps.deliverer,
    priority: priorityOf(run),
    requestSeconds: deps.sending.requestSeconds,
    quarantineAfter: deps.sending.quarantineAfter,
    signal: attempt.signal,
    onWait: attempt.onWait,
    toWire: wireForm(deps, feed),
    onAnswer: (texts, answer) => {
      if (deps.log.extended) log.status('payload', { payload: shown(feed, texts) });
      logAnswer(log, answer, texts.length, (message) => maskMessage(feed.name, message) ?? '');
    },
  });
  return {
    ...collecting,
    drawSeq: () => drawCollectedSeq(store),
    requestsInFlight: deps.sending.requestsInFlight,
    lease,
    sender,
    segment,
    attempt,
    batchSize:
      run.options.batchSize ??
      deps.feedOptions(feed.name).batchSize ??
      shopSetting(collecting.context.shop, feed.name, 'batch_size') ??
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

/** Named entities are what somebody waits for; a whole feed gives way to them. */
function priorityOf(run: RunRef): Priority {
  return run.options.ids === undefined ? 'full' : 'change';
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
