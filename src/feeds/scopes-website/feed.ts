import { defineFeed } from '../feed.js';
import { collectWebsiteScopes } from './collect.js';
import { WebsiteScope } from './contract.js';
import { websiteToWire } from './wire.js';
import { WEBSITE_WATCHES } from './watches.js';

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
  watches: WEBSITE_WATCHES,
  toWire: websiteToWire,
  open: ({ shop }) =>
    Promise.resolve((read, selection) => collectWebsiteScopes(shop, read, selection)),
});
