import { defineFeed } from '../feed.js';
import { variantCollector } from './collect.js';
import { Variant } from './contract.js';

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
  watches: [
    { table: 'catalog_product_entity', column: 'entity_id', holds: 'entity_id' },
    { table: 'catalog_product_entity_int', column: 'entity_id', holds: 'product_link' },
    { table: 'catalog_product_super_link', column: 'product_id', holds: 'entity_id' },
    // The parent, with the SKU that its children's items carry: its children are collected. When it
    // is deleted, its links go by a cascade that fires no trigger.
    {
      table: 'catalog_product_entity',
      column: 'entity_id',
      holds: 'other',
      only: ['sku', 'created_in', 'updated_in'],
    },
    { table: 'catalog_product_super_attribute', column: 'product_id', holds: 'other' },
    // Children that have the option, or any option of the attribute.
    { table: 'eav_attribute_option_value', column: 'option_id', holds: 'other' },
    { table: 'eav_attribute', column: 'attribute_id', holds: 'other', only: ['attribute_code'] },
    // Their deletion takes labels and values along, by cascade.
    { table: 'eav_attribute_option', column: 'option_id', holds: 'other', only: [] },
    { table: 'store', column: 'store_id', holds: 'other', only: [] },
  ],
  open: ({ shop }) => Promise.resolve(variantCollector(shop)),
});
