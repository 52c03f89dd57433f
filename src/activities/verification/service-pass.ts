import type { Feed, FeedItem } from '../../feeds/feed.js';
import { hashVersion, preparePage, type PreparedItem } from '../../feeds/item.js';
import type { HeldItem, ServiceReader } from '../../publishing/service-reader.js';
import { pendingAmong, queueEntities } from '../../store/pending.js';
import {
  adoptStrays,
  forgetAccepted,
  statesByFeedId,
  statesOfFeedIds,
  type ComparableState,
  type StrayItem,
} from '../../store/verification.js';
import type { Drift, DriftedItem, RangeFindings } from './drift.js';
import type { VerifyOptions } from './verify-feed.js';

/** Items asked for at once, and rows of the feed table read beside them at most. */
const SIZES = { items: 1000, rows: 5000 };

/** Items that may have come between the two looks, before a further page is needed. */
const MORE_AT_SECOND_LOOK = 10;

/** After all feed ids, which are hexadecimal. */
const END = 'z';

/** A range of feed ids, compared. */
export interface ServiceRange extends RangeFindings {
  /** The last feed id of the range; undefined where it was the last range. */
  readonly position: string | undefined;
  /** Rows and items that were read for it, on both sides and at both looks. */
  readonly read: number;
}

interface Suspect extends DriftedItem {
  readonly state: ComparableState | undefined;
  readonly stray: StrayItem | undefined;
}

/**
 * Compares the feed table with what the service holds, from a feed id on: item by item, by hash.
 *
 * @throws the signal's reason where it is told to stop; nothing of the range counts then.
 */
export async function compareService(
  options: VerifyOptions,
  service: ServiceReader,
  after: string,
  sizes = SIZES,
): Promise<ServiceRange> {
  const { feed, store, signal } = options;
  const { items, nextCursor } = await service.page(feed.name, after, sizes.items, signal);
  let upTo = nextCursor ?? END;
  const states = await statesByFeedId(store, feed.table, { after, upTo, limit: sizes.rows });
  if (states.length === sizes.rows) upTo = states.at(-1)?.feedId ?? upTo;
  const held = items.filter(({ id }) => id <= upTo);

  const suspects = differences(feed, states, held);
  const idle = await withoutPending(options, suspects);
  const again = await heldAgain(options, service, {
    after,
    held,
    suspects: idle,
    limit: sizes.items,
  });
  const drifted = await confirmed(options, idle, again);
  signal.throwIfAborted();
  const queued = options.fix ? await mend(options, drifted) : 0;
  return {
    position: upTo === END ? undefined : upTo,
    read: states.length + items.length + suspects.length + again.size,
    heldItems: held.length,
    onTheirWay: suspects.length - drifted.length,
    drifted: drifted.map(({ drift, feedId, entityId }) => ({ drift, feedId, entityId })),
    queued,
  };
}

function differences(
  feed: Feed,
  states: readonly ComparableState[],
  held: readonly HeldItem[],
): Suspect[] {
  const stateOf = new Map(states.map((state) => [state.feedId, state]));
  const heldOf = new Map(held.map((item) => [item.id, item]));
  const suspects: Suspect[] = [];
  for (const state of states) {
    const item = heldOf.get(state.feedId);
    const drift = stateDrift(feed, state, item);
    if (drift === undefined) continue;
    const stray = drift === 'unknown' && item !== undefined ? strayOf(feed, item) : undefined;
    suspects.push({ drift, feedId: state.feedId, entityId: state.sourceId, state, stray });
  }
  for (const item of held) {
    if (stateOf.has(item.id)) continue;
    const stray = strayOf(feed, item);
    suspects.push({
      drift: 'unknown',
      feedId: item.id,
      entityId: stray?.sourceId ?? 0,
      state: undefined,
      stray,
    });
  }
  return suspects;
}

/** In what an item with a row is not as it should be; undefined where it is, or is on its way. */
function stateDrift(
  feed: Feed,
  state: ComparableState,
  item: HeldItem | undefined,
): Drift | undefined {
  if (state.isGone) return item === undefined ? undefined : 'unknown';
  if (!state.isThere) return undefined;
  if (item === undefined) return 'lost';
  // A hash of an older recipe cannot be compared; a full sync sends the item again.
  if (state.hashVersion !== hashVersion(feed) || state.hash === '') return undefined;
  return prepared(feed, item.payload)?.hash === state.hash ? undefined : 'different';
}

/** A held item as the collector would have given it. */
function prepared(feed: Feed, payload: FeedItem): PreparedItem | undefined {
  const { deleted: _, [feed.stamp.field]: __, ...item } = payload;
  return preparePage(feed, { items: [item], failures: [] }).items[0];
}

function strayOf(feed: Feed, item: HeldItem): StrayItem | undefined {
  const own = prepared(feed, item.payload);
  if (own === undefined || own.feedId !== item.id) return undefined;
  return { feedId: item.id, sourceId: own.sourceId, keptJson: own.storedJson };
}

/** Those whose entities do not wait to be collected: the others are on their way. */
async function withoutPending(
  { feed, store }: VerifyOptions,
  suspects: readonly Suspect[],
): Promise<Suspect[]> {
  const ids = [...new Set(suspects.map(({ entityId }) => entityId))];
  const pending = await pendingAmong(store, feed.name, ids);
  const isPending = new Set(pending.map(({ entityId }) => entityId));
  return suspects.filter(({ entityId }) => !isPending.has(entityId));
}

/** What the service holds where the suspects are, read once more, page by page; by feed id. */
async function heldAgain(
  { feed, signal }: VerifyOptions,
  service: ServiceReader,
  range: {
    readonly after: string;
    readonly held: readonly HeldItem[];
    readonly suspects: readonly Suspect[];
    /** Items of a page at most. */
    readonly limit: number;
  },
): Promise<ReadonlyMap<string, HeldItem>> {
  const found = new Map<string, HeldItem>();
  const ids = range.suspects.map(({ feedId }) => feedId).sort();
  const [first, last] = [ids[0], ids.at(-1)];
  if (first === undefined || last === undefined) return found;
  const between = range.held.filter(({ id }) => id >= first && id <= last).length;
  const limit = Math.min(range.limit, between + MORE_AT_SECOND_LOOK);
  let cursor = range.held.findLast(({ id }) => id < first)?.id ?? range.after;
  for (;;) {
    signal.throwIfAborted();
    const { items, nextCursor } = await service.page(feed.name, cursor, limit, signal);
    for (const item of items) found.set(item.id, item);
    if (nextCursor === null || nextCursor >= last) return found;
    cursor = nextCursor;
  }
}

/**
 * The suspects that drifted for certain: an item may have been on its way between the two looks at
 * the service.
 */
async function confirmed(
  { feed, store }: VerifyOptions,
  suspects: readonly Suspect[],
  again: ReadonlyMap<string, HeldItem>,
): Promise<Suspect[]> {
  const states = await statesOfFeedIds(
    store,
    feed.table,
    suspects.map(({ feedId }) => feedId),
  );
  const stateOf = new Map(states.map((state) => [state.feedId, state]));
  return suspects.flatMap((suspect) => {
    const state = stateOf.get(suspect.feedId);
    if (state?.collectedSeq !== suspect.state?.collectedSeq) return [];
    const held = again.get(suspect.feedId);
    return driftOf(feed, state, held) === suspect.drift ? [{ ...suspect, state }] : [];
  });
}

function driftOf(
  feed: Feed,
  state: ComparableState | undefined,
  item: HeldItem | undefined,
): Drift | undefined {
  if (state !== undefined) return stateDrift(feed, state, item);
  return item === undefined ? undefined : 'unknown';
}

/** Has the items sent again, and those that nobody yields deleted; returns the entities queued. */
async function mend({ feed, store }: VerifyOptions, drifted: readonly Suspect[]): Promise<number> {
  const again = drifted.flatMap(({ drift, state }) =>
    state !== undefined && drift !== 'unknown' ? [state] : [],
  );
  // Orders are never deleted.
  const strays = feed.removable ? drifted.flatMap(({ stray }) => stray ?? []) : [];
  await forgetAccepted(store, feed.table, again);
  await adoptStrays(store, feed.table, strays);
  const ids = [...new Set([...again, ...strays].map(({ sourceId }) => sourceId))];
  if (ids.length > 0) await queueEntities(store, feed.name, ids);
  return ids.length;
}
