import { defineFeed } from '../feed.js';
import { collectWebsiteScopes } from './collect.js';
import { WebsiteScope } from './contract.js';
import { websiteToWire } from './wire.js';

/**
 * Converged when the service holds one item for each website but the admin's, with the store groups
 * and store views it has now.
 */
export const scopesWebsite = defineFeed({
  name: 'scopesWebsite',
  summary: 'websites with their store groups and store views',
  mode: 'legacy',
  table: 'scopes_website_data_exporter',
  version: 1,
  contract: WebsiteScope,
  identity: ['websiteId'],
  minimalPayload: ['websiteId', 'websiteCode', 'stores', 'modifiedAt'],
  unhashed: [],
  stamp: { field: 'modifiedAt', format: 'sql' },
  sourceIdField: 'websiteId',
  batchSize: 100,
  pageSize: 250,
  source: () => ({
    table: 'store_website',
    idColumn: 'website_id',
    idTypes: { websiteCode: 'code' },
    where: 'website_id <> 0',
  }),
  watches: [
    { table: 'store_website', column: 'website_id', holds: 'entity_id', only: ['code'] },
    {
      table: 'store_group',
      column: 'website_id',
      holds: 'entity_id',
      only: ['code', 'website_id'],
    },
    // Store views belong to the website of their group, whatever `store.website_id` says.
    { table: 'store', column: 'group_id', holds: 'other', only: ['code', 'group_id'] },
  ],
  toWire: websiteToWire,
  open: ({ shop }) =>
    Promise.resolve((read, selection) => collectWebsiteScopes(shop, read, selection)),
});
