import type { WatchedTable } from '../feed.js';

/** Tables whose rows name the product. */
const OWN_ROWS: readonly WatchedTable[] = [
  { table: 'catalog_product_entity', column: 'entity_id', holds: 'entity_id' },
  { table: 'catalog_product_website', column: 'product_id', holds: 'entity_id' },
  { table: 'catalog_product_entity_int', column: 'entity_id', holds: 'product_link' },
  { table: 'catalog_product_entity_decimal', column: 'entity_id', holds: 'product_link' },
  { table: 'catalog_product_entity_text', column: 'entity_id', holds: 'product_link' },
  { table: 'catalog_product_entity_varchar', column: 'entity_id', holds: 'product_link' },
  { table: 'catalog_product_entity_datetime', column: 'entity_id', holds: 'product_link' },
  {
    table: 'catalog_product_entity_media_gallery_value',
    column: 'entity_id',
    holds: 'product_link',
  },
  {
    table: 'catalog_product_entity_media_gallery_value_to_entity',
    column: 'entity_id',
    holds: 'product_link',
  },
  // Also each `catalog_category_product_index_store<id>`, by `product_id`, which follows this one.
  { table: 'catalog_category_product', column: 'product_id', holds: 'entity_id' },
  // Also each `inventory_stock_<id>`, by `sku`.
  { table: 'cataloginventory_stock_status', column: 'product_id', holds: 'entity_id' },
  { table: 'cataloginventory_stock_item', column: 'product_id', holds: 'entity_id' },
  // Rows of categories name products by chance: their items come out unchanged.
  { table: 'url_rewrite', column: 'entity_id', holds: 'entity_id' },
  { table: 'catalog_product_link', column: 'product_id', holds: 'product_link' },
  { table: 'catalog_product_relation', column: 'child_id', holds: 'entity_id' },
  { table: 'catalog_product_super_link', column: 'parent_id', holds: 'product_link' },
  { table: 'catalog_product_super_attribute', column: 'product_id', holds: 'product_link' },
  { table: 'catalog_product_option', column: 'product_id', holds: 'product_link' },
  { table: 'catalog_product_bundle_option', column: 'parent_id', holds: 'product_link' },
  {
    table: 'catalog_product_bundle_option_value',
    column: 'parent_product_id',
    holds: 'product_link',
  },
  { table: 'catalog_product_bundle_selection', column: 'parent_product_id', holds: 'product_link' },
  {
    table: 'catalog_product_bundle_selection_price',
    column: 'parent_product_id',
    holds: 'product_link',
  },
  { table: 'downloadable_link', column: 'product_id', holds: 'product_link' },
  { table: 'downloadable_sample', column: 'product_id', holds: 'product_link' },
];

/** Tables whose rows belong to a row that names the product. */
const PARTS: readonly WatchedTable[] = [
  { table: 'catalog_product_entity_media_gallery', column: 'value_id', holds: 'other' },
  { table: 'catalog_product_entity_media_gallery_value_video', column: 'value_id', holds: 'other' },
  { table: 'catalog_product_link_attribute_int', column: 'link_id', holds: 'other' },
  { table: 'catalog_product_link_attribute_decimal', column: 'link_id', holds: 'other' },
  { table: 'catalog_product_option_title', column: 'option_id', holds: 'other' },
  { table: 'catalog_product_option_price', column: 'option_id', holds: 'other' },
  { table: 'catalog_product_option_type_value', column: 'option_id', holds: 'other' },
  { table: 'catalog_product_option_type_title', column: 'option_type_id', holds: 'other' },
  { table: 'catalog_product_option_type_price', column: 'option_type_id', holds: 'other' },
  { table: 'downloadable_link_title', column: 'link_id', holds: 'other' },
  { table: 'downloadable_link_price', column: 'link_id', holds: 'other' },
  { table: 'downloadable_sample_title', column: 'sample_id', holds: 'other' },
];

/** Products that show another product: its links, children, parents and bundles. */
const RELATIVES: readonly WatchedTable[] = [
  {
    table: 'catalog_product_entity',
    column: 'entity_id',
    holds: 'other',
    only: ['sku', 'type_id', 'created_in', 'updated_in'],
  },
  { table: 'catalog_product_website', column: 'product_id', holds: 'other' },
  // Status and choices of a configurable product's child, the kind of a bundle's price.
  { table: 'catalog_product_entity_int', column: 'entity_id', holds: 'other' },
  // The name of a bundle's child.
  { table: 'catalog_product_entity_varchar', column: 'entity_id', holds: 'other' },
];

/** Products of a category and of all below it. */
const CATEGORIES: readonly WatchedTable[] = [
  {
    table: 'catalog_category_entity',
    column: 'entity_id',
    holds: 'other',
    only: ['path', 'level', 'created_in', 'updated_in'],
  },
  { table: 'catalog_category_entity_varchar', column: 'entity_id', holds: 'other' },
];

/** Metadata that an epoch keeps: all products, or those with a value of the attribute or option. */
const METADATA: readonly WatchedTable[] = [
  { table: 'eav_attribute', column: 'attribute_id', holds: 'other' },
  {
    table: 'catalog_eav_attribute',
    column: 'attribute_id',
    holds: 'other',
    only: ['additional_data'],
  },
  { table: 'eav_attribute_label', column: 'attribute_id', holds: 'other' },
  { table: 'eav_attribute_option', column: 'option_id', holds: 'other' },
  { table: 'eav_attribute_option_value', column: 'option_id', holds: 'other' },
  { table: 'eav_attribute_option_swatch', column: 'option_id', holds: 'other' },
  { table: 'eav_attribute_set', column: 'attribute_set_id', holds: 'other' },
  { table: 'tax_class', column: 'class_id', holds: 'other', only: ['class_name'] },
  { table: 'inventory_stock_sales_channel', column: 'stock_id', holds: 'other' },
  {
    table: 'store',
    column: 'store_id',
    holds: 'other',
    only: ['code', 'group_id', 'website_id'],
  },
  { table: 'store_group', column: 'group_id', holds: 'other', only: ['code'] },
  { table: 'store_website', column: 'website_id', holds: 'other', only: ['code'] },
  { table: 'core_config_data', column: 'path', holds: 'other' },
  { table: 'variable', column: 'variable_id', holds: 'other', only: ['code'] },
  { table: 'variable_value', column: 'variable_id', holds: 'other' },
];

/** Everything a product's items are made of, also what the reference exporter overlooks. */
export const PRODUCT_WATCHES: readonly WatchedTable[] = [
  ...OWN_ROWS,
  ...PARTS,
  ...RELATIVES,
  ...CATEGORIES,
  ...METADATA,
];
