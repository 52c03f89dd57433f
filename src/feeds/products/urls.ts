import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import type { UrlRewriteEntry } from './contract.js';
import { appendById, orNull, within } from './grouping.js';
import type { Page } from './page.js';
import type { ProductStoreView } from './store-views.js';

export interface UrlRewrite {
  readonly id: number;
  readonly requestPath: string;
  readonly targetPath: string;
  /** Whether it is the address of the product itself, not within a category, not a redirect. */
  readonly canonical: boolean;
}

/** Rewrites of the page's products by entity id and store view, ascending by id: one query. */
export async function readUrlRewrites(
  read: Read,
  shop: Shop,
  page: Page,
): Promise<Map<number, Map<number, UrlRewrite[]>>> {
  const rows = await read.rows<[number, number, number, string | null, string | null, number]>(`
    SELECT u.entity_id, u.store_id, u.url_rewrite_id, u.request_path, u.target_path,
           u.redirect_type = 0 AND u.metadata IS NULL
    FROM ${shop.t('url_rewrite')} u
    WHERE ${page.entities('u.entity_id')} AND u.entity_type = 'product'`);
  const rewrites = new Map<number, Map<number, UrlRewrite[]>>();
  for (const [productId, storeId, id, requestPath, targetPath, canonical] of rows) {
    const rewrite = {
      id,
      requestPath: requestPath ?? '',
      targetPath: targetPath ?? '',
      canonical: canonical === 1,
    };
    appendById(within(rewrites, productId), storeId, rewrite);
  }
  return rewrites;
}

/** `urlRewrites[]`: redirects too. Their URLs know no store code and no `index.php`. */
export function urlRewriteEntries(
  rewrites: readonly UrlRewrite[],
  { urls }: ProductStoreView,
): UrlRewriteEntry[] | null {
  return orNull(
    rewrites.map(({ requestPath, targetPath }) => ({
      url: urls.web + requestPath,
      parameters: parametersOf(targetPath),
    })),
  );
}

/** The product's own address, or the one Commerce answers without a rewrite. */
export function urlOf(
  productId: number,
  urlKey: string | null,
  rewrites: readonly UrlRewrite[],
  { urls }: ProductStoreView,
): string {
  const canonical = rewrites.findLast((rewrite) => rewrite.canonical);
  return canonical === undefined
    ? `${urls.link}catalog/product/view/id/${productId}/s/${urlKey ?? ''}/`
    : urls.link + canonical.requestPath;
}

/** `catalog/product/view/id/1/category/3` has the parameters id = 1 and category = 3. */
function parametersOf(targetPath: string): { name: string; value: string }[] | null {
  const segments = targetPath.replace(/^\/+|\/+$/g, '').split('/');
  const parameters: { name: string; value: string }[] = [];
  for (let at = 3; at + 1 < segments.length; at += 2) {
    parameters.push({ name: segments[at] ?? '', value: segments[at + 1] ?? '' });
  }
  return orNull(parameters);
}
