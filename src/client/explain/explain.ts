import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import { unavailability } from '../../feeds/availability.js';
import { explainCauses } from '../../errors/export-error.js';
import type { Feed, FeedContext } from '../../feeds/feed.js';
import {
  hashVersion,
  identityOf,
  keptItem,
  preparePage,
  type PreparedItem,
} from '../../feeds/item.js';
import type { HeldItem, ServiceReader } from '../../publishing/service-reader.js';
import type { FeedName } from '../../feeds/names.js';
import { maskMessage, maskPersonalData, maskPersonalField } from '../../feeds/orders/privacy.js';
import { readHold } from '../../store/held-deletions.js';
import { itemStates, type ItemState } from '../../store/item-states.js';
import { pendingAmong } from '../../store/pending.js';
import { setAsideAmong, type SetAside } from '../../store/quarantine.js';
import { STATUS } from '../../store/settlements.js';
import type { Store } from '../../store/store.js';
import { threeWayDifferences } from './differences.js';
import type {
  EntityExplanation,
  Explanation,
  ItemExplanation,
  QuarantinedItem,
  SentItem,
  ServiceItem,
} from './explanation.js';
import { findEntities } from './find-entity.js';
import { overallSentence, sentenceOf, verdictOf } from './reason.js';
import { sourceFacts } from './source-facts.js';

export interface ExplainOptions {
  readonly feed: Feed;
  /** A SKU or another id of the feed, an entity id, or a feed id. */
  readonly name: string;
  readonly idType?: string | undefined;
  readonly store: Store;
  readonly context: Omit<FeedContext, 'shop'>;
  /** Undefined: no service is configured. */
  readonly service: ServiceReader | undefined;
  /** Items are sent in a form of the wire that has identities of its own. */
  readonly wireForms: boolean;
  /** Fields taken off just before sending. */
  readonly droppedFields: readonly string[];
}

/** Brings together all that is known of one thing, in one snapshot of the shop. */
export async function explain(
  shop: Shop,
  read: Read,
  options: ExplainOptions,
): Promise<Explanation> {
  const { feed, name, store } = options;
  const context: FeedContext = { ...options.context, shop };
  const reason = unavailability(shop, feed);
  if (reason !== undefined) {
    return {
      feed: feed.name,
      asked: { id: name, readAs: options.idType ?? 'entityId' },
      available: false,
      entities: [],
      sentence: reason,
    };
  }
  const found = await findEntities(read, context, options);
  const { sourceIds: ids } = found;
  const facts = await sourceFacts(read, context, feed, ids);
  const collect = await feed.open(context, read);
  const page = preparePage(
    feed,
    ids.length === 0 ? { items: [], failures: [] } : await collect(read, { kind: 'ids', ids }),
  );
  const states = await itemStates(store, feed.table, {
    sourceIds: ids,
    feedIds: [...new Set([...found.feedIds, ...page.items.map(({ feedId }) => feedId)])],
  });
  const pending = await pendingAmong(store, feed.name, ids);
  const feedIds = [
    ...new Set([...page.items.map(({ feedId }) => feedId), ...states.map(({ feedId }) => feedId)]),
  ];
  const atService = await heldItems(options, feedIds);
  const setAside = await setAsideAmong(store, feed, feedIds);
  const { heldUpTo } = await readHold(store, feed.name);

  const entities = ids.map((entityId): EntityExplanation => {
    const own = page.items.filter(({ sourceId }) => sourceId === entityId);
    const ownIds = new Set(own.map(({ feedId }) => feedId));
    const strays = states.filter(
      ({ sourceId, feedId, keptJson, error }) =>
        sourceId === entityId && !ownIds.has(feedId) && (keptJson !== '' || error !== null),
    );
    const isPending = pending.some((each) => each.entityId === entityId);
    const explained = [
      ...own.map((item) => ({ item, state: states.find((each) => each.feedId === item.feedId) })),
      ...strays.map((state) => ({ item: undefined, state })),
    ].map(({ item, state }) => {
      const feedId = item?.feedId ?? state?.feedId ?? '';
      return itemExplanation(options, {
        entityId,
        isPending,
        feedId,
        item,
        state,
        service: atService.get(feedId) ?? { state: 'absent' },
        quarantine: quarantinedItem(setAside.get(feedId), item?.hash),
        heldUpTo,
      });
    });
    return {
      entityId,
      source: facts.get(entityId) ?? { exists: false, covered: false, product: null },
      pending: pending.find((each) => each.entityId === entityId) ?? null,
      failures: page.failures
        .filter(({ sourceId }) => sourceId === entityId)
        .map(({ code, message }) => ({ code, message })),
      items: explained,
    };
  });
  const known = entities.filter(({ source, items }) => source.exists || items.length > 0);
  return {
    feed: feed.name,
    asked: { id: name, readAs: found.readAs },
    available: true,
    entities: known,
    sentence: overallSentence(feed.name, name, known),
  };
}

function itemExplanation(
  { feed, wireForms, droppedFields }: ExplainOptions,
  facts: {
    readonly entityId: number;
    readonly isPending: boolean;
    readonly feedId: string;
    readonly item: PreparedItem | undefined;
    readonly state: ItemState | undefined;
    readonly service: ServiceItem;
    readonly quarantine: ItemExplanation['quarantine'];
    /** Deletions noted up to this number are held. */
    readonly heldUpTo: number;
  },
): ItemExplanation {
  const { item, state, service, feedId, quarantine } = facts;
  const now =
    item === undefined
      ? null
      : {
          hash: item.hash,
          item: JSON.parse(`${item.openJson}}`) as Record<string, unknown>,
        };
  const sent = state === undefined ? null : sentItem(feed, state, facts.heldUpTo);
  const differences = threeWayDifferences(
    {
      now: now?.item,
      sent: sent?.kept ?? undefined,
      sentIsWhole: sent?.keptWhole === true,
      service: service.state === 'held' && !wireForms ? service.payload : undefined,
    },
    // What is kept of a legacy item has no `deleted`, which is a column of the table.
    [feed.stamp.field, ...feed.unhashed, ...droppedFields, 'deleted'],
  );
  const judged = { ...facts, feed: feed.name, now, sent, differences };
  const verdict = verdictOf(judged);
  const shown = masked(feed.name, { now, sent, service, quarantine, differences });
  return {
    feedId,
    identity: item?.identity ?? (sent?.kept == null ? null : identityOf(feed, sent.kept)),
    verdict,
    sentence: sentenceOf(verdict, { ...judged, ...shown }),
    ...shown,
  };
}

type ItemSides = Pick<ItemExplanation, 'now' | 'sent' | 'service' | 'quarantine' | 'differences'>;

/** The sides of an item as pages may show them; masked when they are compared. */
function masked(
  feed: FeedName,
  { now, sent, service, quarantine, differences }: ItemSides,
): ItemSides {
  return {
    now: now === null ? null : { ...now, item: maskPersonalData(feed, now.item) },
    sent:
      sent === null
        ? null
        : {
            ...sent,
            error: maskMessage(feed, sent.error),
            kept: sent.kept === null ? null : maskPersonalData(feed, sent.kept),
          },
    service:
      'payload' in service
        ? { ...service, payload: maskPersonalData(feed, service.payload) }
        : service,
    quarantine:
      quarantine === null
        ? null
        : { ...quarantine, reason: maskMessage(feed, quarantine.reason) ?? '' },
    differences: differences.map(({ path, ...sides }) => ({
      path,
      ...Object.fromEntries(
        Object.entries(sides).map(([side, value]) => [side, maskPersonalField(feed, path, value)]),
      ),
    })),
  };
}

/** What has changed since it was refused is sent, so its quarantine says nothing any more. */
function quarantinedItem(
  found: SetAside | undefined,
  hash: string | undefined,
): QuarantinedItem | null {
  if (found === undefined || (hash !== undefined && found.hash !== hash)) return null;
  const { state, since, refusals, answer } = found;
  return {
    state: state === 'ignored' ? state : 'quarantined',
    since,
    refusals,
    reason: answer ?? '',
  };
}

function sentItem(feed: Feed, state: ItemState, heldUpTo: number): SentItem {
  return {
    entityId: state.sourceId,
    hash: state.hash,
    recipeIsCurrent: state.hashVersion === hashVersion(feed),
    status: state.status,
    word: WORDS.get(state.status) ?? 'retry',
    error: state.error,
    requestId: state.requestId,
    stamp: state.stamp,
    deleted: state.isDeleted,
    deletionWaits: state.isMissing,
    deletionHeld: state.missingSeq !== null && state.missingSeq <= heldUpTo,
    attempts: state.attempts,
    nextTryAt: state.nextTryAt,
    firstFailedAt: state.firstFailedAt,
    keptWhole:
      keptItem(feed, state.keptJson, { hash: state.hash, version: state.hashVersion }) !==
      undefined,
    kept: state.keptJson === '' ? null : (JSON.parse(state.keptJson) as Record<string, unknown>),
  };
}

/** The glossary's words for an item's status. */
const WORDS: ReadonlyMap<number, string> = new Map([
  [STATUS.waiting, 'waiting'],
  [STATUS.failed, 'failed'],
  [STATUS.retry, 'retry'],
  [STATUS.accepted, 'sent'],
  [STATUS.refused, 'refused'],
]);

/** Items asked for at once. */
const REQUESTS_IN_FLIGHT = 8;

/** What the service holds, by feed id; all unreadable where it does not let itself be read. */
async function heldItems(
  { service, feed, wireForms }: ExplainOptions,
  feedIds: readonly string[],
): Promise<ReadonlyMap<string, ServiceItem>> {
  const unreadable = (reason: string): ReadonlyMap<string, ServiceItem> =>
    new Map(feedIds.map((id) => [id, { state: 'unreadable', reason }]));
  if (service === undefined) return unreadable('no service is configured');
  if (wireForms && feed.toWire !== undefined) {
    return unreadable('the service knows these items by identities of the wire form');
  }
  const readability = await service.readability();
  if (!readability.readable) return unreadable(readability.reason);
  const held = new Map<string, ServiceItem>();
  for (let at = 0; at < feedIds.length; at += REQUESTS_IN_FLIGHT) {
    await Promise.all(
      feedIds.slice(at, at + REQUESTS_IN_FLIGHT).map(async (id) => {
        let item: HeldItem | undefined;
        try {
          item = await service.item(feed.name, id);
        } catch (error) {
          // The service may be half up: all else is told nevertheless.
          held.set(id, { state: 'unreadable', reason: explainCauses(error) });
          return;
        }
        if (item === undefined) return;
        held.set(id, {
          state: item.deleted ? 'deleted' : 'held',
          stamp: item.stamp,
          receivedAt: item.receivedAt,
          requestId: item.requestId,
          payload: item.payload,
        });
      }),
    );
  }
  return held;
}
