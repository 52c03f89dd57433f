import { valueWriter, type ValueWriter } from '../attributes/value-writer.js';
import { attributeSetIds } from '../attributes/write-attribute-sets.js';
import { randomFor, type Catalog } from '../catalog.js';
import { daysAfter, timestamp } from '../dates.js';
import { Versions, type Version } from '../versions.js';
import { paragraph, sentence } from '../words.js';
import type { Category, CategoryTree } from './category-tree.js';

const firstRowId = 5001;

/** Categories, their attribute values, and their URLs in the store views that show them. */
export function writeCategories(catalog: Catalog, tree: CategoryTree): void {
  const { writer, settings } = catalog;
  const value = valueWriter(catalog, 'category');
  const versions = new Versions(settings, firstRowId);
  const staged = settings.edition === 'commerce';
  const entity = writer.table('catalog_category_entity', [
    ...(staged ? ['row_id', 'created_in', 'updated_in'] : []),
    'entity_id',
    'attribute_set_id',
    'parent_id',
    'created_at',
    'updated_at',
    'path',
    'position',
    'level',
    'children_count',
  ]);
  const descendants = countDescendants(tree.categories);
  for (const category of tree.categories) {
    const { id, path } = category;
    if (staged) writer.table('sequence_catalog_category', ['sequence_value']).add(id);
    // Root categories are not scheduled.
    for (const version of versions.of(category.ordinal < 0 ? 0 : id)) {
      const rowId = staged ? version.rowId : id;
      entity.add(
        ...(staged ? [rowId, version.createdIn, version.updatedIn] : []),
        id,
        attributeSetIds.category,
        path.at(-2) ?? 0,
        timestamp(daysAfter(settings.now, -400)),
        timestamp(daysAfter(settings.now, -(id % 90))),
        path.join('/'),
        category.position,
        path.length - 1,
        descendants.get(id) ?? 0,
      );
      writeValues(catalog, tree, category, rowId, version, value);
    }
  }
  writeUrls(catalog, tree);
}

function countDescendants(categories: readonly Category[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { path } of categories) {
    for (const id of path.slice(0, -1)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

function writeValues(
  catalog: Catalog,
  tree: CategoryTree,
  category: Category,
  rowId: number,
  { state }: Version,
  value: ValueWriter,
): void {
  const { id, name, ordinal, urlKey } = category;
  const random = randomFor(catalog, 'category values', id);
  value(rowId, 'name', 0, state === 'active' ? name : `${name} (${state})`);
  value(rowId, 'is_active', 0, category.active ? 1 : 0);
  value(rowId, 'include_in_menu', 0, category.inMenu ? 1 : 0);
  value(rowId, 'display_mode', 0, ordinal % 20 === 10 ? 'PRODUCTS_AND_PAGE' : 'PRODUCTS');
  if (ordinal < 0) return;
  value(rowId, 'is_anchor', 0, category.anchor ? 1 : 0);
  if (urlKey !== null) {
    value(rowId, 'url_key', 0, urlKey);
    value(rowId, 'url_path', 0, tree.urlPath(category, 0));
  }
  for (const override of category.overrides) {
    if (override.name !== undefined) value(rowId, 'name', override.storeId, override.name);
    if (override.urlKey !== undefined) value(rowId, 'url_key', override.storeId, override.urlKey);
    if (override.active !== undefined)
      value(rowId, 'is_active', override.storeId, override.active ? 1 : 0);
  }
  if (random.chance(0.3)) value(rowId, 'description', 0, paragraph(random, 3));
  if (random.chance(0.2)) value(rowId, 'meta_title', 0, `Buy ${name} & more`);
  if (random.chance(0.1)) value(rowId, 'meta_description', 0, sentence(random));
  if (random.chance(0.3)) {
    value(rowId, 'available_sort_by', 0, 'position,name,price');
    value(rowId, 'default_sort_by', 0, random.pick(['name', 'price', 'position']));
  }
  switch (ordinal % 20) {
    case 0:
      value(rowId, 'image', 0, `/media/catalog/category/c${id}.jpg`);
      value(rowId, 'available_sort_by', catalog.scopes.storeViews[0]?.id ?? 1, '');
      break;
    case 4:
      value(rowId, 'image', 0, `c${id}.png`);
      value(
        rowId,
        'description',
        catalog.scopes.storeViews[0]?.id ?? 1,
        `<img src="{{media url="wysiwyg/c${id}.png"}}">`,
      );
      break;
    case 8:
      value(rowId, 'default_sort_by', catalog.scopes.storeViews[0]?.id ?? 1, null);
      value(rowId, 'meta_keywords', 0, '');
      break;
  }
}

function writeUrls({ writer, scopes }: Catalog, tree: CategoryTree): void {
  const rewrite = writer.table('url_rewrite', rewriteColumns);
  for (const store of scopes.storeViews) {
    for (const category of tree.below(store.rootCategoryId)) {
      if (category.urlKey === null) continue;
      const target = `catalog/category/view/id/${category.id}`;
      const path = tree.urlPath(category, store.id);
      rewrite.add(
        rewrite.nextId(),
        'category',
        category.id,
        `${path}.html`,
        target,
        0,
        store.id,
        1,
        null,
      );
      const former = tree.urlPath(category, 0);
      if (former !== path) {
        rewrite.add(
          rewrite.nextId(),
          'category',
          category.id,
          `${former}.html`,
          `${path}.html`,
          301,
          store.id,
          0,
          null,
        );
      }
    }
    rewrite.add(
      rewrite.nextId(),
      'custom',
      0,
      'summer-sale',
      'catalogsearch/result?q=sale',
      302,
      store.id,
      0,
      null,
    );
  }
}

/** The columns of `url_rewrite` as the generator fills them. */
export const rewriteColumns = [
  'url_rewrite_id',
  'entity_type',
  'entity_id',
  'request_path',
  'target_path',
  'redirect_type',
  'store_id',
  'is_autogenerated',
  'metadata',
] as const;
