import type { RowDataPacket } from 'mysql2/promise';

import type { CollectionName } from './collections.js';
import { parseHistory, type KeptVersion } from './version-history.js';

/** The newest version of an item. */
export interface StoredItem {
  readonly id: string;
  readonly identity: readonly string[];
  /** JSON exactly as received. */
  readonly payload: string;
  readonly deleted: boolean;
  /** RFC 3339, UTC, like all times here. */
  readonly stamp: string;
  readonly receivedAt: string;
  readonly firstReceivedAt: string;
  /** How many versions were kept so far, this one included. */
  readonly versions: number;
  /** Request that brought this version. */
  readonly requestId: string;
  /** The last versions that were kept, newest first, this one included; ten at most. */
  readonly history: readonly KeptVersion[];
}

export interface FeedCounts {
  readonly feed: CollectionName;
  /** Items that are not deleted. */
  readonly items: number;
  /** Tombstones. */
  readonly deleted: number;
  /** When the newest kept version arrived. */
  readonly lastAcceptedAt: string | null;
}

/** What `ItemRow` needs, of `ingestion_item`. */
export const ITEM_COLUMNS = `item_id AS itemId, identity, payload, deleted, stamp,
  received_at AS receivedAt, first_received_at AS firstReceivedAt, versions,
  request_id AS requestId, history`;

export interface ItemRow extends RowDataPacket {
  readonly itemId: string;
  readonly identity: string;
  readonly payload: string;
  readonly deleted: number;
  readonly stamp: string;
  readonly receivedAt: string;
  readonly firstReceivedAt: string;
  readonly versions: number;
  readonly requestId: string;
  readonly history: string;
}

export function toStoredItem(row: ItemRow): StoredItem {
  return {
    id: row.itemId,
    identity: JSON.parse(row.identity) as string[],
    payload: row.payload,
    deleted: row.deleted !== 0,
    stamp: rfc3339(row.stamp),
    receivedAt: rfc3339(row.receivedAt),
    firstReceivedAt: rfc3339(row.firstReceivedAt),
    versions: row.versions,
    requestId: row.requestId,
    history: parseHistory(row.history),
  };
}

/** `2026-11-21 22:40:05.000` as `2026-11-21T22:40:05.000Z`. */
export function rfc3339(datetime: string): string {
  return `${datetime.replace(' ', 'T')}Z`;
}
