import mysql, { type ExecuteValues } from 'mysql2/promise';

import type { ReceivedItem } from './received-item.js';
import { HISTORY_LENGTH, historyEntry } from './version-history.js';

/** Where a version comes from. */
export interface Receipt {
  readonly environment: string;
  readonly requestId: string;
  readonly receivedAt: Date;
}

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

/**
 * Stores `count` items, each unless a version with a newer stamp is there. To be prepared: sent as
 * text, with every quote of the payloads escaped, it took three to four times as long.
 */
export function upsertStatement(count: number): string {
  return `INSERT INTO ingestion_item (${COLUMNS.join(', ')})
    VALUES ${ROW}${`, ${ROW}`.repeat(count - 1)}
    ON DUPLICATE KEY UPDATE ${ON_DUPLICATE}`;
}

/**
 * The values of an upsert, in the order of its placeholders.
 *
 * @param firstSeq number of the first item's change; the others follow.
 */
export function upsertValues(
  items: readonly ReceivedItem[],
  { environment, receivedAt, requestId }: Receipt,
  firstSeq: number,
): ExecuteValues[] {
  const received = datetime(receivedAt);
  const values: ExecuteValues[] = [];
  items.forEach((item, index) => {
    values.push(
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
      firstSeq + index,
      historyEntry(item, receivedAt, requestId),
    );
  });
  return values;
}

function datetime(time: Date): string {
  return time.toISOString().slice(0, 23).replace('T', ' ');
}
