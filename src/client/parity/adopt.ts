import type { CommerceDatabase } from '../../commerce/database.js';
import { isAvailable } from '../../feeds/availability.js';
import type { Feed, FeedContext, FeedItem } from '../../feeds/feed.js';
import { hashVersion } from '../../feeds/item.js';
import { adoptItems, type AdoptedItem } from '../../store/adoption.js';
import { bindState, type DataSpace } from '../../store/binding.js';
import { drawCollectedSeq } from '../../store/sequence.js';
import type { Store } from '../../store/store.js';
import { referencePages, type PairedItem } from './reference-pages.js';
import { hasReferenceTable, type ReferenceRow } from './reference-rows.js';

/** What was taken over of a feed. */
export interface AdoptedFeed {
  readonly feed: string;
  readonly present: boolean;
  /** Items that are taken for sent: the next full sync leaves them alone. */
  readonly sent: number;
  /** Items of other content, or that were not accepted: the next full sync sends them. */
  readonly toSend: number;
  /** Items that the shop yields no more: the next full sync deletes them. */
  readonly toDelete: number;
}

const ACCEPTED = 200;

/**
 * Takes over the state of Adobe's module for a feed. An item counts as sent where the module sent
 * the very content that we make. Of legacy feeds the module does not keep what was accepted, so
 * their items are sent once more. Rows that are there already stay, so it may be repeated.
 *
 * @throws ExportError SDE30-02 where the feed's state belongs to another data space.
 */
export async function adoptFeed(
  commerce: CommerceDatabase,
  store: Store,
  feed: Feed,
  context: FeedContext,
  space: DataSpace,
): Promise<AdoptedFeed> {
  const { shop } = context;
  const present =
    isAvailable(shop, feed) &&
    (await commerce.snapshot((read) => hasReferenceTable(read, shop, feed)));
  const counts = { sent: 0, toSend: 0, toDelete: 0 };
  if (!present) return { feed: feed.name, present, ...counts };
  await bindState(store, feed.name, space, { rebind: false });
  const seq = await drawCollectedSeq(store);
  const claimed = new Set<string>();
  const strays: ReferenceRow[] = [];
  for await (const page of referencePages(commerce, feed, context)) {
    const items = page.pairs.flatMap((pair) => adoptedPair(feed, pair));
    for (const { own } of page.pairs) claimed.add(own.feedId);
    strays.push(...page.unpaired.filter((row) => !(row.isDeleted && row.status === ACCEPTED)));
    counts.sent += items.filter(({ isSent }) => isSent).length;
    counts.toSend += items.filter(({ isSent }) => !isSent).length;
    await adoptItems(store, feed.table, hashVersion(feed), seq, items);
  }
  // Known only now: an item may have moved to an entity of another range.
  const gone = strays
    .filter(({ feedId }) => !claimed.has(feedId))
    .map((row) => ({
      feedId: row.feedId,
      sourceId: row.sourceId,
      keptJson: keptJson(feed, row.data),
      hash: '',
      stamp: row.modifiedAt,
      isSent: false,
    }));
  await adoptItems(store, feed.table, hashVersion(feed), seq, gone);
  counts.toDelete = feed.removable ? gone.length : 0;
  return { feed: feed.name, present, ...counts };
}

function adoptedPair(feed: Feed, { own, hash, row }: PairedItem): AdoptedItem[] {
  if (row === undefined || (row.sourceId > own.sourceId && !row.isDeleted)) return [];
  const isSent = !row.isDeleted && row.status === ACCEPTED && row.hash === hash;
  return [
    {
      feedId: own.feedId,
      sourceId: own.sourceId,
      keptJson: isSent ? own.storedJson : keptJson(feed, row.data),
      hash: isSent ? own.hash : '',
      stamp: row.modifiedAt,
      isSent,
    },
  ];
}

/** What a deletion says of the item: without stamp and without `deleted`. */
function keptJson(feed: Feed, data: FeedItem): string {
  const { deleted: _, [feed.stamp.field]: __, ...kept } = data;
  return JSON.stringify(kept);
}
