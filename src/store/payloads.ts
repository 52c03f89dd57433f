import { STATUS } from './settlements.js';
import type { Store, Transaction } from './store.js';

/** Rows looked at in one statement. */
const SLICE = 10_000;

/** A row of a feed table whose payload concerns somebody. */
export interface PayloadRow {
  readonly id: number;
  readonly sourceId: number;
  /** Whether a request ever held the item, so that the service may have it. */
  readonly sent: boolean;
  readonly hasPayload: boolean;
}

/**
 * Rows of a legacy feed's table that belong to given entities, or whose payload matches.
 *
 * @param trace a text in lower case that each matching payload holds, whatever its letter case.
 */
export async function findPayloads(
  store: Store,
  table: string,
  {
    sourceIds,
    trace,
    matches,
  }: {
    readonly sourceIds: readonly number[];
    readonly trace: string;
    readonly matches: (item: Record<string, unknown>) => boolean;
  },
): Promise<PayloadRow[]> {
  const wanted = new Set(sourceIds);
  const found: PayloadRow[] = [];
  for (let after = 0; ;) {
    const end = await sliceEnd(store, table, after);
    if (end === undefined) return found;
    const rows = await store.rows<{
      id: number;
      source_entity_id: number;
      sent: number;
      has_payload: number;
      feed_data: string | null;
    }>(
      `SELECT id, source_entity_id, sent_stamp IS NOT NULL AS sent, feed_data <> '' AS has_payload,
              IF(LOCATE(?, LOWER(feed_data)) > 0, feed_data, NULL) AS feed_data
       FROM ${store.t(table)}
       WHERE id > ? AND id <= ?
         AND (LOCATE(?, LOWER(feed_data)) > 0 ${wanted.size === 0 ? '' : 'OR source_entity_id IN (?)'})
       ORDER BY id`,
      [trace, after, end, trace, ...(wanted.size === 0 ? [] : [[...wanted]])],
    );
    for (const row of rows) {
      const item = (row.feed_data === null ? undefined : JSON.parse(row.feed_data)) as
        Record<string, unknown> | undefined;
      if (!wanted.has(row.source_entity_id) && (item === undefined || !matches(item))) continue;
      found.push({
        id: row.id,
        sourceId: row.source_entity_id,
        sent: row.sent === 1,
        hasPayload: row.has_payload === 1,
      });
    }
    after = end;
  }
}

/**
 * Removes the payloads of rows, and what the service said of them. Hash and status stay: an
 * unchanged item is not sent again. Work that was collected before `collectedSeq` was drawn can
 * neither send the rows nor write a payload back.
 */
export async function removePayloads(
  store: Store,
  transaction: Transaction,
  table: string,
  rowIds: readonly number[],
  collectedSeq: number,
): Promise<void> {
  for (let at = 0; at < rowIds.length; at += SLICE) {
    await store.run(
      `UPDATE ${store.t(table)}
       SET feed_data = '', errors = IF(errors IS NULL, NULL, 'removed with the payload'),
           collected_seq = GREATEST(collected_seq, ?), modified_at = UTC_TIMESTAMP(3)
       WHERE id IN (?)`,
      [collectedSeq, rowIds.slice(at, at + SLICE)],
      transaction,
    );
  }
}

/**
 * Removes the payloads of items that the service took longer than some days ago. What is sent
 * from the store later on (`--no-reindex`) is then without them.
 */
export async function removeOldPayloads(
  store: Store,
  table: string,
  olderThanDays: number,
): Promise<number> {
  let removed = 0;
  for (let after = 0; ;) {
    const end = await sliceEnd(store, table, after);
    if (end === undefined) return removed;
    removed += await store.run(
      `UPDATE ${store.t(table)} SET feed_data = ''
       WHERE id > ? AND id <= ? AND status = ${STATUS.accepted} AND is_deleted = 0
         AND feed_data <> '' AND modified_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY`,
      [after, end, olderThanDays],
    );
    after = end;
  }
}

/** The last row of the slice after a row; undefined where there is none. */
async function sliceEnd(store: Store, table: string, after: number): Promise<number | undefined> {
  const [end] = await store.rows<{ id: number | null }>(
    `SELECT MAX(slice.id) AS id
     FROM (SELECT id FROM ${store.t(table)} WHERE id > ? ORDER BY id LIMIT ${SLICE}) slice`,
    [after],
  );
  return end?.id ?? undefined;
}
