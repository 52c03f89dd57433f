import { baseUrls } from '../../commerce/base-urls.js';
import type { Read } from '../../commerce/read.js';
import type { StoreView } from '../../commerce/scopes.js';
import type { Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { explainCauses } from '../../errors/export-error.js';
import { baseUrlWarnings } from '../base-url-warnings.js';
import type { Collected, CollectWarning, ItemFailure } from '../feed.js';
import { assembleCategory, scopesOf, type CategoryItem, type CategoryRules } from './assembly.js';
import { readDescriptionRule } from './description.js';
import { imageBase } from './image.js';
import {
  readAncestors,
  readCategories,
  readChildren,
  readValues,
  type CategoryRow,
} from './queries.js';
import { readSortableCodes } from './sort-order.js';
import { CategoryValues } from './values.js';

export interface CollectedCategories extends Collected<CategoryItem> {
  /** Items that went out although something of them could not be resolved. */
  readonly warnings: readonly CollectWarning[];
}

export type CollectCategories = (read: Read, selection: Selection) => Promise<CollectedCategories>;

/** Reads what all categories have in common, and returns their collector. */
export async function openCategories(shop: Shop, read: Read): Promise<CollectCategories> {
  const storeViews = shop.storeViews.map((storeView) => ({
    storeView,
    code: storeView.code,
    urls: baseUrls(shop.configuration, storeView),
  }));
  const shared = baseUrlWarnings(storeViews);
  const rules: CategoryRules = {
    scopes: storeViews.map(({ storeView, urls }) => ({
      storeView,
      images: imageBase(urls),
      defaultSortBy: shop.configuration.value('catalog/frontend/default_sort_by', storeView.id),
    })),
    sortable: await readSortableCodes(shop, read),
    description: await readDescriptionRule(shop, read),
  };
  return async (pageRead, selection) => {
    const page = await collectCategories(shop, rules, pageRead, selection);
    return { ...page, warnings: [...shared, ...page.warnings] };
  };
}

/**
 * Seven queries for a page: the categories, their values (a query for each of three value tables),
 * URL keys of their ancestors, the status of their top-level ancestors, and their children. The
 * tree is never read as a whole.
 */
async function collectCategories(
  shop: Shop,
  rules: CategoryRules,
  read: Read,
  selection: Selection,
): Promise<CollectedCategories> {
  const page = await readCategories(shop, read, selection);
  const exported = page
    .map((category) => ({ category, scopes: scopesOf(category, rules.scopes) }))
    .filter(({ scopes }) => scopes.length > 0);
  if (exported.length === 0) return { items: [], failures: [], warnings: [] };

  const values = new CategoryValues();
  await readValues(shop, read, selection, page, values);
  const onPage = new Set(page.map(({ id }) => id));
  const ancestors = new Set<number>();
  const tops = new Set<number>();
  for (const { category } of exported) {
    const [, , ...lineage] = category.lineage;
    for (const id of lineage) if (Number.isSafeInteger(id) && !onPage.has(id)) ancestors.add(id);
    const [top] = lineage;
    if (top !== undefined && ancestors.has(top)) tops.add(top);
  }
  await readAncestors(shop, read, ['url_key'], [...ancestors], values);
  await readAncestors(shop, read, ['is_active', 'include_in_menu'], [...tops], values);
  const children = await readChildren(
    shop,
    read,
    exported.map(({ category }) => category),
  );

  const items: CategoryItem[] = [];
  const failures: ItemFailure[] = [];
  const warnings: ItemFailure[] = [];
  for (const { category, scopes } of exported) {
    try {
      for (const scope of scopes) {
        const item = assembleCategory(category, scope, rules, values, children.get(category.id));
        items.push(item);
        if (item.urlPath === undefined) warnings.push(withoutUrlPath(category, scope.storeView));
      }
    } catch (error) {
      failures.push(notAssembled(category, error));
    }
  }
  return { items, failures, warnings };
}

/** The texts of a category are content of any kind and size: one must not stop the others. */
function notAssembled({ id }: CategoryRow, error: unknown): ItemFailure {
  const message = `The category ${id} could not be assembled: ${explainCauses(error)}`;
  return { sourceId: id, code: 'CDE01-23', message };
}

function withoutUrlPath({ id, path }: CategoryRow, { code }: StoreView): ItemFailure {
  return {
    sourceId: id,
    identity: [code],
    code: 'CDE01-21',
    message: `The category ${id} (${path}) has no URL key on its path in the store view ${code}; it is exported without a URL path.`,
  };
}
