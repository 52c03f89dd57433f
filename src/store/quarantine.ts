import type { FeedName } from '../feeds/names.js';
import { openQueue } from './pending.js';
import { STATUS } from './settlements.js';
import type { Store, Transaction } from './store.js';

/**
 * `counting`: refused, and tried again. `quarantined`: not sent until its content changes or it is
 * replayed. `ignored`: the same, and no longer listed.
 */
export type RefusalState = 'counting' | 'quarantined' | 'ignored';

/** A feed, as quarantine needs to know it. */
export interface QuarantineFeed {
  readonly name: FeedName;
  readonly table: string;
  /** Whether the feed table keeps whole items, so that payload and answer are not kept twice. */
  readonly keepsPayload: boolean;
}

/** The service's refusal of one item. */
export interface Refusal {
  readonly feedId: string;
  readonly sourceId: number;
  /** Of the refused content; '' of a deletion. */
  readonly hash: string;
  /** JSON as it was sent. */
  readonly payload: string;
  readonly answer: string;
  readonly httpStatus: number | null;
  readonly requestId: string | null;
  /** Whether the same content would be refused again for certain. */
  readonly final: boolean;
}

/**
 * Counts refusals, in the transaction that settles the items. An item is quarantined by a final
 * refusal, or when the same content was refused `after` times; it then counts as failed.
 */
export async function recordRefusals(
  store: Store,
  transaction: Transaction,
  feed: QuarantineFeed,
  refusals: readonly Refusal[],
  after: number,
): Promise<void> {
  if (refusals.length === 0) return;
  const ordered = [...refusals].sort((a, b) => (a.feedId < b.feedId ? -1 : 1));
  await store.run(
    `INSERT INTO ${store.t('refused_item')}
       (feed, feed_id, source_entity_id, feed_hash, refusals, state, payload, answer, http_status,
        request_id, first_refused_at, last_refused_at)
     VALUES ${ordered.map(() => '(?, ?, ?, ?, 1, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))').join(', ')}
     ON DUPLICATE KEY UPDATE
       refusals = IF(feed_hash = VALUES(feed_hash), refusals + 1, 1),
       state = IF(feed_hash = VALUES(feed_hash) AND state = 'ignored', 'ignored',
         IF(VALUES(state) = 'quarantined' OR refusals >= ?, 'quarantined', 'counting')),
       first_refused_at = IF(feed_hash = VALUES(feed_hash), first_refused_at,
         VALUES(first_refused_at)),
       feed_hash = VALUES(feed_hash), source_entity_id = VALUES(source_entity_id),
       payload = VALUES(payload), answer = VALUES(answer), http_status = VALUES(http_status),
       request_id = VALUES(request_id), last_refused_at = VALUES(last_refused_at)`,
    [
      ...ordered.flatMap((refusal) => [
        feed.name,
        refusal.feedId,
        refusal.sourceId,
        refusal.hash,
        refusal.final || after <= 1 ? 'quarantined' : 'counting',
        feed.keepsPayload ? null : refusal.payload,
        feed.keepsPayload ? null : refusal.answer,
        refusal.httpStatus,
        refusal.requestId,
      ]),
      after,
    ],
    transaction,
  );
  await store.run(
    `UPDATE ${store.t(feed.table)} s
     JOIN ${store.t('refused_item')} q ON q.feed = ? AND q.feed_id = s.feed_id
     SET s.status = ${STATUS.failed}, s.next_try_at = NULL
     WHERE s.feed_id IN (?) AND s.status = ${STATUS.retry} AND q.state <> 'counting'`,
    [feed.name, ordered.map((refusal) => refusal.feedId)],
    transaction,
  );
}

/** Forgets the refusals of items that the service has taken since. */
export async function forgetRefusals(
  store: Store,
  transaction: Transaction,
  feed: FeedName,
  feedIds: readonly string[],
): Promise<void> {
  if (feedIds.length === 0) return;
  const table = store.t('refused_item');
  // Most often there are none, and a look is cheaper than a statement with hundreds of ids.
  const some = await store.rows(
    `SELECT 1 FROM ${table} WHERE feed = ? LIMIT 1`,
    [feed],
    transaction,
  );
  if (some.length === 0) return;
  await store.run(
    `DELETE FROM ${table} WHERE feed = ? AND feed_id IN (?)`,
    [feed, feedIds],
    transaction,
  );
}

/** An item in quarantine. Times are UTC, `YYYY-MM-DD HH:MM:SS.mmm`. */
export interface QuarantinedItem {
  readonly feed: FeedName;
  readonly feedId: string;
  readonly sourceId: number;
  readonly state: RefusalState;
  readonly refusals: number;
  readonly httpStatus: number | null;
  readonly requestId: string | null;
  /** What the service said about it. */
  readonly answer: string | null;
  /** JSON as it was sent, or as the feed table keeps it; null where it was removed. */
  readonly payload: string | null;
  readonly firstRefusedAt: string;
  readonly lastRefusedAt: string;
}

/** The refused items of a feed in some states, the latest refusal first. */
export async function refusedItems(
  store: Store,
  feed: Pick<QuarantineFeed, 'name' | 'table'>,
  { states, limit }: { readonly states: readonly RefusalState[]; readonly limit: number },
): Promise<QuarantinedItem[]> {
  const rows = await store.rows<{
    feed_id: string;
    source_entity_id: number;
    state: RefusalState;
    refusals: number;
    http_status: number | null;
    request_id: string | null;
    answer: string | null;
    payload: string | null;
    first_refused_at: string;
    last_refused_at: string;
  }>(
    `SELECT q.feed_id, q.source_entity_id, q.state, q.refusals, q.http_status, q.request_id,
            IFNULL(q.answer, s.errors) AS answer, NULLIF(IFNULL(q.payload, s.feed_data), '') AS payload,
            q.first_refused_at, q.last_refused_at
     FROM ${store.t('refused_item')} q
     LEFT JOIN ${store.t(feed.table)} s ON s.feed_id = q.feed_id
     WHERE q.state IN (?) AND q.feed = ?
     ORDER BY q.last_refused_at DESC, q.feed_id LIMIT ?`,
    [states, feed.name, limit],
  );
  return rows.map((row) => ({
    feed: feed.name,
    feedId: row.feed_id,
    sourceId: row.source_entity_id,
    state: row.state,
    refusals: row.refusals,
    httpStatus: row.http_status,
    requestId: row.request_id,
    answer: row.answer,
    payload: row.payload,
    firstRefusedAt: row.first_refused_at,
    lastRefusedAt: row.last_refused_at,
  }));
}

/** How many items of each feed are in quarantine, without the ignored ones. */
export async function quarantineCounts(store: Store): Promise<ReadonlyMap<FeedName, number>> {
  const rows = await store.rows<{ feed: FeedName; items: number }>(
    `SELECT feed, COUNT(*) AS items FROM ${store.t('refused_item')}
     WHERE state = 'quarantined' GROUP BY feed`,
  );
  return new Map(rows.map(({ feed, items }) => [feed, items]));
}

/**
 * Sends items again although their content is the same: their refusals are forgotten, and their
 * entities are queued. Returns how many items that were.
 *
 * @param feedIds only these; undefined: all of the feed that are quarantined.
 */
export async function replayItems(
  store: Store,
  feed: Pick<QuarantineFeed, 'name' | 'table'>,
  feedIds: readonly string[] | undefined,
): Promise<number> {
  const queue = await openQueue(store, feed.name);
  return store.transaction(async (transaction) => {
    const rows = await store.rows<{ feed_id: string; source_entity_id: number }>(
      `SELECT feed_id, source_entity_id FROM ${store.t('refused_item')}
       WHERE feed = ? AND ${feedIds === undefined ? `state = 'quarantined'` : 'feed_id IN (?)'}
       FOR UPDATE`,
      feedIds === undefined ? [feed.name] : [feed.name, feedIds],
      transaction,
    );
    if (rows.length === 0) return 0;
    const ids = rows.map((row) => row.feed_id);
    await store.run(
      `UPDATE ${store.t(feed.table)}
       SET status = ${STATUS.retry}, attempts = 0, next_try_at = UTC_TIMESTAMP(), errors = NULL
       WHERE feed_id IN (?) AND status IN (${STATUS.failed}, ${STATUS.refused}, ${STATUS.retry})`,
      [ids],
      transaction,
    );
    await store.run(
      `DELETE FROM ${store.t('refused_item')} WHERE feed = ? AND feed_id IN (?)`,
      [feed.name, ids],
      transaction,
    );
    await queue(
      rows.map((row) => row.source_entity_id),
      transaction,
    );
    return ids.length;
  });
}

/** Takes items off the list until their content changes. Returns how many that were. */
export async function ignoreItems(
  store: Store,
  feed: FeedName,
  feedIds: readonly string[],
): Promise<number> {
  if (feedIds.length === 0) return 0;
  return store.run(
    `UPDATE ${store.t('refused_item')} SET state = 'ignored'
     WHERE feed = ? AND feed_id IN (?) AND state = 'quarantined'`,
    [feed, feedIds],
  );
}

/** Why an item is set aside, for `explain`. */
export interface SetAside {
  readonly state: RefusalState;
  /** Of the refused content; '' of a deletion. */
  readonly hash: string;
  /** UTC, `YYYY-MM-DD HH:MM:SS.mmm`. */
  readonly since: string;
  readonly refusals: number;
  readonly answer: string | null;
}

/** Those of some items that are not sent until their content changes, by feed id. */
export async function setAsideAmong(
  store: Store,
  feed: Pick<QuarantineFeed, 'name' | 'table'>,
  feedIds: readonly string[],
): Promise<ReadonlyMap<string, SetAside>> {
  if (feedIds.length === 0) return new Map();
  const rows = await store.rows<SetAside & { readonly feedId: string }>(
    `SELECT q.feed_id AS feedId, q.state, q.feed_hash AS hash, q.first_refused_at AS since,
            q.refusals, IFNULL(q.answer, s.errors) AS answer
     FROM ${store.t('refused_item')} q
     LEFT JOIN ${store.t(feed.table)} s ON s.feed_id = q.feed_id
     WHERE q.feed = ? AND q.feed_id IN (?) AND q.state <> 'counting'`,
    [feed.name, feedIds],
  );
  return new Map(rows.map(({ feedId, ...rest }) => [feedId, rest]));
}
