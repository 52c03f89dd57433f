import type { FeedName } from '../feeds/names.js';
import { drawQueuedSeq } from './sequence.js';
import type { Store, Transaction } from './store.js';

/** Entities put into one statement. */
const SLICE = 5_000;

/**
 * Queues source entities to be collected. Those that are queued already stay, with a newer
 * `queued_seq`, so that a run which has read the older one does not take them off.
 */
export async function queueEntities(
  store: Store,
  feed: FeedName,
  entityIds: readonly number[],
): Promise<void> {
  const queue = await openQueue(store, feed);
  await queue(entityIds);
}

/** Queues entities within the caller's transaction, with one sequence number drawn before it. */
export type Queue = (entityIds: readonly number[], transaction?: Transaction) => Promise<void>;

/**
 * Draws the sequence number on a connection of its own: its row is one for all feeds, and must not
 * stay locked until a transaction ends.
 *
 * @param changedAt when the entities changed, UTC, `YYYY-MM-DD HH:MM:SS.mmm`. Default: now.
 */
export async function openQueue(store: Store, feed: FeedName, changedAt?: string): Promise<Queue> {
  const seq = await drawQueuedSeq(store);
  return async (entityIds, transaction) => {
    const ids = [...new Set(entityIds)].sort((a, b) => a - b);
    for (let at = 0; at < ids.length; at += SLICE) {
      const slice = ids.slice(at, at + SLICE);
      await store.run(
        `INSERT INTO ${store.t('pending_entity')} (feed, entity_id, changed_at, queued_seq)
         VALUES ${slice.map(() => '(?, ?, IFNULL(?, UTC_TIMESTAMP(3)), ?)').join(', ')}
         ON DUPLICATE KEY UPDATE
           changed_at = LEAST(changed_at, VALUES(changed_at)),
           queued_seq = GREATEST(queued_seq, VALUES(queued_seq))`,
        slice.flatMap((id) => [feed, id, changedAt ?? null, seq]),
        transaction,
      );
    }
  };
}

/** Queues the entities of items of which no payload is kept: they cannot be sent from the store. */
export async function queueWithoutPayload(
  store: Store,
  feed: FeedName,
  table: string,
): Promise<void> {
  await queueFrom(store, feed, `${store.t(table)} s WHERE s.feed_data = '' AND s.is_deleted = 0`);
}

/** Queues the entities of all items that were ever exported and are not deleted. */
export async function queueStored(store: Store, feed: FeedName, table: string): Promise<void> {
  await queueFrom(store, feed, `${store.t(table)} s WHERE s.is_deleted = 0`);
}

async function queueFrom(store: Store, feed: FeedName, items: string): Promise<void> {
  const seq = await drawQueuedSeq(store);
  await store.run(
    `INSERT INTO ${store.t('pending_entity')} (feed, entity_id, changed_at, queued_seq)
     SELECT DISTINCT ?, source_entity_id, UTC_TIMESTAMP(3), ? FROM ${items}
     ON DUPLICATE KEY UPDATE queued_seq = GREATEST(queued_seq, VALUES(queued_seq))`,
    [feed, seq],
  );
}

/** An entity that waits to be collected. */
export interface PendingEntity {
  readonly entityId: number;
  /** UTC, `YYYY-MM-DD HH:MM:SS.mmm`: the oldest change that is not settled. */
  readonly changedAt: string;
  readonly queuedSeq: number;
}

/**
 * The pending entities of a feed that were queued first, at most `limit`, of those queued after a
 * number.
 */
export async function pendingEntities(
  store: Store,
  feed: FeedName,
  limit: number,
  queuedAfter = 0,
): Promise<PendingEntity[]> {
  const rows = await store.rows<{ entity_id: number; changed_at: string; queued_seq: number }>(
    `SELECT entity_id, changed_at, queued_seq FROM ${store.t('pending_entity')}
     WHERE feed = ? AND queued_seq > ? ORDER BY queued_seq, entity_id LIMIT ?`,
    [feed, queuedAfter, limit],
  );
  return rows.map((row) => ({
    entityId: row.entity_id,
    changedAt: row.changed_at,
    queuedSeq: row.queued_seq,
  }));
}

/** Takes entities off the queue, each only if it was not queued again since it was read. */
export async function settlePending(
  store: Store,
  transaction: Transaction,
  feed: FeedName,
  entities: readonly PendingEntity[],
): Promise<void> {
  for (let at = 0; at < entities.length; at += SLICE) {
    const slice = entities.slice(at, at + SLICE);
    await store.run(
      `DELETE FROM ${store.t('pending_entity')}
       WHERE feed = ? AND (entity_id, queued_seq) IN (${slice.map(() => '(?, ?)').join(', ')})`,
      [feed, ...slice.flatMap(({ entityId, queuedSeq }) => [entityId, queuedSeq])],
      transaction,
    );
  }
}

/** Feeds with pending entities. */
export async function feedsWithPending(store: Store): Promise<FeedName[]> {
  const rows = await store.rows<{ feed: FeedName }>(
    `SELECT DISTINCT feed FROM ${store.t('pending_entity')}`,
  );
  return rows.map(({ feed }) => feed);
}

/** The number up to which entities of a feed have been queued; 0: none is pending. */
export async function newestPending(
  store: Store,
  feed: FeedName,
): Promise<{ readonly seq: number; readonly entities: number }> {
  const [row] = await store.rows<{ seq: number | null; entities: number }>(
    `SELECT MAX(queued_seq) AS seq, COUNT(*) AS entities FROM ${store.t('pending_entity')}
     WHERE feed = ?`,
    [feed],
  );
  return { seq: row?.seq ?? 0, entities: row?.entities ?? 0 };
}

/** Takes all entities off the queue that were queued before a full sync, which covered them. */
export async function dropCovered(store: Store, feed: FeedName, upTo: number): Promise<void> {
  for (;;) {
    const dropped = await store.run(
      `DELETE FROM ${store.t('pending_entity')} WHERE feed = ? AND queued_seq <= ? LIMIT ${SLICE}`,
      [feed, upTo],
    );
    if (dropped < SLICE) return;
  }
}

/** Those of some entities that wait to be collected. */
export async function pendingAmong(
  store: Store,
  feed: FeedName,
  entityIds: readonly number[],
): Promise<PendingEntity[]> {
  if (entityIds.length === 0) return [];
  const rows = await store.rows<{ entity_id: number; changed_at: string; queued_seq: number }>(
    `SELECT entity_id, changed_at, queued_seq FROM ${store.t('pending_entity')}
     WHERE feed = ? AND entity_id IN (?) ORDER BY entity_id`,
    [feed, entityIds],
  );
  return rows.map((row) => ({
    entityId: row.entity_id,
    changedAt: row.changed_at,
    queuedSeq: row.queued_seq,
  }));
}

/** How much of a feed waits to be collected. */
export interface Backlog {
  readonly entities: number;
  /** UTC, `YYYY-MM-DD HH:MM:SS.mmm`: the oldest change that is not settled. */
  readonly oldestAt: string;
  /** Its age, by the database's clock. */
  readonly oldestSeconds: number;
}

/** The backlog of each feed that has one. */
export async function backlogs(store: Store): Promise<ReadonlyMap<FeedName, Backlog>> {
  const rows = await store.rows<{
    feed: FeedName;
    entities: number;
    oldest_at: string;
    oldest_seconds: number;
  }>(
    `SELECT feed, COUNT(*) AS entities, MIN(changed_at) AS oldest_at,
            GREATEST(TIMESTAMPDIFF(SECOND, MIN(changed_at), UTC_TIMESTAMP(3)), 0) AS oldest_seconds
     FROM ${store.t('pending_entity')} GROUP BY feed`,
  );
  return new Map(
    rows.map((row) => [
      row.feed,
      { entities: row.entities, oldestAt: row.oldest_at, oldestSeconds: row.oldest_seconds },
    ]),
  );
}
