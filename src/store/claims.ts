import { randomInt } from 'node:crypto';

import { holdLease, type Lease } from './lease.js';
import { GONE_SINCE } from './gone-since.js';
import { STATUS } from './settlements.js';
import type { Store, Transaction } from './store.js';

/** An item that is about to be sent. */
export interface Claim {
  readonly feedId: string;
  readonly sourceId: number;
  /** What is kept of the item, as JSON without stamp. */
  readonly storedJson: string;
  readonly collectedSeq: number;
  /** Whether it is to be sent as deleted. */
  readonly isDeleted: boolean;
}

/** The mark of one claim, and how long it keeps others from sending the items. */
export interface ClaimMark {
  /** Unique among all claims, see `newClaimToken`. */
  readonly token: number;
  readonly seconds: number;
}

/** What became of items that were to be claimed. */
export interface Claimed {
  /** Stamps (`YYYY-MM-DD HH:MM:SS`, UTC) of the items that are claimed, by feed id. */
  readonly stamps: ReadonlyMap<string, string>;
  /**
   * Items of which another claim has a version in flight: they can be claimed when it is settled,
   * or in so many milliseconds.
   */
  readonly busy: ReadonlyMap<string, number>;
}

/** Items put into one statement. */
const CONFIRMED_AT_ONCE = 1000;

/** A token for a claim: 48 random bits. */
export function newClaimToken(): number {
  return randomInt(1, 2 ** 48 - 1);
}

/**
 * Claims items for a request, before it is made: items without a row get one, so that their
 * deletion is not forgotten when the answer is. Each claimed item gets its stamp, the later of the
 * database's clock and one second after the item's last stamp. Items of which a newer collection
 * was claimed are neither claimed nor busy: they are not to be sent any more; nor are deletions of
 * items that were found again.
 *
 * Until its answer is stored, a claimed item counts as waiting: nobody knows then what the service
 * has, so that whoever collects it meanwhile sends it, whatever was sent last.
 *
 * @throws ExportError SDE30-03 when the lease is outdated.
 */
export async function claimItems(
  store: Store,
  lease: Lease,
  table: string,
  claims: readonly Claim[],
  { token, seconds }: ClaimMark,
): Promise<Claimed> {
  // In one order, so that two claims of the same items wait for each other instead of deadlocking.
  const ordered = [...claims].sort((a, b) => (a.feedId < b.feedId ? -1 : 1));
  const free = `(collected_seq <= VALUES(collected_seq) AND NOT ${GONE_SINCE}
    AND (VALUES(is_deleted) = 0 OR missing_seq IS NOT NULL)
    AND (in_flight_until IS NULL OR in_flight_until <= UTC_TIMESTAMP(3)))`;
  return store.transaction(async (transaction) => {
    await holdLease(store, transaction, lease);
    await store.run(
      `INSERT INTO ${store.t(table)}
         (feed_id, source_entity_id, feed_data, collected_seq, is_deleted, sent_stamp, modified_at,
          in_flight_token, in_flight_until)
       VALUES ${ordered
         .map(
           () =>
             `(?, ?, ?, ?, ?, UTC_TIMESTAMP(), UTC_TIMESTAMP(3), ?, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)`,
         )
         .join(', ')}
       ON DUPLICATE KEY UPDATE
         sent_stamp = IF(${free},
           GREATEST(UTC_TIMESTAMP(), IFNULL(sent_stamp + INTERVAL 1 SECOND, UTC_TIMESTAMP())),
           sent_stamp),
         in_flight_token = IF(${free}, VALUES(in_flight_token), in_flight_token),
         in_flight_until = IF(in_flight_token = VALUES(in_flight_token),
           VALUES(in_flight_until), in_flight_until),
         status = IF(in_flight_token = VALUES(in_flight_token), ${STATUS.waiting}, status),
         collected_seq = IF(in_flight_token = VALUES(in_flight_token),
           VALUES(collected_seq), collected_seq)`,
      ordered.flatMap((claim) => [
        claim.feedId,
        claim.sourceId,
        claim.storedJson,
        claim.collectedSeq,
        claim.isDeleted,
        token,
        seconds,
      ]),
      transaction,
    );
    const rows = await store.rows<{
      feed_id: string;
      collected_seq: number;
      source_entity_id: number;
      missing_seq: number | null;
      sent_stamp: string;
      in_flight_token: number | null;
      busy_for: number | null;
    }>(
      `SELECT feed_id, collected_seq, source_entity_id, missing_seq, sent_stamp, in_flight_token,
              TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), in_flight_until) AS busy_for
       FROM ${store.t(table)} WHERE feed_id IN (?)`,
      [ordered.map((claim) => claim.feedId)],
      transaction,
    );
    const claimOf = new Map(claims.map((claim) => [claim.feedId, claim]));
    const stamps = new Map<string, string>();
    const busy = new Map<string, number>();
    for (const row of rows) {
      const claim = claimOf.get(row.feed_id);
      if (claim === undefined) continue;
      const { collectedSeq, sourceId, isDeleted } = claim;
      const gone = (row.missing_seq ?? 0) > collectedSeq && row.source_entity_id === sourceId;
      const found = isDeleted && row.missing_seq === null;
      if (row.in_flight_token === token) stamps.set(row.feed_id, row.sent_stamp);
      else if (row.collected_seq <= collectedSeq && !gone && !found) {
        busy.set(row.feed_id, Math.max(0, row.busy_for ?? 0) / 1000);
      }
    }
    return { stamps, busy };
  });
}

/**
 * Renews a claim before another request with its items. Returns the items that it still covers:
 * the others were claimed by a newer collection meanwhile.
 *
 * @throws ExportError SDE30-03 when the lease is outdated.
 */
export async function renewClaim(
  store: Store,
  lease: Lease,
  table: string,
  feedIds: readonly string[],
  { token, seconds }: ClaimMark,
): Promise<ReadonlySet<string>> {
  return store.transaction(async (transaction) => {
    await holdLease(store, transaction, lease);
    await store.run(
      `UPDATE ${store.t(table)} SET in_flight_until = UTC_TIMESTAMP(3) + INTERVAL ? SECOND
       WHERE feed_id IN (?) AND in_flight_token = ?`,
      [seconds, feedIds, token],
      transaction,
    );
    const rows = await store.rows<{ feed_id: string }>(
      `SELECT feed_id FROM ${store.t(table)} WHERE feed_id IN (?) AND in_flight_token = ?`,
      [feedIds, token],
      transaction,
    );
    return new Set(rows.map((row) => row.feed_id));
  });
}

/** Gives items free that were claimed and are not in flight. Needs no lease: it sends nothing. */
export async function releaseClaim(
  store: Store,
  table: string,
  feedIds: readonly string[],
  token: number,
): Promise<void> {
  if (feedIds.length === 0) return;
  await store.run(
    `UPDATE ${store.t(table)} SET in_flight_until = NULL
     WHERE feed_id IN (?) AND in_flight_token = ?`,
    [feedIds, token],
  );
}

/** An item as it was collected. */
export interface CollectedItem {
  readonly feedId: string;
  readonly hash: string;
}

/**
 * Notes that a collection found items as they were last answered, so that older versions of them,
 * which may still be on their way, are not sent any more. Returns the feed ids of those of which
 * that is no longer so: a version of them was claimed or stored since their rows were read, so that
 * they are to be sent. The caller's transaction holds the lease.
 */
export async function confirmUnchanged(
  store: Store,
  transaction: Transaction,
  table: string,
  items: readonly CollectedItem[],
  collectedSeq: number,
): Promise<ReadonlySet<string>> {
  const overtaken = new Set(items.map((item) => item.feedId));
  const ordered = [...items].sort((a, b) => (a.feedId < b.feedId ? -1 : 1));
  for (let at = 0; at < ordered.length; at += CONFIRMED_AT_ONCE) {
    const slice = ordered.slice(at, at + CONFIRMED_AT_ONCE);
    const feedIds = slice.map((item) => item.feedId);
    await store.run(
      `UPDATE ${store.t(table)} SET collected_seq = ?
       WHERE feed_id IN (?) AND (feed_id, feed_hash) IN (${slice.map(() => '(?, ?)').join(', ')})
         AND status IN (${STATUS.accepted}, ${STATUS.refused}, ${STATUS.failed})
         AND collected_seq < ?`,
      [collectedSeq, feedIds, ...slice.flatMap((item) => [item.feedId, item.hash]), collectedSeq],
      transaction,
    );
    const rows = await store.rows<{ feed_id: string }>(
      `SELECT feed_id FROM ${store.t(table)} WHERE feed_id IN (?) AND collected_seq >= ?`,
      [feedIds, collectedSeq],
      transaction,
    );
    for (const row of rows) overtaken.delete(row.feed_id);
  }
  return overtaken;
}

/** A legacy feed's item, to be stored now and published later. */
export interface IndexedItem extends Omit<Claim, 'isDeleted'> {
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
  // The mark of a newer collection stays, and with it the item waits for its deletion.
  await store.run(
    `INSERT INTO ${store.t(table)}
       (feed_id, source_entity_id, feed_data, feed_hash, hash_version, collected_seq, modified_at)
     VALUES ${items.map(() => '(?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))').join(', ')}
     ON DUPLICATE KEY UPDATE
       ${mine('missing_seq', `IF(${GONE_SINCE}, missing_seq, NULL)`)},
       ${mine('source_entity_id')}, ${mine('feed_data')}, ${mine('feed_hash')},
       ${mine('hash_version')}, ${mine('status', String(STATUS.waiting))}, ${mine('errors', 'NULL')},
       ${mine('next_try_at', 'NULL')},
       ${mine('is_deleted', '0')}, ${mine('modified_at')},
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
       AND (next_try_at IS NULL OR next_try_at <= UTC_TIMESTAMP())
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

/** An item of which the service has, or is to have, what is kept of it. */
export interface KeptItem extends IndexedItem {
  readonly id: number;
  readonly hashVersion: number;
}

/** Rows of items that were accepted or are to be sent again, after a row id, in its order. */
export async function keptItems(
  store: Store,
  table: string,
  afterId: number,
  limit: number,
): Promise<KeptItem[]> {
  const rows = await store.rows<{
    id: number;
    feed_id: string;
    source_entity_id: number;
    feed_data: string;
    feed_hash: string;
    hash_version: number;
    collected_seq: number;
  }>(
    `SELECT id, feed_id, source_entity_id, feed_data, feed_hash, hash_version, collected_seq
     FROM ${store.t(table)}
     WHERE status IN (${STATUS.accepted}, ${STATUS.retry}) AND is_deleted = 0
       AND missing_seq IS NULL AND feed_data <> '' AND id > ?
     ORDER BY id LIMIT ?`,
    [afterId, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    feedId: row.feed_id,
    sourceId: row.source_entity_id,
    storedJson: row.feed_data,
    hash: row.feed_hash,
    hashVersion: row.hash_version,
    collectedSeq: row.collected_seq,
  }));
}
