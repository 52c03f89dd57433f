import { Random } from '../random.js';
import type { CatalogSettings } from '../options.js';
import { rootCategoryIds, type Scopes } from '../scopes/scopes.js';
import { categoryName, translated, urlKey } from '../words.js';

export interface Category {
  readonly id: number;
  readonly name: string;
  /** Ids from the tree's root (1) down to the category itself. */
  readonly path: readonly number[];
  readonly position: number;
  /** `null` for roots. */
  readonly urlKey: string | null;
  readonly active: boolean;
  readonly inMenu: boolean;
  readonly anchor: boolean;
  /** What single store views say instead. */
  readonly overrides: readonly CategoryOverride[];
  /** Place among the categories of its tree, from 0; -1 for roots. Decides what is odd about it. */
  readonly ordinal: number;
}

export interface CategoryOverride {
  readonly storeId: number;
  readonly name?: string;
  /** `null` is a row without a value. */
  readonly urlKey?: string | null;
  readonly active?: boolean;
}

export interface CategoryTree {
  readonly categories: readonly Category[];
  /** Categories that can hold products, by root category. */
  readonly below: (rootId: number) => readonly Category[];
  readonly category: (id: number) => Category;
  readonly isActive: (category: Category, storeId: number) => boolean;
  /** Keys from below the root category on, joined by slashes. */
  readonly urlPath: (category: Category, storeId: number) => string;
}

/** A tree that no store group uses. */
const unusedRootId = 4;

/** One category for 60 products, at least 26 and at most 1,500, in three trees. */
export function planCategories(settings: CatalogSettings, scopes: Scopes): CategoryTree {
  const count = Math.min(1500, Math.max(26, Math.ceil(settings.products / 60)));
  const [first, second] = rootCategoryIds;
  const categories: Category[] = [
    root(1, 'Root Catalog', [1], 0),
    root(first, 'Default Category', [1, first], 1),
    root(second, 'Europe', [1, second], 2),
    root(unusedRootId, 'Not in any store', [1, unusedRootId], 3),
  ];
  const byId = new Map(categories.map((category) => [category.id, category]));
  for (const [rootId, share] of [
    [first, 0.6],
    [second, 0.32],
    [unusedRootId, 0.08],
  ] as const) {
    growTree(rootId, Math.max(2, Math.round(count * share)));
  }

  function growTree(rootId: number, size: number): void {
    const branches = Math.max(4, Math.ceil(Math.cbrt(size)));
    const tree: Category[] = [];
    for (let ordinal = 0; ordinal < size; ordinal += 1) {
      const parent = tree[Math.floor(ordinal / branches) - 1] ?? byId.get(rootId);
      const category = plan(categories.length + 1, ordinal, parent?.path ?? [], ordinal % branches);
      tree.push(category);
      categories.push(category);
      byId.set(category.id, category);
    }
  }

  function plan(id: number, ordinal: number, above: readonly number[], at: number): Category {
    const name = categoryName(Random.for(settings.seed, 'category', id));
    return {
      id,
      name,
      path: [...above, id],
      position: at + 1,
      urlKey: `${urlKey(name)}-${id}`,
      active: ordinal % 20 !== 1,
      inMenu: ordinal % 20 !== 2,
      anchor: ordinal % 20 !== 3,
      overrides: overrides(name, id, ordinal, scopes),
      ordinal,
    };
  }

  const below = new Map(
    [first, second, unusedRootId].map((id) => [
      id,
      categories.filter(({ path }) => path[1] === id && path.length > 2),
    ]),
  );
  const category = (id: number): Category => {
    const found = byId.get(id);
    if (found === undefined) throw new Error(`There is no category ${id}.`);
    return found;
  };
  const keyIn = ({ urlKey: key, overrides: list }: Category, storeId: number): string | null =>
    list.find((override) => override.storeId === storeId)?.urlKey ?? key;
  return {
    categories,
    below: (rootId) => below.get(rootId) ?? [],
    category,
    isActive: ({ active, overrides: list }, storeId) =>
      list.find((override) => override.storeId === storeId)?.active ?? active,
    urlPath: ({ path }, storeId) =>
      path
        .slice(2)
        .map((id) => keyIn(category(id), storeId))
        .filter((key) => key !== null)
        .join('/'),
  };
}

function root(id: number, name: string, path: readonly number[], position: number): Category {
  return {
    id,
    name,
    path,
    position,
    urlKey: null,
    active: true,
    inMenu: true,
    anchor: true,
    overrides: [],
    ordinal: -1,
  };
}

function overrides(name: string, id: number, ordinal: number, scopes: Scopes): CategoryOverride[] {
  const foreign = scopes.storeViews.filter(({ language }) => language !== 'en');
  const last = scopes.storeViews.at(-1)?.id ?? 1;
  switch (ordinal % 20) {
    case 0:
    case 5:
      return foreign.map(({ id: storeId, language }) => ({
        storeId,
        name: translated(name, language),
        urlKey: `${urlKey(name)}-${language}-${id}`,
      }));
    case 6:
      return [{ storeId: last, active: false }];
    case 7:
      return [{ storeId: last, urlKey: null }];
    default:
      return [];
  }
}
