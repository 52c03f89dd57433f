import type { CapturedTable } from '../../commerce/capture/captured-table.js';
import { productsIn, subtrees, versionedCategories } from '../concerned-categories.js';
import { owners, relativesOf, union, versionedProducts } from '../concerned-products.js';
import type { WatchedTable } from '../feed.js';
import {
  ATTRIBUTE,
  ATTRIBUTE_LABEL,
  CATALOG_ATTRIBUTE,
  contentSources,
  CONTENT_SETTINGS,
  goneProductAttributes,
  OPTION,
  OPTION_LABEL,
  scopes,
  settings,
  staging,
  URL_SETTINGS,
} from '../shared-watches.js';
import { leadsItsTable } from './attribute-entries.js';
import { attributesInUse, optionsInUse } from './option-users.js';

const ALL = 'all products';

/** Attributes that collectors look for by their code, in other products than those collected. */
const STRUCTURAL = new Set(['name', 'price_type', 'status', 'tax_class_id', 'url_key']);

/** Metadata that an epoch keeps: all products, or those with a value of the attribute or option. */
export const METADATA: readonly WatchedTable[] = [
  {
    ...ATTRIBUTE,
    concerns: ALL,
    limitedTo: `of ${[...STRUCTURAL].map((code) => `\`${code}\``).join(', ')}`,
    when: ({ attribute_code: code }) => typeof code === 'string' && STRUCTURAL.has(code),
    wholeFeed: true,
    cached: true,
  },
  {
    ...ATTRIBUTE,
    concerns: ALL,
    limitedTo: 'of attributes whose code puts the values of their table first in the list',
    when: ({ attribute_id: id, attribute_code: code }, { productAttributes }) =>
      typeof code === 'string' && leadsItsTable(productAttributes, Number(id), code),
    wholeFeed: true,
    cached: true,
  },
  {
    ...ATTRIBUTE,
    concerns: 'products with a value of the attribute, or that are configurable by it',
    entities: (shop, most) => union(goneProductAttributes(shop), attributesInUse(shop, most)),
    cached: true,
  },
  ...[CATALOG_ATTRIBUTE, ATTRIBUTE_LABEL].map((table): WatchedTable => ({
    ...table,
    concerns: 'products that are configurable by the attribute',
    entities: (shop) =>
      owners(
        shop,
        `SELECT DISTINCT s.product_id AS link
         FROM ${shop.t('catalog_product_super_attribute')} s
         WHERE s.attribute_id IN (SELECT c.attribute_id FROM changed c)`,
      ),
    cached: true,
  })),
  ...[
    OPTION,
    OPTION_LABEL,
    { table: 'eav_attribute_option_swatch', key: ['option_id'] } satisfies CapturedTable,
  ].map((table): WatchedTable => ({
    ...table,
    concerns: 'products with the option, and configurable products of these',
    entities: (shop, most) => optionsInUse(shop, table === OPTION, most),
    cached: true,
  })),
  {
    table: 'eav_attribute_set',
    key: ['attribute_set_id'],
    only: ['attribute_set_name'],
    concerns: 'products of the attribute set',
    entities: (shop) =>
      `SELECT e.entity_id FROM changed c STRAIGHT_JOIN ${shop.t(shop.product.name)} e
         ON e.attribute_set_id = c.attribute_set_id`,
    cached: true,
  },
  {
    table: 'tax_class',
    key: ['class_id'],
    only: ['class_name'],
    concerns: 'products with the tax class',
    entities: (shop) =>
      owners(
        shop,
        `SELECT DISTINCT v.${shop.product.linkField} AS link
         FROM ${shop.t('catalog_product_entity_int')} v
         WHERE v.attribute_id = ${shop.productAttributes.id('tax_class_id')}
           AND v.value IN (SELECT c.class_id FROM changed c)`,
      ),
    cached: true,
  },
  {
    table: 'catalog_product_link_attribute',
    key: ['link_type_id'],
    concerns: ALL,
    wholeFeed: true,
    cached: true,
  },
  {
    table: 'inventory_stock_sales_channel',
    key: ['stock_id'],
    concerns: ALL,
    wholeFeed: true,
    cached: true,
  },
  {
    // Takes its sales channels along, by cascade.
    table: 'inventory_stock',
    key: ['stock_id'],
    only: ['stock_id'],
    concerns: ALL,
    wholeFeed: true,
    cached: true,
  },
  ...scopes(ALL),
  settings(ALL, [
    ...URL_SETTINGS,
    ...CONTENT_SETTINGS,
    'currency/options/base',
    'general/locale/weight_unit',
    'general/locale/timezone',
    'cataloginventory/options/stock_threshold_qty',
    // Commerce rebuilds its indexes by it, which are swapped in as a whole.
    'cataloginventory/options/show_out_of_stock',
    'cataloginventory/item_options/',
  ]),
  ...contentSources(ALL),
  staging(
    'products with scheduled updates, those that show them, and those of such categories',
    (shop) => {
      const products = versionedProducts(shop);
      const categories = versionedCategories(shop);
      const concerned = union(
        products,
        products === undefined ? undefined : relativesOf(shop, products),
        categories === undefined ? undefined : productsIn(shop, subtrees(shop, categories)),
      );
      return concerned === '' ? undefined : concerned;
    },
  ),
];
