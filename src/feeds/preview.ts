import type { CommerceDatabase } from '../commerce/database.js';
import type { Selection } from '../commerce/selection.js';
import { readShop, type ShopOptions } from '../commerce/shop.js';
import { formatStamp, itemJson, preparePage, type PreparedPage } from './item.js';
import type { Feed, FeedSettings, ItemFailure } from './feed.js';
import { planPages, resolveIds } from './pages.js';

/** Two pages in flight, a connection each: while one is being read, the other is assembled. */
const PAGES_IN_FLIGHT = 2;

export interface PreviewOptions extends ShopOptions {
  readonly clock: () => Date;
  readonly settings: FeedSettings;
  /** Only these entities, named by `idType`. All by default. */
  readonly ids?: readonly string[];
  /** Default: `sku` where the feed has SKUs, else `entityId`. */
  readonly idType?: string;
  /** Takes the items of a page, a JSON line each; awaited, so that a slow reader is not overrun. */
  readonly write: (lines: string) => Promise<void> | void;
  readonly onFailure: (failure: ItemFailure) => void;
  /** Called when the first page is about to be read. */
  readonly onReady?: () => void;
}

/** Builds a feed's items straight from the Commerce database and writes them; returns their number. */
export async function previewFeed(
  database: CommerceDatabase,
  feed: Feed,
  options: PreviewOptions,
): Promise<number> {
  const { clock, settings, write } = options;
  const { collect, selections } = await database.snapshot(async (read) => {
    const shop = await readShop(read, options);
    const collect = await feed.open({ shop, clock, settings }, read);
    if (options.ids === undefined) {
      const { pages } = await planPages(read, shop, feed.source(shop), feed.pageSize);
      return { collect, selections: pages };
    }
    const ids = await resolveIds(read, shop, feed, options.ids, options.idType);
    return { collect, selections: slices(ids, feed.pageSize) };
  });
  options.onReady?.();

  let items = 0;
  const queue = selections.values();
  const worker = async (): Promise<void> => {
    for (const selection of queue) {
      const collected = await database.snapshot((read) => collect(read, selection));
      const page = preparePage(feed, collected);
      page.failures.forEach(options.onFailure);
      items += page.items.length;
      if (page.items.length > 0) await write(linesOf(feed, page, formatStamp(feed, clock())));
    }
  };
  await Promise.all(Array.from({ length: PAGES_IN_FLIGHT }, worker));
  return items;
}

function linesOf(feed: Feed, page: PreparedPage, stamp: string): string {
  let lines = '';
  for (const item of page.items) lines += `${itemJson(feed, item, stamp)}\n`;
  return lines;
}

function slices(ids: readonly number[], size: number): Selection[] {
  const pages: Selection[] = [];
  for (let at = 0; at < ids.length; at += size) {
    pages.push({ kind: 'ids', ids: ids.slice(at, at + size) });
  }
  return pages;
}
