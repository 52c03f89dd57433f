import { defineFeed } from '../feed.js';
import { variantCollector } from './collect.js';
import { Variant } from './contract.js';
import { VARIANT_WATCHES } from './watches.js';

/**
 * Converged when the service holds one item for each link between a configurable product and a
 * child that has a value of at least one of its configurable attributes, and none else. Status,
 * visibility, stock and websites of both do not matter.
 */
export const variants = defineFeed({
  name: 'variants',
  summary: 'children of configurable products, with the options that tell them apart',
  mode: 'immediate',
  table: 'cde_product_variants_feed',
  version: 1,
  contract: Variant,
  identity: ['parentSku', 'productSku'],
  minimalPayload: ['id', 'optionValues', 'parentSku', 'productSku', 'productId', 'modifiedAt'],
  unhashed: [],
  stamp: { field: 'modifiedAt', format: 'sql' },
  sourceIdField: 'productId',
  batchSize: 100,
  pageSize: 500,
  source: ({ shop: { product } }) => ({
    table: product.ids.table,
    idColumn: product.ids.column,
    idTypes: { sku: 'sku' },
  }),
  watches: VARIANT_WATCHES,
  open: ({ shop }) => Promise.resolve(variantCollector(shop)),
});
