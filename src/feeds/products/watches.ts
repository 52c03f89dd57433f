import type { CapturedTable } from '../../commerce/capture/captured-table.js';
import type { Shop } from '../../commerce/shop.js';
import {
  linkedCategories,
  MANY_CATEGORIES,
  productsIn,
  subtrees,
  versionedCategories,
} from '../concerned-categories.js';
import {
  bundlesOf,
  changedIds,
  childrenOf,
  configurablesOf,
  linkedProducts,
  linkingTo,
  owners,
  relativesOf,
  union,
  versionedProducts,
} from '../concerned-products.js';
import type { WatchedTable } from '../feed.js';
import {
  ATTRIBUTE,
  ATTRIBUTE_LABEL,
  CATALOG_ATTRIBUTE,
  CATEGORY,
  contentSources,
  CONTENT_SETTINGS,
  DEFAULT_STOCK_INDEX,
  goneProductAttributes,
  ofAttributes,
  OPTION,
  OPTION_LABEL,
  PRODUCT,
  PRODUCT_WEBSITE,
  scopes,
  settings,
  staging,
  STOCK_INDEXES,
  URL_SETTINGS,
  values,
} from '../shared-watches.js';
import { leadsItsTable } from './attribute-entries.js';
import { attributesInUse, optionsInUse } from './option-users.js';

const own = (table: string, column = 'product_id'): WatchedTable => ({
  table,
  key: [column],
  concerns: 'the product',
  names: { column, as: 'entity' },
});

const ownByLink = (table: string, column = 'product_id', key = [column]): WatchedTable => ({
  table,
  key,
  concerns: 'the product',
  names: { column, as: 'product link' },
});

/** Tables whose rows name the product. */
const OWN_ROWS: readonly WatchedTable[] = [
  { ...PRODUCT, concerns: 'the product', names: { column: 'entity_id', as: 'entity' } },
  { ...PRODUCT_WEBSITE, concerns: 'the product', names: { column: 'product_id', as: 'entity' } },
  ...['int', 'decimal', 'text', 'varchar', 'datetime'].map((type): WatchedTable => ({
    ...values('product', type),
    concerns: 'the product',
    names: { column: 'entity_id', as: 'product link' },
  })),
  ownByLink('catalog_product_entity_media_gallery_value', 'entity_id'),
  ownByLink('catalog_product_entity_media_gallery_value_to_entity', 'entity_id'),
  // Commerce's index, not `catalog_category_product`, says in which categories a product is shown.
  {
    ...own('catalog_category_product_index_store*'),
    swapped: ['product_id', 'category_id', 'position'],
  },
  {
    ...DEFAULT_STOCK_INDEX,
    concerns: 'the product',
    names: { column: 'product_id', as: 'entity' },
  },
  { ...STOCK_INDEXES, concerns: 'the product', names: { column: 'sku', as: 'sku' } },
  own('cataloginventory_stock_item'),
  {
    table: 'url_rewrite',
    key: ['entity_id', 'entity_type'],
    concerns: 'the product',
    limitedTo: 'of products',
    when: ({ entity_type: type }) => type === 'product',
    names: { column: 'entity_id', as: 'entity' },
  },
  ownByLink('catalog_product_link'),
  own('catalog_product_relation', 'child_id'),
  ownByLink('catalog_product_super_link', 'parent_id', ['product_id', 'parent_id']),
  ownByLink('catalog_product_super_attribute'),
  ownByLink('catalog_product_option'),
  ownByLink('catalog_product_bundle_option', 'parent_id'),
  ownByLink('catalog_product_bundle_option_value', 'parent_product_id'),
  ownByLink('catalog_product_bundle_selection', 'parent_product_id'),
  ownByLink('catalog_product_bundle_selection_price', 'parent_product_id'),
  ownByLink('downloadable_link'),
  ownByLink('downloadable_sample'),
];

/** A table whose rows belong to a row that names the product by its link id. */
const part = (
  table: string,
  column: string,
  owner: string,
  ownerLink: (shop: Shop) => string = () => 'product_id',
): WatchedTable => ({
  table,
  key: [column],
  concerns: 'the product',
  entities: (shop) =>
    shop.hasTable(owner)
      ? owners(
          shop,
          `SELECT DISTINCT o.${ownerLink(shop)} AS link
           FROM changed c STRAIGHT_JOIN ${shop.t(owner)} o ON o.${column} = c.${column}`,
        )
      : undefined,
});

const partOfOptionValue = (table: string): WatchedTable => ({
  table,
  key: ['option_type_id'],
  concerns: 'the product',
  entities: (shop) =>
    owners(
      shop,
      `SELECT DISTINCT o.product_id AS link
       FROM changed c
       STRAIGHT_JOIN ${shop.t('catalog_product_option_type_value')} v
         ON v.option_type_id = c.option_type_id
       STRAIGHT_JOIN ${shop.t('catalog_product_option')} o ON o.option_id = v.option_id`,
    ),
});

const GALLERY_OWNERS = 'catalog_product_entity_media_gallery_value_to_entity';

/** Tables whose rows belong to a row that names the product. */
const PARTS: readonly WatchedTable[] = [
  ...['', '_value_video'].map((suffix) =>
    part(
      `catalog_product_entity_media_gallery${suffix}`,
      'value_id',
      GALLERY_OWNERS,
      ({ product }) => product.linkField,
    ),
  ),
  part('catalog_product_link_attribute_int', 'link_id', 'catalog_product_link'),
  part('catalog_product_link_attribute_decimal', 'link_id', 'catalog_product_link'),
  part('catalog_product_option_title', 'option_id', 'catalog_product_option'),
  part('catalog_product_option_price', 'option_id', 'catalog_product_option'),
  part('catalog_product_option_type_value', 'option_id', 'catalog_product_option'),
  partOfOptionValue('catalog_product_option_type_title'),
  partOfOptionValue('catalog_product_option_type_price'),
  part('downloadable_link_title', 'link_id', 'downloadable_link'),
  part('downloadable_link_price', 'link_id', 'downloadable_link'),
  part('downloadable_sample_title', 'sample_id', 'downloadable_sample'),
];

/** Products that show another product: its links, children, parents and bundles. */
const RELATIVES: readonly WatchedTable[] = [
  {
    ...PRODUCT,
    concerns: 'products that show it: linked ones, parents, children, bundles',
    entities: (shop) => relativesOf(shop, changedIds('entity_id')),
  },
  {
    ...PRODUCT_WEBSITE,
    concerns: 'products that show it: linked ones and children',
    entities: (shop) =>
      union(linkingTo(shop, changedIds('product_id')), childrenOf(shop, changedIds('product_id'))),
  },
  {
    ...values('product', 'int'),
    concerns: 'configurable products that offer it',
    entities: (shop) => configurablesOf(shop, linkedProducts(shop, 'entity_id')),
  },
  {
    ...values('product', 'int'),
    concerns: 'children of the bundle',
    limitedTo: 'of the kind of its price',
    when: ofAttributes('product', 'price_type'),
    entities: (shop) => childrenOf(shop, linkedProducts(shop, 'entity_id')),
  },
  {
    ...values('product', 'varchar'),
    concerns: 'bundles that offer it',
    limitedTo: 'of the name',
    when: ofAttributes('product', 'name'),
    entities: (shop) => bundlesOf(shop, linkedProducts(shop, 'entity_id')),
  },
];

/** Products of a category and of all below it, whose paths hold its URL key. */
const CATEGORIES: readonly WatchedTable[] = [
  {
    ...CATEGORY,
    concerns: 'products of the category and of those below it',
    limitedTo: 'of path, level and versions',
    tooMany: MANY_CATEGORIES,
    entities: (shop) => productsIn(shop, subtrees(shop, movedCategories(shop))),
  },
  {
    ...values('category', 'varchar'),
    concerns: 'products of the category and of those below it',
    limitedTo: 'of the URL key',
    when: ofAttributes('category', 'url_key'),
    tooMany: MANY_CATEGORIES,
    entities: (shop) => productsIn(shop, subtrees(shop, linkedCategories(shop, 'entity_id'))),
  },
];

/**
 * Categories that are gone or were somewhere else. Versions may differ in values that belong to a
 * version, which the changed row does not tell: with versions, all.
 */
function movedCategories(shop: Shop): string {
  const { name, versioned } = shop.category;
  if (versioned) return changedIds('entity_id');
  return `SELECT DISTINCT c.entity_id
    FROM changed c LEFT JOIN ${shop.t(name)} k ON k.entity_id = c.entity_id
    WHERE k.entity_id IS NULL OR k.level <> c.level OR k.path <> CAST(c.path AS BINARY)`;
}

const ALL = 'all products';

/** Attributes that collectors look for by their code, in other products than those collected. */
const STRUCTURAL = new Set(['name', 'price_type', 'status', 'tax_class_id', 'url_key']);

/** Metadata that an epoch keeps: all products, or those with a value of the attribute or option. */
const METADATA: readonly WatchedTable[] = [
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

/**
 * Everything a product's items are made of, also what the reference exporter overlooks. Not
 * watched: `eav_entity_type` (made by the installer, never changed), `inventory_source_item` and the
 * like (Commerce makes the indexes above from them, which are what is read).
 */
export const PRODUCT_WATCHES: readonly WatchedTable[] = [
  ...OWN_ROWS,
  ...PARTS,
  ...RELATIVES,
  ...CATEGORIES,
  ...METADATA,
];
