import {
  changedIds,
  linkedProducts,
  union,
  variantsOf,
  versionedProducts,
} from '../concerned-products.js';
import type { WatchedTable } from '../feed.js';
import {
  ATTRIBUTE,
  goneProductAttributes,
  OPTION_LABEL,
  PRODUCT,
  staging,
  values,
} from '../shared-watches.js';

/**
 * Not watched: `eav_entity_type`, which the installer makes and nobody changes. Scopes and settings
 * do not matter, but that option labels and values of all store views count: those of a store view
 * go with it.
 */
export const VARIANT_WATCHES: readonly WatchedTable[] = [
  {
    ...PRODUCT,
    concerns: 'the product as a child',
    names: { column: 'entity_id', as: 'entity' },
  },
  {
    ...PRODUCT,
    concerns: 'its children, whose items carry its SKU',
    entities: (shop) => variantsOf(shop, changedIds('entity_id')),
  },
  {
    ...values('product', 'int'),
    concerns: 'the product as a child',
    names: { column: 'entity_id', as: 'product link' },
  },
  {
    table: 'catalog_product_super_link',
    key: ['product_id', 'parent_id'],
    concerns: 'the child',
    names: { column: 'product_id', as: 'entity' },
  },
  {
    table: 'catalog_product_super_attribute',
    key: ['product_id'],
    concerns: 'children of the product',
    entities: (shop) => variantsOf(shop, linkedProducts(shop, 'product_id')),
  },
  {
    ...OPTION_LABEL,
    concerns: 'children with the option',
    // The values of a configurable attribute are read once, however many of its labels changed.
    entities: ({ t, product }) => {
      const link = product.linkField;
      return `SELECT e.entity_id
        FROM (SELECT DISTINCT o.attribute_id
              FROM changed c STRAIGHT_JOIN ${t('eav_attribute_option')} o
                ON o.option_id = c.option_id
              WHERE o.attribute_id IN
                (SELECT s.attribute_id FROM ${t('catalog_product_super_attribute')} s)) a
        STRAIGHT_JOIN ${t('catalog_product_entity_int')} v ON v.attribute_id = a.attribute_id
        STRAIGHT_JOIN ${t(product.name)} e ON e.${link} = v.${link}
        WHERE v.value IN (SELECT c.option_id FROM changed c)`;
    },
  },
  {
    // Takes its labels along, by cascade; the children’s values stay.
    table: 'eav_attribute_option',
    key: ['option_id', 'attribute_id'],
    only: ['attribute_id'],
    concerns: 'children with the option',
    entities: ({ t, product }) => {
      const link = product.linkField;
      return `SELECT e.entity_id
        FROM (SELECT DISTINCT c.attribute_id FROM changed c) a
        STRAIGHT_JOIN ${t('catalog_product_entity_int')} v ON v.attribute_id = a.attribute_id
        STRAIGHT_JOIN ${t(product.name)} e ON e.${link} = v.${link}
        WHERE v.value IN (SELECT c.option_id FROM changed c)`;
    },
  },
  {
    ...ATTRIBUTE,
    concerns: 'children of products that are configurable by the attribute',
    entities: (shop) =>
      union(
        goneProductAttributes(shop),
        `SELECT l.product_id AS entity_id
         FROM ${shop.t('catalog_product_super_attribute')} s
         STRAIGHT_JOIN ${shop.t('catalog_product_super_link')} l ON l.parent_id = s.product_id
         WHERE s.attribute_id IN (SELECT c.attribute_id FROM changed c)`,
      ),
    cached: true,
  },
  {
    table: 'store',
    key: ['store_id', 'group_id', 'website_id'],
    only: [],
    concerns: 'all children, when a store view is gone',
    entities: ({ t }) => `
      SELECT NULL AS entity_id
      FROM changed c LEFT JOIN ${t('store')} s ON s.store_id = c.store_id
      WHERE s.store_id IS NULL`,
    cached: true,
  },
  ...(['store_group', 'store_website'] as const).map((table): WatchedTable => {
    const id = table === 'store_group' ? 'group_id' : 'website_id';
    return {
      table,
      key: table === 'store_group' ? ['group_id', 'website_id'] : ['website_id'],
      only: [],
      concerns: 'all children, when store views are gone with it',
      entities: ({ t }) => `
        SELECT NULL AS entity_id
        FROM changed c LEFT JOIN ${t(table)} g ON g.${id} = c.${id}
        WHERE g.${id} IS NULL`,
      cached: true,
    };
  }),
  staging('products with scheduled updates and their children', (shop) => {
    const versioned = versionedProducts(shop);
    return versioned === undefined ? undefined : union(versioned, variantsOf(shop, versioned));
  }),
];
