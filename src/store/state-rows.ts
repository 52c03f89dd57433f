import type { Store, Transaction } from './store.js';

/** What the feed table knows of an item. */
export interface StateRow {
  readonly id: number;
  readonly feedId: string;
  readonly sourceId: number;
  /** '' when nothing of the item counts as sent. */
  readonly hash: string;
  readonly hashVersion: number;
  readonly status: number;
  readonly isDeleted: boolean;
  /** The source yielded the item no more, and its deletion is not settled. */
  readonly isMissing: boolean;
  readonly collectedSeq: number;
}

/** The entities of a page, as the feed table is asked for them. */
export type StateSelection =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'ids'; readonly ids: readonly number[] };

interface Row {
  id: number;
  feed_id: string;
  source_entity_id: number;
  feed_hash: string;
  hash_version: number;
  status: number;
  is_deleted: number;
  missing_seq: number | null;
  collected_seq: number;
}

const COLUMNS =
  'id, feed_id, source_entity_id, feed_hash, hash_version, status, is_deleted, missing_seq, collected_seq';

/** The rows of a page's entities: read by source id, which is a third of the cost of feed ids. */
export async function statesOfEntities(
  store: Store,
  table: string,
  selection: StateSelection,
): Promise<StateRow[]> {
  if (selection.kind === 'range') {
    return states(store, table, 'source_entity_id BETWEEN ? AND ?', [selection.from, selection.to]);
  }
  if (selection.ids.length === 0) return [];
  return states(store, table, 'source_entity_id IN (?)', [selection.ids]);
}

/** The rows of these items, whichever entity they belonged to. */
export async function statesOfItems(
  store: Store,
  table: string,
  feedIds: readonly string[],
): Promise<StateRow[]> {
  if (feedIds.length === 0) return [];
  return states(store, table, 'feed_id IN (?)', [feedIds]);
}

/** Those of the source entities of which the feed table has an item. */
export async function entitiesWithState(
  store: Store,
  table: string,
  ids: readonly number[],
): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await store.rows<{ source_entity_id: number }>(
    `SELECT DISTINCT source_entity_id FROM ${store.t(table)} WHERE source_entity_id IN (?)`,
    [ids],
  );
  return rows.map((row) => row.source_entity_id);
}

async function states(
  store: Store,
  table: string,
  condition: string,
  values: readonly unknown[],
  transaction?: Transaction,
): Promise<StateRow[]> {
  const rows = await store.rows<Row>(
    `SELECT ${COLUMNS} FROM ${store.t(table)} WHERE ${condition}`,
    values,
    transaction,
  );
  return rows.map((row) => ({
    id: row.id,
    feedId: row.feed_id,
    sourceId: row.source_entity_id,
    hash: row.feed_hash,
    hashVersion: row.hash_version,
    status: row.status,
    isDeleted: row.is_deleted === 1,
    isMissing: row.missing_seq !== null,
    collectedSeq: row.collected_seq,
  }));
}
