import { ExportError } from '../../errors/export-error.js';
import type { Feed, FeedItem } from '../../feeds/feed.js';
import { maskPersonalData } from '../../feeds/orders/privacy.js';
import { allFeeds, feedNamed } from '../../feeds/registry.js';
import {
  dropHeld,
  heldDeletions,
  heldPayloads,
  releaseHeld,
  type HeldDeletions,
} from '../../store/held-deletions.js';
import type { Store } from '../../store/store.js';
import { limitOf } from '../arguments.js';
import { print, type ConnectionFlags, type JsonFlag } from '../edge.js';
import { withStore } from '../store.js';
import { table } from '../table.js';

export interface DeletionsListFlags extends ConnectionFlags, JsonFlag {
  readonly feed?: string;
  readonly limit: string;
}

export interface DeletionsFlags extends ConnectionFlags, JsonFlag {
  readonly feed: string;
}

/** Held deletions as `deletions list --json` prints them. Times are UTC. */
export interface ListedDeletions extends Omit<HeldDeletions, 'upToSeq' | 'releasedAt'> {
  readonly releasedAt: string | null;
  /** The first of the items, as they were last sent; personal data of orders are masked. */
  readonly first: readonly FeedItem[];
}

/** Prints the deletions that are so many that a person has to look at them. */
export async function deletionsList(flags: DeletionsListFlags): Promise<void> {
  const feeds = flags.feed === undefined ? allFeeds() : flags.feed.split(',').map(feedNamed);
  const limit = limitOf(flags.limit);
  const listed = await withStore(flags, (store) => listHeldDeletions(store, feeds, limit));
  print(flags.json, listed, () => textOf(listed));
}

/**
 * The held deletions of some feeds, as people may see them.
 *
 * @param limit items shown of each feed, at most.
 */
export async function listHeldDeletions(
  store: Store,
  feeds: readonly Feed[],
  limit: number,
): Promise<ListedDeletions[]> {
  const listed: ListedDeletions[] = [];
  for (const feed of feeds) {
    const held = await heldDeletions(store, feed);
    if (held === undefined) continue;
    const { upToSeq, releasedAt, ...shown } = held;
    const payloads = await heldPayloads(store, feed.table, upToSeq, limit);
    listed.push({
      ...shown,
      releasedAt: releasedAt ?? null,
      first: payloads.map((json) => maskPersonalData(feed.name, JSON.parse(json) as FeedItem)),
    });
  }
  return listed;
}

/** Sends held deletions after all: those that still hold when their entities are looked at again. */
export async function deletionsRelease(flags: DeletionsFlags): Promise<void> {
  const feed = feedNamed(flags.feed);
  const released = await withStore(flags, (store) => releaseHeld(store, feed));
  requireHeld(released, feed);
  print(
    flags.json,
    { feed: feed.name, released },
    () =>
      `${deletionsText(released)} of ${feed.name} released; the next partial sync sends those that still hold.`,
  );
}

/** Forgets held deletions: the service keeps the items. */
export async function deletionsDrop(flags: DeletionsFlags): Promise<void> {
  const feed = feedNamed(flags.feed);
  const dropped = await withStore(flags, (store) => dropHeld(store, feed));
  requireHeld(dropped, feed);
  print(
    flags.json,
    { feed: feed.name, dropped },
    () =>
      `${deletionsText(dropped)} of ${feed.name} dropped; the service keeps the items until a sync misses them again.`,
  );
}

function textOf(listed: readonly ListedDeletions[]): string {
  if (listed.length === 0) return 'No deletions are held.';
  return table(
    ['feed', 'items', 'held', 'by run', 'state', 'such as'],
    listed.map(({ feed, items, heldAt, runId, releasedAt, first }) => [
      feed,
      items,
      heldAt.slice(0, 19),
      runId,
      releasedAt === null ? 'held' : 'released',
      first
        .slice(0, 3)
        .map((item) => identityText(feedNamed(feed), item))
        .join(', '),
    ]),
  );
}

function identityText({ identity }: Feed, item: FeedItem): string {
  return identity
    .map((field) => item[field])
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .join(' · ');
}

function requireHeld(count: number, feed: Feed): void {
  if (count > 0) return;
  throw new ExportError('SDE70-03', { message: `No deletions of ${feed.name} are held.` });
}

function deletionsText(count: number): string {
  return count === 1 ? '1 deletion' : `${count.toLocaleString('en-US')} deletions`;
}
