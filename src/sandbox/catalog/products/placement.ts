import type { Catalog } from '../catalog.js';
import type { CategoryTree } from '../categories/category-tree.js';
import type { Random } from '../random.js';
import { translated, urlKey } from '../words.js';
import type { Oddity } from './plan.js';
import type { StoreOverride } from './product.js';

/** Where a product is offered. */
export interface Placement {
  readonly websiteIds: readonly number[];
  readonly categoryIds: readonly number[];
}

/** Most products are on the first website, two thirds on the second, half on each further one. */
export function placement(
  { scopes }: Catalog,
  tree: CategoryTree,
  random: Random,
  oddity: Oddity,
): Placement {
  const websiteIds = scopes.websites
    .map(({ id }) => id)
    .filter((id) => {
      const chosen = random.chance(id === 1 ? 0.94 : id === 2 ? 0.66 : 0.5);
      return oddity === 'complete' || chosen;
    });
  if (oddity === 'no website') websiteIds.length = 0;
  else if (websiteIds.length === 0) websiteIds.push(1);

  const roots = new Set(
    scopes.groups
      .filter(({ websiteId }) => websiteIds.includes(websiteId))
      .map(({ rootCategoryId }) => rootCategoryId),
  );
  const categoryIds =
    oddity === 'no category'
      ? []
      : [...roots].flatMap((rootId) => {
          const choice = tree.below(rootId);
          const some = random.chance(0.6)
            ? [random.pick(choice)]
            : [random.pick(choice), random.pick(choice)];
          const ids = some.map(({ id }) => id);
          return random.chance(0.02) ? [rootId, ...ids] : ids;
        });
  return { websiteIds, categoryIds: [...new Set(categoryIds)] };
}

/** Store views beyond the first say something else now and then. */
export function storeOverrides(
  { scopes }: Catalog,
  random: Random,
  { name, urlKey: key, complete }: { name: string; urlKey: string; complete: boolean },
): StoreOverride[] {
  const overrides: StoreOverride[] = [];
  for (const { id: storeId, language } of scopes.storeViews.slice(1)) {
    const draw = random.next();
    if (complete || draw < 0.1) {
      overrides.push({
        storeId,
        name: translated(name, language),
        urlKey: `${urlKey(translated(name, language))}-${storeId}-${key.split('-').at(-1) ?? ''}`,
      });
    } else if (draw < 0.115) {
      overrides.push({ storeId, enabled: false });
    } else if (draw < 0.125) {
      overrides.push({ storeId, visibility: draw < 0.12 ? 1 : 4 });
    }
  }
  return overrides;
}
