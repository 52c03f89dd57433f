import type { Read } from '../../commerce/read.js';
import { among, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { encodeId } from '../encoded-id.js';
import type { Collected, ItemFailure, ItemOf } from '../feed.js';
import type { RatingMetadata } from './contract.js';

type Item = ItemOf<typeof RatingMetadata>;
type RatingValue = Item['values'][number];

type RatingRow = readonly [
  ratingId: number,
  storeViewCode: string | null,
  ratingCode: string,
  title: string | null,
];
type OptionRow = readonly [ratingId: number, optionId: number, value: number, position: number];

/**
 * Two queries for a page: ratings in their store views (inactive ones count), and options. Names:
 * a title for store 0 is not used, and an empty title is one.
 */
export async function collectRatings(
  shop: Shop,
  read: Read,
  selection: Selection,
): Promise<Collected<Item>> {
  const ratings = await read.rows<RatingRow>(`
    SELECT r.rating_id, s.code, r.rating_code, t.value
    FROM ${shop.t('rating')} r
    JOIN ${shop.t('rating_store')} a ON a.rating_id = r.rating_id
    JOIN ${shop.t('store')} s ON s.store_id = a.store_id
    LEFT JOIN ${shop.t('rating_title')} t ON t.rating_id = r.rating_id AND t.store_id = s.store_id
    WHERE ${among('r.rating_id', selection)} AND r.is_active = 1 AND s.store_id <> 0
    ORDER BY r.rating_id, s.store_id`);
  const options = await read.rows<OptionRow>(`
    SELECT rating_id, option_id, value, position
    FROM ${shop.t('rating_option')}
    WHERE ${among('rating_id', selection)}
    ORDER BY option_id`);
  return ratingItems(ratings, options);
}

/** Options in the order of payloads. A rating without options yields nothing. */
export function ratingItems(
  ratings: readonly RatingRow[],
  options: readonly OptionRow[],
): Collected<Item> {
  const valuesOf = new Map<number, RatingValue[]>();
  for (const [ratingId, optionId, value, position] of options) {
    const entry = { valueId: encodeId(optionId), value: String(value), position };
    const values = valuesOf.get(ratingId);
    if (values === undefined) valuesOf.set(ratingId, [entry]);
    else values.push(entry);
  }
  const items: Item[] = [];
  const failures: ItemFailure[] = [];
  for (const [id, storeViewCode, ratingCode, title] of ratings) {
    const values = valuesOf.get(id);
    if (values === undefined) continue;
    const ratingId = encodeId(id);
    if (storeViewCode === null) {
      failures.push({
        sourceId: id,
        identity: [ratingId],
        code: 'CDE01-16',
        message: `Rating ${id} belongs to a store view without a code.`,
      });
      continue;
    }
    items.push({ ratingId, storeViewCode, name: title ?? ratingCode, values });
  }
  return { items, failures };
}
