import { TestShop } from './test-shop.js';

/** Attribute values by code; of a store view as `code@<store id>`. */
export type CategoryRowValues = Readonly<Record<string, string | number | null>>;

interface Version {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

const ATTRIBUTES = {
  is_active: [46, 'int'],
  is_anchor: [54, 'int'],
  include_in_menu: [69, 'int'],
  name: [45, 'varchar'],
  image: [48, 'varchar'],
  meta_title: [49, 'varchar'],
  display_mode: [52, 'varchar'],
  default_sort_by: [68, 'varchar'],
  url_key: [119, 'varchar'],
  description: [47, 'text'],
  meta_keywords: [50, 'text'],
  meta_description: [51, 'text'],
  available_sort_by: [67, 'text'],
} as const satisfies Record<string, readonly [id: number, type: string]>;

const TYPES = ['int', 'varchar', 'text'] as const;

/**
 * A shop without categories. Its store views: `default` (1) and `us` (2) under the root category 2,
 * `eu_en` (3) and `eu_b2b` (4), of two store groups, under the root category 3. Products can be
 * sorted by name and price.
 */
export class CategoryShop {
  readonly shop: TestShop;
  readonly #versioned: boolean;

  private constructor(shop: TestShop, versioned: boolean) {
    this.shop = shop;
    this.#versioned = versioned;
  }

  static async create(edition: 'open-source' | 'commerce'): Promise<CategoryShop> {
    const values = TYPES.map((type) => `catalog_category_entity_${type}`);
    const tables = [...values, 'catalog_eav_attribute', 'eav_attribute_label'];
    const shop = await TestShop.bare({ edition, tables, tablePrefix: 'm2_' });
    await addScopes(shop);
    await addAttributes(shop);
    return new CategoryShop(shop, edition === 'commerce');
  }

  /** Adds categories; the last id of a path is the category's, the one before its parent's. */
  async add(rows: readonly (readonly [path: string, values: CategoryRowValues])[]): Promise<void> {
    for (const [path, values] of rows) {
      await this.addVersion(path, values, { row: 1000 + idOf(path), from: 1, to: 2147483647 });
    }
  }

  /** Adds a version of a category; in Open Source it has but one, and its row id is the entity's. */
  async addVersion(path: string, values: CategoryRowValues, version: Version): Promise<void> {
    const entity = {
      entity_id: idOf(path),
      parent_id: Number(path.split('/').at(-2) ?? 0),
      path,
      level: path.split('/').length - 1,
      position: idOf(path),
      children_count: 0,
      created_at: '2026-11-21 22:35:13',
      updated_at: '2026-11-21 22:36:30',
    };
    const { row, from, to } = version;
    await this.shop.insert('catalog_category_entity', [
      this.#versioned ? { ...entity, row_id: row, created_in: from, updated_in: to } : entity,
    ]);
    const link = this.#versioned ? { row_id: row } : { entity_id: idOf(path) };
    for (const [key, value] of Object.entries(values)) {
      const [code = '', storeId = 0] = key.split('@');
      const [attributeId, type] = ATTRIBUTES[code as keyof typeof ATTRIBUTES];
      await this.shop.insert(`catalog_category_entity_${type}`, [
        { ...link, attribute_id: attributeId, store_id: Number(storeId), value },
      ]);
    }
  }

  /** Removes all categories. */
  async clear(): Promise<void> {
    for (const suffix of ['', ...TYPES.map((type) => `_${type}`)]) {
      await this.shop.run(`DELETE FROM {catalog_category_entity${suffix}}`);
    }
  }

  /** Sets columns of `catalog_eav_attribute` for the description. */
  async setDescription(html: 0 | 1, editor: 0 | 1): Promise<void> {
    await this.shop.run(
      `UPDATE {catalog_eav_attribute}
       SET is_html_allowed_on_front = ${html}, is_wysiwyg_enabled = ${editor}
       WHERE attribute_id = ${ATTRIBUTES.description[0]}`,
    );
  }
}

async function addScopes(shop: TestShop): Promise<void> {
  await shop.insert('store_website', [
    { website_id: 1, code: 'base' },
    { website_id: 2, code: 'eu' },
  ]);
  const group = (id: number, websiteId: number, code: string, root: number) => ({
    group_id: id,
    website_id: websiteId,
    code,
    name: '',
    root_category_id: root,
  });
  await shop.insert('store_group', [
    group(1, 1, 'main', 2),
    group(2, 2, 'eu', 3),
    group(3, 2, 'b2b', 3),
  ]);
  const storeView = (id: number, code: string, groupId: number, websiteId: number) => ({
    store_id: id,
    code,
    group_id: groupId,
    website_id: websiteId,
    name: '',
    is_active: 0,
  });
  await shop.insert('store', [
    storeView(1, 'default', 1, 1),
    storeView(2, 'us', 1, 1),
    storeView(3, 'eu_en', 2, 2),
    storeView(4, 'eu_b2b', 3, 2),
  ]);
  const setting = (path: string, value: string, storeId = 0) => ({
    scope: storeId === 0 ? 'default' : 'stores',
    scope_id: storeId,
    path,
    value,
  });
  await shop.insert('core_config_data', [
    setting('web/unsecure/base_url', 'http://shop.test/'),
    setting('web/seo/use_rewrites', '1'),
    setting('web/unsecure/base_media_url', 'http://eu.test/media/', 3),
    setting('catalog/frontend/default_sort_by', 'price', 3),
  ]);
}

async function addAttributes(shop: TestShop): Promise<void> {
  await shop.insert('eav_entity_type', [
    { entity_type_id: 3, entity_type_code: 'catalog_category', entity_model: '' },
    { entity_type_id: 4, entity_type_code: 'catalog_product', entity_model: '' },
  ]);
  const categoryAttributes = Object.entries(ATTRIBUTES).map(([code, [id, type]]) => ({
    attribute_id: id,
    entity_type_id: 3,
    attribute_code: code,
    backend_type: type,
    frontend_label: null,
  }));
  const productAttribute = (id: number, code: string, label: string | null) => ({
    attribute_id: id,
    entity_type_id: 4,
    attribute_code: code,
    backend_type: 'varchar',
    frontend_label: label,
  });
  await shop.insert('eav_attribute', [
    ...categoryAttributes,
    productAttribute(73, 'name', 'Product Name'),
    productAttribute(77, 'price', 'Price'),
    productAttribute(78, 'cost', 'Cost'),
    productAttribute(79, 'nameless', null),
  ]);
  const sortable = (id: number, used: 0 | 1) => ({ attribute_id: id, used_for_sort_by: used });
  await shop.insert('catalog_eav_attribute', [
    sortable(73, 1),
    sortable(77, 1),
    sortable(78, 0),
    sortable(79, 1),
    sortable(ATTRIBUTES.description[0], 0),
  ]);
}

function idOf(path: string): number {
  return Number(path.split('/').at(-1));
}
