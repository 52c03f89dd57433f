import type { Read } from '../../commerce/read.js';
import { amongIds } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { append } from './grouping.js';
import type { Page } from './page.js';
import { Scoped } from './scoped.js';

export interface SuperAttribute {
  readonly attributeId: number;
  readonly position: number;
}

/** What a child contributes to the options of its parents. */
export interface ConfigurableChild {
  readonly status: Scoped<number | null>;
  /** Option ids by attribute, of the default scope. */
  readonly choices: Map<number, number>;
}

/** A configurable product's attributes, by position and attribute id, and its children. */
export interface Configurable {
  readonly attributes: SuperAttribute[];
  readonly children: ConfigurableChild[];
}

/**
 * Configurable products by link id: three queries, none where the page has no configurable
 * products. Children count whatever their websites, stock and visibility.
 */
export async function readConfigurables(
  read: Read,
  shop: Shop,
  page: Page,
): Promise<Map<number, Configurable>> {
  const configurables = new Map<number, Configurable>();
  const parents = page.linksOfType('configurable', 's.product_id');
  if (parents === undefined || !shop.hasTable('catalog_product_super_link')) return configurables;
  const attributeIds = new Set<number>();
  const superRows = await read.rows<[number, number, number]>(`
    SELECT s.product_id, s.attribute_id, s.position
    FROM ${shop.t('catalog_product_super_attribute')} s
    WHERE ${parents}`);
  for (const [link, attributeId, position] of superRows) {
    attributeIds.add(attributeId);
    const known = configurables.get(link);
    if (known === undefined) {
      configurables.set(link, { attributes: [{ attributeId, position }], children: [] });
    } else {
      known.attributes.push({ attributeId, position });
    }
  }
  for (const { attributes } of configurables.values()) {
    attributes.sort((a, b) => a.position - b.position || a.attributeId - b.attributeId);
  }
  const parentsOf = await readParentsOfChildren(read, shop, page);
  const children = await readChildren(read, shop, [...parentsOf.keys()], [...attributeIds]);
  for (const [childId, links] of parentsOf) {
    const child = children.get(childId);
    if (child === undefined) continue;
    for (const link of links) configurables.get(link)?.children.push(child);
  }
  return configurables;
}

/** Link ids of the page's configurable products, by entity id of the child. */
async function readParentsOfChildren(
  read: Read,
  shop: Shop,
  page: Page,
): Promise<Map<number, number[]>> {
  const rows = await read.rows<[number, number]>(`
    SELECT l.product_id, l.parent_id
    FROM ${shop.t('catalog_product_super_link')} l
    WHERE ${page.linksOfType('configurable', 'l.parent_id') ?? 'FALSE'}`);
  const parents = new Map<number, number[]>();
  for (const [childId, parentLink] of rows) append(parents, childId, parentLink);
  return parents;
}

/** By entity id: status in all scopes, and the choices of the default scope. */
async function readChildren(
  read: Read,
  shop: Shop,
  childIds: readonly number[],
  attributeIds: readonly number[],
): Promise<Map<number, ConfigurableChild>> {
  const children = new Map<number, ConfigurableChild>();
  if (childIds.length === 0) return children;
  const { name, versioned, linkField } = shop.product;
  const statusId = shop.productAttributes.id('status');
  // Without versions the values' own key is the child's id.
  const [id, version] = versioned
    ? [
        'c.entity_id',
        `JOIN ${shop.t(name)} c ON c.${linkField} = v.${linkField} AND ${shop.product.active('c')}`,
      ]
    : ['v.entity_id', ''];
  const rows = await read.rows<[number, number, number, number | null]>(`
    SELECT ${id}, v.attribute_id, v.store_id, v.value
    FROM ${shop.t(`${name}_int`)} v ${version}
    WHERE ${amongIds(id, childIds)}
      AND v.attribute_id+0 IN (${[statusId, ...attributeIds].join(',')})
      AND (v.store_id = 0 OR v.attribute_id+0 = ${statusId})`);
  for (const [childId, attributeId, storeId, value] of rows) {
    let child = children.get(childId);
    if (child === undefined) {
      child = { status: new Scoped<number | null>(), choices: new Map() };
      children.set(childId, child);
    }
    if (attributeId === statusId) child.status.set(storeId, value);
    else if (value !== null) child.choices.set(attributeId, value);
  }
  return children;
}
