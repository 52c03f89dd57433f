import type { Attribute } from '../../commerce/attributes.js';
import type { Read } from '../../commerce/read.js';
import { among, amongIds, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import {
  CATEGORY_ATTRIBUTES,
  type CategoryAttribute,
  type CategoryValues,
  type Value,
} from './values.js';

/** A row of a category in the version in force. */
export interface CategoryRow {
  readonly id: number;
  /** `row_id` on Adobe Commerce. */
  readonly link: number;
  readonly parentId: number;
  readonly path: string;
  /** The ids in `path`: the root of all trees, the root category, and so on; NaN for what is none. */
  readonly lineage: readonly number[];
  readonly level: number;
  readonly position: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export async function readCategories(
  shop: Shop,
  read: Read,
  selection: Selection,
): Promise<CategoryRow[]> {
  const { category } = shop;
  const rows = await read.rows<[number, number, number, string, number, number, string, string]>(`
    SELECT c.entity_id, c.${category.linkField}, c.parent_id, c.path, c.level, c.position,
           c.created_at, c.updated_at
    FROM ${shop.t(category.name)} c
    WHERE ${among('c.entity_id', selection)} AND ${category.active('c')}`);
  return rows.map(([id, link, parentId, path, level, position, createdAt, updatedAt]) => ({
    id,
    link,
    parentId,
    path,
    lineage: path.split('/').map(Number),
    level,
    position,
    createdAt,
    updatedAt,
  }));
}

/** All values of the page's categories, in all stores: a query for each value table. */
export async function readValues(
  shop: Shop,
  read: Read,
  selection: Selection,
  categories: readonly CategoryRow[],
  values: CategoryValues,
): Promise<void> {
  const { name, linkField, versioned } = shop.category;
  const links: Selection = versioned
    ? { kind: 'ids', ids: categories.map(({ link }) => link) }
    : selection;
  const idOf = new Map(categories.map(({ id, link }) => [link, id]));
  for (const [type, attributes] of shop.categoryAttributes.byValueType(CATEGORY_ATTRIBUTES)) {
    const codeOf = codesById(attributes);
    const rows = await read.rows<[number, number, number, Value]>(`
      SELECT v.${linkField}, v.store_id, v.attribute_id, v.value
      FROM ${shop.t(`${name}_${type}`)} v
      WHERE ${among(`v.${linkField}`, links)}
        AND v.attribute_id+0 IN (${[...codeOf.keys()].join(',')})`);
    for (const [link, storeId, attributeId, value] of rows) {
      const id = idOf.get(link);
      const code = codeOf.get(attributeId);
      if (id !== undefined && code !== undefined) values.add(id, storeId, code, value);
    }
  }
}

/** Values of some attributes of categories that need not be on the page, in all stores. */
export async function readAncestors(
  shop: Shop,
  read: Read,
  codes: readonly CategoryAttribute[],
  categoryIds: readonly number[],
  values: CategoryValues,
): Promise<void> {
  if (categoryIds.length === 0) return;
  const { category } = shop;
  for (const [type, attributes] of shop.categoryAttributes.byValueType(codes)) {
    const codeOf = codesById(attributes);
    const rows = await read.rows<[number, number, number, Value]>(`
      SELECT c.entity_id, v.store_id, v.attribute_id, v.value
      FROM ${shop.t(category.name)} c
      JOIN ${shop.t(`${category.name}_${type}`)} v
        ON v.${category.linkField} = c.${category.linkField}
       AND v.attribute_id IN (${[...codeOf.keys()].join(',')})
      WHERE ${amongIds('c.entity_id', categoryIds)} AND ${category.active('c')}`);
    for (const [id, storeId, attributeId, value] of rows) {
      const code = codeOf.get(attributeId);
      if (code !== undefined) values.add(id, storeId, code, value);
    }
  }
}

function codesById(attributes: readonly Attribute[]): Map<number, CategoryAttribute> {
  return new Map(attributes.map(({ id, code }) => [id, code as CategoryAttribute]));
}

/**
 * The active children of categories, by category id, in order of id. As in the reference exporter
 * run by cron, the default status decides for all store views; a child is what lies below a
 * category's path and at most one level deeper.
 */
export async function readChildren(
  shop: Shop,
  read: Read,
  categories: readonly CategoryRow[],
): Promise<Map<number, string[]>> {
  const children = new Map<number, number[]>();
  const { category } = shop;
  const active = shop.categoryAttributes.get('is_active');
  if (active?.valueType === undefined || categories.length === 0) return new Map();

  // One range of the path index for each category. A query for each level, since the level keeps
  // the search from walking through the whole tree below a category near its root.
  const levels = new Map<number, CategoryRow[]>();
  for (const row of categories) {
    const level = levels.get(row.level);
    if (level === undefined) levels.set(row.level, [row]);
    else level.push(row);
  }
  const selects: string[] = [];
  const patterns: string[] = [];
  for (const [level, rows] of levels) {
    selects.push(`
      SELECT c.entity_id, c.path, c.level
      FROM ${shop.t(category.name)} c
      JOIN ${shop.t(`${category.name}_${active.valueType}`)} a
        ON a.${category.linkField} = c.${category.linkField}
       AND a.attribute_id = ${active.id} AND a.store_id = 0 AND a.value = 1
      WHERE c.level <= ${level + 1} AND (${rows.map(() => 'c.path LIKE ?').join(' OR ')})
        AND ${category.active('c')}`);
    for (const { path } of rows) patterns.push(`${path}/%`);
  }
  const found = await read.rows<[number, string, number]>(selects.join(' UNION '), patterns);

  const byPath = new Map<string, CategoryRow[]>();
  for (const row of categories) byPath.set(row.path, [...(byPath.get(row.path) ?? []), row]);
  for (const [id, path, level] of found) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      for (const parent of byPath.get(path.slice(0, end)) ?? []) {
        if (level > parent.level + 1) continue;
        const known = children.get(parent.id);
        if (known === undefined) children.set(parent.id, [id]);
        else known.push(id);
      }
    }
  }
  return new Map(
    [...children].map(([id, ids]) => [id, ids.sort((a, b) => a - b).map(String)] as const),
  );
}
