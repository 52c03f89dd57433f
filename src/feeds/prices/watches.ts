import { changedIds, childrenOf, union, versionedProducts } from '../concerned-products.js';
import type { WatchedTable } from '../feed.js';
import {
  ATTRIBUTE,
  CUSTOMER_GROUP,
  gone,
  ofAttributes,
  PRODUCT,
  PRODUCT_WEBSITE,
  scopes,
  settings,
  staging,
  values,
} from '../shared-watches.js';

const ALL = 'all products';
const AMOUNTS = ['price', 'special_price'];
const ATTRIBUTES = new Set([...AMOUNTS, 'price_type']);

/**
 * Not watched: `catalogrule` and what belongs to it, since Commerce makes the rows below of it;
 * `eav_entity_type`, which the installer makes and nobody changes. When a website's date changes
 * no row does: see `date-changes.ts`.
 */
export const PRICE_WATCHES: readonly WatchedTable[] = [
  { ...PRODUCT, concerns: 'the product', names: { column: 'entity_id', as: 'entity' } },
  { ...PRODUCT_WEBSITE, concerns: 'the product', names: { column: 'product_id', as: 'entity' } },
  {
    ...values('product', 'decimal'),
    concerns: 'the product',
    limitedTo: 'of price and special price',
    when: ofAttributes('product', ...AMOUNTS),
    names: { column: 'entity_id', as: 'product link' },
  },
  {
    ...values('product', 'int'),
    concerns: 'the product',
    limitedTo: 'of the kind of a bundle’s price',
    when: ofAttributes('product', 'price_type'),
    names: { column: 'entity_id', as: 'product link' },
  },
  {
    table: 'catalog_product_entity_tier_price',
    key: ['entity_id'],
    concerns: 'the product',
    names: { column: 'entity_id', as: 'product link' },
  },
  {
    table: 'catalog_product_relation',
    key: ['child_id'],
    concerns: 'the child',
    names: { column: 'child_id', as: 'entity' },
  },
  {
    table: 'catalogrule_product_price',
    key: ['product_id'],
    concerns: 'the product',
    names: { column: 'product_id', as: 'entity' },
    swapped: ['product_id', 'website_id', 'customer_group_id', 'rule_date', 'rule_price'],
  },
  {
    ...PRODUCT,
    concerns: 'its children',
    entities: (shop) => childrenOf(shop, changedIds('entity_id')),
  },
  {
    ...PRODUCT_WEBSITE,
    concerns: 'its children',
    entities: (shop) => childrenOf(shop, changedIds('product_id')),
  },
  {
    ...ATTRIBUTE,
    concerns: ALL,
    limitedTo: `of ${[...ATTRIBUTES].map((code) => `\`${code}\``).join(', ')}`,
    when: ({ attribute_code: code }) => typeof code === 'string' && ATTRIBUTES.has(code),
    wholeFeed: true,
    cached: true,
  },
  ...scopes(ALL),
  // Prices and rule rows of the group go by a cascade that fires no trigger.
  {
    ...CUSTOMER_GROUP,
    only: [],
    concerns: `${ALL}, when a group is gone`,
    entities: gone('customer_group', 'customer_group_id'),
  },
  // Commerce rewrites prices when their scope changes.
  settings(ALL, ['general/locale/timezone', 'catalog/price/scope']),
  staging('products with scheduled updates and their children', (shop) => {
    const versioned = versionedProducts(shop);
    return versioned === undefined ? undefined : union(versioned, childrenOf(shop, versioned));
  }),
];
