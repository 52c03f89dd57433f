import type { FeedName } from '../feeds/names.js';
import { STATUS } from './settlements.js';
import type { Store, Transaction } from './store.js';

/**
 * Notes that the entities of a page yield these items no more. Their deletions are sent at the end
 * of the run, since another entity of the run may still yield them.
 */
export async function markMissing(
  store: Store,
  transaction: Transaction,
  table: string,
  rowIds: readonly number[],
  collectedSeq: number,
): Promise<void> {
  if (rowIds.length === 0) return;
  await store.run(
    `UPDATE ${store.t(table)} SET missing_seq = ? WHERE id IN (?) AND collected_seq <= ?`,
    [collectedSeq, rowIds, collectedSeq],
    transaction,
  );
}

/** Notes that items marked as missing are there after all, as they were last sent. */
export async function markPresent(
  store: Store,
  transaction: Transaction,
  table: string,
  items: readonly { readonly feedId: string; readonly sourceId: number }[],
  collectedSeq: number,
): Promise<void> {
  for (const { feedId, sourceId } of items) {
    await store.run(
      `UPDATE ${store.t(table)} SET missing_seq = NULL, source_entity_id = ?
       WHERE feed_id = ? AND collected_seq <= ?
         AND NOT (IFNULL(missing_seq, 0) > ? AND source_entity_id = ?)`,
      [sourceId, feedId, collectedSeq, collectedSeq, sourceId],
      transaction,
    );
  }
}

/** An item that is to be sent as deleted. */
export interface MissingItem {
  readonly id: number;
  readonly feedId: string;
  readonly sourceId: number;
  /** What is kept of the item, as JSON without stamp; '' when nothing of it was ever sent. */
  readonly storedJson: string;
  readonly hash: string;
  /** The number of the collection that missed it. */
  readonly missingSeq: number;
}

/** Missing items in order of row id. */
export interface MissingSlice {
  /** Items whose mark has at most this number are held, and left out. */
  readonly heldUpTo: number;
  readonly afterId: number;
  readonly limit: number;
}

/** The missing items after a row id that are not held. */
export async function missingItems(
  store: Store,
  table: string,
  { heldUpTo, afterId, limit }: MissingSlice,
): Promise<MissingItem[]> {
  const rows = await store.rows<{
    id: number;
    feed_id: string;
    source_entity_id: number;
    feed_data: string;
    feed_hash: string;
    missing_seq: number;
  }>(
    `SELECT id, feed_id, source_entity_id, feed_data, feed_hash, missing_seq
     FROM ${store.t(table)} WHERE missing_seq > ? AND id > ? ORDER BY id LIMIT ?`,
    [heldUpTo, afterId, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    feedId: row.feed_id,
    sourceId: row.source_entity_id,
    storedJson: row.feed_data,
    hash: row.feed_hash,
    missingSeq: row.missing_seq,
  }));
}

/** Whether a feed has deletions to send, of which none waits for its next try. */
export async function hasDueDeletions(
  store: Store,
  table: string,
  heldUpTo: number,
): Promise<boolean> {
  const rows = await store.rows(
    `SELECT 1 FROM ${store.t(table)}
     WHERE missing_seq > ? AND (next_try_at IS NULL OR next_try_at <= UTC_TIMESTAMP()) LIMIT 1`,
    [heldUpTo],
  );
  return rows.length > 0;
}

/** Removes rows of items of which nothing was ever sent. */
export async function forgetItems(
  store: Store,
  transaction: Transaction,
  table: string,
  rowIds: readonly number[],
): Promise<void> {
  if (rowIds.length === 0) return;
  await store.run(
    `DELETE FROM ${store.t(table)} WHERE id IN (?) AND feed_data = ''`,
    [rowIds],
    transaction,
  );
}

/** Notes an entity that yields an item owned by another one, to be exported when that one leaves. */
export async function noteRivals(
  store: Store,
  transaction: Transaction,
  feed: FeedName,
  rivals: readonly { readonly feedId: string; readonly sourceId: number }[],
): Promise<void> {
  if (rivals.length === 0) return;
  await store.run(
    `INSERT IGNORE INTO ${store.t('item_rival')} (feed, feed_id, source_entity_id)
     VALUES ${rivals.map(() => '(?, ?, ?)').join(', ')}`,
    rivals.flatMap(({ feedId, sourceId }) => [feed, feedId, sourceId]),
    transaction,
  );
}

/** The entities that also yielded items that are missing now, ascending. */
export async function rivalsOfMissing(
  store: Store,
  feed: FeedName,
  table: string,
): Promise<{ readonly sourceIds: readonly number[]; readonly feedIds: readonly string[] }> {
  const rows = await store.rows<{ source_entity_id: number; feed_id: string }>(
    `SELECT r.source_entity_id, r.feed_id FROM ${store.t('item_rival')} r
     JOIN ${store.t(table)} s ON s.feed_id = r.feed_id
     WHERE r.feed = ? AND s.missing_seq IS NOT NULL
     ORDER BY r.source_entity_id`,
    [feed],
  );
  return {
    sourceIds: [...new Set(rows.map((row) => row.source_entity_id))],
    feedIds: [...new Set(rows.map((row) => row.feed_id))],
  };
}

/** Takes the rivals of these items off the list. */
export async function dropRivals(
  store: Store,
  transaction: Transaction,
  feed: FeedName,
  feedIds: readonly string[],
): Promise<void> {
  if (feedIds.length === 0) return;
  await store.run(
    `DELETE FROM ${store.t('item_rival')} WHERE feed = ? AND feed_id IN (?)`,
    [feed, feedIds],
    transaction,
  );
}

/** Rows in order of id. */
export interface RowSlice {
  readonly afterId: number;
  readonly rows: number;
  /** Whether nothing of the items counts as sent; else the same content is sent again. */
  readonly forgetContent: boolean;
}

/**
 * Makes the items of a slice of rows wait for being sent. Returns the last row of the slice, from
 * which the next one starts; undefined when there are no more. Acknowledged deletions stay: nothing
 * of them is at the service.
 */
export async function resendItems(
  store: Store,
  transaction: Transaction,
  table: string,
  { afterId, rows, forgetContent }: RowSlice,
): Promise<number | undefined> {
  const [last] = await store.rows<{ id: number }>(
    `SELECT id FROM ${store.t(table)} WHERE id > ? ORDER BY id LIMIT 1 OFFSET ${rows - 1}`,
    [afterId],
    transaction,
  );
  await store.run(
    `UPDATE ${store.t(table)}
     SET ${forgetContent ? `feed_hash = '', ` : ''} status = ${STATUS.waiting}, attempts = 0,
         next_try_at = NULL, first_failed_at = NULL
     WHERE id > ? ${last === undefined ? '' : 'AND id <= ?'}
       AND NOT (is_deleted = 1 AND status = ${STATUS.accepted})
       ${forgetContent ? '' : `AND feed_data <> ''`}`,
    last === undefined ? [afterId] : [afterId, last.id],
    transaction,
  );
  return last?.id;
}
