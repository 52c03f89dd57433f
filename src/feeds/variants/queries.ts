import type { Read } from '../../commerce/read.js';
import { among, amongIds, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';

/** A link between a child and a configurable product, both in the version in force. */
export type LinkRow = readonly [
  childId: number,
  /** `row_id` on Adobe Commerce, as is `parentLink`. */
  childLink: number,
  childSku: string,
  parentId: number,
  parentLink: number,
  parentSku: string,
];

/** Neither type, status, visibility nor websites of the products matter. */
export function readLinks(shop: Shop, read: Read, children: Selection): Promise<LinkRow[]> {
  const { product } = shop;
  const { name, linkField } = product;
  return read.rows<LinkRow>(`
    SELECT child.entity_id, child.${linkField}, child.sku,
           parent.entity_id, parent.${linkField}, parent.sku
    FROM ${shop.t('catalog_product_super_link')} l
    JOIN ${shop.t(name)} child ON child.entity_id = l.product_id AND ${product.active('child')}
    JOIN ${shop.t(name)} parent ON parent.${linkField} = l.parent_id
                               AND ${product.active('parent')}
    WHERE ${among('l.product_id', children)}`);
}

/** Ids of the configurable attributes of products, by the products' link ids. */
export async function readSuperAttributes(
  shop: Shop,
  read: Read,
  parentLinks: readonly number[],
): Promise<Map<number, Set<number>>> {
  const rows = await read.rows<[number, number]>(`
    SELECT s.product_id, s.attribute_id
    FROM ${shop.t('catalog_product_super_attribute')} s
    WHERE ${amongIds('s.product_id', parentLinks)}`);
  const attributes = new Map<number, Set<number>>();
  for (const [parentLink, attributeId] of rows) {
    const ids = attributes.get(parentLink);
    if (ids === undefined) attributes.set(parentLink, new Set([attributeId]));
    else ids.add(attributeId);
  }
  return attributes;
}

/** An option a child has as its value of an attribute, in any scope. */
export type ValueRow = readonly [childLink: number, attributeId: number, optionId: number];

/**
 * In order of child, attribute and store of the value. Values of all scopes count, so an attribute
 * with a value in a store view occurs twice.
 */
export function readValues(
  shop: Shop,
  read: Read,
  childLinks: Selection,
  attributeIds: readonly number[],
): Promise<ValueRow[]> {
  const { name, linkField } = shop.product;
  // `+0` keeps the optimizer from multiplying the entity ranges by the attributes.
  return read.rows<ValueRow>(`
    SELECT v.${linkField}, v.attribute_id, v.value
    FROM ${shop.t(`${name}_int`)} v
    WHERE ${among(`v.${linkField}`, childLinks)}
      AND v.attribute_id+0 IN (${attributeIds.join(',')}) AND v.value IS NOT NULL
    ORDER BY v.${linkField}, v.attribute_id, v.store_id`);
}

/** All labels of options, whatever their scope, in order of label id; null where the label is. */
export async function readLabels(
  shop: Shop,
  read: Read,
  optionIds: readonly number[],
): Promise<Map<number, (string | null)[]>> {
  const rows = await read.rows<[number, string | null]>(`
    SELECT l.option_id, l.value
    FROM ${shop.t('eav_attribute_option_value')} l
    WHERE ${amongIds('l.option_id', optionIds)}
    ORDER BY l.option_id, l.value_id`);
  const labels = new Map<number, (string | null)[]>();
  for (const [optionId, label] of rows) {
    const known = labels.get(optionId);
    if (known === undefined) labels.set(optionId, [label]);
    else known.push(label);
  }
  return labels;
}
