import type { WatchedTable } from '../feed.js';
import { gone, scopes } from '../shared-watches.js';

const own = (table: string): WatchedTable => ({
  table,
  key: ['review_id'],
  concerns: 'the review',
  names: { column: 'review_id', as: 'entity' },
});

/** Not watched: `review_entity`, which the installer makes and nobody changes. */
export const REVIEW_WATCHES: readonly WatchedTable[] = [
  own('review'),
  own('review_detail'),
  own('review_store'),
  own('rating_option_vote'),
  {
    table: 'rating_option',
    key: ['rating_id', 'option_id'],
    concerns: 'reviews with a vote for it',
    entities: ({ t }) =>
      `SELECT v.review_id FROM changed c STRAIGHT_JOIN ${t('rating_option_vote')} v
         ON v.option_id = c.option_id`,
  },
  // What was theirs loses their id by a foreign key that fires no trigger.
  {
    table: 'customer_entity',
    key: ['entity_id'],
    only: [],
    concerns: 'all reviews, when a customer is gone',
    entities: gone('customer_entity', 'entity_id'),
  },
  ...scopes('all reviews'),
];
