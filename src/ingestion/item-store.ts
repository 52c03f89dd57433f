import type { Pool, RowDataPacket } from 'mysql2/promise';

import { lastChange, readChanges, type ChangesAfter, type ItemChange } from './change-stream.js';
import type { CollectionName } from './collections.js';
import { openDatabase, type DatabaseOptions, type ReadingPool } from './database.js';
import { ItemWriter, type Change } from './item-writer.js';
import type { ReceivedItem } from './received-item.js';
import {
  ITEM_COLUMNS,
  rfc3339,
  toStoredItem,
  type FeedCounts,
  type ItemRow,
  type StoredItem,
} from './stored-item.js';
import type { Receipt } from './upsert.js';

export interface ItemPage {
  readonly environment: string;
  readonly feed: CollectionName;
  /** Item id after which the page begins; the first page without one. */
  readonly after: string;
  readonly limit: number;
  readonly includeDeleted: boolean;
}

/** Most bytes of a statement of one item beside its payload: SQL, identity, ids, times. */
const ROW_OVERHEAD = 64 * 1024;
const MEDIUMTEXT_BYTES = 16 * 1024 * 1024 - 1;

interface CountRow extends RowDataPacket {
  readonly feed: CollectionName;
  /** Sums come as texts. */
  readonly items: string;
  readonly deleted: string;
  readonly lastAcceptedAt: string;
}

/** Counts per feed, of one data space, which is named three times; by index alone but a row a feed. */
export const COUNTS = `
  SELECT newest.feed, newest.received_at AS lastAcceptedAt, counted.items, counted.deleted
  FROM (
    SELECT feed, SUM(deleted = 0) AS items, SUM(deleted <> 0) AS deleted
    FROM ingestion_item FORCE INDEX (counts) WHERE environment = ? GROUP BY feed
  ) AS counted
  JOIN (
    SELECT feed, MAX(change_seq) AS seq
    FROM ingestion_item FORCE INDEX (changes) WHERE environment = ? GROUP BY feed
  ) AS last ON last.feed = counted.feed
  JOIN ingestion_item AS newest
    ON newest.environment = ? AND newest.feed = last.feed AND newest.change_seq = last.seq`;

/** The newest version of every item, per data space and feed, with tombstones for deleted ones. */
export class ItemStore {
  /** For reading; writing has connections of its own, so that neither waits for the other. */
  readonly pool: ReadingPool;
  readonly #writing: Pool;
  readonly #writer: ItemWriter;
  readonly #listeners = new Set<(environment: string) => void>();
  /** Longest JSON of an item that the database takes. */
  readonly maxItemBytes: number;

  private constructor(reading: ReadingPool, writing: Pool, maxPacketBytes: number) {
    this.pool = reading;
    this.#writing = writing;
    this.maxItemBytes = Math.min(MEDIUMTEXT_BYTES, maxPacketBytes - ROW_OVERHEAD);
    this.#writer = new ItemWriter(writing, this.maxItemBytes, (environment) => {
      for (const listener of this.#listeners) listener(environment);
    });
  }

  /**
   * Connects, and brings the tables up to date.
   *
   * @throws ExportError SDE60-01 when the database cannot be reached or changed.
   */
  static async open(options: DatabaseOptions): Promise<ItemStore> {
    const { reading, writing, maxPacketBytes } = await openDatabase(options);
    return new ItemStore(reading, writing, maxPacketBytes);
  }

  /**
   * Stores versions, keeping of each item the one with the newest stamp; at a tie, the last to
   * arrive. All or none are durable when it returns.
   */
  save(items: readonly ReceivedItem[], receipt: Receipt): Promise<void> {
    return this.#writer.save(items, receipt);
  }

  /** Stores what `change` makes of items as they are; what it throws is thrown. */
  update(
    feed: CollectionName,
    ids: readonly string[],
    change: Change,
    receipt: Receipt,
  ): Promise<void> {
    return this.#writer.update(feed, ids, change, receipt);
  }

  /** Calls the listener after each commit of this process; returns how to stop that. */
  onChange(listener: (environment: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The next changes, in the order of their numbers. */
  changes(after: ChangesAfter): Promise<ItemChange[]> {
    return readChanges(this.pool, after);
  }

  /** Number of the last change; 0 where there is none. */
  lastChange(environment: string): Promise<number> {
    return lastChange(this.pool, environment);
  }

  /** Counts of all feeds that have items, in no order. */
  async counts(environment: string): Promise<FeedCounts[]> {
    const [rows] = await this.pool.query<CountRow[]>(COUNTS, [
      environment,
      environment,
      environment,
    ]);
    return rows.map(({ feed, items, deleted, lastAcceptedAt }) => ({
      feed,
      items: Number(items),
      deleted: Number(deleted),
      lastAcceptedAt: rfc3339(lastAcceptedAt),
    }));
  }

  /** Items in order of their ids. */
  async page({ environment, feed, after, limit, includeDeleted }: ItemPage): Promise<StoredItem[]> {
    const [rows] = await this.pool.query<ItemRow[]>(
      `SELECT ${ITEM_COLUMNS} FROM ingestion_item FORCE INDEX (item)
       WHERE environment = ? AND feed = ? AND item_id > ? ${includeDeleted ? '' : 'AND deleted = 0'}
       ORDER BY item_id LIMIT ?`,
      [environment, feed, after, limit],
    );
    return rows.map(toStoredItem);
  }

  /** One item, be it a tombstone. */
  async item(
    environment: string,
    feed: CollectionName,
    id: string,
  ): Promise<StoredItem | undefined> {
    const [rows] = await this.pool.query<ItemRow[]>(
      `SELECT ${ITEM_COLUMNS} FROM ingestion_item WHERE environment = ? AND feed = ? AND item_id = ?`,
      [environment, feed, id],
    );
    return rows[0] === undefined ? undefined : toStoredItem(rows[0]);
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await this.pool.query({ sql: 'SELECT 1', timeout: 5_000 });
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.#writing.end()]);
  }
}
