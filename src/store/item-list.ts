import { STATUS } from './settlements.js';
import type { Store } from './store.js';

/** States of items that people ask for, by the words of the glossary. */
export const ITEM_STATES = [
  'waiting',
  'failed',
  'retry',
  'sent',
  'refused',
  'deleted',
  'missing',
] as const;

export type ItemState = (typeof ITEM_STATES)[number];

/** An item as the feed table knows it. Times are UTC, `YYYY-MM-DD HH:MM:SS`. */
export interface ItemRow {
  readonly feedId: string;
  readonly sourceId: number;
  readonly state: ItemState;
  readonly status: number;
  readonly error: string | null;
  readonly requestId: string | null;
  readonly attempts: number;
  readonly nextTryAt: string | null;
  readonly firstFailedAt: string | null;
  /** When its state last changed, with milliseconds. */
  readonly modifiedAt: string;
  /** What is kept of the item, as JSON; '' when nothing is. */
  readonly storedJson: string;
}

/**
 * Items of a feed after a row id, in the order in which they were first collected.
 *
 * @param state only these; undefined: all.
 */
export async function listItems(
  store: Store,
  table: string,
  { state, limit }: { readonly state: ItemState | undefined; readonly limit: number },
): Promise<ItemRow[]> {
  const rows = await store.rows<{
    feed_id: string;
    source_entity_id: number;
    status: number;
    is_deleted: number;
    missing_seq: number | null;
    errors: string | null;
    request_id: string | null;
    attempts: number;
    next_try_at: string | null;
    first_failed_at: string | null;
    modified_at: string;
    feed_data: string;
  }>(
    `SELECT feed_id, source_entity_id, status, is_deleted, missing_seq, errors, request_id, attempts,
            next_try_at, first_failed_at, modified_at, feed_data
     FROM ${store.t(table)} ${state === undefined ? '' : `WHERE ${CONDITIONS[state]}`}
     ORDER BY id LIMIT ?`,
    [limit],
  );
  return rows.map((row) => ({
    feedId: row.feed_id,
    sourceId: row.source_entity_id,
    state: stateOf(row),
    status: row.status,
    error: row.errors,
    requestId: row.request_id,
    attempts: row.attempts,
    nextTryAt: row.next_try_at,
    firstFailedAt: row.first_failed_at,
    modifiedAt: row.modified_at,
    storedJson: row.feed_data,
  }));
}

const FINAL = `${STATUS.waiting}, ${STATUS.failed}, ${STATUS.accepted}, ${STATUS.refused}`;

const CONDITIONS: Readonly<Record<ItemState, string>> = {
  waiting: `status = ${STATUS.waiting} AND missing_seq IS NULL`,
  failed: `status = ${STATUS.failed} AND missing_seq IS NULL`,
  // Tables taken over from other exporters may hold any number there.
  retry: `status NOT IN (${FINAL}) AND missing_seq IS NULL`,
  sent: `status = ${STATUS.accepted} AND is_deleted = 0 AND missing_seq IS NULL`,
  refused: `status = ${STATUS.refused} AND missing_seq IS NULL`,
  deleted: `status = ${STATUS.accepted} AND is_deleted = 1 AND missing_seq IS NULL`,
  missing: 'missing_seq IS NOT NULL',
};

function stateOf(row: {
  readonly status: number;
  readonly is_deleted: number;
  readonly missing_seq: number | null;
}): ItemState {
  if (row.missing_seq !== null) return 'missing';
  switch (row.status) {
    case STATUS.waiting:
      return 'waiting';
    case STATUS.failed:
      return 'failed';
    case STATUS.refused:
      return 'refused';
    case STATUS.accepted:
      return row.is_deleted === 1 ? 'deleted' : 'sent';
    default:
      return 'retry';
  }
}
