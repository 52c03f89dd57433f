import { defineFeed } from '../feed.js';
import { PriceCollector } from './collect.js';
import { Price } from './contract.js';

/**
 * Converged when the service holds, for each product with a price of its own and each website it is
 * assigned to, the fallback price and one for each customer group that has a group or tier price
 * there or a catalog rule price today (the website's day), and none else. Status, visibility, stock
 * and the dates of a special price do not matter.
 */
export const prices = defineFeed({
  name: 'prices',
  summary: 'prices of products per website and customer group',
  mode: 'immediate',
  table: 'cde_product_prices_feed',
  version: 1,
  contract: Price,
  identity: ['sku', 'customerGroupCode', 'websiteCode'],
  minimalPayload: ['sku', 'customerGroupCode', 'websiteCode', 'updatedAt'],
  unhashed: [],
  stamp: { field: 'updatedAt', format: 'rfc3339' },
  sourceIdField: 'productId',
  batchSize: 500,
  pageSize: 500,
  source: ({ shop: { product } }) => ({
    table: product.ids.table,
    idColumn: product.ids.column,
    idTypes: { sku: 'sku' },
  }),
  watches: [
    { table: 'catalog_product_entity', column: 'entity_id', holds: 'entity_id' },
    { table: 'catalog_product_website', column: 'product_id', holds: 'entity_id' },
    { table: 'catalog_product_entity_decimal', column: 'entity_id', holds: 'product_link' },
    // The kind of a bundle's price alone counts.
    { table: 'catalog_product_entity_int', column: 'entity_id', holds: 'product_link' },
    { table: 'catalog_product_entity_tier_price', column: 'entity_id', holds: 'product_link' },
    { table: 'catalog_product_relation', column: 'child_id', holds: 'entity_id' },
    { table: 'catalogrule_product_price', column: 'product_id', holds: 'entity_id' },
    // The parent: its children are collected.
    {
      table: 'catalog_product_entity',
      column: 'entity_id',
      holds: 'other',
      only: ['sku', 'type_id', 'created_in', 'updated_in'],
    },
    { table: 'catalog_product_website', column: 'product_id', holds: 'other' },
    // All products of the website.
    {
      table: 'store_website',
      column: 'website_id',
      holds: 'other',
      only: ['code', 'default_group_id'],
    },
    { table: 'store_group', column: 'website_id', holds: 'other', only: ['default_store_id'] },
    { table: 'store', column: 'website_id', holds: 'other', only: ['website_id'] },
    // All products with items of the group: its rows go by a cascade that fires no trigger.
    { table: 'customer_group', column: 'customer_group_id', holds: 'other', only: [] },
    // general/locale/timezone: all products with rule prices.
    { table: 'core_config_data', column: 'path', holds: 'other' },
  ],
  async open(context, read) {
    const collector = await PriceCollector.open(context, read);
    return (pageRead, selection) => collector.collect(pageRead, selection);
  },
});
