import { randomFor, type Catalog } from '../catalog.js';
import type { CategoryTree } from '../categories/category-tree.js';
import { rewriteColumns } from '../categories/write-categories.js';
import type { StoreView } from '../scopes/scopes.js';
import { hasActiveVersion, urlKeyIn, visibilityIn, type Product } from './product.js';

/** Rewrites of visible products: the main one, one for each category, and redirects of old keys. */
export function urlWriter(catalog: Catalog, tree: CategoryTree): (product: Product) => void {
  const { writer, scopes } = catalog;
  const rewrite = writer.table('url_rewrite', rewriteColumns);
  const ofCategory = writer.table('catalog_url_rewrite_product_category', [
    'url_rewrite_id',
    'category_id',
    'product_id',
  ]);

  return (product) => {
    if (!hasActiveVersion(product)) return;
    const random = randomFor(catalog, 'urls', product.entityId);
    const renamed = random.chance(0.05);
    for (const websiteId of product.websiteIds) {
      for (const store of scopes.storeViewsOf(websiteId)) {
        if (visibilityIn(product, store.id) !== 1) writeStore(product, store, renamed);
      }
    }
    if (product.complete) writeCustom(product);
  };

  function writeStore(product: Product, store: StoreView, renamed: boolean): void {
    const { entityId } = product;
    const key = urlKeyIn(product, store.id);
    const target = `catalog/product/view/id/${entityId}`;
    add(entityId, `${key}.html`, target, 0, store.id, null);
    if (key !== product.urlKey || renamed) {
      const former = key === product.urlKey ? `${key}-old` : product.urlKey;
      add(entityId, `${former}.html`, `${key}.html`, 301, store.id, null);
    }
    for (const categoryId of product.categoryIds) {
      const category = tree.category(categoryId);
      const path = tree.urlPath(category, store.id);
      if (category.path[1] !== store.rootCategoryId || path === '') continue;
      const id = add(
        entityId,
        `${path}/${key}.html`,
        `${target}/category/${categoryId}`,
        0,
        store.id,
        JSON.stringify({ category_id: String(categoryId) }),
      );
      ofCategory.add(id, categoryId, entityId);
    }
  }

  /** An address made by hand beside the generated one: it has the higher id, so it counts. */
  function writeCustom({ entityId, websiteIds, sku }: Product): void {
    const [store] = scopes.storeViewsOf(websiteIds[0] ?? 1);
    if (store === undefined) return;
    const target = `catalog/product/view/id/${entityId}`;
    rewrite.add(
      rewrite.nextId(),
      'product',
      entityId,
      'our-best.html',
      target,
      0,
      store.id,
      0,
      null,
    );
    rewrite.add(
      rewrite.nextId(),
      'product',
      entityId,
      `sku/${sku}`,
      'our-best.html',
      302,
      store.id,
      0,
      '[]',
    );
  }

  function add(
    entityId: number,
    path: string,
    target: string,
    redirect: number,
    storeId: number,
    metadata: string | null,
  ): number {
    const id = rewrite.nextId();
    rewrite.add(
      id,
      'product',
      entityId,
      path,
      target,
      redirect,
      storeId,
      redirect === 0 ? 1 : 0,
      metadata,
    );
    return id;
  }
}
