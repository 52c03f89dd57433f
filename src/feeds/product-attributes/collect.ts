import type { Read } from '../../commerce/read.js';
import { among, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { Collected, ItemOf } from '../feed.js';
import type { ProductAttribute } from './contract.js';

type Item = ItemOf<typeof ProductAttribute>;

type AttributeRow = readonly [
  id: number,
  code: string,
  backendType: string,
  frontendInput: string | null,
  frontendLabel: string | null,
  frontendClass: string | null,
  required: number,
  unique: number,
  userDefined: number,
  global: number,
  visible: number,
  searchable: number,
  filterable: number,
  comparable: number,
  usedInListing: number,
  usedForSort: number,
  visibleOnFront: number,
  filterableInSearch: number,
  searchWeight: number,
  usedForPriceRules: number,
];

/** Two queries for a page: the attributes, and their labels in all store views. */
export async function collectProductAttributes(
  shop: Shop,
  read: Read,
  selection: Selection,
): Promise<Collected<Item>> {
  const attributes = await read.rows<AttributeRow>(`
    SELECT a.attribute_id, a.attribute_code, a.backend_type, a.frontend_input, a.frontend_label,
           a.frontend_class, a.is_required, a.is_unique, a.is_user_defined,
           c.is_global, c.is_visible, c.is_searchable, c.is_filterable, c.is_comparable,
           c.used_in_product_listing, c.used_for_sort_by, c.is_visible_on_front,
           c.is_filterable_in_search, c.search_weight, c.is_used_for_price_rules
    FROM ${shop.t('eav_attribute')} a
    JOIN ${shop.t('catalog_eav_attribute')} c ON c.attribute_id = a.attribute_id
    JOIN ${shop.t('eav_entity_type')} y ON y.entity_type_id = a.entity_type_id
    WHERE ${among('a.attribute_id', selection)} AND y.entity_type_code = 'catalog_product'
    ORDER BY a.attribute_id`);
  // Several labels for one store view are possible: the last one wins.
  const labels = await read.rows<[number, number, string | null]>(`
    SELECT l.attribute_id, l.store_id, l.value
    FROM ${shop.t('eav_attribute_label')} l
    WHERE ${among('l.attribute_id', selection)}
    ORDER BY l.attribute_label_id`);
  const labelOf = new Map(labels.map(([id, storeId, value]) => [`${id}/${storeId}`, value]));

  const items: Item[] = [];
  for (const row of attributes) {
    const shared = attributeFields(row);
    for (const storeView of shop.storeViews) {
      const label = labelOf.get(`${row[0]}/${storeView.id}`) ?? row[4];
      items.push({
        id: String(row[0]),
        storeCode: storeView.storeCode,
        websiteCode: storeView.websiteCode,
        storeViewCode: storeView.code,
        ...shared,
        ...(label === null ? {} : { label }),
      });
    }
  }
  return { items, failures: [] };
}

function attributeFields(
  row: AttributeRow,
): Omit<Item, 'id' | 'storeCode' | 'websiteCode' | 'storeViewCode' | 'label'> {
  const [, code, backendType, frontendInput, , frontendClass] = row;
  const boolean = isBoolean(code, backendType, frontendInput);
  const system = SYSTEM_ATTRIBUTES.get(code);
  return {
    attributeCode: code,
    attributeType: 'catalog_product',
    dataType: system?.dataType ?? backendType,
    multi: frontendInput === 'multiselect' || frontendInput === 'multiline',
    ...(frontendInput === null ? {} : { frontendInput }),
    required: isSet(row[6]),
    unique: isSet(row[7]),
    systemAttribute: isSet(row[8]),
    global: isSet(row[9]),
    visible: system !== undefined || isSet(row[10]),
    searchable: isSet(row[11]),
    filterable: isSet(row[12]),
    visibleInCompareList: isSet(row[13]),
    visibleInListing: isSet(row[14]),
    sortable: isSet(row[15]),
    visibleInSearch: system === undefined && isSet(row[16]),
    filterableInSearch: isSet(row[17]),
    searchWeight: row[18],
    usedForRules: isSet(row[19]),
    boolean,
    numeric: !boolean && isNumeric(code, backendType, frontendInput, frontendClass),
  };
}

/** Attributes the reference exporter makes for its own composed values; they look the same everywhere. */
const SYSTEM_ATTRIBUTES: ReadonlyMap<string, { readonly dataType?: string }> = new Map([
  ['ac_downloadable', { dataType: 'OBJECT' }],
  ['ac_inventory', { dataType: 'OBJECT' }],
  ['ac_tax_class', { dataType: 'text' }],
  ['ac_attribute_set', {}],
]);

const BOOLEAN_CODES = new Set([
  'is_redeemable',
  'use_config_is_redeemable',
  'use_config_lifetime',
  'use_config_email_template',
  'use_config_allow_message',
  'allow_message',
  'has_options',
]);

function isBoolean(code: string, backendType: string, frontendInput: string | null): boolean {
  return (frontendInput === 'boolean' && backendType === 'int') || BOOLEAN_CODES.has(code);
}

function isNumeric(
  code: string,
  backendType: string,
  frontendInput: string | null,
  frontendClass: string | null,
): boolean {
  const entered =
    frontendInput === 'price' || frontendInput === 'weight' || frontendInput === 'text';
  return (
    (entered && (backendType === 'decimal' || backendType === 'int')) ||
    frontendClass === 'validate-number' ||
    frontendClass === 'validate-digits' ||
    code === 'required_options'
  );
}

function isSet(flag: number | null): boolean {
  return flag !== null && flag !== 0;
}
