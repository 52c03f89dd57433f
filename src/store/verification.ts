import type { FeedName } from '../feeds/names.js';
import { drawCollectedSeq } from './sequence.js';
import { STATUS } from './settlements.js';
import type { Store } from './store.js';

/** Where a comparison of a feed stands, so that it can go on after a stop. */
export interface VerificationState {
  readonly pass: 'source' | 'service';
  /** The last source id, or feed id, that was compared; '' before the first. */
  readonly position: string;
  /** What was found so far, as JSON. */
  readonly findings: string;
}

export async function readVerification(
  store: Store,
  feed: FeedName,
): Promise<VerificationState | undefined> {
  const [row] = await store.rows<VerificationState>(
    `SELECT pass, position, findings FROM ${store.t('verification')} WHERE feed = ?`,
    [feed],
  );
  return row;
}

export async function saveVerification(
  store: Store,
  feed: FeedName,
  { pass, position, findings }: VerificationState,
): Promise<void> {
  await store.run(
    `INSERT INTO ${store.t('verification')} (feed, pass, position, findings, started_at, updated_at)
     VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))
     ON DUPLICATE KEY UPDATE pass = VALUES(pass), position = VALUES(position),
       findings = VALUES(findings), updated_at = VALUES(updated_at)`,
    [feed, pass, position, findings],
  );
}

export async function dropVerification(store: Store, feed: FeedName): Promise<void> {
  await store.run(`DELETE FROM ${store.t('verification')} WHERE feed = ?`, [feed]);
}

/** What the feed table says of an item that the service is asked for. */
export interface ComparableState {
  readonly id: number;
  readonly feedId: string;
  readonly sourceId: number;
  readonly hash: string;
  readonly hashVersion: number;
  readonly collectedSeq: number;
  /** The service has it: accepted, not deleted, not missing. */
  readonly isThere: boolean;
  /** The service acknowledged its deletion. */
  readonly isGone: boolean;
}

/** Rows after one feed id up to another, in order, at most `limit`. */
export async function statesByFeedId(
  store: Store,
  table: string,
  { after, upTo, limit }: { readonly after: string; readonly upTo: string; readonly limit: number },
): Promise<ComparableState[]> {
  const rows = await store.rows<{
    id: number;
    feed_id: string;
    source_entity_id: number;
    feed_hash: string;
    hash_version: number;
    collected_seq: number;
    is_there: number;
    is_gone: number;
  }>(
    `SELECT id, feed_id, source_entity_id, feed_hash, hash_version, collected_seq,
            status = ${STATUS.accepted} AND is_deleted = 0 AND missing_seq IS NULL AS is_there,
            status = ${STATUS.accepted} AND is_deleted = 1 AS is_gone
     FROM ${store.t(table)} WHERE feed_id > ? AND feed_id <= ? ORDER BY feed_id LIMIT ?`,
    [after, upTo, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    feedId: row.feed_id,
    sourceId: row.source_entity_id,
    hash: row.feed_hash,
    hashVersion: row.hash_version,
    collectedSeq: row.collected_seq,
    isThere: row.is_there === 1,
    isGone: row.is_gone === 1,
  }));
}

/** Makes accepted items count as never sent, each only if nothing happened to it meanwhile. */
export async function forgetAccepted(
  store: Store,
  table: string,
  items: readonly Pick<ComparableState, 'id' | 'collectedSeq'>[],
): Promise<void> {
  if (items.length === 0) return;
  await store.run(
    `UPDATE ${store.t(table)} SET feed_hash = '', status = ${STATUS.waiting}
     WHERE status = ${STATUS.accepted} AND (id, collected_seq) IN (${items.map(() => '(?, ?)').join(', ')})`,
    items.flatMap(({ id, collectedSeq }) => [id, collectedSeq]),
  );
}

/** An item that the service holds and that nobody yields any more, as far as is known. */
export interface StrayItem {
  readonly feedId: string;
  readonly sourceId: number;
  /** What a deletion says of it. */
  readonly keptJson: string;
}

/**
 * Notes items that the service holds although the exporter does not know of them, or knows them as
 * deleted: the next run of their entities sends their deletion, or the item if it is there after all.
 */
export async function adoptStrays(
  store: Store,
  table: string,
  strays: readonly StrayItem[],
): Promise<void> {
  if (strays.length === 0) return;
  const seq = await drawCollectedSeq(store);
  await store.run(
    `INSERT INTO ${store.t(table)}
       (feed_id, source_entity_id, feed_data, collected_seq, missing_seq, modified_at)
     VALUES ${strays.map(() => '(?, ?, ?, ?, ?, UTC_TIMESTAMP(3))').join(', ')}
     ON DUPLICATE KEY UPDATE
       missing_seq = IF(is_deleted = 1, VALUES(missing_seq), missing_seq),
       status = IF(is_deleted = 1, ${STATUS.waiting}, status),
       feed_hash = IF(is_deleted = 1, '', feed_hash),
       is_deleted = 0`,
    strays.flatMap((each) => [each.feedId, each.sourceId, each.keptJson, seq, seq]),
  );
}
