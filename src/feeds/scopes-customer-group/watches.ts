import type { WatchedTable } from '../feed.js';
import { CUSTOMER_GROUP, scopes, WEBSITE } from '../shared-watches.js';

const own = {
  concerns: 'the group',
  names: { column: 'customer_group_id', as: 'entity' },
} as const;

export const CUSTOMER_GROUP_WATCHES: readonly WatchedTable[] = [
  { ...CUSTOMER_GROUP, ...own },
  { table: 'customer_group_excluded_website', key: ['customer_group_id'], ...own },
  ...scopes('all groups', [WEBSITE]),
];
