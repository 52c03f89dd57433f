import type { WatchedTable } from '../feed.js';
import { STORE, STORE_GROUP, WEBSITE } from '../shared-watches.js';

const own = {
  concerns: 'the website',
  names: { column: 'website_id', as: 'entity' },
  cached: true,
} as const;

export const WEBSITE_WATCHES: readonly WatchedTable[] = [
  { ...WEBSITE, ...own },
  { ...STORE_GROUP, ...own },
  { ...STORE, ...own },
  // Store views belong to the website of their group, whatever `store.website_id` says.
  {
    ...STORE,
    concerns: 'the website of its store group',
    entities: ({ t }) =>
      `SELECT g.website_id FROM changed c STRAIGHT_JOIN ${t('store_group')} g
         ON g.group_id = c.group_id`,
    cached: true,
  },
];
