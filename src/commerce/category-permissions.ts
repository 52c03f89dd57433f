import type { Configuration } from './configuration.js';

/** What a permission grants, and where Commerce keeps it: columns and settings bear one name. */
export const GRANTS = {
  displayable: 'grant_catalog_category_view',
  priceDisplayable: 'grant_catalog_product_price',
  buyable: 'grant_checkout_items',
} as const;

export type Grant = keyof typeof GRANTS;

/** Who is allowed where no rule decides: everyone, some customer groups, or nobody. */
export interface PermissionFallback {
  readonly mode: 'ALL' | 'GROUPS' | 'NONE';
  /** Ids in ascending order; none unless the mode is `GROUPS`. */
  readonly groupIds: readonly number[];
}

const SECTION = 'catalog/magento_catalogpermissions';

/** Category permissions are off by default; the switch is global. */
export function permissionsEnabled(configuration: Configuration): boolean {
  return configuration.value(`${SECTION}/enabled`) === '1';
}

/** What is configured for a grant, in a website or, without one, in the default scope. */
export function permissionFallback(
  configuration: Configuration,
  grant: Grant,
  websiteId?: number,
): PermissionFallback {
  const [modePath, groupsPath] = fallbackPaths(grant);
  const value = (path: string): string | null =>
    websiteId === undefined
      ? configuration.value(path)
      : configuration.websiteValue(path, websiteId);
  const mode = value(modePath);
  if (mode === '1') return { mode: 'ALL', groupIds: [] };
  if (mode === '2') return { mode: 'GROUPS', groupIds: groupIds(value(groupsPath)) };
  return { mode: 'NONE', groupIds: [] };
}

/** Whether a website has a setting of its own for a grant, mode or groups. */
export function hasOwnFallback(
  configuration: Configuration,
  grant: Grant,
  websiteId: number,
): boolean {
  return fallbackPaths(grant).some((path) => configuration.isSetForWebsite(path, websiteId));
}

function fallbackPaths(grant: Grant): readonly [mode: string, groups: string] {
  const path = `${SECTION}/${GRANTS[grant]}`;
  return [path, `${path}_groups`];
}

function groupIds(list: string | null): number[] {
  const ids = (list ?? '').split(',').map((id) => id.trim());
  return [...new Set(ids.filter((id) => /^\d+$/.test(id)).map(Number))].sort((a, b) => a - b);
}
