import type { Attribute, Attributes } from '../../commerce/attributes.js';
import type { Product } from './contract.js';
import type { ProductValues } from './values.js';

/** The attributes that make up the root fields. A product without a value of any is broken. */
const MAIN_CODES = [
  'description',
  'image',
  'image_label',
  'links_purchased_separately',
  'links_title',
  'meta_description',
  'meta_keyword',
  'meta_title',
  'name',
  'news_from_date',
  'news_to_date',
  'short_description',
  'small_image',
  'small_image_label',
  'status',
  'swatch_image',
  'tax_class_id',
  'thumbnail',
  'thumbnail_label',
  'url_key',
  'visibility',
  'weight',
  'weight_type',
  'price_view',
] as const;

export type MainCode = (typeof MAIN_CODES)[number];

export type MainAttributeIds = Readonly<Record<MainCode, number>>;

/** Ids by code, 0 where the shop has no such attribute. */
export function mainAttributeIds(attributes: Attributes): MainAttributeIds {
  return Object.fromEntries(
    MAIN_CODES.map((code) => [code, attributes.id(code)]),
  ) as unknown as MainAttributeIds;
}

export function mainAttributes(attributes: Attributes): Attribute[] {
  return MAIN_CODES.flatMap((code) => attributes.get(code) ?? []);
}

/** Whether the product has a row for any main attribute, in the default scope or the store view. */
export function hasMainValues(
  values: ProductValues,
  ids: ReadonlySet<number>,
  storeId: number,
): boolean {
  for (const id of values.baseAttributes()) if (ids.has(id)) return true;
  for (const id of values.ownAttributes(storeId) ?? []) if (ids.has(id)) return true;
  return false;
}

/** Status: no value means disabled; undefined for a value that is none. */
export function statusOf(text: string | null): Product['status'] | undefined {
  if (text === '1') return 'Enabled';
  return text === null || text === '2' ? 'Disabled' : undefined;
}

const VISIBILITIES = new Map<string | null, Product['visibility']>([
  [null, 'Not Visible Individually'],
  ['1', 'Not Visible Individually'],
  ['2', 'Catalog'],
  ['3', 'Search'],
  ['4', 'Catalog, Search'],
]);

/** Undefined for values that Commerce does not know. */
export function visibilityOf(text: string | null): Product['visibility'] {
  return VISIBILITIES.get(text);
}

const PRICE_VIEWS = new Map<string | null, Product['priceView']>([
  ['0', 'price_range'],
  ['1', 'as_low_as'],
]);

export function priceViewOf(text: string | null): Product['priceView'] {
  return PRICE_VIEWS.get(text);
}
