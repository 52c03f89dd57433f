import { randomFor, type Catalog } from '../catalog.js';
import { daysAfter, timestamp } from '../dates.js';
import { customers } from '../scopes/write-scopes.js';
import { sentence } from '../words.js';

/** Code and whether it is active; `EU only` is shown in the last store view alone. */
const ratings = [
  ['Quality', true],
  ['Value', true],
  ['Price', true],
  ['Rating', true],
  ['Inactive rating', false],
  ['EU only', true],
  ['Without options', true],
] as const;

/** The rating whose options nobody made. */
const withoutOptions = ratings.length;
const optionsPerRating = 5;

const statuses = { approved: 1, pending: 2, rejected: 3 } as const;

/** Ratings with their options, titles and store views. */
export function writeRatings({ writer, scopes }: Catalog): void {
  writer.records('rating_entity', [
    { entity_id: 1, entity_code: 'product' },
    { entity_id: 2, entity_code: 'product_review' },
    { entity_id: 3, entity_code: 'review' },
  ]);
  writer.records('review_entity', [
    { entity_id: 1, entity_code: 'product' },
    { entity_id: 2, entity_code: 'customer' },
    { entity_id: 3, entity_code: 'category' },
  ]);
  writer.records('review_status', [
    { status_id: statuses.approved, status_code: 'Approved' },
    { status_id: statuses.pending, status_code: 'Pending' },
    { status_id: statuses.rejected, status_code: 'Not Approved' },
  ]);
  const rating = writer.table('rating', [
    'rating_id',
    'entity_id',
    'rating_code',
    'position',
    'is_active',
  ]);
  const option = writer.table('rating_option', [
    'option_id',
    'rating_id',
    'code',
    'value',
    'position',
  ]);
  const store = writer.table('rating_store', ['rating_id', 'store_id']);
  const title = writer.table('rating_title', ['rating_id', 'store_id', 'value']);
  const last = scopes.storeViews.at(-1)?.id ?? 1;
  for (const [at, [code, active]] of ratings.entries()) {
    const id = at + 1;
    rating.add(id, 1, code, at, active ? 1 : 0);
    if (id !== withoutOptions) {
      for (let value = 1; value <= optionsPerRating; value += 1) {
        // Positions run against the ids, as in shops that were rearranged.
        option.add(optionId(id, value), id, String(value), value, optionsPerRating - value + 1);
      }
    }
    for (const { id: storeId } of code === 'EU only'
      ? [{ id: last }]
      : [{ id: 0 }, ...scopes.storeViews]) {
      store.add(id, storeId);
    }
    title.add(id, 0, `${code} (admin)`);
    if (id % 2 === 0) title.add(id, last, `${code} – Titel`);
  }
}

function optionId(ratingId: number, value: number): number {
  return (ratingId - 1) * optionsPerRating + value;
}

/**
 * Reviews of products: one for seven products, at least twelve, most of them approved.
 *
 * @param written is called after every review with the number so far, and awaited.
 */
export async function writeReviews(
  catalog: Catalog,
  written: (count: number, total: number) => Promise<void> | undefined,
): Promise<void> {
  const { writer, scopes, settings } = catalog;
  const review = writer.table('review', [
    'review_id',
    'created_at',
    'entity_id',
    'entity_pk_value',
    'status_id',
  ]);
  const detail = writer.table('review_detail', [
    'review_id',
    'store_id',
    'title',
    'detail',
    'nickname',
    'customer_id',
  ]);
  const store = writer.table('review_store', ['review_id', 'store_id']);
  const vote = writer.table('rating_option_vote', [
    'option_id',
    'remote_ip',
    'customer_id',
    'entity_pk_value',
    'rating_id',
    'review_id',
    'percent',
    'value',
  ]);
  const total = Math.max(12, Math.floor(settings.products / 7));
  for (let id = 1; id <= total; id += 1) {
    const random = randomFor(catalog, 'review', id);
    const productId = random.whole(1, settings.products);
    const status =
      id % 10 === 3 ? statuses.pending : id % 10 === 7 ? statuses.rejected : statuses.approved;
    const customerId = random.chance(0.4) ? random.whole(1, customers.length) : null;
    const storeId = random.pick(scopes.storeViews).id;
    review.add(
      id,
      timestamp(daysAfter(settings.now, -random.whole(1, 300))),
      // The eleventh is about a customer, not a product.
      id === 11 ? 2 : 1,
      productId,
      status,
    );
    detail.add(
      id,
      storeId,
      id === 5 ? '' : `“${random.pick(['Great', 'Fine', 'Not for me', 'As described'])}” & more`,
      `${sentence(random)}\n${sentence(random)}`,
      random.pick(['Chi', 'Änne', 'Jo <3', 'Sam']),
      customerId,
    );
    store.add(id, 0);
    if (id !== 9) {
      const others = scopes.storeViews.filter((view) => view.id === storeId || random.chance(0.2));
      for (const view of others) store.add(id, view.id);
    }
    const votes = random.chance(0.1) ? [] : random.some([1, 2, 3, 4, 5], random.whole(1, 4));
    for (const ratingId of id === 2 ? [4, 4] : votes) {
      const value = random.whole(1, optionsPerRating);
      vote.add(
        optionId(ratingId, value),
        '127.0.0.1',
        customerId,
        productId,
        ratingId,
        id,
        value * 20,
        value,
      );
    }
    await written(id, total);
  }
}
