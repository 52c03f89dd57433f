import type { Catalog } from '../catalog.js';
import type { Category, CategoryTree } from '../categories/category-tree.js';
import { hasActiveVersion, type Product } from './product.js';

/** Commerce's values: allow, deny, use parent. */
const allow = -1;
const deny = -2;

type Grants = readonly [view: number | null, price: number | null, checkout: number | null];

/** Rules of one category in fifteen: website and group, `null` for all. */
const rules: readonly {
  readonly website: number | null;
  readonly group: number | null;
  readonly grants: readonly [view: number, price: number, checkout: number];
}[] = [
  { website: null, group: null, grants: [allow, 0, deny] },
  { website: 1, group: 1, grants: [allow, allow, allow] },
  { website: 2, group: null, grants: [deny, deny, deny] },
  { website: null, group: 4, grants: [0, deny, 0] },
];

function isRuled({ ordinal }: Category): boolean {
  return ordinal >= 0 && ordinal % 15 === 0;
}

/** Category permissions and their index, and a shared catalog. Commerce edition only. */
export function writePermissions({ writer, scopes, settings }: Catalog, tree: CategoryTree): void {
  if (settings.edition === 'open-source') return;
  const rule = writer.table('magento_catalogpermissions', [
    'category_id',
    'website_id',
    'customer_group_id',
    'grant_catalog_category_view',
    'grant_catalog_product_price',
    'grant_checkout_items',
  ]);
  const index = writer.table('magento_catalogpermissions_index', [
    'category_id',
    'website_id',
    'customer_group_id',
    'grant_catalog_category_view',
    'grant_catalog_product_price',
    'grant_checkout_items',
  ]);
  for (const category of tree.categories.filter(isRuled)) {
    for (const { website, group, grants } of rules) {
      if (website === null || website <= scopes.websites.length) {
        rule.add(category.id, website, group, ...grants);
      }
    }
    for (const { id: websiteId } of scopes.websites) {
      for (const { id: groupId } of scopes.customerGroups) {
        index.add(category.id, websiteId, groupId, ...grantsFor(websiteId, groupId));
      }
    }
  }
  writer
    .table('shared_catalog', [
      'entity_id',
      'name',
      'customer_group_id',
      'type',
      'tax_class_id',
      'created_at',
    ])
    .add(1, 'Default (General)', 1, 1, 3, '2026-01-01 00:00:00');
}

/** Permissions of a product as the index has them, and its place in the shared catalog. */
export function permissionIndexWriter(
  { writer, scopes, settings }: Catalog,
  tree: CategoryTree,
): (product: Product) => void {
  if (settings.edition === 'open-source') return () => undefined;
  const index = writer.table('magento_catalogpermissions_index_product', [
    'product_id',
    'store_id',
    'customer_group_id',
    'grant_catalog_category_view',
    'grant_catalog_product_price',
    'grant_checkout_items',
  ]);
  const shared = writer.table('shared_catalog_product_item', ['sku', 'customer_group_id']);
  return (product) => {
    const { entityId, sku, categoryIds, websiteIds } = product;
    if (!hasActiveVersion(product)) return;
    if (entityId % 3 !== 0) shared.add(sku, 1);
    if (!categoryIds.some((id) => isRuled(tree.category(id)))) return;
    for (const { id: storeId, websiteId } of scopes.storeViews) {
      if (!websiteIds.includes(websiteId)) continue;
      for (const { id: groupId } of scopes.customerGroups) {
        index.add(entityId, storeId, groupId, ...grantsFor(websiteId, groupId));
      }
    }
  };
}

/** The most specific rule decides; what it leaves to the parent stays undecided (NULL). */
function grantsFor(websiteId: number, groupId: number): Grants {
  const found = rules
    .filter(
      ({ website, group }) =>
        (website ?? websiteId) === websiteId && (group ?? groupId) === groupId,
    )
    .sort((a, b) => specificity(b) - specificity(a))[0];
  const [view = 0, price = 0, checkout = 0] = found?.grants ?? [];
  return [undecided(view), undecided(price), undecided(checkout)];
}

function specificity({ website, group }: (typeof rules)[number]): number {
  return (website === null ? 0 : 2) + (group === null ? 0 : 1);
}

function undecided(grant: number): number | null {
  return grant === 0 ? null : grant;
}
