import type { Read } from '../commerce/read.js';
import { readShop } from '../commerce/shop.js';
import type { Feed, SourceContext } from '../feeds/feed.js';
import { keepsItems } from '../feeds/item.js';
import { HIGHEST_ID, nothingFound, planPages, resolveIds } from '../feeds/pages.js';
import { feedNamed } from '../feeds/registry.js';
import { STATUS_TEXTS } from '../log/status-texts.js';
import { saveSegments, type PlannedSegment } from '../store/segments.js';
import { entitiesOfSkus } from '../store/sku-entities.js';
import { entitiesWithState } from '../store/state-rows.js';
import type { Store } from '../store/store.js';
import type { RunRef, SegmentPlan } from '../workflows/messages.js';
import type { ActivityDependencies } from './dependencies.js';
import { batchSizeOf } from './export-options.js';
import { runLog } from './run-log.js';
import { shopSetting } from './shop-settings.js';

/** Pages a segment holds: minutes of work, and few events for a run. */
const PAGES_PER_SEGMENT = 25;
/** Ids a segment of a sync by ids holds. */
const IDS_PER_SEGMENT = 10_000;

/**
 * Plans the segments of a run and stores them, once. Together they cover all ids there can be, so
 * that rows of entities that are gone are looked at as well.
 *
 * @throws ExportError CDE03-09 and CDE03-10 for ids that cannot be used.
 */
export async function planSegments(deps: ActivityDependencies, run: RunRef): Promise<SegmentPlan> {
  const feed = feedNamed(run.feed);
  const { options } = run;
  const log = runLog(deps, run, 'collecting');
  if (options.noReindex === true && keepsItems(feed, deps.persistExported === true)) {
    if (run.runId !== 0) await saveSegments(deps.store, run.runId, []);
    return { segments: 0, total: 0, threadCount: 1 };
  }
  const table = deps.store.table('sync_segment');
  log.status(STATUS_TEXTS.creatingBatchTable(table, 0));
  const { segments, total, threadCount, batchSize } = await deps.commerce.snapshot(async (read) => {
    const shop = await readShop(read, deps.shop);
    const context = { shop, clock: deps.clock, settings: deps.feedSettings };
    const source = feed.source(context);
    const batchSize = batchSizeOf(deps, run, shop);
    const threadCount =
      options.threadCount ??
      deps.feedOptions(feed.name).threadCount ??
      shopSetting(shop, feed.name, 'thread_count') ??
      1;
    if (options.ids !== undefined) {
      const ids = await wantedIds(deps.store, read, context, feed, options.ids, options.idType);
      return { segments: idSegments(ids), total: ids.length, threadCount, batchSize };
    }
    const { pages, total: entities } = await planPages(read, shop, source, feed.pageSize);
    const perSegment = Math.max(
      1,
      Math.min(PAGES_PER_SEGMENT, Math.ceil(pages.length / threadCount)),
    );
    return { segments: rangeSegments(pages, perSegment), total: entities, threadCount, batchSize };
  });
  const batches = Math.ceil(total / feed.pageSize);
  log.status(STATUS_TEXTS.batchTableCreated(table, total, batches));
  if (total === 0) log.skipped();
  else log.startProcessing(total, threadCount, batchSize);
  if (run.runId !== 0) await saveSegments(deps.store, run.runId, segments);
  return {
    segments: segments.length,
    total,
    threadCount,
    ...(run.runId === 0 ? { ranges: segments } : {}),
  };
}

/** Of what is gone from the shop, the feed's state tells the entities: their deletions go out. */
async function wantedIds(
  store: Store,
  read: Read,
  context: SourceContext,
  feed: Feed,
  names: readonly string[],
  wantedType: string | undefined,
): Promise<readonly number[]> {
  const found = await resolveIds(read, context, feed, names, wantedType);
  const { ids, unknown, idType, areSourceIds } = found;
  let gone: readonly number[] = [];
  if (areSourceIds) gone = await entitiesWithState(store, feed.table, unknown.map(Number));
  else if (idType === 'sku') gone = await entitiesOfSkus(store, feed.table, unknown);
  if (ids.length + gone.length === 0) throw nothingFound(feed, names, wantedType);
  return [...ids, ...gone];
}

function rangeSegments(
  pages: readonly { readonly from: number; readonly to: number }[],
  perSegment: number,
): PlannedSegment[] {
  const segments: PlannedSegment[] = [];
  for (let at = 0; at === 0 || at < pages.length; at += perSegment) {
    const last = pages[Math.min(at + perSegment, pages.length) - 1];
    const isLast = at + perSegment >= pages.length;
    segments.push({
      from: (segments.at(-1)?.to ?? -1) + 1,
      // So far for entities that are gone.
      to: isLast || last === undefined ? HIGHEST_ID : last.to,
    });
  }
  return segments;
}

function idSegments(ids: readonly number[]): PlannedSegment[] {
  const ascending = [...new Set(ids)].sort((a, b) => a - b);
  const segments: PlannedSegment[] = [];
  for (let at = 0; at < ascending.length; at += IDS_PER_SEGMENT) {
    const slice = ascending.slice(at, at + IDS_PER_SEGMENT);
    segments.push({ from: slice[0] ?? 0, to: slice.at(-1) ?? 0, ids: slice });
  }
  return segments;
}
