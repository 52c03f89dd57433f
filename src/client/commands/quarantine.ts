import { ExportError } from '../../errors/export-error.js';
import type { Feed, FeedItem } from '../../feeds/feed.js';
import { maskMessage, maskPersonalData } from '../../feeds/orders/privacy.js';
import { allFeeds, feedNamed } from '../../feeds/registry.js';
import {
  ignoreItems,
  refusedItems,
  replayItems,
  type QuarantinedItem,
} from '../../store/quarantine.js';
import type { Store } from '../../store/store.js';
import { limitOf } from '../arguments.js';
import { print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { withStore } from '../store.js';
import { table } from '../table.js';

export interface QuarantineListFlags extends ConnectionFlags, JsonFlag {
  readonly feed?: string;
  readonly limit: string;
  readonly ignored?: boolean;
}

export interface QuarantineItemFlags extends ConnectionFlags, JsonFlag {
  readonly feed: string;
  readonly all?: boolean;
}

/** An item as `quarantine list --json` prints it; personal data of orders are masked. */
export interface ListedItem extends Omit<QuarantinedItem, 'payload'> {
  readonly payload: FeedItem | null;
}

/** Prints the items that the service refuses, the latest first. */
export async function quarantineList(flags: QuarantineListFlags): Promise<void> {
  const feeds = flags.feed === undefined ? allFeeds() : flags.feed.split(',').map(feedNamed);
  const limit = limitOf(flags.limit);
  const items = await withStore(flags, (store) =>
    listQuarantined(store, feeds, { limit, ignored: flags.ignored === true }),
  );
  print(flags.json, items, () => textOf(items));
}

/** The quarantined items of some feeds, as people may see them. */
export async function listQuarantined(
  store: Store,
  feeds: readonly Feed[],
  { limit, ignored }: { readonly limit: number; readonly ignored: boolean },
): Promise<ListedItem[]> {
  const states = ignored ? (['quarantined', 'ignored'] as const) : (['quarantined'] as const);
  const found: QuarantinedItem[] = [];
  for (const feed of feeds) found.push(...(await refusedItems(store, feed, { states, limit })));
  return found
    .sort((a, b) => b.lastRefusedAt.localeCompare(a.lastRefusedAt))
    .slice(0, limit)
    .map((item) => ({
      ...item,
      answer: maskMessage(item.feed, item.answer),
      payload:
        item.payload === null
          ? null
          : maskPersonalData(item.feed, JSON.parse(item.payload) as FeedItem),
    }));
}

/** Sends items again although their content is the same. */
export async function quarantineReplay(
  feedIds: readonly string[],
  flags: QuarantineItemFlags,
): Promise<void> {
  const feed = feedNamed(flags.feed);
  const ids = idsOf(feedIds, flags);
  const replayed = await withStore(flags, (store) => replayItems(store, feed, ids));
  requireFound(replayed, feed, ids);
  print(flags.json, { feed: feed.name, replayed }, () =>
    replayed === 0
      ? `Nothing of ${feed.name} is in quarantine.`
      : `${itemsText(replayed)} of ${feed.name} queued; the next partial sync or retry sends them.`,
  );
}

/** Takes items off the list until their content changes. */
export async function quarantineIgnore(
  feedIds: readonly string[],
  flags: QuarantineItemFlags,
): Promise<void> {
  const feed = feedNamed(flags.feed);
  const ids = idsOf(feedIds, flags);
  const ignored = await withStore(flags, async (store) => {
    const all = await refusedItems(store, feed, { states: ['quarantined'], limit: 1_000_000 });
    return ignoreItems(store, feed.name, ids ?? all.map(({ feedId }) => feedId));
  });
  requireFound(ignored, feed, ids);
  print(
    flags.json,
    { feed: feed.name, ignored },
    () => `${itemsText(ignored)} of ${feed.name} ignored until their content changes.`,
  );
}

function textOf(items: readonly ListedItem[]): string {
  if (items.length === 0) return 'Nothing is in quarantine.';
  return table(
    ['feed', 'item', 'feed id', 'refused', 'last', 'HTTP', 'request id', 'answer'],
    items.map((item) => [
      item.feed,
      identityText(item),
      item.feedId,
      item.refusals,
      item.lastRefusedAt.slice(0, 19),
      item.httpStatus === null ? '' : String(item.httpStatus),
      item.requestId ?? '',
      `${item.state === 'ignored' ? '(ignored) ' : ''}${(item.answer ?? '').slice(0, 120)}`,
    ]),
  );
}

function identityText({ feed, sourceId, payload }: ListedItem): string {
  if (payload === null) return `source ${sourceId}`;
  const values = feedNamed(feed).identity.map((field) => payload[field]);
  return values
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .join(' · ');
}

/** The feed ids that were named; undefined: all. */
function idsOf(feedIds: readonly string[], flags: QuarantineItemFlags): string[] | undefined {
  const wrong = feedIds.find((id) => !/^[0-9a-f]{40}$/i.test(id));
  if (wrong !== undefined) {
    throw new ExportError('SDE10-03', {
      message: `“${wrong}” is no feed id: these are 40 hexadecimal digits, see \`quarantine list\`.`,
    });
  }
  if (feedIds.length > 0 === (flags.all === true)) {
    throw new ExportError('SDE10-03', { message: 'Name feed ids, or say --all.' });
  }
  return flags.all === true ? undefined : feedIds.map((id) => id.toLowerCase());
}

function requireFound(count: number, feed: Feed, ids: readonly string[] | undefined): void {
  if (count > 0 || ids === undefined) return;
  throw new ExportError('SDE70-02', {
    message: `None of these items of ${feed.name} is in quarantine.`,
  });
}

function itemsText(count: number): string {
  return count === 1 ? '1 item' : `${count.toLocaleString('en-US')} items`;
}
