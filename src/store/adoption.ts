import { STATUS } from './settlements.js';
import type { Store } from './store.js';

/** An item whose state another exporter kept. */
export interface AdoptedItem {
  readonly feedId: string;
  readonly sourceId: number;
  /** What is kept of the item, as JSON without stamp. */
  readonly keptJson: string;
  /** Our hash of its content; '' where it is to be sent again. */
  readonly hash: string;
  /** When it was last sent, `YYYY-MM-DD HH:MM:SS`, UTC: our stamps are later. */
  readonly stamp: string;
  /** Whether the service has this very content. */
  readonly isSent: boolean;
}

const SLICE = 500;

/** Stores items as they were left by another exporter; rows that are there already stay. */
export async function adoptItems(
  store: Store,
  table: string,
  hashVersion: number,
  collectedSeq: number,
  items: readonly AdoptedItem[],
): Promise<void> {
  for (let at = 0; at < items.length; at += SLICE) {
    const slice = items.slice(at, at + SLICE);
    await store.run(
      `INSERT INTO ${store.t(table)}
         (feed_id, source_entity_id, feed_data, feed_hash, hash_version, status, collected_seq,
          sent_stamp, modified_at)
       VALUES ${slice.map(() => '(?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))').join(', ')}
       ON DUPLICATE KEY UPDATE id = id`,
      slice.flatMap((item) => [
        item.feedId,
        item.sourceId,
        item.keptJson,
        item.hash,
        hashVersion,
        item.isSent ? STATUS.accepted : STATUS.waiting,
        collectedSeq,
        item.stamp.slice(0, 19),
      ]),
    );
  }
}
