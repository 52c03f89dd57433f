import type { Store } from './store.js';

/** All that the feed table knows of an item, for people. Times are UTC, `YYYY-MM-DD HH:MM:SS`. */
export interface ItemState {
  readonly id: number;
  readonly feedId: string;
  readonly sourceId: number;
  /** What is kept of the item, as JSON without stamp; '' when nothing of it was ever sent. */
  readonly keptJson: string;
  /** '' when nothing of the item counts as sent. */
  readonly hash: string;
  readonly hashVersion: number;
  readonly status: number;
  readonly error: string | null;
  readonly requestId: string | null;
  readonly attempts: number;
  readonly nextTryAt: string | null;
  readonly firstFailedAt: string | null;
  /** When it was last sent. */
  readonly stamp: string | null;
  readonly isDeleted: boolean;
  /** The source yields the item no more, and its deletion is not settled. */
  readonly isMissing: boolean;
  /** The number of the collection that missed it; null where none did. */
  readonly missingSeq: number | null;
  readonly modifiedAt: string;
}

interface Row {
  id: number;
  feed_id: string;
  source_entity_id: number;
  feed_data: string;
  feed_hash: string;
  hash_version: number;
  status: number;
  errors: string | null;
  request_id: string | null;
  attempts: number;
  next_try_at: string | null;
  first_failed_at: string | null;
  sent_stamp: string | null;
  is_deleted: number;
  missing_seq: number | null;
  modified_at: string;
}

/** The items of some source entities, and items by their feed ids; each once, in order of row. */
export async function itemStates(
  store: Store,
  table: string,
  { sourceIds, feedIds }: ItemChoice,
): Promise<ItemState[]> {
  const found = new Map<number, ItemState>();
  for (const [column, values] of [
    ['source_entity_id', sourceIds],
    ['feed_id', feedIds],
  ] as const) {
    if (values.length === 0) continue;
    const rows = await store.rows<Row>(
      `SELECT id, feed_id, source_entity_id, feed_data, feed_hash, hash_version, status, errors,
              request_id, attempts, next_try_at, first_failed_at, sent_stamp, is_deleted,
              missing_seq, modified_at
       FROM ${store.t(table)} WHERE ${column} IN (?)`,
      [values],
    );
    for (const row of rows) found.set(row.id, stateOf(row));
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}

/** Which items; both lists are short. */
export interface ItemChoice {
  readonly sourceIds: readonly number[];
  readonly feedIds: readonly string[];
}

function stateOf(row: Row): ItemState {
  return {
    id: row.id,
    feedId: row.feed_id,
    sourceId: row.source_entity_id,
    keptJson: row.feed_data,
    hash: row.feed_hash,
    hashVersion: row.hash_version,
    status: row.status,
    error: row.errors,
    requestId: row.request_id,
    attempts: row.attempts,
    nextTryAt: row.next_try_at,
    firstFailedAt: row.first_failed_at,
    stamp: row.sent_stamp,
    isDeleted: row.is_deleted === 1,
    isMissing: row.missing_seq !== null,
    missingSeq: row.missing_seq,
    modifiedAt: row.modified_at,
  };
}
