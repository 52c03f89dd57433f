import { GONE_SINCE } from './gone-since.js';
import type { Store, Transaction } from './store.js';

/** Export status of an item, as the reference exporter stores it. */
export const STATUS = {
  /** Waiting: never answered. */
  waiting: 0,
  /** Failed: collection or the service found it invalid; waits until its content changes. */
  failed: 1,
  /** To be sent again. */
  retry: 2,
  accepted: 200,
  /** Refused with its whole request; waits until its content changes. */
  refused: 400,
} as const;

/** The outcome of a request for one item. */
export interface Settlement {
  readonly feedId: string;
  readonly sourceId: number;
  readonly hash: string;
  readonly storedJson: string;
  readonly collectedSeq: number;
  readonly isDeleted: boolean;
  readonly status: number;
  readonly error: string | null;
  readonly requestId: string | null;
  /** Of the claim with which it was sent. */
  readonly token: number;
}

/** Minutes until an item is tried again, doubled with each failure, and at most half an hour. */
const FIRST_RETRY_MINUTES = 1;
const LONGEST_RETRY_MINUTES = 30;

/**
 * Stores the outcome of claimed items, each only while no newer collection of it was claimed. The
 * caller's transaction holds the lease.
 */
export async function settleItems(
  store: Store,
  transaction: Transaction,
  table: string,
  hashVersion: number,
  settlements: readonly Settlement[],
): Promise<void> {
  if (settlements.length === 0) return;
  const columns = [
    'feed_id',
    'source_entity_id',
    'feed_data',
    'feed_hash',
    'hash_version',
    'status',
    'errors',
    'request_id',
    'collected_seq',
    'is_deleted',
    'in_flight_token',
  ];
  const ordered = [...settlements].sort((a, b) => (a.feedId < b.feedId ? -1 : 1));
  // `collected_seq` itself is compared by all assignments and changed by none.
  const mine = (column: string, value = `VALUES(${column})`): string =>
    `${column} = IF(collected_seq = VALUES(collected_seq), ${value}, ${column})`;
  await store.run(
    `INSERT INTO ${store.t(table)} (${columns.join(', ')}, modified_at)
     VALUES ${ordered.map(() => `(${columns.map(() => '?').join(', ')}, UTC_TIMESTAMP(3))`).join(', ')}
     ON DUPLICATE KEY UPDATE
       in_flight_until =
         IF(in_flight_token = VALUES(in_flight_token), NULL, in_flight_until),
       ${mine('missing_seq', `IF(${GONE_SINCE} OR (VALUES(is_deleted) = 1 AND VALUES(status) <> ${STATUS.accepted}), missing_seq, NULL)`)},
       ${mine('source_entity_id')},
       ${mine('feed_data')},
       ${mine('feed_hash')},
       ${mine('hash_version')},
       ${mine('errors')},
       ${mine('request_id', 'IFNULL(VALUES(request_id), request_id)')},
       ${mine('is_deleted')},
       ${mine('attempts', `IF(VALUES(status) = ${STATUS.retry}, attempts + 1, 0)`)},
       ${mine('first_failed_at', `IF(VALUES(status) = ${STATUS.retry}, IFNULL(first_failed_at, UTC_TIMESTAMP()), NULL)`)},
       ${mine('next_try_at', `IF(VALUES(status) = ${STATUS.retry}, UTC_TIMESTAMP() + INTERVAL LEAST(${LONGEST_RETRY_MINUTES}, ${FIRST_RETRY_MINUTES} * POW(2, LEAST(attempts, 20) - 1)) MINUTE, NULL)`)},
       ${mine('status')},
       ${mine('modified_at', 'UTC_TIMESTAMP(3)')}`,
    ordered.flatMap((item) => [
      item.feedId,
      item.sourceId,
      item.storedJson,
      item.hash,
      hashVersion,
      item.status,
      item.error,
      item.requestId,
      item.collectedSeq,
      item.isDeleted,
      item.token,
    ]),
    transaction,
  );
}

/** An item or a whole entity that could not be collected. */
export interface CollectionFailure {
  readonly feedId: string;
  readonly sourceId: number;
  /** Code and sentence. */
  readonly error: string;
  readonly collectedSeq: number;
}

/**
 * Stores items that could not be collected: they count as failed, nothing is sent for them, and
 * they go out as soon as they can be collected again. An earlier payload is kept for the deletion.
 */
export async function recordFailures(
  store: Store,
  transaction: Transaction,
  table: string,
  failures: readonly CollectionFailure[],
): Promise<void> {
  if (failures.length === 0) return;
  await store.run(
    `INSERT INTO ${store.t(table)}
       (feed_id, source_entity_id, feed_data, status, errors, collected_seq, modified_at)
     VALUES ${failures.map(() => `(?, ?, '', ${STATUS.failed}, ?, ?, UTC_TIMESTAMP(3))`).join(', ')}
     ON DUPLICATE KEY UPDATE
       feed_hash = IF(collected_seq > VALUES(collected_seq), feed_hash, ''),
       errors = IF(collected_seq > VALUES(collected_seq), errors, VALUES(errors)),
       missing_seq = IF(collected_seq > VALUES(collected_seq), missing_seq, NULL),
       status = IF(collected_seq > VALUES(collected_seq), status, VALUES(status)),
       collected_seq = GREATEST(collected_seq, VALUES(collected_seq))`,
    failures.flatMap((failure) => [
      failure.feedId,
      failure.sourceId,
      failure.error,
      failure.collectedSeq,
    ]),
    transaction,
  );
}
