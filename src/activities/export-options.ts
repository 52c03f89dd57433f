import type { Shop } from '../commerce/shop.js';
import type { Feed, FeedItem } from '../feeds/feed.js';
import { maskMessage, maskPersonalData } from '../feeds/orders/privacy.js';
import { feedNamed } from '../feeds/registry.js';
import type { Priority } from '../publishing/gate.js';
import { openSegment, type Segment } from '../store/segments.js';
import type { RunRef } from '../workflows/messages.js';
import { Collecting } from './collecting.js';
import type { DeletionOptions } from './deletions.js';
import type { ActivityDependencies } from './dependencies.js';
import { observedWaits } from './observer.js';
import type { PageReader } from './page.js';
import { logAnswer, runLog } from './run-log.js';
import { shopSetting } from './shop-settings.js';
import type { Attempt, SegmentExportOptions } from './segment-export.js';
import { Sender } from './sender.js';

/** How a run's deletions, pending entities and retries are exported, in a segment of their own. */
export async function deletionOptions(
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

/** How a run reads and decides pages. */
export function pageReader(deps: ActivityDependencies, run: RunRef): PageReader {
  const { commerce, store } = deps;
  return {
    feed: feedNamed(run.feed),
    commerce,
    store,
    collecting: new Collecting(deps, run),
    persistExported: deps.persistExported,
    force: run.options.force === true || run.options.ids !== undefined,
    firstSeq: run.firstSeq,
    observer: deps.observer,
  };
}

/** How a segment of a run is exported. */
export async function exportOptions(
  deps: ActivityDependencies,
  run: RunRef,
  segment: Segment,
  attempt: Attempt,
): Promise<SegmentExportOptions> {
  const reader = pageReader(deps, run);
  const { feed } = reader;
  const { shop } = await reader.collecting.context();
  return {
    ...reader,
    requestsInFlight: deps.sending.requestsInFlight,
    lease: { feed: feed.name, epoch: run.epoch },
    sender: openSender(deps, run, attempt, priorityOf(run)),
    segment,
    attempt,
    batchSize: batchSizeOf(deps, run, shop),
  };
}

/** Items of a request: as the run, the configuration or the shop says, else the feed's own number. */
export function batchSizeOf(deps: ActivityDependencies, run: RunRef, shop: Shop): number {
  const feed = feedNamed(run.feed);
  return (
    run.options.batchSize ??
    deps.feedOptions(feed.name).batchSize ??
    shopSetting(shop, feed.name, 'batch_size') ??
    feed.batchSize
  );
}

/** Sends a run's items; changes go before whole feeds when requests are limited. */
export function openSender(
  deps: ActivityDependencies,
  run: RunRef,
  attempt: Attempt,
  priority: Priority,
): Sender {
  const feed = feedNamed(run.feed);
  const log = runLog(deps, run);
  return new Sender({
    feed,
    lease: { feed: feed.name, epoch: run.epoch },
    store: deps.store,
    deliverer: deps.deliverer,
    priority,
    requestSeconds: deps.sending.requestSeconds,
    quarantineAfter: deps.sending.quarantineAfter,
    pace: deps.sending.pace,
    signal: attempt.signal,
    onWait: observedWaits(deps.observer, feed.name, attempt.onWait),
    observer: deps.observer,
    toWire: wireForm(deps, feed),
    onAnswer: (texts, answer) => {
      const status = answer.kind === 'answer' ? answer.status : 0;
      deps.observer?.request(feed.name, status, texts.length);
      if (deps.log.extended) {
        const requestId = answer.kind === 'answer' ? answer.requestId : undefined;
        log.status('payload', { requestId, statusCode: status, payload: shown(feed, texts) });
      }
      logAnswer(log, answer, texts.length, {
        mask: (message) => maskMessage(feed.name, message) ?? '',
        environmentId: deps.dataSpace.environmentId,
        baseUri: deps.dataSpace.serviceUrl,
      });
    },
  });
}

/** Writes items of a dry run into the extended log. */
export function payloadLog(deps: ActivityDependencies, run: RunRef): (json: string) => void {
  const feed = feedNamed(run.feed);
  const log = runLog(deps, run);
  const toWire = wireForm(deps, feed);
  return (json) => log.status('payload', { payload: shown(feed, [toWire(json)]) });
}

/** Changes, and entities that somebody named, are waited for; a whole feed gives way to them. */
function priorityOf({ operation, options }: RunRef): Priority {
  return operation === 'full sync' && options.ids === undefined ? 'full' : 'change';
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
