import { defineFeed } from '../feed.js';
import { decodeId } from '../encoded-id.js';
import { collectRatings } from './collect.js';
import { RatingMetadata } from './contract.js';
import { RATING_WATCHES } from './watches.js';

/**
 * Converged when the service holds one item for each active rating with options and each store view
 * that the rating belongs to. Ratings that are deleted, deactivated or taken out of a store view are
 * deleted there, too; the reference exporter intends that and never does it.
 */
export const ratingMetadata = defineFeed({
  name: 'ratingMetadata',
  summary: 'ratings and their options, per store view',
  mode: 'legacy',
  table: 'catalog_data_exporter_rating_metadata',
  version: 1,
  contract: RatingMetadata,
  identity: ['ratingId', 'storeViewCode'],
  minimalPayload: ['ratingId', 'storeViewCode', 'name', 'values', 'modifiedAt'],
  unhashed: [],
  stamp: { field: 'modifiedAt', format: 'sql' },
  sourceIdField: 'ratingId',
  sourceIdOf: (item) => decodeId(String(item['ratingId'])),
  batchSize: 100,
  pageSize: 250,
  source: () => ({
    table: 'rating',
    idColumn: 'rating_id',
    idTypes: { ratingCode: 'rating_code' },
    where: 'is_active = 1',
  }),
  watches: RATING_WATCHES,
  open: ({ shop }) => Promise.resolve((read, selection) => collectRatings(shop, read, selection)),
});
