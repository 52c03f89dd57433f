import type { WatchedTable } from '../feed.js';
import { scopes } from '../shared-watches.js';

const own = (table: string, key: readonly string[] = ['rating_id']): WatchedTable => ({
  table,
  key,
  concerns: 'the rating',
  names: { column: 'rating_id', as: 'entity' },
});

export const RATING_WATCHES: readonly WatchedTable[] = [
  own('rating'),
  own('rating_option', ['rating_id', 'option_id']),
  own('rating_store'),
  own('rating_title'),
  ...scopes('all ratings'),
];
