import type { Edition } from '../options.js';
import { categoryIndexTables, categoryTables } from './categories.js';
import { commerceEntityTables } from './commerce-entities.js';
import { commerceFeatureTables } from './commerce-features.js';
import { eavTables } from './eav.js';
import { inventoryTables, stockIndexTable } from './inventory.js';
import { readTables } from './notation.js';
import { openSourceEntityTables } from './open-source-entities.js';
import { orderDocumentTables } from './order-documents.js';
import { orderLineTables } from './order-lines.js';
import { orderTables } from './orders.js';
import { priceRuleTables } from './price-rules.js';
import { productPartTables } from './product-parts.js';
import { productTables } from './products.js';
import { reviewTables } from './reviews.js';
import { scopeTables } from './scopes.js';
import { systemTables } from './system.js';
import type { Table } from './table.js';
import { attributeValueTables } from './values.js';

/**
 * What `{…_link}` (the column that holds a version's key) and `@…` (the target of a reference to
 * an entity, or to one version of it) stand for.
 */
const placeholders: Readonly<Record<Edition, Readonly<Record<string, string>>>> = {
  'open-source': {
    '{product_link}': 'entity_id',
    '{category_link}': 'entity_id',
    '{rule_link}': 'rule_id',
    '@product': 'catalog_product_entity.entity_id',
    '@product_row': 'catalog_product_entity.entity_id',
    '@category': 'catalog_category_entity.entity_id',
    '@category_row': 'catalog_category_entity.entity_id',
    '@rule_row': 'catalogrule.rule_id',
    '@bundle_option': 'catalog_product_bundle_option.option_id',
    '@bundle_selection': 'catalog_product_bundle_selection.selection_id',
  },
  commerce: {
    '{product_link}': 'row_id',
    '{category_link}': 'row_id',
    '{rule_link}': 'row_id',
    '@product': 'sequence_product.sequence_value',
    '@product_row': 'catalog_product_entity.row_id',
    '@category': 'sequence_catalog_category.sequence_value',
    '@category_row': 'catalog_category_entity.row_id',
    '@rule_row': 'catalogrule.row_id',
    '@bundle_option': 'sequence_product_bundle_option.sequence_value',
    '@bundle_selection': 'sequence_product_bundle_selection.sequence_value',
  },
};

export interface SchemaScopes {
  readonly storeIds: readonly number[];
  /** All stocks; the default one (id 1) is a view, not a table. */
  readonly stockIds: readonly number[];
}

/** Every table of a shop, in no particular order: create them with foreign key checks off. */
export function shopTables(edition: Edition, { storeIds, stockIds }: SchemaScopes): Table[] {
  const texts = [
    scopeTables,
    eavTables,
    ...(edition === 'commerce'
      ? [commerceEntityTables, commerceFeatureTables]
      : [openSourceEntityTables]),
    attributeValueTables,
    categoryTables,
    ...storeIds.map(categoryIndexTables),
    productTables,
    productPartTables,
    inventoryTables,
    ...stockIds.filter((id) => id !== 1).map(stockIndexTable),
    priceRuleTables,
    orderTables,
    orderLineTables,
    orderDocumentTables,
    reviewTables,
    systemTables,
  ];
  return texts.flatMap((text) => readTables(text, placeholders[edition]));
}

/** The default stock's index: a view on the single-source status. */
export function defaultStockView(prefix: string): string {
  return `
    CREATE SQL SECURITY INVOKER VIEW \`${prefix}inventory_stock_1\` AS
    SELECT DISTINCT s.product_id, s.website_id, s.stock_id, s.qty AS quantity,
      s.stock_status AS is_salable, p.sku
    FROM \`${prefix}cataloginventory_stock_status\` s
    JOIN \`${prefix}catalog_product_entity\` p ON p.entity_id = s.product_id`;
}
