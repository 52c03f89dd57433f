import type { Read } from '../../commerce/read.js';
import { among, amongIds, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { Collected, ItemOf } from '../feed.js';
import { encodeId } from '../encoded-id.js';
import type { Review } from './contract.js';

type Item = ItemOf<typeof Review>;
type Rating = NonNullable<Item['ratings']>[number];

type ReviewRow = readonly [
  reviewId: number,
  detailId: number,
  productId: number,
  title: string | null,
  nickname: string | null,
  text: string | null,
  customerId: number | null,
];
type ShownRow = readonly [reviewId: number, storeId: number, storeViewCode: string | null];
type VoteRow = readonly [reviewId: number, ratingId: number, voteId: number, value: number | null];

interface Votes {
  readonly ratings: Rating[];
  readonly firstRating: number;
  /** How many votes the first rating has. */
  ofFirstRating: number;
}

/** Reviews may be of products, categories and customers; ids of what makes them products'. */
export async function readProductEntities(shop: Shop, read: Read): Promise<readonly number[]> {
  const rows = await read.rows<[number]>(
    `SELECT entity_id FROM ${shop.t('review_entity')} WHERE entity_code = 'product'`,
  );
  return rows.map(([id]) => id);
}

/**
 * Three queries for a page: reviews, the store views that show them, votes. Reviews: neither the
 * store view's activity nor the product's status or existence matters.
 */
export async function collectReviews(
  shop: Shop,
  productEntities: readonly number[],
  read: Read,
  selection: Selection,
): Promise<Collected<Item>> {
  // `+ 0` keeps the optimiser from reading all approved reviews by the index on status.
  const reviews = await read.rows<ReviewRow>(`
    SELECT r.review_id, d.detail_id, r.entity_pk_value, d.title, d.nickname, d.detail, d.customer_id
    FROM ${shop.t('review')} r
    JOIN ${shop.t('review_detail')} d ON d.review_id = r.review_id
    WHERE ${among('r.review_id', selection)} AND r.status_id + 0 = 1
      AND ${amongIds('r.entity_id + 0', productEntities)}`);
  const shown = await read.rows<ShownRow>(`
    SELECT v.review_id, v.store_id, s.code
    FROM ${shop.t('review_store')} v
    JOIN ${shop.t('store')} s ON s.store_id = v.store_id
    WHERE ${among('v.review_id', selection)} AND v.store_id <> 0`);
  const votes = await read.rows<VoteRow>(`
    SELECT v.review_id, v.rating_id, v.vote_id, o.value
    FROM ${shop.t('rating_option_vote')} v
    LEFT JOIN ${shop.t('rating_option')} o ON o.option_id = v.option_id
    WHERE ${among('v.review_id', selection)}`);
  return { items: reviewItems(reviews, shown, votes), failures: [] };
}

/** Rows in any order: sorted here, since the texts would be sorted in temporary tables on disk. */
export function reviewItems(
  reviews: readonly ReviewRow[],
  shown: readonly ShownRow[],
  votes: readonly VoteRow[],
): Item[] {
  const codesOf = new Map<number, string[]>();
  for (const [reviewId, , code] of [...shown].sort((a, b) => a[1] - b[1])) {
    if (code === null) continue;
    const codes = codesOf.get(reviewId);
    if (codes === undefined) codesOf.set(reviewId, [code]);
    else codes.push(code);
  }
  const votesOf = groupVotes(votes);

  const items: Item[] = [];
  let previous = NaN;
  for (const row of [...reviews].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const [reviewId, , productId, title, nickname, text, customerId] = row;
    const codes = codesOf.get(reviewId);
    // Of several details of one review, the first one counts.
    if (reviewId === previous || codes === undefined) continue;
    previous = reviewId;
    const cast = votesOf.get(reviewId);
    items.push({
      reviewId: String(reviewId),
      productId,
      visibility: repeatEach(codes, cast?.ofFirstRating ?? 1),
      ...(title === null ? {} : { title }),
      ...(nickname === null ? {} : { nickname }),
      ...(text === null ? {} : { text }),
      ...(customerId === null ? {} : { customerId: String(customerId) }),
      ...(cast === undefined ? {} : { ratings: cast.ratings }),
    });
  }
  return items;
}

/** One entry for each rating; of several votes for one, the first counts. */
function groupVotes(votes: readonly VoteRow[]): Map<number, Votes> {
  const votesOf = new Map<number, Votes>();
  let reviewId = NaN;
  let ratingId = NaN;
  const inOrder = [...votes].sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  for (const [review, rating, , value] of inOrder) {
    const entry = votesOf.get(review);
    const repeated = review === reviewId && rating === ratingId;
    reviewId = review;
    ratingId = rating;
    const given: Rating = {
      ratingId: encodeId(rating),
      value: value === null ? null : String(value),
    };
    if (entry === undefined) {
      votesOf.set(review, { ratings: [given], firstRating: rating, ofFirstRating: 1 });
    } else if (!repeated) {
      entry.ratings.push(given);
    } else if (rating === entry.firstRating) {
      entry.ofFirstRating += 1;
    }
  }
  return votesOf;
}

// Visibility: the reference exporter names a store view once for each vote for the first rating.
function repeatEach(codes: readonly string[], times: number): string[] {
  if (times === 1) return [...codes];
  return codes.flatMap((code) => Array.from({ length: times }, () => code));
}
