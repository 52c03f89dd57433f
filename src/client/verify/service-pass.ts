import type { Feed, FeedItem } from '../../feeds/feed.js';
import { hashVersion, preparePage, type PreparedItem } from '../../feeds/item.js';
import { pendingAmong, queueEntities } from '../../store/pending.js';
import {
  adoptStrays,
  forgetAccepted,
  statesByFeedId,
  type ComparableState,
  type StrayItem,
} from '../../store/verification.js';
import type { HeldItem, ServiceReader } from '../service-reader.js';
import type { Drift, DriftedItem, RangeFindings } from './drift.js';
import type { VerifyOptions } from './verify.js';

/** Items asked for at once, and rows of the feed table read beside them at most. */
const SIZES = { items: 1000, rows: 5000 };

/** After all feed ids, which are hexadecimal. */
const END = 'z';

/** A range of feed ids, compared. */
export interface ServiceRange extends RangeFindings {
  /** The last feed id of the range; undefined where it was the last range. */
  readonly position: string | undefined;
}

interface Suspect extends DriftedItem {
  readonly state: ComparableState | undefined;
  readonly stray: StrayItem | undefined;
}

/** Compares the feed table with what the service holds, from a feed id on. */
export async function compareService(
  options: VerifyOptions,
  service: ServiceReader,
  after: string,
  sizes = SIZES,
): Promise<ServiceRange> {
  const { feed, store } = options;
  const { items, nextCursor } = await service.page(feed.name, after, sizes.items);
  let upTo = nextCursor ?? END;
  const states = await statesByFeedId(store, feed.table, { after, upTo, limit: sizes.rows });
  if (states.length === sizes.rows) upTo = states.at(-1)?.feedId ?? upTo;
  const held = items.filter(({ id }) => id <= upTo);

  const suspects = differences(feed, states, held);
  const drifted = await confirmed(options, service, suspects);
  const queued = options.fix ? await mend(options, drifted) : 0;
  return {
    position: upTo === END ? undefined : upTo,
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

/** Looks at each suspect again: an item may have been on its way between the two looks. */
async function confirmed(
  { feed, store }: VerifyOptions,
  service: ServiceReader,
  suspects: readonly Suspect[],
): Promise<Suspect[]> {
  const pending = await pendingAmong(store, feed.name, [
    ...new Set(suspects.map(({ entityId }) => entityId)),
  ]);
  const isPending = new Set(pending.map(({ entityId }) => entityId));
  const sure: Suspect[] = [];
  for (const suspect of suspects) {
    if (isPending.has(suspect.entityId)) continue;
    const { feedId } = suspect;
    const now = await service.item(feed.name, feedId);
    const [state] = await statesByFeedId(store, feed.table, {
      after: feedId.slice(0, -1),
      upTo: feedId,
      // As many as share all digits but the last.
      limit: 16,
    }).then((rows) => rows.filter((row) => row.feedId === feedId));
    if (state?.collectedSeq !== suspect.state?.collectedSeq) continue;
    const there = now === undefined || now.deleted ? undefined : now;
    const drift =
      state === undefined
        ? there === undefined
          ? undefined
          : 'unknown'
        : stateDrift(feed, state, there);
    if (drift === suspect.drift) sure.push({ ...suspect, state });
  }
  return sure;
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
