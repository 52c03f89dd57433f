import { nextRange, type Range } from '../next-range.js';
import { readPage } from '../page.js';
import type { Collect } from '../../feeds/feed.js';
import { hashVersion } from '../../feeds/item.js';
import { itemStates } from '../../store/item-states.js';
import { pendingAmong, queueEntities } from '../../store/pending.js';
import { STATUS } from '../../store/settlements.js';
import type { DriftedItem, RangeFindings } from './drift.js';
import type { VerifyOptions } from './verify-feed.js';

/** These are sent again by themselves. */
const ON_THEIR_WAY: ReadonlySet<number> = new Set([STATUS.waiting, STATUS.retry]);

/** The range of source ids after a position; undefined where all were compared. */
export async function nextSourceRange(
  options: VerifyOptions,
  after: number,
): Promise<Range | undefined> {
  const { feed, commerce, store, context } = options;
  const source = feed.source(context);
  const [[inShop] = [null]] = await commerce.snapshot((read) =>
    read.rows<[number | null]>(
      `SELECT MAX(${source.idColumn}) FROM ${context.shop.t(source.table)}`,
    ),
  );
  const [inState] = await store.rows<{ last: number | null }>(
    `SELECT MAX(source_entity_id) AS last FROM ${store.t(feed.table)}`,
  );
  const last = Math.max(inShop ?? -1, inState?.last ?? -1);
  return after >= last ? undefined : nextRange(withContext(options), after + 1, last);
}

/**
 * Compares what the shop yields for a range of entities with the feed table, by the very rules of a
 * full sync: what such a sync would send, and was not on its way, has drifted.
 */
export async function compareSource(
  options: VerifyOptions,
  collect: Collect,
  range: Range,
): Promise<RangeFindings> {
  const { feed, commerce, store, context } = options;
  const page = await readPage(
    {
      feed,
      commerce,
      store,
      collecting: {
        // Nothing is claimed, so no number is needed.
        begin: () => Promise.resolve({ seq: 0, context, collect }),
        context: () => Promise.resolve(context),
        warn: () => undefined,
      },
      force: false,
      firstSeq: Number.MAX_SAFE_INTEGER,
    },
    { kind: 'range', from: range.from, to: range.to },
    range.entities,
    options.signal,
  );
  const counts = { entities: range.entities, items: page.collected };
  const states = await itemStates(store, feed.table, {
    sourceIds: [],
    feedIds: page.toSend.map(({ feedId }) => feedId),
  });
  const surplus = await surplusItems(options, page.missing);
  const stateOf = new Map(states.map((state) => [state.feedId, state]));
  const candidates = [
    ...page.toSend.map((item): DriftedItem & { readonly waits: boolean } => {
      const state = stateOf.get(item.feedId);
      const isKnown = state !== undefined && state.hash !== '' && !state.isDeleted;
      return {
        drift: isKnown ? 'stale' : 'missing',
        feedId: item.feedId,
        entityId: item.sourceId,
        waits:
          state !== undefined &&
          ON_THEIR_WAY.has(state.status) &&
          // A newer recipe is planned work of its own.
          (state.hashVersion === hashVersion(feed) || state.hash === ''),
      };
    }),
    ...surplus.map((item) => ({ ...item, waits: false })),
  ];
  const pending = await pendingAmong(store, feed.name, [
    ...new Set(candidates.map(({ entityId }) => entityId)),
  ]);
  const isPending = new Set(pending.map(({ entityId }) => entityId));
  const drifted = candidates.filter(({ waits, entityId }) => !waits && !isPending.has(entityId));
  const ids = [...new Set(drifted.map(({ entityId }) => entityId))];
  if (options.fix && ids.length > 0) await queueEntities(store, feed.name, ids);
  return {
    ...counts,
    onTheirWay: candidates.length - drifted.length,
    drifted: drifted.map(({ drift, feedId, entityId }) => ({ drift, feedId, entityId })),
    queued: options.fix ? ids.length : 0,
  };
}

/** Rows that no entity yields any more; deletions that wait for an answer are on their way. */
async function surplusItems(
  { store, feed }: VerifyOptions,
  rowIds: readonly number[],
): Promise<DriftedItem[]> {
  if (rowIds.length === 0) return [];
  const rows = await store.rows<{ feed_id: string; source_entity_id: number }>(
    `SELECT feed_id, source_entity_id FROM ${store.t(feed.table)}
     WHERE id IN (?) AND feed_data <> ''`,
    [rowIds],
  );
  return rows.map((row) => ({
    drift: 'surplus',
    feedId: row.feed_id,
    entityId: row.source_entity_id,
  }));
}

function withContext(options: VerifyOptions): Parameters<typeof nextRange>[0] {
  return { ...options, collecting: { context: () => Promise.resolve(options.context) } };
}
