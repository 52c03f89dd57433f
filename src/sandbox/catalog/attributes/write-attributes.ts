import type { Catalog } from '../catalog.js';
import type { SqlValue } from '../bulk-writer.js';
import { entityTypeIds, type Attribute } from './attributes.js';

const sources: Readonly<Record<string, string>> = {
  boolean: 'Magento\\Eav\\Model\\Entity\\Attribute\\Source\\Boolean',
  'product-boolean': 'Magento\\Catalog\\Model\\Product\\Attribute\\Source\\Boolean',
  table: 'Magento\\Eav\\Model\\Entity\\Attribute\\Source\\Table',
  status: 'Magento\\Catalog\\Model\\Product\\Attribute\\Source\\Status',
  visibility: 'Magento\\Catalog\\Model\\Product\\Visibility',
  country: 'Magento\\Catalog\\Model\\Product\\Attribute\\Source\\Countryofmanufacture',
  stock: 'Magento\\CatalogInventory\\Model\\Source\\Stock',
  tax: 'Magento\\Tax\\Model\\TaxClass\\Source\\Product',
};
const backends: Readonly<Record<string, string>> = {
  array: 'Magento\\Eav\\Model\\Entity\\Attribute\\Backend\\ArrayBackend',
  datetime: 'Magento\\Eav\\Model\\Entity\\Attribute\\Backend\\Datetime',
  price: 'Magento\\Catalog\\Model\\Product\\Attribute\\Backend\\Price',
};
const scopeNumbers = { store: 0, global: 1, website: 2 } as const;

export function writeAttributes({ writer, attributes, scopes }: Catalog): void {
  writer.records('eav_attribute', attributes.all.map(eavRow));
  writer.records('catalog_eav_attribute', attributes.all.map(catalogRow));

  const label = writer.table('eav_attribute_label', ['attribute_id', 'store_id', 'value']);
  const foreign = scopes.storeViews.filter(({ language }) => language !== 'en');
  for (const { id: storeId, language } of foreign) {
    for (const { id, userDefined, label: text, code } of attributes.all) {
      if (userDefined)
        label.add(id, storeId, text === null ? `${code} (${language})` : `${text} ${language}`);
    }
    // Nothing forbids a second label; the later one counts. An empty one counts, too.
    label.add(attributes.product('color').id, storeId, `Second label ${language}`);
    label.add(attributes.product('ean').id, storeId, '');
  }

  const option = writer.table('eav_attribute_option', ['option_id', 'attribute_id', 'sort_order']);
  const value = writer.table('eav_attribute_option_value', ['option_id', 'store_id', 'value']);
  const swatch = writer.table('eav_attribute_option_swatch', [
    'option_id',
    'store_id',
    'type',
    'value',
  ]);
  for (const { id, attributeCode, sortOrder, labels, swatches } of attributes.options) {
    option.add(id, attributes.product(attributeCode).id, sortOrder);
    for (const [storeId, text] of labels) value.add(id, storeId, text);
    for (const [storeId, type, text] of swatches) swatch.add(id, storeId, type, text);
  }
}

function eavRow(attribute: Attribute): Record<string, SqlValue> {
  const { marks, settings } = attribute;
  return {
    attribute_id: attribute.id,
    entity_type_id: entityTypeIds[attribute.entity],
    attribute_code: attribute.code,
    backend_model: backends[settings['backend'] ?? ''] ?? null,
    backend_type: attribute.type,
    frontend_input: attribute.input,
    frontend_label: attribute.label,
    frontend_class: settings['class'] ?? null,
    source_model: sources[settings['source'] ?? ''] ?? null,
    is_required: mark(marks, 'required'),
    is_user_defined: attribute.userDefined ? 1 : 0,
    default_value: settings['default'] ?? null,
    is_unique: mark(marks, 'unique'),
  };
}

function catalogRow({ id, scope, marks, settings }: Attribute): Record<string, SqlValue> {
  const swatch = settings['swatch'];
  return {
    attribute_id: id,
    is_global: scopeNumbers[scope],
    is_visible: marks.has('hidden') ? 0 : 1,
    is_searchable: mark(marks, 'searchable'),
    is_filterable: mark(marks, 'filterable'),
    is_comparable: mark(marks, 'comparable'),
    is_visible_on_front: mark(marks, 'front'),
    is_html_allowed_on_front: mark(marks, 'html'),
    is_used_for_price_rules: mark(marks, 'rules'),
    is_filterable_in_search: mark(marks, 'filter-search'),
    used_in_product_listing: mark(marks, 'listing'),
    used_for_sort_by: mark(marks, 'sort'),
    apply_to: settings['apply'] ?? null,
    is_visible_in_advanced_search: mark(marks, 'advanced'),
    is_wysiwyg_enabled: mark(marks, 'wysiwyg'),
    is_used_for_promo_rules: mark(marks, 'promo'),
    is_used_in_grid: mark(marks, 'grid'),
    is_filterable_in_grid: mark(marks, 'grid'),
    search_weight: Number(settings['weight'] ?? 1),
    additional_data:
      swatch === undefined
        ? null
        : `{"swatch_input_type":"${swatch}","update_product_preview_image":1,"use_product_image_for_swatch":0}`,
  };
}

function mark(marks: ReadonlySet<string>, name: string): number {
  return marks.has(name) ? 1 : 0;
}
