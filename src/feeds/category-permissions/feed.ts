import type { FeedItem } from '../feed.js';
import { defineFeed } from '../feed.js';
import type { Selection } from '../../commerce/selection.js';
import { CategoryPermission } from './contract.js';
import { FALLBACK_SOURCE_ID, fallbackItems } from './fallbacks.js';
import { collectRules, readWebsitesOfRoots } from './rules.js';
import { CATEGORY_PERMISSION_WATCHES } from './watches.js';

/** Root of all category trees. No rule of it counts, so its place in a full sync is free. */
const TREE_ROOT_ID = 1;

/**
 * Converged when the service holds one item for each rule of a category that belongs to a website,
 * and the four fallbacks, whether permissions are switched on or not. The reference exporter's
 * payload is not published: this one is ours.
 */
export const categoryPermissions = defineFeed({
  name: 'categoryPermissions',
  summary: 'permission rules of categories and their fallbacks (Adobe Commerce)',
  mode: 'immediate',
  table: 'cde_category_permissions_feed',
  version: 1,
  contract: CategoryPermission,
  identity: ['type', 'categoryId', 'websiteCode', 'customerGroupCode', 'setting'],
  blanksInIdentity: true,
  minimalPayload: [
    'type',
    'categoryId',
    'websiteCode',
    'customerGroupCode',
    'setting',
    'modifiedAt',
  ],
  unhashed: [],
  stamp: { field: 'modifiedAt', format: 'sql' },
  sourceIdField: 'categoryId',
  sourceIdOf: ({ type, categoryId }: FeedItem) =>
    type === 'FALLBACK' ? FALLBACK_SOURCE_ID : Number(categoryId),
  batchSize: 100,
  pageSize: 250,
  // Each category with rules once; the tree root stands for the fallbacks, which have no row.
  source: ({ shop: { t, category } }) => ({
    table: category.name,
    // MariaDB makes signed and unsigned integers a decimal, hence the cast.
    idColumn: `CAST(IF(entity_id = ${TREE_ROOT_ID}, ${FALLBACK_SOURCE_ID}, entity_id) AS UNSIGNED)`,
    idTypes: {},
    where: `${category.active(t(category.name))} AND (entity_id = ${TREE_ROOT_ID}
      OR entity_id IN (SELECT category_id FROM ${t('magento_catalogpermissions')}))`,
  }),
  requiredTables: ['magento_catalogpermissions'],
  watches: CATEGORY_PERMISSION_WATCHES,
  async open({ shop }, read) {
    const roots = await readWebsitesOfRoots(shop, read);
    const fallbacks = fallbackItems(shop);
    return async (read, selection) => {
      const rules = await collectRules(shop, roots, read, selection);
      if (!includes(selection, FALLBACK_SOURCE_ID)) return rules;
      return { ...rules, items: [...rules.items, ...fallbacks] };
    };
  },
});

function includes(selection: Selection, id: number): boolean {
  return selection.kind === 'range'
    ? selection.from <= id && id <= selection.to
    : selection.ids.includes(id);
}
