import { defineFeed } from '../feed.js';
import { collectCustomerGroups, readWebsiteCodes } from './collect.js';
import { CustomerGroupScope } from './contract.js';
import { customerGroupToWire } from './wire.js';
import { CUSTOMER_GROUP_WATCHES } from './watches.js';

/**
 * Converged when the service holds one item for each customer group but 0 (NOT LOGGED IN), with the
 * websites that are open to it now. The reference exporter sends group 0 when its row changes and
 * forgets it at the next full export; here it is never exported.
 */
export const scopesCustomerGroup = defineFeed({
  name: 'scopesCustomerGroup',
  summary: 'customer groups with their websites',
  mode: 'legacy',
  table: 'scopes_customergroup_data_exporter',
  version: 1,
  contract: CustomerGroupScope,
  identity: ['customerGroupId'],
  minimalPayload: ['customerGroupId', 'customerGroupCode', 'websites', 'modifiedAt'],
  unhashed: [],
  stamp: { field: 'modifiedAt', format: 'sql' },
  sourceIdField: 'customerGroupId',
  batchSize: 100,
  pageSize: 250,
  source: () => ({
    table: 'customer_group',
    idColumn: 'customer_group_id',
    idTypes: {},
    where: 'customer_group_id <> 0',
  }),
  watches: CUSTOMER_GROUP_WATCHES,
  toWire: customerGroupToWire,
  async open({ shop }, read) {
    const websites = await readWebsiteCodes(shop, read);
    return (read, selection) => collectCustomerGroups(shop, websites, read, selection);
  },
});
