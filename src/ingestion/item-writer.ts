import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolConnection, ResultSetHeader } from 'mysql2/promise';

import type { CollectionName } from './collections.js';
import { GroupCommit, type Outcomes } from './group-commit.js';
import type { ReceivedItem } from './received-item.js';
import { STATEMENT_BYTES } from './statement-parts.js';
import { ITEM_COLUMNS, toStoredItem, type ItemRow, type StoredItem } from './stored-item.js';
import { store, type Receipt, type Upsert } from './upsert.js';

const DEADLOCK = 1213;
const LOCKED: readonly number[] = [DEADLOCK, 1205];
const ATTEMPTS = 6;

/** Makes the versions to be stored of what is stored now, by item id. */
export type Change = (current: ReadonlyMap<string, StoredItem>) => readonly ReceivedItem[];

/** A request's items; either known, or made of what is stored. */
interface Batch {
  readonly receipt: Receipt;
  readonly feed: CollectionName | undefined;
  readonly ids: readonly string[];
  readonly change: Change;
}

/** Stores versions, keeping of each item the one with the newest stamp. */
export class ItemWriter {
  readonly #pool: Pool;
  readonly #statementBytes: number;
  readonly #commits: GroupCommit<Batch>;
  readonly #onChange: (environment: string) => void;

  /** @param onChange called after each commit. */
  constructor(pool: Pool, maxItemBytes: number, onChange: (environment: string) => void) {
    this.#pool = pool;
    this.#statementBytes = Math.min(STATEMENT_BYTES, maxItemBytes);
    this.#commits = new GroupCommit(
      (environment, group) => this.#write(environment, group),
      concernsOne,
    );
    this.#onChange = onChange;
  }

  /** All or none are durable when it returns; at a tie of stamps, the last to arrive stays. */
  async save(items: readonly ReceivedItem[], receipt: Receipt): Promise<void> {
    // Neighbours in the index are written one after the other. The sort is stable: versions of one
    // item stay in the order of the request.
    const ordered = items.toSorted((a, b) => compare(a.feed, b.feed) || compare(a.id, b.id));
    const batch = { receipt, feed: undefined, ids: [], change: () => ordered };
    await this.#commits.add(receipt.environment, items.length, batch);
  }

  /**
   * Stores what `change` makes of the items as they are; nobody writes them in between. What it
   * throws is thrown to the caller, and nothing is stored.
   */
  async update(
    feed: CollectionName,
    ids: readonly string[],
    change: Change,
    receipt: Receipt,
  ): Promise<void> {
    await this.#commits.add(receipt.environment, ids.length, { receipt, feed, ids, change });
  }

  async #write(environment: string, group: readonly Batch[]): Promise<Outcomes> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const outcomes = await this.#transaction(environment, group);
        this.#onChange(environment);
        return outcomes;
      } catch (error) {
        if (!isDeadlock(error) || attempt === ATTEMPTS) throw error;
        await sleep(attempt * 10);
      }
    }
  }

  async #transaction(environment: string, group: readonly Batch[]): Promise<Outcomes> {
    const connection = await this.#pool.getConnection();
    try {
      await connection.beginTransaction();
      const size = group.reduce((sum, batch) => sum + sizeOf(batch), 0);
      let seq = await reserve(connection, environment, size);
      const outcomes: (Error | undefined)[] = [];
      const upserts: Upsert[] = [];
      for (const batch of group) {
        if (batch.feed !== undefined) {
          // It is made of what is stored, and that includes what came before it in the group.
          await store(connection, upserts.splice(0), this.#statementBytes);
        }
        const made = await changed(connection, batch);
        outcomes.push(made instanceof Error ? made : undefined);
        if (made instanceof Error) continue;
        for (const item of made) upserts.push({ item, receipt: batch.receipt, seq: seq++ });
      }
      await store(connection, upserts, this.#statementBytes);
      await connection.commit();
      connection.release();
      return outcomes;
    } catch (error) {
      // Cutting the connection rolls back, whatever state it is in.
      connection.destroy();
      throw error;
    }
  }
}

/** Numbers for `count` changes: the first of them. Their row stays locked until the commit. */
async function reserve(
  connection: PoolConnection,
  environment: string,
  count: number,
): Promise<number> {
  for (;;) {
    const [{ affectedRows, insertId }] = await connection.execute<ResultSetHeader>(
      'UPDATE ingestion_sequence SET value = LAST_INSERT_ID(value + ?) WHERE environment = ?',
      [count, environment],
    );
    if (affectedRows > 0) return insertId - count + 1;
    await connection.execute(
      'INSERT IGNORE INTO ingestion_sequence (environment, value) VALUES (?, 0)',
      [environment],
    );
  }
}

async function changed(
  connection: PoolConnection,
  { receipt, feed, ids, change }: Batch,
): Promise<readonly ReceivedItem[] | Error> {
  const current = new Map<string, StoredItem>();
  if (feed !== undefined && ids.length > 0) {
    const [rows] = await connection.query<ItemRow[]>(
      `SELECT ${ITEM_COLUMNS} FROM ingestion_item
       WHERE environment = ? AND feed = ? AND item_id IN (?)`,
      [receipt.environment, feed, ids],
    );
    for (const row of rows) current.set(row.itemId, toStoredItem(row));
  }
  try {
    return change(current);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function sizeOf({ feed, ids, change }: Batch): number {
  return feed === undefined ? change(new Map()).length : ids.length;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Not the connection, and no lock that all of them would wait for. */
function concernsOne(error: unknown): boolean {
  const { errno, fatal } = error as { readonly errno?: number; readonly fatal?: boolean };
  return fatal !== true && (errno === undefined || (errno > 0 && !LOCKED.includes(errno)));
}

function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && error.errno === DEADLOCK;
}
