import { readShop } from '../commerce/shop.js';
import { ExportError } from '../errors/export-error.js';
import { planPages, resolveIds } from '../feeds/pages.js';
import { feedNamed } from '../feeds/registry.js';
import { STATUS_TEXTS } from '../log/status-texts.js';
import { saveSegments, type PlannedSegment } from '../store/segments.js';
import type { RunRef, SegmentPlan } from '../workflows/messages.js';
import type { ActivityDependencies } from './dependencies.js';
import { batchSizeOf } from './export-options.js';
import { linkNewOrders } from './new-orders.js';
import { runLog } from './run-log.js';
import { shopSetting } from './shop-settings.js';

/** Pages a segment holds: minutes of work, and few events for a run. */
const PAGES_PER_SEGMENT = 25;
/** Source ids are unsigned 32-bit numbers. The last segment reaches so far for entities gone. */
const HIGHEST_ID = 4_294_967_295;
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
  if (options.noReindex === true && feed.mode === 'legacy') {
    await saveSegments(deps.store, run.runId, []);
    return { segments: 0, total: 0, threadCount: 1 };
  }
  if (deps.capture === 'compare' && isWhole(run)) await linkNewOrders(deps);
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
      const ids = await resolveIds(read, context, feed, options.ids, options.idType);
      if (ids.length === 0) {
        throw new ExportError('CDE03-10', {
          message: `None of the ${options.ids.length} ids was found for ${feed.name}${options.idType === undefined ? '' : ` as ${options.idType}`}.`,
        });
      }
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

/** Whether it brings all orders to the service, and not only looks. */
function isWhole({ feed, options }: RunRef): boolean {
  return feed === 'orders' && options.dryRun !== true && options.ids === undefined;
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
