import type { Read } from '../../commerce/read.js';
import { amongIds } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { CategoryEntry } from './contract.js';
import { appendById, orNull, within } from './grouping.js';
import type { Page } from './page.js';
import { setScoped, type Scoped } from './scoped.js';

export interface CategoryAssignment {
  /** The category's. */
  readonly id: number;
  readonly position: number | null;
}

/** Where a page's products are shown, by store view and entity id, and the categories' paths. */
export class ProductCategories {
  readonly #assignments: ReadonlyMap<number, ReadonlyMap<number, CategoryAssignment[]>>;
  readonly #idsOnPath: ReadonlyMap<number, readonly number[]>;
  readonly #urlKeys: ReadonlyMap<number, Scoped<string>>;
  readonly #paths = new Map<number, Map<number, string>>();
  readonly #pathless: { readonly categoryId: number; readonly storeId: number }[] = [];

  constructor(
    assignments: ReadonlyMap<number, ReadonlyMap<number, CategoryAssignment[]>>,
    idsOnPath: ReadonlyMap<number, readonly number[]>,
    urlKeys: ReadonlyMap<number, Scoped<string>>,
  ) {
    this.#assignments = assignments;
    this.#idsOnPath = idsOnPath;
    this.#urlKeys = urlKeys;
  }

  /** `categoryData[]`, ascending by category id. Categories without a path are left out. */
  of(productId: number, storeId: number): CategoryEntry[] | null {
    const entries: CategoryEntry[] = [];
    for (const { id, position } of this.#assignments.get(storeId)?.get(productId) ?? []) {
      const categoryPath = this.#path(id, storeId);
      if (isNoPath(categoryPath)) continue;
      entries.push({
        categoryId: String(id),
        categoryPath,
        ...(position === null ? {} : { productPosition: position }),
      });
    }
    return orNull(entries);
  }

  /** Categories that were left out so far, once for each store view. */
  get pathless(): readonly { readonly categoryId: number; readonly storeId: number }[] {
    return this.#pathless;
  }

  /** Empty for roots and for what is no category. */
  #path(categoryId: number, storeId: number): string {
    const paths = within(this.#paths, storeId);
    let path = paths.get(categoryId);
    if (path === undefined) {
      const ids = this.#idsOnPath.get(categoryId) ?? [];
      path = ids.flatMap((id) => this.#urlKeys.get(id)?.get(storeId) ?? []).join('/');
      if (ids.length > 0 && isNoPath(path)) this.#pathless.push({ categoryId, storeId });
      paths.set(categoryId, path);
    }
    return path;
  }
}

/**
 * Three queries: the assignments of all store views (own and inherited ones, as Commerce's index
 * holds them), the paths of the categories, the URL keys along the paths. They are read with the
 * page: a shop may have more categories than an epoch should keep, and they change like products.
 */
export async function readCategories(
  read: Read,
  shop: Shop,
  page: Page,
): Promise<ProductCategories> {
  const assignments = new Map<number, Map<number, CategoryAssignment[]>>();
  const categoryIds = new Set<number>();
  for (const [storeId, productId, categoryId, position] of await readIndexes(read, shop, page)) {
    categoryIds.add(categoryId);
    appendById(within(assignments, storeId), productId, { id: categoryId, position });
  }
  const idsOnPath = await readPaths(read, shop, [...categoryIds]);
  const onPaths = new Set<number>();
  for (const ids of idsOnPath.values()) for (const id of ids) onPaths.add(id);
  const urlKeys = await readUrlKeys(read, shop, [...onPaths]);
  return new ProductCategories(assignments, idsOnPath, urlKeys);
}

/** A store view has an index table of its own; one that Commerce has not made yet is empty. */
async function readIndexes(
  read: Read,
  shop: Shop,
  page: Page,
): Promise<[storeId: number, productId: number, categoryId: number, position: number | null][]> {
  const indexes = shop.storeViews.flatMap(({ id }) => {
    const table = `catalog_category_product_index_store${id}`;
    return shop.hasTable(table)
      ? `SELECT ${id}, i.product_id, i.category_id, i.position
         FROM ${shop.t(table)} i WHERE ${page.entities('i.product_id')}`
      : [];
  });
  return indexes.length === 0 ? [] : read.rows(indexes.join('\nUNION ALL\n'));
}

/** The ids on the paths of categories, without the tree's root and the store's; levels from 2 on. */
async function readPaths(
  read: Read,
  shop: Shop,
  categoryIds: readonly number[],
): Promise<Map<number, number[]>> {
  if (categoryIds.length === 0) return new Map();
  const rows = await read.rows<[number, string]>(`
    SELECT c.entity_id, c.path
    FROM ${shop.t(shop.category.name)} c
    WHERE ${amongIds('c.entity_id', categoryIds)} AND c.level > 1 AND ${shop.category.active('c')}`);
  return new Map(
    rows.map(([id, path]) => [
      id,
      path.split('/').slice(2).map(Number).filter(Number.isSafeInteger),
    ]),
  );
}

async function readUrlKeys(
  read: Read,
  shop: Shop,
  categoryIds: readonly number[],
): Promise<Map<number, Scoped<string>>> {
  const urlKeys = new Map<number, Scoped<string>>();
  if (categoryIds.length === 0) return urlKeys;
  const { name, linkField } = shop.category;
  const rows = await read.rows<[number, number, string]>(`
    SELECT c.entity_id, v.store_id, v.value
    FROM ${shop.t(name)} c
    JOIN ${shop.t(`${name}_varchar`)} v ON v.${linkField} = c.${linkField}
      AND v.attribute_id+0 = ${shop.categoryAttributes.id('url_key')}
    WHERE ${amongIds('c.entity_id', categoryIds)} AND ${shop.category.active('c')}
      AND v.value IS NOT NULL`);
  for (const [categoryId, storeId, urlKey] of rows) setScoped(urlKeys, categoryId, storeId, urlKey);
  return urlKeys;
}

function isNoPath(path: string): boolean {
  return path === '' || path === '0';
}
