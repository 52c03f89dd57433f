import type { Collected, Feed, FeedSettings } from '../src/feeds/feed.js';
import type { Product } from '../src/feeds/products/contract.js';
import { products } from '../src/feeds/products/feed.js';
import type { Edition } from '../src/sandbox/catalog/options.js';
import {
  addAttributes,
  addScopes,
  ATTRIBUTES,
  VALUE_TYPES,
  type AttributeCode,
  attributeId,
} from './product-shop-metadata.js';
import { TestShop } from './test-shop.js';

export { attributeId };

type Cell = string | number | null;
type Row = Readonly<Record<string, Cell>>;

/** Tables that belong to modules of their own, which a shop may lack. */
const MODULES = [
  'catalog_product_entity_media_gallery_value_video',
  'eav_attribute_option_swatch',
  'catalog_product_super_attribute',
  'catalog_product_super_link',
  'catalog_product_bundle_option',
  'catalog_product_bundle_option_value',
  'catalog_product_bundle_selection',
  'catalog_product_bundle_selection_price',
  'downloadable_link',
  'downloadable_link_title',
  'downloadable_link_price',
  'downloadable_sample',
  'downloadable_sample_title',
  'inventory_stock_sales_channel',
  'variable',
  'variable_value',
];

const TABLES = [
  ...VALUE_TYPES.map((type) => `catalog_product_entity_${type}`),
  'catalog_category_entity_varchar',
  'catalog_eav_attribute',
  'catalog_product_entity_media_gallery',
  'catalog_product_entity_media_gallery_value',
  'catalog_product_entity_media_gallery_value_to_entity',
  'catalog_product_link',
  'catalog_product_link_attribute',
  'catalog_product_link_attribute_decimal',
  'catalog_product_link_attribute_int',
  'catalog_product_option',
  'catalog_product_option_price',
  'catalog_product_option_title',
  'catalog_product_option_type_price',
  'catalog_product_option_type_title',
  'catalog_product_option_type_value',
  'catalog_product_relation',
  'catalog_product_website',
  'cataloginventory_stock_item',
  'cataloginventory_stock_status',
  'eav_attribute_label',
  'eav_attribute_option',
  'eav_attribute_option_value',
  'eav_attribute_set',
  'tax_class',
  'url_rewrite',
];

export interface NewProduct {
  readonly sku?: string;
  readonly type?: string;
  /** Default: both. */
  readonly websites?: readonly number[];
  /** Values by attribute code; of a store view as `code@<store id>`. Default: enabled. */
  readonly values?: Readonly<Record<string, Cell>>;
  readonly columns?: Row;
}

/**
 * A shop of two websites, `base` (1) with the store views `default` (1) and `us` (2), and `eu` (2)
 * with `eu_en` (3), which is not active. On Adobe Commerce tables have a prefix, and row ids are
 * the entity ids plus 1000.
 */
export class ProductShop {
  readonly shop: TestShop;
  readonly #versioned: boolean;

  private constructor(shop: TestShop, versioned: boolean) {
    this.shop = shop;
    this.#versioned = versioned;
  }

  static async create(
    edition: Edition,
    { modules = true }: { readonly modules?: boolean } = {},
  ): Promise<ProductShop> {
    const tables = modules ? [...TABLES, ...MODULES] : TABLES;
    const tablePrefix = edition === 'commerce' ? 'm2_' : '';
    const shop = await TestShop.bare({ edition, tables, tablePrefix });
    await addScopes(shop);
    await addAttributes(shop);
    return new ProductShop(shop, edition === 'commerce');
  }

  /** What links, options and value tables refer to a product by. */
  link(id: number): number {
    return this.#versioned ? id + 1000 : id;
  }

  /** The column that holds it in value tables and galleries. */
  get linkColumn(): 'row_id' | 'entity_id' {
    return this.#versioned ? 'row_id' : 'entity_id';
  }

  insert(table: string, ...rows: readonly Row[]): Promise<void> {
    return this.shop.insert(table, rows);
  }

  async add(id: number, product: NewProduct = {}): Promise<void> {
    const { sku = `P-${id}`, type = 'simple', websites = [1, 2], columns = {} } = product;
    await this.#version(this.link(id), { entity_id: id, sku, type_id: type, ...columns });
    if (this.#versioned) {
      // Versions that are over or still to come.
      const other = { entity_id: id, sku: `${sku}-other`, type_id: 'virtual' };
      await this.#version(id + 5000, { ...other, created_in: 1, updated_in: 100 });
      await this.#version(id + 6000, { ...other, created_in: 900, updated_in: 2147483647 });
      await this.values(id, { name: 'Other', status: 0, motto: 'other' }, id + 6000);
    }
    for (const websiteId of websites) {
      await this.insert('catalog_product_website', { product_id: id, website_id: websiteId });
    }
    await this.values(id, product.values ?? { status: 1 });
  }

  async #version(row: number, entity: Row): Promise<void> {
    const version = { row_id: row, created_in: 100, updated_in: 900 };
    await this.insert('catalog_product_entity', {
      attribute_set_id: 4,
      created_at: '2026-11-21 22:35:13',
      updated_at: '2026-11-21 22:36:30',
      ...(this.#versioned ? { ...version, ...entity } : entity),
    });
  }

  async values(
    id: number,
    values: Readonly<Record<string, Cell>>,
    link: number = this.link(id),
  ): Promise<void> {
    for (const [key, value] of Object.entries(values)) {
      const [code = '', storeId = 0] = key.split('@');
      const [attribute, type] = ATTRIBUTES[code as AttributeCode];
      await this.insert(`catalog_product_entity_${type}`, {
        [this.linkColumn]: link,
        attribute_id: attribute,
        store_id: Number(storeId),
        value,
      });
    }
  }

  /** Adds options of an attribute with their default labels, by option id. */
  async options(code: AttributeCode, labels: Readonly<Record<number, string>>): Promise<void> {
    for (const [id, label] of Object.entries(labels)) {
      const option = { option_id: Number(id), attribute_id: attributeId(code), sort_order: 7 };
      await this.insert('eav_attribute_option', option);
      await this.optionLabel(Number(id), 0, label);
    }
  }

  optionLabel(optionId: number, storeId: number, label: string | null): Promise<void> {
    return this.insert('eav_attribute_option_value', {
      option_id: optionId,
      store_id: storeId,
      value: label,
    });
  }

  collect(...ids: readonly number[]): Promise<Collected> {
    return this.shop.collect(products, { kind: 'ids', ids });
  }

  /** Items under other settings than the default ones. */
  async collectWith(
    settings: Partial<FeedSettings>,
    ...ids: readonly number[]
  ): Promise<readonly Product[]> {
    const feed: Feed = {
      ...products,
      open: (context, read) =>
        products.open({ ...context, settings: { ...context.settings, ...settings } }, read),
    };
    const { items } = await this.shop.collect(feed, { kind: 'ids', ids });
    return items as Product[];
  }

  /** As `collectWith`, in a shop that has the module off. */
  async collectWithout(module: string, ...ids: readonly number[]): Promise<readonly Product[]> {
    const feed: Feed = {
      ...products,
      open: ({ shop, ...context }, read) =>
        products.open({ ...context, shop: { ...shop, isModuleOff: (of) => of === module } }, read),
    };
    const { items } = await this.shop.collect(feed, { kind: 'ids', ids });
    return items as Product[];
  }

  /** The item of a product in a store view. */
  async item(id: number, storeViewCode = 'default'): Promise<Product> {
    const { items, failures } = await this.collect(id);
    const item = (items as Product[]).find((each) => each.storeViewCode === storeViewCode);
    if (item === undefined) {
      const why = failures.map(({ message }) => message).join(' ');
      throw new Error(`product ${id} has no item in ${storeViewCode}. ${why}`);
    }
    return item;
  }

  close(): Promise<void> {
    return this.shop.close();
  }
}
