import { defineFeed } from '../feed.js';
import { PriceCollector } from './collect.js';
import { Price } from './contract.js';
import { PRICE_WATCHES } from './watches.js';

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
  watches: PRICE_WATCHES,
  async open(context, read) {
    const collector = await PriceCollector.open(context, read);
    return (pageRead, selection) => collector.collect(pageRead, selection);
  },
});
