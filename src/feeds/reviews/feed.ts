import { defineFeed } from '../feed.js';
import { collectReviews, readProductEntities } from './collect.js';
import { Review } from './contract.js';
import { REVIEW_WATCHES } from './watches.js';

/**
 * Converged when the service holds one item for each approved product review that is shown in a
 * store view. Reviews that are deleted, disapproved or shown nowhere are deleted there, too; the
 * reference exporter intends that and never does it.
 */
export const reviews = defineFeed({
  name: 'reviews',
  summary: 'approved product reviews with their ratings',
  mode: 'legacy',
  table: 'catalog_data_exporter_product_reviews',
  version: 1,
  contract: Review,
  identity: ['reviewId'],
  minimalPayload: [
    'reviewId',
    'productId',
    'visibility',
    'title',
    'nickname',
    'text',
    'customerId',
    'ratings',
    'modifiedAt',
  ],
  unhashed: [],
  stamp: { field: 'modifiedAt', format: 'sql' },
  sourceIdField: 'reviewId',
  batchSize: 100,
  pageSize: 500,
  source: () => ({
    table: 'review',
    idColumn: 'review_id',
    idTypes: {},
    where: 'status_id = 1',
  }),
  watches: REVIEW_WATCHES,
  async open({ shop }, read) {
    const productEntities = await readProductEntities(shop, read);
    return (read, selection) => collectReviews(shop, productEntities, read, selection);
  },
});
