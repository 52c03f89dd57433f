import mysql, { type ExecuteValues } from 'mysql2/promise';

import type { Receipt } from './item-store.js';
import type { ReceivedItem } from './received-item.js';

const COLUMNS = [
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
] as const;

const ROW = `(${COLUMNS.map(() => '?').join(', ')})`;

const IF_NEWER = ['identity', 'payload', 'deleted', 'received_at', 'request_id']
  .map((column) => `${column} = IF(VALUES(stamp) >= stamp, VALUES(${column}), ${column})`)
  .join(', ');

/**
 * Assignments see what those before them assigned, so `versions` comes before the payload and
 * `stamp` last. The same version once more is no new one.
 */
const ON_DUPLICATE = `
  versions = versions
    + (VALUES(stamp) > stamp OR (VALUES(stamp) = stamp AND VALUES(payload) <> payload)),
  ${IF_NEWER},
  stamp = GREATEST(stamp, VALUES(stamp))`;

/**
 * Stores `count` items, each unless a version with a newer stamp is there. To be prepared: sent as
 * text, with every quote of the payloads escaped, it took three to four times as long.
 */
export function upsertStatement(count: number): string {
  return `INSERT INTO ingestion_item (${COLUMNS.join(', ')})
    VALUES ${ROW}${`, ${ROW}`.repeat(count - 1)}
    ON DUPLICATE KEY UPDATE ${ON_DUPLICATE}`;
}

/** The values of an upsert, in the order of its placeholders. */
export function upsertValues(items: readonly ReceivedItem[], receipt: Receipt): ExecuteValues[] {
  const receivedAt = datetime(receipt.receivedAt);
  const values: ExecuteValues[] = [];
  for (const item of items) {
    values.push(
      receipt.environment,
      item.feed,
      item.id,
      JSON.stringify(item.identity),
      // Declared as text: a Buffer by itself is sent as binary data.
      mysql.TypedParameter.VAR_STRING(item.payload),
      datetime(item.stamp),
      item.deleted,
      receivedAt,
      receivedAt,
      receipt.requestId,
    );
  }
  return values;
}

function datetime(time: Date): string {
  return time.toISOString().slice(0, 23).replace('T', ' ');
}
