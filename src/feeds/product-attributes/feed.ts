import { defineFeed } from '../feed.js';
import { collectProductAttributes } from './collect.js';
import { ProductAttribute } from './contract.js';
import { PRODUCT_ATTRIBUTE_WATCHES } from './watches.js';

/**
 * Converged when the service holds one item for each product attribute with catalog settings and
 * each store view, and none else.
 */
export const productAttributes = defineFeed({
  name: 'productAttributes',
  summary: 'metadata of product attributes, per store view',
  mode: 'immediate',
  table: 'cde_product_attributes_feed',
  version: 1,
  contract: ProductAttribute,
  identity: ['attributeCode', 'storeViewCode'],
  minimalPayload: [
    'websiteCode',
    'storeCode',
    'storeViewCode',
    'attributeCode',
    'attributeType',
    'modifiedAt',
  ],
  unhashed: [],
  stamp: { field: 'modifiedAt', format: 'sql' },
  sourceIdField: 'id',
  batchSize: 100,
  pageSize: 250,
  source: () => ({
    table: 'eav_attribute',
    idColumn: 'attribute_id',
    idTypes: { attributeCode: 'attribute_code' },
  }),
  watches: PRODUCT_ATTRIBUTE_WATCHES,
  open: ({ shop }) =>
    Promise.resolve((read, selection) => collectProductAttributes(shop, read, selection)),
});
