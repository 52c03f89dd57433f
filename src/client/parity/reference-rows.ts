import type { Read } from '../../commerce/read.js';
import { amongIds } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { Feed, FeedItem } from '../../feeds/feed.js';
import { feedIdOf, identityOf } from '../../feeds/item.js';
import { referenceHash } from './reference-hash.js';

/** A row of one of the reference exporter's feed tables. */
export interface ReferenceRow {
  readonly sourceId: number;
  readonly feedId: string;
  /** Of the content last sent. */
  readonly hash: string;
  readonly isDeleted: boolean;
  /** 200: accepted. Legacy feeds keep none; of them it is 0. */
  readonly status: number;
  readonly errors: string;
  /** `YYYY-MM-DD HH:MM:SS`, UTC. */
  readonly modifiedAt: string;
  /** The minimal payload, or the whole item. */
  readonly data: FeedItem;
}

const IMMEDIATE = `source_entity_id, feed_id, feed_hash, is_deleted, status, IFNULL(errors, ''),
  modified_at, feed_data`;

type ImmediateRow = [number, string, string, number, number, string, string, string];
type LegacyRow = [number, number, string, string];

/** Whether the shop has the table, with the columns that are read. */
export async function hasReferenceTable(read: Read, shop: Shop, feed: Feed): Promise<boolean> {
  if (!shop.hasTable(feed.table)) return false;
  const columns = await read.rows<[string]>(
    `SELECT LOWER(column_name) FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name = ?`,
    [shop.t(feed.table).slice(1, -1)],
  );
  const present = new Set(columns.map(([name]) => name));
  const needed =
    feed.mode === 'legacy'
      ? ['id', 'feed_data', 'is_deleted', 'modified_at']
      : ['source_entity_id', 'feed_id', 'feed_hash', 'is_deleted', 'status', 'feed_data'];
  // Our own feed table has the same name where both share a schema; it alone has a sequence.
  return needed.every((name) => present.has(name)) && !present.has('collected_seq');
}

/** The rows of a range of source entities. */
export async function referenceRows(
  read: Read,
  shop: Shop,
  feed: Feed,
  range: { readonly from: number; readonly to: number },
): Promise<ReferenceRow[]> {
  const table = shop.t(feed.table);
  if (feed.mode === 'legacy') {
    const rows = await read.rows<LegacyRow>(
      `SELECT id, is_deleted, modified_at, feed_data FROM ${table} WHERE id BETWEEN ? AND ?`,
      [range.from, range.to],
    );
    return rows.map(([id, deleted, modifiedAt, json]) => {
      const data = JSON.parse(json) as FeedItem;
      return {
        sourceId: id,
        feedId: feedIdOf(identityOf(feed, data)),
        hash: referenceHash(feed, data),
        isDeleted: deleted === 1,
        status: 0,
        errors: '',
        modifiedAt,
        data,
      };
    });
  }
  const rows = await read.rows<ImmediateRow>(
    `SELECT ${IMMEDIATE} FROM ${table} WHERE source_entity_id BETWEEN ? AND ?`,
    [range.from, range.to],
  );
  return rows.map(immediateRow);
}

/** Rows by feed id, whichever entity they belong to; legacy rows have none to be found by. */
export async function referenceRowsByFeedId(
  read: Read,
  shop: Shop,
  feed: Feed,
  feedIds: readonly string[],
): Promise<ReferenceRow[]> {
  if (feedIds.length === 0 || feed.mode === 'legacy') return [];
  const rows = await read.rows<ImmediateRow>(
    `SELECT ${IMMEDIATE} FROM ${shop.t(feed.table)} WHERE feed_id IN (?)`,
    [feedIds],
  );
  return rows.map(immediateRow);
}

/** Those of some entities whose changes the reference exporter has noted and not exported yet. */
export async function unexportedEntities(
  read: Read,
  shop: Shop,
  feed: Feed,
  ids: readonly number[],
): Promise<ReadonlySet<number>> {
  const changelog = `${feed.table}_cl`;
  if (ids.length === 0 || !shop.hasTable(changelog) || !shop.hasTable('mview_state')) {
    return new Set();
  }
  const bySku = feed.name === 'inventoryStockStatus';
  const rows = await read.rows<[number]>(
    bySku
      ? `SELECT DISTINCT e.entity_id FROM ${shop.t(changelog)} c
         JOIN ${shop.t(shop.product.name)} e ON e.sku = c.entity_id
         WHERE c.version_id > ${position(shop)} AND ${amongIds('e.entity_id', ids)}`
      : `SELECT DISTINCT c.entity_id FROM ${shop.t(changelog)} c
         WHERE c.version_id > ${position(shop)} AND ${amongIds('c.entity_id', ids)}`,
    [feed.table],
  );
  return new Set(rows.map(([id]) => id));
}

/** How far the view of the feed has been read; views carry the name of the feed table. */
function position(shop: Shop): string {
  return `IFNULL((SELECT MAX(version_id) FROM ${shop.t('mview_state')} WHERE view_id = ?), 0)`;
}

function immediateRow([
  sourceId,
  feedId,
  hash,
  deleted,
  status,
  errors,
  modifiedAt,
  json,
]: ImmediateRow): ReferenceRow {
  return {
    sourceId,
    feedId,
    hash,
    isDeleted: deleted === 1,
    status,
    errors,
    modifiedAt,
    data: JSON.parse(json) as FeedItem,
  };
}
