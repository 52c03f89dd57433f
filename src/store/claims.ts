import { holdLease, type Lease } from './lease.js';
import { STATUS } from './settlements.js';
import type { Store, Transaction } from './store.js';

/** An item that is about to be sent. */
export interface Claim {
  readonly feedId: string;
  readonly sourceId: number;
  /** What is kept of the item, as JSON without stamp. */
  readonly storedJson: string;
  readonly collectedSeq: number;
}

/**
 * Claims items for a request, before it is made: items without a row get one, so that their
 * deletion is not forgotten when the answer is. Each claimed item gets its stamp, the later of the
 * database's clock and one second after the item's last stamp. Returns stamps (`YYYY-MM-DD
 * HH:MM:SS`, UTC) by feed id, without the items of which a newer collection was claimed.
 *
 * @throws ExportError SDE30-03 when the lease is outdated.
 */
export async function claimItems(
  store: Store,
  lease: Lease,
  table: string,
  claims: readonly Claim[],
): Promise<ReadonlyMap<string, string>> {
  return store.transaction(async (transaction) => {
    await holdLease(store, transaction, lease);
    await store.run(
      `INSERT INTO ${store.t(table)}
         (feed_id, source_entity_id, feed_data, collected_seq, sent_stamp, modified_at)
       VALUES ${claims.map(() => '(?, ?, ?, ?, UTC_TIMESTAMP(), UTC_TIMESTAMP(3))').join(', ')}
       ON DUPLICATE KEY UPDATE
         sent_stamp = IF(collected_seq > VALUES(collected_seq), sent_stamp,
           GREATEST(UTC_TIMESTAMP(), IFNULL(sent_stamp + INTERVAL 1 SECOND, UTC_TIMESTAMP()))),
         collected_seq = GREATEST(collected_seq, VALUES(collected_seq))`,
      claims.flatMap((claim) => [
        claim.feedId,
        claim.sourceId,
        claim.storedJson,
        claim.collectedSeq,
      ]),
      transaction,
    );
    const rows = await store.rows<{ feed_id: string; collected_seq: number; sent_stamp: string }>(
      `SELECT feed_id, collected_seq, sent_stamp FROM ${store.t(table)} WHERE feed_id IN (?)`,
      [claims.map((claim) => claim.feedId)],
      transaction,
    );
    const seqOf = new Map(claims.map((claim) => [claim.feedId, claim.collectedSeq]));
    return new Map(
      rows
        .filter((row) => row.collected_seq === seqOf.get(row.feed_id))
        .map((row) => [row.feed_id, row.sent_stamp]),
    );
  });
}

/** A legacy feed's item, to be stored now and published later. */
export interface IndexedItem extends Claim {
  readonly hash: string;
}

/**
 * Stores items that wait for publishing, each only if no newer collection of it was stored. The
 * caller's transaction holds the lease.
 */
export async function storeWaiting(
  store: Store,
  transaction: Transaction,
  table: string,
  hashVersion: number,
  items: readonly IndexedItem[],
): Promise<void> {
  if (items.length === 0) return;
  const mine = (column: string, value = `VALUES(${column})`): string =>
    `${column} = IF(collected_seq > VALUES(collected_seq), ${column}, ${value})`;
  await store.run(
    `INSERT INTO ${store.t(table)}
       (feed_id, source_entity_id, feed_data, feed_hash, hash_version, collected_seq, modified_at)
     VALUES ${items.map(() => '(?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))').join(', ')}
     ON DUPLICATE KEY UPDATE
       ${mine('source_entity_id')}, ${mine('feed_data')}, ${mine('feed_hash')},
       ${mine('hash_version')}, ${mine('status', String(STATUS.waiting))}, ${mine('errors', 'NULL')},
       ${mine('is_deleted', '0')}, ${mine('missing_seq', 'NULL')}, ${mine('modified_at')},
       collected_seq = GREATEST(collected_seq, VALUES(collected_seq))`,
    items.flatMap((item) => [
      item.feedId,
      item.sourceId,
      item.storedJson,
      item.hash,
      hashVersion,
      item.collectedSeq,
    ]),
    transaction,
  );
}

/** Rows that wait for publishing or are to be published again, after a row id, in its order. */
export async function waitingItems(
  store: Store,
  table: string,
  afterId: number,
  limit: number,
): Promise<WaitingItem[]> {
  const rows = await store.rows<{
    id: number;
    feed_id: string;
    source_entity_id: number;
    feed_data: string;
    feed_hash: string;
    collected_seq: number;
    is_deleted: number;
  }>(
    `SELECT id, feed_id, source_entity_id, feed_data, feed_hash, collected_seq, is_deleted
     FROM ${store.t(table)}
     WHERE status NOT IN (${STATUS.accepted}, ${STATUS.refused}, ${STATUS.failed})
       AND missing_seq IS NULL AND id > ?
     ORDER BY id LIMIT ?`,
    [afterId, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    feedId: row.feed_id,
    sourceId: row.source_entity_id,
    storedJson: row.feed_data,
    hash: row.feed_hash,
    collectedSeq: row.collected_seq,
    isDeleted: row.is_deleted === 1,
  }));
}

export interface WaitingItem extends IndexedItem {
  readonly id: number;
  readonly isDeleted: boolean;
}
