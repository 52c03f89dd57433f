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

/** Source ids are unsigned 32-bit numbers. */
export const HIGHEST_ID = 4_294_967_295;

/** What names given by people stand for. */
export interface ResolvedIds {
  /** Source ids, of the names that the shop knows. */
  readonly ids: readonly number[];
  /** Names that nothing in the shop has now. */
  readonly unknown: readonly string[];
  readonly idType: string;
  /** Whether names are source ids themselves. */
  readonly areSourceIds: boolean;
}

/**
 * The source entities behind ids of some type, e.g. SKUs; by default SKUs where the feed has them.
 *
 * @throws ExportError CDE03-09 when the feed has no such id type, or an id is none.
 */
export async function resolveIds(
  read: Read,
  context: SourceContext,
  feed: Feed,
  names: readonly string[],
  wantedType?: string,
): Promise<ResolvedIds> {
  const { shop } = context;
  const source = feed.source(context);
  const idType = wantedType ?? ('sku' in source.idTypes ? 'sku' : 'entityId');
  if (idType === 'entityId' || idType === feed.sourceIdField) {
    const wanted = names.map((name) => sourceIdOf(feed, source, idType, name));
    const rows = await read.rows<[number]>(
      `SELECT DISTINCT ${source.idColumn} FROM ${shop.t(source.table)}
       WHERE ${source.idColumn} IN (?) ORDER BY 1`,
      [wanted],
    );
    const ids = rows.map(([id]) => id);
    const known = new Set(ids);
    const unknown = wanted.filter((id) => !known.has(id)).map(String);
    return { ids, unknown, idType, areSourceIds: true };
  }
  const column = source.idTypes[idType];
  if (column === undefined) {
    throw new ExportError('CDE03-09', {
      message: `The feed ${feed.name} cannot be asked for by “${idType}”. Id types: ${idTypesOf(feed, source).join(', ')}.`,
    });
  }
  const owner = source.idTypes['sku'] === column ? shop.product.name : source.table;
  const id = owner === source.table ? source.idColumn : 'entity_id';
  const rows = await read.rows<[number, string]>(
    `SELECT DISTINCT ${id}, ${column} FROM ${shop.t(owner)} WHERE ${column} IN (?) ORDER BY 1`,
    [names],
  );
  // The database takes letters of either case for the same.
  const known = new Set(rows.map(([, name]) => name.toLowerCase()));
  return {
    ids: [...new Set(rows.map(([entityId]) => entityId))],
    unknown: names.filter((name) => !known.has(name.toLowerCase())),
    idType,
    areSourceIds: false,
  };
}

/** That none of the names stands for anything. */
export function nothingFound(
  feed: Pick<Feed, 'name'>,
  names: readonly string[],
  idType: string | undefined,
): ExportError {
  return new ExportError('CDE03-10', {
    message: `None of the ${names.length} ids was found for ${feed.name}${idType === undefined ? '' : ` as ${idType}`}.`,
  });
}

function sourceIdOf(feed: Feed, source: Source, idType: string, name: string): number {
  const id = /^\d{1,10}$/.test(name) ? Number(name) : Number.NaN;
  if (id <= HIGHEST_ID) return id;
  throw new ExportError('CDE03-09', {
    message: `“${name}” is no ${idType}: that is a whole number up to ${HIGHEST_ID}. Id types of the feed ${feed.name}: ${idTypesOf(feed, source).join(', ')}.`,
  });
}

/** The id types people may name entities of the feed by. */
export function idTypesOf(feed: Feed, source: Source): readonly string[] {
  return [...Object.keys(source.idTypes), feed.sourceIdField, 'entityId'];
}
