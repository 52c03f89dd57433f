import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, RowDataPacket } from 'mysql2/promise';

import type { FeedName } from '../feeds/names.js';
import { openDatabase, type DatabaseOptions } from './database.js';
import type { ReceivedItem } from './received-item.js';
import {
  ITEM_COLUMNS,
  rfc3339,
  toStoredItem,
  type FeedCounts,
  type ItemRow,
  type StoredItem,
} from './stored-item.js';
import { upsertStatement, upsertValues } from './upsert.js';

/** Where a version comes from. */
export interface Receipt {
  readonly environment: string;
  readonly requestId: string;
  readonly receivedAt: Date;
}

export interface ItemPage {
  readonly environment: string;
  readonly feed: FeedName;
  /** Item id after which the page begins; the first page without one. */
  readonly after: string;
  readonly limit: number;
  readonly includeDeleted: boolean;
}

/** Bytes of one statement, unless a single item has more. */
const STATEMENT_BYTES = 4 * 1024 * 1024;
/** Most bytes of a statement of one item beside its payload: SQL, identity, ids, times. */
const ROW_OVERHEAD = 64 * 1024;
const MEDIUMTEXT_BYTES = 16 * 1024 * 1024 - 1;

const DEADLOCK = 1213;
const ATTEMPTS = 6;

interface CountRow extends RowDataPacket {
  readonly feed: FeedName;
  readonly deleted: number;
  readonly count: number;
  readonly last: string;
}

/** The newest version of every item, per data space and feed, with tombstones for deleted ones. */
export class ItemStore {
  readonly #pool: Pool;
  readonly #statementBytes: number;
  /** Longest JSON of an item that the database takes. */
  readonly maxItemBytes: number;

  private constructor(pool: Pool, maxPacketBytes: number) {
    this.#pool = pool;
    this.maxItemBytes = Math.min(MEDIUMTEXT_BYTES, maxPacketBytes - ROW_OVERHEAD);
    this.#statementBytes = Math.min(STATEMENT_BYTES, this.maxItemBytes);
  }

  /**
   * Connects, and brings the tables up to date.
   *
   * @throws ExportError SDE60-01 when the database cannot be reached or changed.
   */
  static async open(options: DatabaseOptions): Promise<ItemStore> {
    const { pool, maxPacketBytes } = await openDatabase(options);
    return new ItemStore(pool, maxPacketBytes);
  }

  /**
   * Stores versions, keeping of each item the one with the newest stamp; at a tie, the last to
   * arrive. All or none are durable when it returns.
   */
  async save(items: readonly ReceivedItem[], receipt: Receipt): Promise<void> {
    // One order for all requests, so that two with the same items wait for each other rather than
    // deadlock. The sort is stable: versions of one item stay in the order of the request.
    const ordered = items.toSorted((a, b) => compare(a.feed, b.feed) || compare(a.id, b.id));
    const statements = inStatements(ordered, this.#statementBytes);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#write(statements, receipt);
        return;
      } catch (error) {
        if (!isDeadlock(error) || attempt === ATTEMPTS) throw error;
        await sleep(attempt * 10);
      }
    }
  }

  /** Counts of all feeds that have items, in no order. */
  async counts(environment: string): Promise<FeedCounts[]> {
    const [rows] = await this.#pool.query<CountRow[]>(
      `SELECT feed, deleted, COUNT(*) AS count, MAX(received_at) AS last
       FROM ingestion_item WHERE environment = ? GROUP BY feed, deleted`,
      [environment],
    );
    const counts = new Map<FeedName, FeedCounts>();
    for (const { feed, deleted, count, last } of rows) {
      const before = counts.get(feed) ?? { feed, items: 0, deleted: 0, lastAcceptedAt: null };
      const at = rfc3339(last);
      counts.set(feed, {
        feed,
        items: before.items + (deleted === 0 ? count : 0),
        deleted: before.deleted + (deleted === 0 ? 0 : count),
        lastAcceptedAt:
          before.lastAcceptedAt === null || before.lastAcceptedAt < at ? at : before.lastAcceptedAt,
      });
    }
    return [...counts.values()];
  }

  /** Items in order of their ids. */
  async page({ environment, feed, after, limit, includeDeleted }: ItemPage): Promise<StoredItem[]> {
    const [rows] = await this.#pool.query<ItemRow[]>(
      `SELECT ${ITEM_COLUMNS} FROM ingestion_item FORCE INDEX (item)
       WHERE environment = ? AND feed = ? AND item_id > ? ${includeDeleted ? '' : 'AND deleted = 0'}
       ORDER BY item_id LIMIT ?`,
      [environment, feed, after, limit],
    );
    return rows.map(toStoredItem);
  }

  /** One item, be it a tombstone. */
  async item(environment: string, feed: FeedName, id: string): Promise<StoredItem | undefined> {
    const [rows] = await this.#pool.query<ItemRow[]>(
      `SELECT ${ITEM_COLUMNS} FROM ingestion_item WHERE environment = ? AND feed = ? AND item_id = ?`,
      [environment, feed, id],
    );
    return rows[0] === undefined ? undefined : toStoredItem(rows[0]);
  }

  /** Rejects when the database does not answer. */
  async ping(): Promise<void> {
    await this.#pool.query({ sql: 'SELECT 1', timeout: 5_000 });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #write(statements: readonly (readonly ReceivedItem[])[], receipt: Receipt): Promise<void> {
    const [only] = statements;
    if (statements.length === 1 && only !== undefined) {
      await this.#pool.execute(upsertStatement(only.length), upsertValues(only, receipt));
      return;
    }
    const connection = await this.#pool.getConnection();
    try {
      await connection.beginTransaction();
      for (const items of statements) {
        await connection.execute(upsertStatement(items.length), upsertValues(items, receipt));
      }
      await connection.commit();
      connection.release();
    } catch (error) {
      // Cutting the connection rolls back, whatever state it is in.
      connection.destroy();
      throw error;
    }
  }
}

function inStatements(items: readonly ReceivedItem[], maxBytes: number): ReceivedItem[][] {
  const statements: ReceivedItem[][] = [];
  let current: ReceivedItem[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOfRow(item);
    if (current.length === 0 || bytes + size > maxBytes) {
      statements.push((current = []));
      bytes = 0;
    }
    current.push(item);
    bytes += size;
  }
  return statements;
}

/** At most: a character of the identity may take six bytes as JSON. */
function bytesOfRow({ identity, payload }: ReceivedItem): number {
  return identity.reduce((sum, value) => sum + 6 * value.length, 512 + payload.length);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && error.errno === DEADLOCK;
}
