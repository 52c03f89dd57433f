import type { Read } from '../../commerce/read.js';
import { among, amongIds, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';

/** A product of a page, in the version in force. */
export interface PageProduct {
  readonly id: number;
  /** What value tables, links and options refer to it by: `row_id` on Adobe Commerce. */
  readonly link: number;
  readonly sku: string;
  /** Commerce's `type_id`. */
  readonly type: string;
  readonly attributeSetId: number;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  readonly websiteIds: readonly number[];
}

/** The products that are collected together, and the SQL conditions that lead to their rows. */
export class Page {
  readonly products: readonly PageProduct[];
  readonly #entities: Selection;
  readonly #links: Selection;

  constructor(products: readonly PageProduct[], entities: Selection, links: Selection) {
    this.products = products;
    this.#entities = entities;
    this.#links = links;
  }

  /** SQL condition on a column that holds entity ids. */
  entities(column: string): string {
    return among(column, this.#entities);
  }

  /** SQL condition on a column that holds link ids. */
  links(column: string): string {
    return among(column, this.#links);
  }

  /** SQL condition on a column that holds link ids: those of products of the type. */
  linksOfType(type: string, column: string): string | undefined {
    const links: number[] = [];
    for (const product of this.products) if (product.type === type) links.push(product.link);
    return links.length === 0 ? undefined : amongIds(column, links);
  }
}

/** Two queries: the products, and the websites they are assigned to. */
export async function readPage(read: Read, shop: Shop, selection: Selection): Promise<Page> {
  const { linkField, versioned, name } = shop.product;
  const rows = await read.rows<
    [number, number, string, string, number, string | null, string | null]
  >(`
    SELECT e.entity_id, e.${linkField}, e.sku, e.type_id, e.attribute_set_id,
           e.created_at, e.updated_at
    FROM ${shop.t(name)} e
    WHERE ${among('e.entity_id', selection)} AND ${shop.product.active('e')}`);
  const websites = await readWebsites(read, shop, among('w.product_id', selection));
  const products = rows.map(
    ([id, link, sku, type, attributeSetId, createdAt, updatedAt]): PageProduct => ({
      id,
      link,
      sku,
      type,
      attributeSetId,
      createdAt,
      updatedAt,
      websiteIds: websites.get(id) ?? [],
    }),
  );
  // Row ids of a range of entities are scattered, and rows of other versions lie between them.
  const links: Selection = versioned
    ? { kind: 'ids', ids: products.map(({ link }) => link) }
    : selection;
  return new Page(products, selection, links);
}

async function readWebsites(
  read: Read,
  shop: Shop,
  condition: string,
): Promise<Map<number, number[]>> {
  const rows = await read.rows<[number, number]>(`
    SELECT w.product_id, w.website_id
    FROM ${shop.t('catalog_product_website')} w
    WHERE ${condition}`);
  const websites = new Map<number, number[]>();
  for (const [productId, websiteId] of rows) {
    const known = websites.get(productId);
    if (known === undefined) websites.set(productId, [websiteId]);
    else known.push(websiteId);
  }
  return websites;
}
