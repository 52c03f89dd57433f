import type { Catalog } from '../catalog.js';
import { entityTypeIds } from './attributes.js';

/** Attribute set ids; every entity type has the set of its own id as default. */
export const attributeSetIds = { category: 3, product: 4, clothing: 9, download: 10 } as const;

const entityTypes = [
  [
    'customer',
    'customer_entity',
    'Customer\\Model\\ResourceModel\\Customer',
    'customer_eav_attribute',
  ],
  [
    'customer_address',
    'customer_address_entity',
    'Customer\\Model\\ResourceModel\\Address',
    'customer_eav_attribute',
  ],
  [
    'catalog_category',
    'catalog_category_entity',
    'Catalog\\Model\\ResourceModel\\Category',
    'catalog_eav_attribute',
  ],
  [
    'catalog_product',
    'catalog_product_entity',
    'Catalog\\Model\\ResourceModel\\Product',
    'catalog_eav_attribute',
  ],
  ['order', 'sales_order', 'Sales\\Model\\ResourceModel\\Order', null],
  ['invoice', 'sales_invoice', 'Sales\\Model\\ResourceModel\\Order\\Invoice', null],
  ['creditmemo', 'sales_creditmemo', 'Sales\\Model\\ResourceModel\\Order\\Creditmemo', null],
  ['shipment', 'sales_shipment', 'Sales\\Model\\ResourceModel\\Order\\Shipment', null],
] as const;

/** Entity types, attribute sets, one group a set, and the attributes in it. */
export function writeAttributeSets({ writer, attributes }: Catalog): void {
  writer.records(
    'eav_entity_type',
    entityTypes.map(([code, table, model, attributeTable], at) => ({
      entity_type_id: at + 1,
      entity_type_code: code,
      entity_model: `Magento\\${model}`,
      entity_table: table,
      default_attribute_set_id: at + 1,
      additional_attribute_table: attributeTable,
    })),
  );

  const set = writer.table('eav_attribute_set', [
    'attribute_set_id',
    'entity_type_id',
    'attribute_set_name',
    'sort_order',
  ]);
  const group = writer.table('eav_attribute_group', [
    'attribute_group_id',
    'attribute_set_id',
    'attribute_group_name',
    'sort_order',
    'default_id',
    'attribute_group_code',
  ]);
  const member = writer.table('eav_entity_attribute', [
    'entity_type_id',
    'attribute_set_id',
    'attribute_group_id',
    'attribute_id',
    'sort_order',
  ]);
  const sets = [
    ...entityTypes.map((_, at) => [at + 1, at + 1, 'Default'] as const),
    [attributeSetIds.clothing, entityTypeIds.product, 'Clothing'] as const,
    [attributeSetIds.download, entityTypeIds.product, 'Download'] as const,
  ];
  for (const [setId, typeId, name] of sets) {
    set.add(setId, typeId, name, setId);
    group.add(setId, setId, 'General', 1, 1, 'general');
    for (const { id, entity, code } of attributes.all) {
      if (entityTypeIds[entity] !== typeId || code === 'unassigned_text') continue;
      if (setId === attributeSetIds.download && (code === 'size' || code === 'color')) continue;
      member.add(typeId, setId, setId, id, id);
    }
  }
}
