import type { TestShop } from './test-shop.js';

/** Attributes by code: id, backend type, and whether it is user-defined. */
export const ATTRIBUTES = {
  name: [73, 'varchar', 0],
  description: [75, 'text', 0],
  short_description: [76, 'text', 0],
  weight: [82, 'decimal', 0],
  meta_title: [84, 'varchar', 0],
  image: [87, 'varchar', 0],
  small_image: [88, 'varchar', 0],
  media_gallery: [90, 'static', 0],
  news_from_date: [94, 'datetime', 0],
  status: [97, 'int', 0],
  visibility: [99, 'int', 0],
  image_label: [109, 'varchar', 0],
  price_type: [121, 'int', 0],
  url_key: [123, 'varchar', 0],
  price_view: [126, 'int', 0],
  links_purchased_separately: [130, 'int', 0],
  links_title: [132, 'varchar', 0],
  swatch_image: [134, 'varchar', 0],
  tax_class_id: [136, 'int', 0],
  zeta: [201, 'text', 1],
  color: [202, 'int', 1],
  size: [203, 'int', 1],
  cost: [204, 'decimal', 1],
  fabrics: [205, 'varchar', 1],
  handmade: [206, 'int', 1],
  limited: [207, 'int', 1],
  motto: [208, 'varchar', 1],
  imaginary: [209, 'nowhere', 1],
} as const satisfies Record<string, readonly [id: number, type: string, userDefined: 0 | 1]>;

export type AttributeCode = keyof typeof ATTRIBUTES;

export const attributeId = (code: AttributeCode): number => ATTRIBUTES[code][0];

const SOURCE_MODELS: Readonly<Partial<Record<string, string>>> = {
  handmade: 'Magento\\Eav\\Model\\Entity\\Attribute\\Source\\Boolean',
  limited: 'Magento\\Catalog\\Model\\Product\\Attribute\\Source\\Boolean',
};

export const VALUE_TYPES = ['int', 'decimal', 'text', 'varchar', 'datetime'] as const;

/** Two websites with three store views, and their settings. */
export async function addScopes(shop: TestShop): Promise<void> {
  await shop.insert('store_website', [
    { website_id: 1, code: 'base' },
    { website_id: 2, code: 'eu' },
  ]);
  await shop.insert('store_group', [
    { group_id: 1, website_id: 1, code: 'main', name: '', root_category_id: 2 },
    { group_id: 2, website_id: 2, code: 'europe', name: '', root_category_id: 2 },
  ]);
  await shop.insert('store', [
    { store_id: 1, code: 'default', group_id: 1, website_id: 1, name: '', is_active: 1 },
    { store_id: 2, code: 'us', group_id: 1, website_id: 1, name: '', is_active: 1 },
    { store_id: 3, code: 'eu_en', group_id: 2, website_id: 2, name: '', is_active: 0 },
  ]);
  const setting = (path: string, value: string, scope = 'default', scopeId = 0) => ({
    scope,
    scope_id: scopeId,
    path,
    value,
  });
  await shop.insert('core_config_data', [
    setting('web/unsecure/base_url', 'http://shop.test/'),
    setting('web/seo/use_rewrites', '1'),
    setting('web/unsecure/base_url', 'http://eu.test/', 'websites', 2),
    setting('currency/options/base', 'EUR', 'websites', 2),
    setting('general/locale/weight_unit', 'kgs', 'websites', 2),
    setting('general/locale/timezone', 'Europe/Berlin'),
    setting('cataloginventory/options/stock_threshold_qty', '5', 'stores', 2),
  ]);
  await shop.insert('flag', [
    { flag_code: 'staging', state: 0, flag_data: '{"current_version":"500"}' },
  ]);
}

export async function addAttributes(shop: TestShop): Promise<void> {
  await shop.insert('eav_entity_type', [
    { entity_type_id: 3, entity_type_code: 'catalog_category' },
    { entity_type_id: 4, entity_type_code: 'catalog_product' },
  ]);
  const attributes = Object.entries(ATTRIBUTES).map(([code, [id, type, userDefined]]) => ({
    attribute_id: id,
    entity_type_id: 4,
    attribute_code: code,
    backend_type: type,
    frontend_label: `The ${code}`,
    source_model: SOURCE_MODELS[code] ?? null,
    is_user_defined: userDefined,
  }));
  await shop.insert('eav_attribute', attributes);
  await shop.insert('eav_attribute', [
    {
      attribute_id: 119,
      entity_type_id: 3,
      attribute_code: 'url_key',
      backend_type: 'varchar',
    },
  ]);
  await shop.insert('tax_class', [{ class_id: 2, class_name: 'Goods', class_type: 'PRODUCT' }]);
}
