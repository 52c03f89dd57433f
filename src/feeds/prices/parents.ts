import type { Read } from '../../commerce/read.js';
import { among, amongIds, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { ParentRow } from './assemble.js';
import { PARENT_TYPES, type Parent } from './contract.js';
import type { ProductPage } from './product-rows.js';

/**
 * Adds the parents of each product, by ascending id, with their websites; their status and
 * visibility do not matter. Two queries: the relations, then each parent once.
 */
export async function readParents(
  shop: Shop,
  read: Read,
  selection: Selection,
  { byId }: ProductPage,
): Promise<void> {
  const relations = await read.rows<[number, number]>(`
    SELECT r.child_id, r.parent_id
    FROM ${shop.t('catalog_product_relation')} r
    WHERE ${among('r.child_id', selection)}`);
  if (relations.length === 0) return;

  const parents = await parentRows(shop, read, [...new Set(relations.map(([, id]) => id))]);
  const linksOf = new Map<number, number[]>();
  for (const [childId, link] of relations) {
    if (!parents.has(link)) continue;
    const links = linksOf.get(childId);
    if (links === undefined) linksOf.set(childId, [link]);
    else links.push(link);
  }
  for (const [childId, links] of linksOf) {
    const child = byId.get(childId);
    if (child === undefined) continue;
    links.sort((one, other) => one - other);
    child.parents = links.flatMap((link) => parents.get(link) ?? []);
  }
}

/** The parents that are assigned to a website at all, by link id. */
async function parentRows(
  shop: Shop,
  read: Read,
  links: readonly number[],
): Promise<ReadonlyMap<number, ParentRow>> {
  const { product } = shop;
  const rows = await read.rows<[number, string, string | null, number]>(`
    SELECT p.${product.linkField}, p.type_id, p.sku, w.website_id
    FROM ${shop.t(product.name)} p
    JOIN ${shop.t('catalog_product_website')} w ON w.product_id = p.entity_id
    WHERE ${amongIds(`p.${product.linkField}`, links)} AND ${product.active('p')}`);
  const parents = new Map<number, { item: Parent; websiteIds: number[] }>();
  for (const [link, type, sku, websiteId] of rows) {
    const known = parents.get(link);
    if (known !== undefined) known.websiteIds.push(websiteId);
    else if (sku !== null) {
      parents.set(link, { item: { type: parentType(type), sku }, websiteIds: [websiteId] });
    }
  }
  return parents;
}

function parentType(type: string): Parent['type'] {
  const upper = type.toUpperCase();
  return PARENT_TYPES.find((known) => known === upper) ?? 'SIMPLE';
}
