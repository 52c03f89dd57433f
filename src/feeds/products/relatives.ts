import type { Read } from '../../commerce/read.js';
import { amongIds } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';

/** A product that products of the page refer to, in the version in force. */
export interface Relative {
  readonly id: number;
  readonly link: number;
  readonly sku: string;
  readonly type: string;
  /** Whether it is a bundle with a fixed price, by the default scope. */
  readonly fixedPrice: boolean;
  readonly websiteIds: number[];
}

export interface Relatives {
  readonly byId: ReadonlyMap<number, Relative>;
  readonly byLink: ReadonlyMap<number, Relative>;
}

/** One query where entity ids and link ids are the same, else one for each. */
export async function readRelatives(
  read: Read,
  shop: Shop,
  ids: ReadonlySet<number>,
  links: ReadonlySet<number>,
): Promise<Relatives> {
  if (!shop.product.versioned) {
    const byId = await readBy(read, shop, 'entity_id', new Set([...ids, ...links]));
    return { byId, byLink: byId };
  }
  return {
    byId: await readBy(read, shop, 'entity_id', ids),
    byLink: await readBy(read, shop, shop.product.linkField, links),
  };
}

async function readBy(
  read: Read,
  shop: Shop,
  column: 'entity_id' | 'row_id',
  ids: ReadonlySet<number>,
): Promise<Map<number, Relative>> {
  const relatives = new Map<number, Relative>();
  if (ids.size === 0) return relatives;
  const { name, linkField } = shop.product;
  const rows = await read.rows<[number, number, string, string, number | null, number | null]>(`
    SELECT e.entity_id, e.${linkField}, e.sku, e.type_id, w.website_id, p.value
    FROM ${shop.t(name)} e
    LEFT JOIN ${shop.t('catalog_product_website')} w ON w.product_id = e.entity_id
    LEFT JOIN ${shop.t(`${name}_int`)} p
      ON e.type_id = 'bundle' AND p.${linkField} = e.${linkField} AND p.store_id = 0
        AND p.attribute_id = ${shop.productAttributes.id('price_type')}
    WHERE ${amongIds(`e.${column}`, [...ids])} AND ${shop.product.active('e')}`);
  for (const [id, link, sku, type, websiteId, priceType] of rows) {
    const key = column === 'entity_id' ? id : link;
    let relative = relatives.get(key);
    if (relative === undefined) {
      relative = { id, link, sku, type, fixedPrice: priceType === 1, websiteIds: [] };
      relatives.set(key, relative);
    }
    if (websiteId !== null) relative.websiteIds.push(websiteId);
  }
  return relatives;
}
