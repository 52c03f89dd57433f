import type { RowDataPacket } from 'mysql2/promise';

import type { CollectionName } from './collections.js';
import type { ReadingPool } from './database.js';
import { ITEM_COLUMNS, toStoredItem, type ItemRow, type StoredItem } from './stored-item.js';

/** What an item was changed to. An item that changed several times comes once, with its last. */
export interface ItemChange extends StoredItem {
  readonly feed: CollectionName;
  /** Number of the change within its data space; grows with each commit. */
  readonly seq: number;
}

export interface ChangesAfter {
  readonly environment: string;
  /** At least one. */
  readonly feeds: readonly CollectionName[];
  /** Number of the last change that is known. */
  readonly after: number;
  readonly limit: number;
}

interface ChangeRow extends ItemRow {
  readonly feed: CollectionName;
  readonly seq: number;
}

/**
 * The next changes in their order. Each feed's are found by the key that begins with it; the rows
 * of those that are returned alone are read.
 */
export async function readChanges(
  pool: ReadingPool,
  { environment, feeds, after, limit }: ChangesAfter,
): Promise<ItemChange[]> {
  const ofFeed = `(SELECT id, change_seq FROM ingestion_item
    WHERE environment = ? AND feed = ? AND change_seq > ? ORDER BY change_seq LIMIT ?)`;
  const [rows] = await pool.query<ChangeRow[]>(
    `SELECT ${ITEM_COLUMNS}, item.feed, item.change_seq AS seq
     FROM (${feeds.map(() => ofFeed).join(' UNION ALL ')} ORDER BY change_seq LIMIT ?) AS next
     STRAIGHT_JOIN ingestion_item AS item ON item.id = next.id
     ORDER BY item.change_seq`,
    [...feeds.flatMap((feed) => [environment, feed, after, limit]), limit],
  );
  return rows.map((row) => ({ ...toStoredItem(row), feed: row.feed, seq: row.seq }));
}

/** Number of the last change of a data space; 0 where nothing was ever stored. */
export async function lastChange(pool: ReadingPool, environment: string): Promise<number> {
  const [rows] = await pool.query<(RowDataPacket & { readonly value: number })[]>(
    'SELECT value FROM ingestion_sequence WHERE environment = ?',
    [environment],
  );
  return rows[0]?.value ?? 0;
}
