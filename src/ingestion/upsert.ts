import mysql, { type ExecuteValues, type PoolConnection, type RowDataPacket } from 'mysql2/promise';

import type { CollectionName } from './collections.js';
import type { ReceivedItem } from './received-item.js';
import { statementParts } from './statement-parts.js';
import { HISTORY_LENGTH, historyEntry } from './version-history.js';

interface StoredRow extends RowDataPacket {
  readonly itemId: string;
  readonly id: number;
}

/** Row ids of stored items, by feed and item id. */
type StoredRows = Map<CollectionName, ReadonlyMap<string, number>>;

/** Where a version comes from. */
export interface Receipt {
  readonly environment: string;
  readonly requestId: string;
  readonly receivedAt: Date;
}

/** A version to be stored. */
export interface Upsert {
  readonly item: ReceivedItem;
  readonly receipt: Receipt;
  /** Number of the change. */
  readonly seq: number;
}

const COLUMNS = [
  'id',
  'environment',
  'feed',
  'item_id',
  'identity',
  'payload',
  'stamp',
  'deleted',
  'received_at',
  'first_received_at',
  'request_id',
  'change_seq',
  'history',
] as const;

const ROW = `(${COLUMNS.map(() => '?').join(', ')})`;

const IF_CHANGED = ['identity', 'payload', 'deleted', 'received_at', 'request_id']
  .map((column) => `${column} = IF(change_seq = VALUES(change_seq), VALUES(${column}), ${column})`)
  .join(', ');

/**
 * Assignments see what those before them assigned: a row takes the number of the change if the
 * version is to be kept, and the number then tells all others. The same version once more changes
 * nothing, not even the row.
 */
const ON_DUPLICATE = `
  change_seq = IF(
    VALUES(stamp) > stamp OR (VALUES(stamp) = stamp AND VALUES(payload) <> payload),
    VALUES(change_seq), change_seq),
  versions = versions + (change_seq = VALUES(change_seq)),
  history = IF(change_seq = VALUES(change_seq),
    SUBSTRING_INDEX(CONCAT(VALUES(history), ' ', history), ' ', ${HISTORY_LENGTH}), history),
  ${IF_CHANGED},
  stamp = GREATEST(stamp, VALUES(stamp))`;

/** Stores versions of one data space within the connection's transaction. */
export async function store(
  connection: PoolConnection,
  upserts: readonly Upsert[],
  statementBytes: number,
): Promise<void> {
  const rows = await storedRows(connection, upserts);
  for (const part of statementParts(upserts, statementBytes)) {
    await connection.execute(upsertStatement(part.length), upsertValues(part, rows));
  }
}

/** The rows of those of the items that are there; all of one data space. */
async function storedRows(
  connection: PoolConnection,
  upserts: readonly Upsert[],
): Promise<StoredRows> {
  const rows: StoredRows = new Map();
  const environment = upserts[0]?.receipt.environment;
  for (const feed of new Set(upserts.map(({ item }) => item.feed))) {
    const ids = upserts.filter(({ item }) => item.feed === feed).map(({ item }) => item.id);
    const [found] = await connection.query<StoredRow[]>(
      `SELECT item_id AS itemId, id FROM ingestion_item
       WHERE environment = ? AND feed = ? AND item_id IN (?)`,
      [environment, feed, ids],
    );
    rows.set(feed, new Map(found.map(({ itemId, id }) => [itemId, id])));
  }
  return rows;
}

/**
 * Stores `count` items, each unless a version with a newer stamp is there. To be prepared: sent as
 * text, with every quote of the payloads escaped, it took three to four times as long.
 */
function upsertStatement(count: number): string {
  return `INSERT INTO ingestion_item (${COLUMNS.join(', ')})
    VALUES ${ROW}${`, ${ROW}`.repeat(count - 1)}
    ON DUPLICATE KEY UPDATE ${ON_DUPLICATE}`;
}

/**
 * The values of an upsert, in the order of its placeholders.
 *
 * @param rows of the items that are there. A row that is named is found at once; otherwise its new
 * version is inserted as a row, found to be there already, and taken out again.
 */
function upsertValues(upserts: readonly Upsert[], rows: StoredRows): ExecuteValues[] {
  const values: ExecuteValues[] = [];
  for (const { item, receipt, seq } of upserts) {
    const { environment, receivedAt, requestId } = receipt;
    const received = datetime(receivedAt);
    values.push(
      rows.get(item.feed)?.get(item.id) ?? null,
      environment,
      item.feed,
      item.id,
      JSON.stringify(item.identity),
      // Declared as text: a Buffer by itself is sent as binary data.
      mysql.TypedParameter.VAR_STRING(item.payload),
      datetime(item.stamp),
      item.deleted,
      received,
      received,
      requestId,
      seq,
      historyEntry(item, receivedAt, requestId),
    );
  }
  return values;
}

function datetime(time: Date): string {
  return time.toISOString().slice(0, 23).replace('T', ' ');
}
