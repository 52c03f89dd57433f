import type { Connection } from 'mysql2/promise';

import { referenceHash } from '../src/client/parity/reference-hash.js';
import type { Feed, FeedItem } from '../src/feeds/feed.js';
import { feedIdOf, identityOf } from '../src/feeds/item.js';

/** When the reference exporter sent everything. */
export const SENT_AT = '2026-11-21 23:38:39';

/** Makes the reference exporter's feed table of a feed and fills it, as after a full export. */
export async function fillReferenceTable(
  shop: Connection,
  feed: Feed,
  items: readonly FeedItem[],
): Promise<void> {
  await shop.query('DROP TABLE IF EXISTS ??', [feed.table]);
  if (feed.mode === 'legacy') {
    await shop.query(
      `CREATE TABLE ?? (id INT UNSIGNED, store_view_code VARCHAR(64) DEFAULT '',
         feed_data MEDIUMTEXT NOT NULL, modified_at TIMESTAMP NOT NULL, is_deleted TINYINT NOT NULL,
         PRIMARY KEY (id, store_view_code))`,
      [feed.table],
    );
    const rows = items.map((item) => [
      sourceIdOf(feed, item),
      item['storeViewCode'] ?? '',
      JSON.stringify(item),
      SENT_AT,
      0,
    ]);
    await insert(shop, feed.table, 'id, store_view_code, feed_data, modified_at, is_deleted', rows);
    return;
  }
  await shop.query(
    `CREATE TABLE ?? (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, source_entity_id INT UNSIGNED,
       feed_id VARCHAR(64) NOT NULL UNIQUE, modified_at TIMESTAMP NOT NULL, is_deleted TINYINT NOT NULL,
       status SMALLINT NOT NULL, feed_data MEDIUMTEXT NOT NULL, feed_hash VARCHAR(64) NOT NULL,
       errors TEXT, metadata TEXT, KEY (source_entity_id, modified_at))`,
    [feed.table],
  );
  const rows = items.map((item) => [
    sourceIdOf(feed, item),
    feedIdOf(identityOf(feed, item)),
    SENT_AT,
    0,
    200,
    JSON.stringify(minimal(feed, item)),
    referenceHash(feed, item),
    '',
    '',
  ]);
  await insert(
    shop,
    feed.table,
    'source_entity_id, feed_id, modified_at, is_deleted, status, feed_data, feed_hash, errors, metadata',
    rows,
  );
}

function sourceIdOf(feed: Feed, item: FeedItem): number {
  return feed.sourceIdOf?.(item) ?? Number(item[feed.sourceIdField]);
}

/** The reference keeps no URL path of categories. */
function minimal(feed: Feed, item: FeedItem): FeedItem {
  return Object.fromEntries(
    Object.entries(item).filter(
      ([field]) =>
        feed.minimalPayload.includes(field) && !(feed.name === 'categories' && field === 'urlPath'),
    ),
  );
}

async function insert(
  shop: Connection,
  table: string,
  columns: string,
  rows: readonly unknown[][],
): Promise<void> {
  for (let at = 0; at < rows.length; at += 500) {
    await shop.query(`INSERT INTO ?? (${columns}) VALUES ?`, [table, rows.slice(at, at + 500)]);
  }
}
