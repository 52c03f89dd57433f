import type { Read } from '../commerce/read.js';
import { amongIds } from '../commerce/selection.js';
import type { Shop } from '../commerce/shop.js';

export type LinkKind = 'product link' | 'category link';

/** Ids or SKUs that a query takes at once. */
const SLICE = 1000;

/**
 * Of each link id, the entity: itself without versions, else that of the version. Undefined where
 * the version is gone; its own row has told the entity then.
 */
export async function entitiesOfLinks(
  read: Read,
  shop: Shop,
  kind: LinkKind,
  links: readonly number[],
): Promise<(link: number) => number | undefined> {
  const { name, versioned } = kind === 'product link' ? shop.product : shop.category;
  if (!versioned) return (link) => link;
  const ids = new Map<number, number>();
  for (let at = 0; at < links.length; at += SLICE) {
    const rows = await read.rows<[number, number]>(
      `SELECT e.row_id, e.entity_id FROM ${shop.t(name)} e
       WHERE ${amongIds('e.row_id', links.slice(at, at + SLICE))}`,
    );
    for (const [link, id] of rows) ids.set(link, id);
  }
  return (link) => ids.get(link);
}

/**
 * The products that have a SKU now, in whatever version. The database compares letter by letter as
 * its collation says, here only the case and blanks at the end are overlooked: a SKU that it finds
 * and that is not recognised counts as unknown, which is harmless.
 */
export async function entitiesBySku(
  read: Read,
  shop: Shop,
  skus: readonly string[],
): Promise<(sku: string) => readonly number[]> {
  const ids = new Map<string, number[]>();
  for (let at = 0; at < skus.length; at += SLICE) {
    const rows = await read.rows<[number, string]>(
      `SELECT DISTINCT e.entity_id, e.sku FROM ${shop.t(shop.product.name)} e WHERE e.sku IN (?)`,
      [skus.slice(at, at + SLICE)],
    );
    for (const [id, sku] of rows) {
      const known = ids.get(folded(sku));
      if (known === undefined) ids.set(folded(sku), [id]);
      else known.push(id);
    }
  }
  return (sku) => ids.get(folded(sku)) ?? [];
}

function folded(sku: string): string {
  return sku.trimEnd().toLowerCase();
}
