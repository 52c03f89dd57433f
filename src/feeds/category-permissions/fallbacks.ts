import {
  GRANTS,
  hasOwnFallback,
  permissionFallback,
  permissionsEnabled,
  type Grant,
  type PermissionFallback,
} from '../../commerce/category-permissions.js';
import { customerGroupCode } from '../../commerce/customer-groups.js';
import type { Shop } from '../../commerce/shop.js';
import type { ItemOf } from '../feed.js';
import type { CategoryPermission } from './contract.js';

type Item = ItemOf<typeof CategoryPermission>;
type Value = NonNullable<Item['values']>[number];

/** Where the fallbacks come from, which no category does. */
export const FALLBACK_SOURCE_ID = 0;

/** Four items: the switch, and what is configured for each grant. They exist whatever is set. */
export function fallbackItems({
  configuration,
  websites,
}: Pick<Shop, 'configuration' | 'websites'>): Item[] {
  const enabled: Value = {
    websiteCode: null,
    mode: permissionsEnabled(configuration) ? 'ALL' : 'NONE',
    customerGroupCodes: [],
  };
  const items: Item[] = [{ type: 'FALLBACK', setting: 'enabled', values: [enabled] }];
  for (const grant of Object.keys(GRANTS) as Grant[]) {
    const values = [valueOf(null, permissionFallback(configuration, grant))];
    for (const { id, code } of websites) {
      if (hasOwnFallback(configuration, grant, id)) {
        values.push(valueOf(code, permissionFallback(configuration, grant, id)));
      }
    }
    items.push({ type: 'FALLBACK', setting: grant, values });
  }
  return items;
}

function valueOf(websiteCode: string | null, { mode, groupIds }: PermissionFallback): Value {
  return { websiteCode, mode, customerGroupCodes: groupIds.map(customerGroupCode) };
}
