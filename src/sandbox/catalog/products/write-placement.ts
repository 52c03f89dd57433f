import type { Catalog } from '../catalog.js';
import type { Category, CategoryTree } from '../categories/category-tree.js';
import { randomFor } from '../catalog.js';
import { hasActiveVersion, isEnabledIn, visibilityIn, type Product } from './product.js';

/** Commerce adds this to the position of an inherited assignment. */
const inheritedPosition = 10_000;

/**
 * Websites, category assignments, and their index per store view: active categories, products
 * enabled and visible there; anchor categories show what their active descendants hold.
 */
export function placementWriter(catalog: Catalog, tree: CategoryTree): (product: Product) => void {
  const { writer, scopes } = catalog;
  const website = writer.table('catalog_product_website', ['product_id', 'website_id']);
  const assignment = writer.table('catalog_category_product', [
    'category_id',
    'product_id',
    'position',
  ]);
  const indexes = scopes.storeViews.map(
    (store) =>
      [
        store,
        writer.table(`catalog_category_product_index_store${store.id}`, [
          'category_id',
          'product_id',
          'position',
          'is_parent',
          'store_id',
          'visibility',
        ]),
      ] as const,
  );

  return (product) => {
    const { entityId, websiteIds, categoryIds } = product;
    const random = randomFor(catalog, 'placement', entityId);
    for (const websiteId of websiteIds) website.add(entityId, websiteId);
    const positions = new Map<Category, number>();
    for (const id of categoryIds) {
      const position = random.whole(0, 99);
      assignment.add(id, entityId, position);
      positions.set(tree.category(id), position);
    }
    if (!hasActiveVersion(product)) return;
    for (const [store, index] of indexes) {
      const visibility = visibilityIn(product, store.id);
      if (
        visibility === 1 ||
        !isEnabledIn(product, store.id) ||
        !websiteIds.includes(store.websiteId)
      ) {
        continue;
      }
      for (const [id, { position, direct }] of shownIn(store, positions, tree)) {
        index.add(id, entityId, position, direct ? 1 : 0, store.id, visibility);
      }
    }
  };
}

interface Shown {
  readonly position: number;
  readonly direct: boolean;
}

function shownIn(
  { id: storeId, rootCategoryId }: { readonly id: number; readonly rootCategoryId: number },
  positions: ReadonlyMap<Category, number>,
  tree: CategoryTree,
): Map<number, Shown> {
  const shown = new Map<number, Shown>([
    [rootCategoryId, { position: inheritedPosition, direct: false }],
  ]);
  for (const [category, position] of positions) {
    if (category.path[1] !== rootCategoryId || !tree.isActive(category, storeId)) continue;
    shown.set(category.id, { position, direct: true });
    for (const id of category.path.slice(2, -1)) {
      const ancestor = tree.category(id);
      if (!shown.has(id) && ancestor.anchor && tree.isActive(ancestor, storeId)) {
        shown.set(id, { position: position + inheritedPosition, direct: false });
      }
    }
  }
  return shown;
}
