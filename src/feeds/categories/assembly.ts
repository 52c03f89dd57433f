import type { StoreView } from '../../commerce/scopes.js';
import type { ItemOf } from '../feed.js';
import type { Category } from './contract.js';
import { imageUrl, type ImageBase } from './image.js';
import type { CategoryRow } from './queries.js';
import { availableSortOrders, defaultSortOrder } from './sort-order.js';
import {
  integerOf,
  textOf,
  valueOf,
  valueOrDefault,
  type CategoryAttribute,
  type CategoryValues,
  type ScopedValues,
} from './values.js';

export type CategoryItem = ItemOf<typeof Category>;

/** A store view as far as categories depend on it. */
export interface CategoryScope {
  readonly storeView: StoreView;
  readonly images: ImageBase;
  /** The sort order where a category has none of its own. */
  readonly defaultSortBy: string | null;
}

/** What all categories of an epoch have in common. */
export interface CategoryRules {
  readonly scopes: readonly CategoryScope[];
  readonly sortable: ReadonlySet<string>;
  /** What becomes of a stored description. */
  readonly description: (text: string) => string;
}

/** The store views whose store group's root category lies on the category's path, or is it. */
export function scopesOf(category: CategoryRow, scopes: readonly CategoryScope[]): CategoryScope[] {
  return scopes.filter(({ storeView }) => category.lineage.includes(storeView.rootCategoryId, 1));
}

/**
 * The item of a category in a store view. `values` hold the category's own rows, the URL keys of
 * its ancestors and the status of its top-level ancestor.
 */
export function assembleCategory(
  category: CategoryRow,
  { storeView, images, defaultSortBy }: CategoryScope,
  rules: CategoryRules,
  values: CategoryValues,
  children: readonly string[] | undefined,
): CategoryItem {
  const scoped = values.in(category.id, storeView.id);
  const text = (code: CategoryAttribute): string | null => textOf(valueOf(scoped, code));
  const image = text('image');
  const available = availableSortOrders(text('available_sort_by'));

  // Keys that are null are left out, in the order of the reference exporter's items; spreading
  // them in conditionally costs more than all the rest of an item.
  const item: Partial<CategoryItem> = {
    categoryId: String(category.id),
    storeViewCode: storeView.code,
    storeCode: storeView.storeCode,
    websiteCode: storeView.websiteCode,
  };
  const name = text('name');
  if (name !== null) item.name = name;
  const description = text('description');
  if (description !== null) item.description = rules.description(description);
  const metaTitle = text('meta_title');
  if (metaTitle !== null) item.metaTitle = metaTitle;
  const metaKeywords = text('meta_keywords');
  if (metaKeywords !== null) item.metaKeywords = metaKeywords;
  const metaDescription = text('meta_description');
  if (metaDescription !== null) item.metaDescription = metaDescription;
  const displayMode = text('display_mode');
  if (displayMode !== null) item.displayMode = displayMode;
  const urlKey = text('url_key');
  if (urlKey !== null) item.urlKey = urlKey;
  const urlPath = urlPathOf(category, storeView.id, values);
  if (urlPath !== null) item.urlPath = urlPath;
  item.image = image === null ? null : imageUrl(image, images);
  item.level = category.level;
  item.path = category.path;
  item.parentId = String(category.parentId);
  item.children = children === undefined ? null : [...children];
  item.position = category.position;
  item.defaultSortBy = defaultSortOrder(
    text('default_sort_by') ?? defaultSortBy,
    available,
    rules.sortable,
  );
  item.availableSortBy = available;
  const isAnchor = integerOf(valueOf(scoped, 'is_anchor'));
  if (isAnchor !== null) item.isAnchor = isAnchor;
  const top = topLevelStatus(category, storeView.id, values);
  const includeInMenu = top.inMenu ? integerOf(valueOf(scoped, 'include_in_menu')) : 0;
  if (includeInMenu !== null) item.includeInMenu = includeInMenu;
  const isActive = top.active ? integerOf(valueOf(scoped, 'is_active')) : 0;
  if (isActive !== null) item.isActive = isActive;
  item.createdAt = category.createdAt;
  item.updatedAt = category.updatedAt;
  return item as CategoryItem;
}

/**
 * URL keys of the category and its ancestors below the root category, active or not; null where a
 * category that needs a path gets none from them.
 */
function urlPathOf(category: CategoryRow, storeId: number, values: CategoryValues): string | null {
  if (category.level <= 1) return '';
  const keys: string[] = [];
  for (const id of category.lineage.slice(2)) {
    const key = textOf(valueOrDefault(values.in(id, storeId), 'url_key'));
    if (key !== null) keys.push(key);
  }
  const path = keys.join('/');
  return path === '' || path === '0' ? null : path;
}

/**
 * A category below the top-level ones shares the inactivity and the absence from the menu of its
 * top-level ancestor; those between the two do not matter. A status that the ancestor lacks counts
 * as off, unless it lacks both.
 */
function topLevelStatus(
  { lineage }: CategoryRow,
  storeId: number,
  values: CategoryValues,
): { readonly active: boolean; readonly inMenu: boolean } {
  const topId = lineage.length >= 4 ? lineage[2] : undefined;
  if (topId === undefined) return ON;
  const top = values.in(topId, storeId);
  if (!hasStatus(top)) return ON;
  return {
    active: (integerOf(valueOf(top, 'is_active')) ?? 0) !== 0,
    inMenu: (integerOf(valueOf(top, 'include_in_menu')) ?? 0) !== 0,
  };
}

const ON = { active: true, inMenu: true } as const;

function hasStatus({ own, base }: ScopedValues): boolean {
  return [own, base].some(
    (values) => values?.is_active !== undefined || values?.include_in_menu !== undefined,
  );
}
