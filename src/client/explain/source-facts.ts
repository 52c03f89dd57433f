import type { Read } from '../../commerce/read.js';
import { amongIds } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { Feed, SourceContext } from '../../feeds/feed.js';

/** What the shop says of a source entity. */
export interface SourceFacts {
  /** Whether the Commerce database has it. */
  readonly exists: boolean;
  /** Whether a full sync covers it; orders older than the window are not. */
  readonly covered: boolean;
  /** Of a product. */
  readonly product: ProductFacts | null;
}

export interface ProductFacts {
  readonly sku: string;
  readonly type: string;
  /** Codes of the websites it is assigned to. */
  readonly websites: readonly string[];
  /** Codes of their store views in which it is enabled. */
  readonly enabledIn: readonly string[];
  readonly disabledIn: readonly string[];
}

const NOTHING: SourceFacts = { exists: false, covered: false, product: null };

/** The facts of some entities; each has some. */
export async function sourceFacts(
  read: Read,
  context: SourceContext,
  feed: Feed,
  ids: readonly number[],
): Promise<ReadonlyMap<number, SourceFacts>> {
  const { shop } = context;
  const source = feed.source(context);
  const rows = await read.rows<[number, number]>(
    `SELECT ${source.idColumn}, ${source.where ?? 'TRUE'} FROM ${shop.t(source.table)}
     WHERE ${amongIds(source.idColumn, ids)}`,
  );
  const covered = new Map(rows.map(([id, inside]) => [id, inside === 1]));
  const products =
    source.table === shop.product.ids.table ? await productFacts(read, shop, ids) : undefined;
  return new Map(
    ids.map((id) => {
      const inside = covered.get(id);
      if (inside === undefined) return [id, NOTHING];
      return [id, { exists: true, covered: inside, product: products?.get(id) ?? null }];
    }),
  );
}

async function productFacts(
  read: Read,
  shop: Shop,
  ids: readonly number[],
): Promise<ReadonlyMap<number, ProductFacts>> {
  const { product } = shop;
  const rows = await read.rows<[number, string, string]>(
    `SELECT e.entity_id, e.sku, e.type_id FROM ${shop.t(product.name)} e
     WHERE ${amongIds('e.entity_id', ids)} AND ${product.active('e')}`,
  );
  const assigned = await read.rows<[number, number]>(
    `SELECT product_id, website_id FROM ${shop.t('catalog_product_website')}
     WHERE ${amongIds('product_id', ids)}`,
  );
  const statuses = await read.rows<[number, number, number]>(
    `SELECT e.entity_id, v.store_id, v.value FROM ${shop.t(product.name)} e
     JOIN ${shop.t(`${product.name}_int`)} v ON v.${product.linkField} = e.${product.linkField}
     WHERE ${amongIds('e.entity_id', ids)} AND ${product.active('e')}
       AND v.attribute_id = ${shop.productAttributes.id('status')} AND v.value IS NOT NULL`,
  );
  const statusOf = new Map(statuses.map(([id, store, value]) => [`${id} ${store}`, value]));
  const websitesOf = new Set(assigned.map(([id, website]) => `${id} ${website}`));
  return new Map(
    rows.map(([id, sku, type]) => {
      const views = shop.storeViews.filter(({ websiteId }) => websitesOf.has(`${id} ${websiteId}`));
      const isEnabled = (store: number): boolean =>
        (statusOf.get(`${id} ${store}`) ?? statusOf.get(`${id} 0`)) === ENABLED;
      return [
        id,
        {
          sku,
          type,
          websites: shop.websites
            .filter((website) => websitesOf.has(`${id} ${website.id}`))
            .map(({ code }) => code),
          enabledIn: views.filter((view) => isEnabled(view.id)).map(({ code }) => code),
          disabledIn: views.filter((view) => !isEnabled(view.id)).map(({ code }) => code),
        },
      ];
    }),
  );
}

const ENABLED = 1;
