import type { CommerceDatabase } from '../commerce/database.js';
import type { Selection } from '../commerce/selection.js';
import { readShop, type ShopOptions } from '../commerce/shop.js';
import { unavailability } from './availability.js';
import { formatStamp, itemJson, preparePage, type PreparedItem } from './item.js';
import type { CollectWarning, Feed, FeedSettings, ItemFailure } from './feed.js';
import { shopOrderUuids, type OrderUuids } from './orders/uuids.js';
import { nothingFound, planPages, resolveIds } from './pages.js';

/** Two pages in flight, a connection each: while one is being read, the other is assembled. */
const PAGES_IN_FLIGHT = 2;

export interface PreviewOptions extends ShopOptions {
  readonly clock: () => Date;
  readonly settings: FeedSettings;
  /** orders: where UUIDs come from. Default: the shop's own table alone. */
  readonly orderUuids?: OrderUuids;
  /** Only these entities, named by `idType`. All by default. */
  readonly ids?: readonly string[];
  /** Default: `sku` where the feed has SKUs, else `entityId`. */
  readonly idType?: string;
  /** Takes the items of a page, a JSON line each; awaited, so that a slow reader is not overrun. */
  readonly write: (lines: string) => Promise<void> | void;
  readonly onFailure: (failure: ItemFailure) => void;
  /** Called once for each warning. */
  readonly onWarning?: (warning: CollectWarning) => void;
  /** Called when the first page is about to be read, with the number of pages. */
  readonly onReady?: (pages: number) => void;
}

/**
 * Builds a feed's items straight from the Commerce database and writes them; returns their number.
 *
 * @throws ExportError CDE03-09 and CDE03-10 for ids that cannot be used.
 */
export async function previewFeed(
  database: CommerceDatabase,
  feed: Feed,
  options: PreviewOptions,
): Promise<number> {
  const { clock, settings, write, orderUuids = shopOrderUuids } = options;
  const { collect, selections } = await database.snapshot(async (read) => {
    const shop = await readShop(read, options);
    const reason = unavailability(shop, feed);
    if (reason !== undefined) {
      options.onWarning?.({ code: 'SDE40-02', message: reason });
      return { collect: undefined, selections: [] };
    }
    const context = { shop, clock, settings, orderUuids };
    const collect = await feed.open(context, read);
    if (options.ids === undefined) {
      const { pages } = await planPages(read, shop, feed.source(context), feed.pageSize);
      return { collect, selections: pages };
    }
    const { ids } = await resolveIds(read, context, feed, options.ids, options.idType);
    if (ids.length === 0) throw nothingFound(feed, options.ids, options.idType);
    return { collect, selections: slices(ids, feed.pageSize) };
  });
  options.onReady?.(selections.length);
  if (collect === undefined) return 0;

  const told = new Set<string>();
  const warn = (warning: CollectWarning): void => {
    if (!told.has(warning.message)) options.onWarning?.(warning);
    told.add(warning.message);
  };
  // Of entities that share an identity the highest id owns it, so its page comes first.
  const seen = feed.sharedIdentities === true ? new Set<string>() : undefined;
  let items = 0;
  for await (const collected of inOrder(
    seen === undefined ? selections : selections.toReversed(),
    (selection) => database.snapshot((read) => collect(read, selection)),
  )) {
    const page = preparePage(feed, collected);
    page.failures.forEach(options.onFailure);
    page.warnings.forEach(warn);
    const owned = seen === undefined ? page.items : page.items.filter((item) => isNew(item, seen));
    items += owned.length;
    if (owned.length > 0) await write(linesOf(feed, owned, formatStamp(feed, clock())));
  }
  return items;
}

/** The results of `work` in the order of `inputs`, of which two are worked on at the same time. */
async function* inOrder<Input, Result>(
  inputs: readonly Input[],
  work: (input: Input) => Promise<Result>,
): AsyncGenerator<Result> {
  const started: Promise<Result>[] = [];
  for (const input of inputs) {
    const result = work(input);
    // Handled when its turn comes, also when an earlier one fails first.
    result.catch(() => undefined);
    started.push(result);
    if (started.length < PAGES_IN_FLIGHT) continue;
    const first = started.shift();
    if (first !== undefined) yield await first;
  }
  for (const result of started) yield await result;
}

function isNew(item: PreparedItem, seen: Set<string>): boolean {
  if (seen.has(item.feedId)) return false;
  seen.add(item.feedId);
  return true;
}

function linesOf(feed: Feed, items: readonly PreparedItem[], stamp: string): string {
  let lines = '';
  for (const item of items) lines += `${itemJson(feed, item, stamp)}\n`;
  return lines;
}

function slices(ids: readonly number[], size: number): Selection[] {
  const pages: Selection[] = [];
  for (let at = 0; at < ids.length; at += size) {
    pages.push({ kind: 'ids', ids: ids.slice(at, at + size) });
  }
  return pages;
}
