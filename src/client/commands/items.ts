import type { FeedItem } from '../../feeds/feed.js';
import { maskMessage, maskPersonalData } from '../../feeds/orders/privacy.js';
import { ExportError } from '../../errors/export-error.js';
import { ITEM_STATES, listItems, type ItemRow, type ItemState } from '../../store/item-list.js';
import { print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { feedNamed } from '../../feeds/registry.js';
import { limitOf } from '../arguments.js';
import { withStore } from '../store.js';
import { table } from '../table.js';

export interface ItemsFlags extends ConnectionFlags, JsonFlag {
  readonly feed: string;
  readonly status?: string;
  readonly limit: string;
}

/** An item as `items --json` prints it; personal data of orders are masked. */
export interface ListedItem extends Omit<ItemRow, 'storedJson'> {
  /** What is kept of the item; null when nothing is. */
  readonly stored: FeedItem | null;
}

/** Prints items of a feed by their state, with what is wrong with them. */
export async function items(flags: ItemsFlags): Promise<void> {
  const feed = feedNamed(flags.feed);
  const state = flags.status === undefined ? undefined : stateOf(flags.status);
  const limit = limitOf(flags.limit);
  const rows = await withStore(flags, (store) => listItems(store, feed.table, { state, limit }));
  const listed = rows.map(({ storedJson, ...row }): ListedItem => ({
    ...row,
    error: maskMessage(feed.name, row.error),
    stored:
      storedJson === '' ? null : maskPersonalData(feed.name, JSON.parse(storedJson) as FeedItem),
  }));
  print(flags.json, listed, () =>
    listed.length === 0
      ? 'There are no such items.'
      : table(
          ['item', 'source', 'state', 'tries', 'next try', 'request id', 'error'],
          listed.map((item) => [
            identityText(feed.identity, item),
            item.sourceId,
            item.state,
            item.attempts,
            item.nextTryAt ?? '',
            item.requestId ?? '',
            (item.error ?? '').slice(0, 120),
          ]),
        ),
  );
}

function identityText(identity: readonly string[], { stored, feedId }: ListedItem): string {
  if (stored === null) return feedId;
  return identity
    .map((field) => stored[field])
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .join(' · ');
}

function stateOf(word: string): ItemState {
  const state = ITEM_STATES.find((each) => each === word);
  if (state === undefined) {
    throw new ExportError('SDE10-03', {
      message: `--status takes ${ITEM_STATES.join(', ')}, not “${word}”.`,
    });
  }
  return state;
}
