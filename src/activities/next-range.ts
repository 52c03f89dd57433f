import type { CommerceDatabase } from '../commerce/database.js';
import type { Feed, SourceContext } from '../feeds/feed.js';
import type { Store } from '../store/store.js';

/** State rows a page may hold, where many entities are gone and their rows are left. */
const STATE_ROWS = 20_000;

export interface Range {
  readonly from: number;
  readonly to: number;
  /** Source entities in the range. */
  readonly entities: number;
}

/**
 * The next page of a segment: a range of ids from `from` on that holds at most a page of source
 * entities, and not too many rows of entities that are gone.
 */
export async function nextRange(
  reader: {
    readonly commerce: CommerceDatabase;
    readonly store: Store;
    readonly collecting: { context(): Promise<SourceContext> };
    readonly feed: Feed;
  },
  from: number,
  to: number,
): Promise<Range> {
  const { commerce, store, feed } = reader;
  const context = await reader.collecting.context();
  const { shop } = context;
  const source = feed.source(context);
  const where = source.where === undefined ? '' : `AND (${source.where})`;
  const hint = source.selective === true ? 'IGNORE INDEX (PRIMARY)' : '';
  const found = await commerce.snapshot((read) =>
    read.row<[number | null, number]>(
      `SELECT MAX(page.id), COUNT(*)
       FROM (SELECT ${source.idColumn} AS id FROM ${shop.t(source.table)} ${hint}
             WHERE ${source.idColumn} BETWEEN ? AND ? ${where}
             ORDER BY ${source.idColumn} LIMIT ${feed.pageSize}) page`,
      [from, to],
    ),
  );
  const [last, entities] = found ?? [null, 0];
  const end = last === null || entities < feed.pageSize ? to : last;
  const [crowded] = await store.rows<{ source_entity_id: number }>(
    `SELECT source_entity_id FROM ${store.t(feed.table)}
     WHERE source_entity_id BETWEEN ? AND ? ORDER BY source_entity_id LIMIT 1 OFFSET ${STATE_ROWS}`,
    [from, end],
  );
  // Rows of one entity stay in one page, so the page ends before the entity it would cut.
  if (crowded === undefined || crowded.source_entity_id <= from) return { from, to: end, entities };
  const cut = crowded.source_entity_id - 1;
  const counted = await commerce.snapshot((read) =>
    read.row<[number]>(
      `SELECT COUNT(*) FROM ${shop.t(source.table)}
       WHERE ${source.idColumn} BETWEEN ? AND ? ${where}`,
      [from, cut],
    ),
  );
  return { from, to: cut, entities: counted?.[0] ?? 0 };
}
