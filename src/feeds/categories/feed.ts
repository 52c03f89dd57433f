import { defineFeed } from '../feed.js';
import { openCategories } from './collect.js';
import { Category } from './contract.js';

/**
 * Converged when the service holds one item for each category and each store view whose store
 * group's root category is on the category's path, and none else. Categories of a store view with
 * the same URL path (or none) have one identity: the item of the highest id stands for them.
 */
export const categories = defineFeed({
  name: 'categories',
  summary: 'categories, per store view whose tree they are in',
  mode: 'immediate',
  table: 'cde_categories_feed',
  version: 1,
  contract: Category,
  identity: ['urlPath', 'storeViewCode'],
  // The URL path tells the item that goes from the one that stays when a category is renamed.
  minimalPayload: [
    'websiteCode',
    'storeCode',
    'storeViewCode',
    'categoryId',
    'urlPath',
    'modifiedAt',
  ],
  unhashed: ['updatedAt'],
  stamp: { field: 'modifiedAt', format: 'sql' },
  sourceIdField: 'categoryId',
  sharedIdentities: true,
  batchSize: 100,
  pageSize: 250,
  source: ({ shop: { category } }) => ({
    table: category.ids.table,
    idColumn: category.ids.column,
    idTypes: {},
  }),
  watches: [
    { table: 'catalog_category_entity', column: 'entity_id', holds: 'entity_id' },
    // The parent lists its children.
    {
      table: 'catalog_category_entity',
      column: 'parent_id',
      holds: 'entity_id',
      only: ['path', 'level', 'parent_id', 'created_in', 'updated_in'],
    },
    { table: 'catalog_category_entity_int', column: 'entity_id', holds: 'category_link' },
    { table: 'catalog_category_entity_varchar', column: 'entity_id', holds: 'category_link' },
    { table: 'catalog_category_entity_text', column: 'entity_id', holds: 'category_link' },
    { table: 'catalog_category_entity_decimal', column: 'entity_id', holds: 'category_link' },
    { table: 'catalog_category_entity_datetime', column: 'entity_id', holds: 'category_link' },
    // is_active: the parent. is_active and include_in_menu of a top-level category: all below it.
    { table: 'catalog_category_entity_int', column: 'entity_id', holds: 'other' },
    // url_key: all categories below.
    { table: 'catalog_category_entity_varchar', column: 'entity_id', holds: 'other' },
    // From here on all categories: sort orders, scopes, base URLs, custom variables in texts.
    {
      table: 'eav_attribute',
      column: 'attribute_id',
      holds: 'other',
      only: ['attribute_code', 'backend_type', 'frontend_label'],
    },
    {
      table: 'catalog_eav_attribute',
      column: 'attribute_id',
      holds: 'other',
      only: ['used_for_sort_by', 'is_html_allowed_on_front', 'is_wysiwyg_enabled'],
    },
    { table: 'eav_attribute_label', column: 'attribute_id', holds: 'other' },
    {
      table: 'store',
      column: 'store_id',
      holds: 'other',
      only: ['code', 'group_id', 'website_id'],
    },
    {
      table: 'store_group',
      column: 'group_id',
      holds: 'other',
      only: ['code', 'root_category_id'],
    },
    { table: 'store_website', column: 'website_id', holds: 'other', only: ['code'] },
    { table: 'core_config_data', column: 'path', holds: 'other' },
    { table: 'variable', column: 'variable_id', holds: 'other', only: ['code'] },
    { table: 'variable_value', column: 'variable_id', holds: 'other' },
  ],
  open: ({ shop }, read) => openCategories(shop, read),
});
