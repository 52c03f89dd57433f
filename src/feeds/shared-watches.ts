import type { CapturedTable, ChangeKey } from '../commerce/capture/captured-table.js';
import type { Shop } from '../commerce/shop.js';
import type { WatchedTable } from './feed.js';

/**
 * What feeds watch alike, with the same keys: a change is noted once for all feeds, with at most
 * three numbers and one text.
 */

/** Store views; their names, order and activity are in no feed. */
export const STORE: CapturedTable = {
  table: 'store',
  key: ['store_id', 'group_id', 'website_id'],
  only: ['code', 'group_id', 'website_id'],
};

export const STORE_GROUP: CapturedTable = {
  table: 'store_group',
  key: ['group_id', 'website_id'],
  only: ['code', 'website_id', 'root_category_id', 'default_store_id'],
};

export const WEBSITE: CapturedTable = {
  table: 'store_website',
  key: ['website_id'],
  only: ['code', 'default_group_id', 'is_default'],
};

/**
 * Everything a feed says of scopes. Whatever belongs to a scope goes with it by cascade, which fires
 * no trigger: the whole feed is looked at.
 */
export function scopes(
  concerns: string,
  tables: readonly CapturedTable[] = [STORE, STORE_GROUP, WEBSITE],
): WatchedTable[] {
  return tables.map((table) => ({ ...table, concerns, wholeFeed: true, cached: true }));
}

/** Paths of the configuration, whatever their scope; one that ends in `/` stands for all below. */
export function settings(concerns: string, paths: readonly string[]): WatchedTable {
  const exact = new Set(paths.filter((path) => !path.endsWith('/')));
  const sections = paths.filter((path) => path.endsWith('/'));
  return {
    table: 'core_config_data',
    key: ['path'],
    concerns,
    limitedTo: paths.map((path) => `\`${path}${path.endsWith('/') ? '*' : ''}\``).join(', '),
    when: ({ path }) =>
      typeof path === 'string' &&
      (exact.has(path) || sections.some((section) => path.startsWith(section))),
    wholeFeed: true,
    cached: true,
  };
}

/** What URLs are made of (`base-urls.ts`), with what their placeholders stand for. */
export const URL_SETTINGS = [
  'web/unsecure/base_url',
  'web/unsecure/base_link_url',
  'web/unsecure/base_media_url',
  'web/secure/base_url',
  'web/seo/use_rewrites',
  'web/url/use_store',
  'general/single_store_mode/enabled',
];

/** What texts may show of the configuration (`directives.ts`). */
export const CONTENT_SETTINGS = ['general/store_information/', 'trans_email/'];

/** What texts may show beside the configuration: custom variables, the name of the shop's region. */
export function contentSources(concerns: string): WatchedTable[] {
  const all = { concerns, wholeFeed: true, cached: true } as const;
  return [
    { table: 'variable', key: ['variable_id'], only: ['code'], ...all },
    {
      table: 'variable_value',
      key: ['variable_id', 'store_id'],
      ...all,
      limitedTo: 'of the default scope',
      when: ({ store_id: storeId }) => storeId === 0,
    },
    {
      table: 'directory_country_region',
      key: ['region_id'],
      only: ['default_name'],
      ...all,
      limitedTo: 'of the region the shop is in',
      when: ({ region_id: id }, { configuration }) =>
        String(id) === configuration.value('general/store_information/region_id'),
    },
  ];
}

/**
 * Staging: an update comes into force by a flag, not by a row of its entity. Which version was in
 * force before is not told, so all entities with scheduled versions are concerned.
 */
export function staging(concerns: string, entities: WatchedTable['entities']): WatchedTable {
  return {
    table: 'flag',
    key: ['flag_code'],
    only: ['flag_code', 'flag_data'],
    concerns,
    limitedTo: 'of the version in force (`staging`)',
    when: ({ flag_code: code }) => code === 'staging',
    ...(entities === undefined ? {} : { entities }),
    cached: true,
  };
}

/** A product's own row. Its SKU tells the former one when a product is renamed. */
export const PRODUCT: CapturedTable = {
  table: 'catalog_product_entity',
  key: ['entity_id', 'sku'],
};

/** A category's own row, with what it was: a path that is not the present one was left. */
export const CATEGORY: CapturedTable = {
  table: 'catalog_category_entity',
  key: ['entity_id', 'parent_id', 'level', 'path'],
};

export const PRODUCT_WEBSITE: CapturedTable = {
  table: 'catalog_product_website',
  key: ['product_id'],
};

/** Values of attributes: `catalog_product_entity_int` and the like. All feeds cover all store views. */
export function values(of: 'product' | 'category', type: string): CapturedTable {
  return { table: `catalog_${of}_entity_${type}`, key: ['entity_id', 'attribute_id'] };
}

/** Values of some attributes alone, by code. */
export function ofAttributes(
  of: 'product' | 'category',
  ...codes: readonly string[]
): (key: ChangeKey, shop: Shop) => boolean {
  return ({ attribute_id: id }, { productAttributes, categoryAttributes }) => {
    const attributes = of === 'product' ? productAttributes : categoryAttributes;
    return codes.some((code) => attributes.id(code) === id);
  };
}

export const ATTRIBUTE: CapturedTable = {
  table: 'eav_attribute',
  key: ['attribute_id', 'entity_type_id', 'attribute_code'],
};

/** With its former place among the sortable attributes. */
export const CATALOG_ATTRIBUTE: CapturedTable = {
  table: 'catalog_eav_attribute',
  key: ['attribute_id', 'used_for_sort_by'],
};

export const ATTRIBUTE_LABEL: CapturedTable = {
  table: 'eav_attribute_label',
  key: ['attribute_id', 'store_id'],
};

export const OPTION: CapturedTable = {
  table: 'eav_attribute_option',
  key: ['option_id', 'attribute_id'],
};

export const OPTION_LABEL: CapturedTable = {
  table: 'eav_attribute_option_value',
  key: ['option_id'],
};

export const CUSTOMER_GROUP: CapturedTable = {
  table: 'customer_group',
  key: ['customer_group_id'],
};

/** Commerce's index of the default stock. */
export const DEFAULT_STOCK_INDEX: CapturedTable = {
  table: 'cataloginventory_stock_status',
  key: ['product_id'],
  swapped: ['product_id', 'website_id', 'stock_id', 'qty', 'stock_status'],
};

/** Commerce's indexes of the other stocks. */
export const STOCK_INDEXES: CapturedTable = {
  table: 'inventory_stock_*',
  key: ['sku'],
  swapped: ['sku', 'quantity', 'is_salable'],
};

/**
 * SQL that is NULL for each product attribute that is gone: its values went by cascade, so whose
 * they were cannot be told.
 */
export function goneProductAttributes({ t }: Shop): string {
  return `SELECT NULL AS entity_id
    FROM changed c
    JOIN ${t('eav_entity_type')} y
      ON y.entity_type_id = c.entity_type_id AND y.entity_type_code = 'catalog_product'
    LEFT JOIN ${t('eav_attribute')} a ON a.attribute_id = c.attribute_id
    WHERE a.attribute_id IS NULL`;
}

/** SQL that is NULL for each row that is gone: its dependants went by cascade. */
export function gone(
  table: string,
  id: string,
  column: string = id,
): (shop: Shop) => string | undefined {
  return (shop) =>
    shop.hasTable(table)
      ? `SELECT NULL AS entity_id
         FROM changed c LEFT JOIN ${shop.t(table)} g ON g.${id} = c.${column} WHERE g.${id} IS NULL`
      : undefined;
}
