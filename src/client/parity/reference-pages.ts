import type { CommerceDatabase } from '../../commerce/database.js';
import type { Feed, FeedContext, FeedItem } from '../../feeds/feed.js';
import { preparePage, type PreparedItem } from '../../feeds/item.js';
import { planPages } from '../../feeds/pages.js';
import { referenceHash } from './reference-hash.js';
import { inReferenceOrder } from './reference-order.js';
import {
  referenceRows,
  referenceRowsByFeedId,
  unexportedEntities,
  type ReferenceRow,
} from './reference-rows.js';

/** An item that we make, and the reference exporter's row of it. */
export interface PairedItem {
  readonly own: PreparedItem;
  /** The item, its fields in the reference's order. */
  readonly item: FeedItem;
  /** As the reference would hash it. */
  readonly hash: string;
  readonly row: ReferenceRow | undefined;
}

/** A range of entities as both exporters have it. */
export interface ReferencePage {
  readonly pairs: readonly PairedItem[];
  /** Rows of the range's entities that these do not yield; another range may yield the item. */
  readonly unpaired: readonly ReferenceRow[];
  /** Entities with a change that the reference has not exported. */
  readonly unexported: ReadonlySet<number>;
  /** What we could not collect. */
  readonly failures: readonly { readonly sourceId: number; readonly message: string }[];
}

/** Goes through all entities, range by range, each read in one snapshot of the shop. */
export async function* referencePages(
  commerce: CommerceDatabase,
  feed: Feed,
  context: FeedContext,
): AsyncGenerator<ReferencePage> {
  const { shop } = context;
  const { collect, pages } = await commerce.snapshot(async (read) => ({
    collect: await feed.open(context, read),
    pages: (await planPages(read, shop, feed.source(context), feed.pageSize)).pages,
  }));
  // Rows of entities that are gone may stand before, between and behind the others.
  const last = pages.at(-1)?.to ?? -1;
  const ranges = [
    ...pages.map((page, index) => (index === 0 ? { ...page, from: 0 } : page)),
    { kind: 'range' as const, from: last + 1, to: Number.MAX_SAFE_INTEGER },
  ];
  for (const range of ranges) {
    yield await commerce.snapshot(async (read) => {
      const page = preparePage(feed, await collect(read, range));
      const inRange = await referenceRows(read, shop, feed, range);
      const known = new Map(inRange.map((row) => [row.feedId, row]));
      const strangers = page.items.filter(({ feedId }) => !known.has(feedId));
      for (const row of await referenceRowsByFeedId(
        read,
        shop,
        feed,
        strangers.map(({ feedId }) => feedId),
      )) {
        known.set(row.feedId, row);
      }
      const pairs = page.items.map((own): PairedItem => {
        const item = inReferenceOrder(feed.name, JSON.parse(`${own.openJson}}`) as FeedItem);
        return { own, item, hash: referenceHash(feed, item), row: known.get(own.feedId) };
      });
      const yielded = new Set(page.items.map(({ feedId }) => feedId));
      const unpaired = inRange.filter(({ feedId }) => !yielded.has(feedId));
      const unexported = await unexportedEntities(read, shop, feed, [
        ...new Set([
          ...pairs.filter(({ hash, row }) => row?.hash !== hash).map(({ own }) => own.sourceId),
          ...unpaired.map(({ sourceId }) => sourceId),
        ]),
      ]);
      return { pairs, unpaired, unexported, failures: page.failures };
    });
  }
}
