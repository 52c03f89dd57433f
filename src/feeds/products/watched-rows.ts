import type { Shop } from '../../commerce/shop.js';
import { owners } from '../concerned-products.js';
import type { WatchedTable } from '../feed.js';
import {
  DEFAULT_STOCK_INDEX,
  PRODUCT,
  PRODUCT_WEBSITE,
  STOCK_INDEXES,
  values,
} from '../shared-watches.js';

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
export const OWN_ROWS: readonly WatchedTable[] = [
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
export const PARTS: readonly WatchedTable[] = [
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
