import type { CatalogItem, CatalogScopes, SourceItem } from './catalog-format.js';
import { textOf } from './values.js';

/** A product attribute in a store view as metadata in a locale. */
export function attributeToMetadata(item: SourceItem, { localeOf }: CatalogScopes): CatalogItem {
  const code = textOf(item, 'attributeCode');
  return {
    keys: { code, source: { locale: localeOf(textOf(item, 'storeViewCode')) } },
    fields: {
      label: textOf(item, 'label') || code,
      dataType: dataTypeOf(item),
      visibleIn: [
        ...(item['visible'] === true ? ['PRODUCT_DETAIL'] : []),
        ...(item['visibleInListing'] === true ? ['PRODUCT_LISTING'] : []),
        ...(item['visibleInSearch'] === true ? ['SEARCH_RESULTS'] : []),
        ...(item['visibleInCompareList'] === true ? ['PRODUCT_COMPARE'] : []),
      ],
      filterable: item['filterable'] === true || item['filterableInSearch'] === true,
      sortable: item['sortable'] === true,
      searchable: item['searchable'] === true,
      searchWeight: Number(item['searchWeight'] ?? 1),
      searchTypes: item['searchable'] === true ? ['AUTOCOMPLETE'] : [],
    },
  };
}

/** Options are known by their labels, so attributes with options are texts. */
function dataTypeOf(item: SourceItem): 'TEXT' | 'DECIMAL' | 'INTEGER' | 'BOOLEAN' {
  if (item['boolean'] === true || textOf(item, 'frontendInput') === 'boolean') return 'BOOLEAN';
  if (['select', 'multiselect'].includes(textOf(item, 'frontendInput'))) return 'TEXT';
  switch (textOf(item, 'dataType')) {
    case 'decimal':
      return 'DECIMAL';
    case 'int':
      return 'INTEGER';
    default:
      return 'TEXT';
  }
}
