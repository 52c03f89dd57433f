import type { Read } from '../../commerce/read.js';
import { amongIds } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { leadingNumber } from './casts.js';
import type { Option, OptionValue } from './contract-options.js';
import { within } from './grouping.js';
import { GROUPED_LINK, type ProductLink } from './links.js';
import { optionValue } from './option-values.js';
import type { Relatives } from './relatives.js';

/** Ids of the attributes of grouped links; they may be missing. */
export interface GroupedAttributes {
  readonly qty: number | undefined;
  readonly position: number | undefined;
}

export async function readGroupedAttributes(read: Read, shop: Shop): Promise<GroupedAttributes> {
  const rows = await read.rows<[string, number]>(`
    SELECT a.product_link_attribute_code, a.product_link_attribute_id
    FROM ${shop.t('catalog_product_link_attribute')} a
    WHERE a.link_type_id = ${GROUPED_LINK}`);
  const ids = new Map(rows);
  return { qty: ids.get('qty'), position: ids.get('position') };
}

/** Values of grouped links by attribute and link id: one query, or none. */
export type GroupedValues = ReadonlyMap<number, ReadonlyMap<number, number>>;

export async function readGroupedValues(
  read: Read,
  shop: Shop,
  { qty, position }: GroupedAttributes,
  links: Iterable<readonly ProductLink[]>,
): Promise<GroupedValues> {
  const ids: number[] = [];
  for (const list of links)
    for (const { type, id } of list) if (type === GROUPED_LINK) ids.push(id);
  const values = new Map<number, Map<number, number>>();
  if (ids.length === 0) return values;
  const select = (table: string, attributeId = 0): string => `
    SELECT v.product_link_attribute_id, v.link_id, v.value
    FROM ${shop.t(table)} v
    WHERE ${amongIds('v.link_id', ids)} AND v.product_link_attribute_id+0 = ${attributeId}`;
  const rows = await read.rows<[number, number, string]>(`
    ${select('catalog_product_link_attribute_decimal', qty)}
    UNION ALL ${select('catalog_product_link_attribute_int', position)}`);
  for (const [attributeId, linkId, value] of rows) {
    within(values, attributeId).set(linkId, leadingNumber(value));
  }
  return values;
}

/** The products of a group that are in the website, by id and not by position; whatever the type. */
export function groupedOption(
  productId: number,
  links: readonly ProductLink[],
  { qty = 0, position = 0 }: GroupedAttributes,
  values: GroupedValues,
  relatives: Relatives,
  websiteId: number,
): Option | undefined {
  const grouped: { linkedId: number; value: OptionValue }[] = [];
  for (const { id, type, linkedId } of links) {
    if (type !== GROUPED_LINK) continue;
    const linked = relatives.byId.get(linkedId);
    if (linked?.websiteIds.includes(websiteId) !== true) continue;
    const value = optionValue({
      id: String(linkedId),
      sortOrder: values.get(position)?.get(id) ?? null,
      qtyMutability: true,
      qty: values.get(qty)?.get(id) ?? null,
      sku: linked.sku,
    });
    grouped.push({ linkedId, value });
  }
  if (grouped.length === 0) return undefined;
  grouped.sort((a, b) => a.linkedId - b.linkedId);
  return {
    id: String(productId),
    type: 'grouped',
    values: grouped.map(({ value }) => value),
  };
}
