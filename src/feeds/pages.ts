import type { Selection } from '../commerce/selection.js';
import type { Read } from '../commerce/read.js';
import type { Shop } from '../commerce/shop.js';
import { ExportError } from '../errors/export-error.js';
import type { Feed, Source, SourceContext } from './feed.js';

/** Source entities of a feed, and how they fall into pages. */
export interface SourcePages {
  readonly total: number;
  /** Ranges of ids that hold at most a page of entities each, ascending, without gaps. */
  readonly pages: readonly Extract<Selection, { kind: 'range' }>[];
}

/** Divides all source entities into pages of `size`: one query, whatever the gaps between ids. */
export async function planPages(
  read: Read,
  shop: Shop,
  source: Source,
  size: number,
): Promise<SourcePages> {
  const where = source.where === undefined ? '' : `WHERE ${source.where}`;
  const rows = await read.rows<[number, number, number]>(`
    SELECT MIN(numbered.id), MAX(numbered.id), COUNT(*)
    FROM (SELECT ${source.idColumn} AS id,
                 ROW_NUMBER() OVER (ORDER BY ${source.idColumn}) - 1 AS position
          FROM ${shop.t(source.table)} ${where}) numbered
    GROUP BY FLOOR(numbered.position / ${size})
    ORDER BY 1`);
  let total = 0;
  const pages: Extract<Selection, { kind: 'range' }>[] = [];
  for (const [first, last, count] of rows) {
    total += count;
    const previous = pages.at(-1);
    pages.push({ kind: 'range', from: previous === undefined ? first : previous.to + 1, to: last });
  }
  return { total, pages };
}

/**
 * The entity ids behind ids of another type, e.g. SKUs; by default SKUs where the feed has them.
 * Unknown ones are left out.
 *
 * @throws ExportError CDE03-09 when the feed has no such id type.
 */
export async function resolveIds(
  read: Read,
  context: SourceContext,
  feed: Feed,
  ids: readonly string[],
  wantedType?: string,
): Promise<number[]> {
  const { shop } = context;
  const source = feed.source(context);
  const idType = wantedType ?? ('sku' in source.idTypes ? 'sku' : 'entityId');
  if (idType === 'entityId' || idType === feed.sourceIdField) return ids.map(Number);
  const column = source.idTypes[idType];
  if (column === undefined) {
    throw new ExportError('CDE03-09', {
      message: `The feed ${feed.name} cannot be asked for by “${idType}”. Id types: ${idTypesOf(feed, source).join(', ')}.`,
    });
  }
  const owner = source.idTypes['sku'] === column ? shop.product.name : source.table;
  const id = owner === source.table ? source.idColumn : 'entity_id';
  const rows = await read.rows<[number]>(
    `SELECT DISTINCT ${id} FROM ${shop.t(owner)} WHERE ${column} IN (?) ORDER BY 1`,
    [ids],
  );
  return rows.map(([entityId]) => entityId);
}

/** The id types people may name entities of the feed by. */
export function idTypesOf(feed: Feed, source: Source): readonly string[] {
  return [...Object.keys(source.idTypes), feed.sourceIdField, 'entityId'];
}
