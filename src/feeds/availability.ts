import type { Shop } from '../commerce/shop.js';
import type { Feed } from './feed.js';

type Needs = Pick<Feed, 'name' | 'requiredTables' | 'requiredModule'>;
type Has = Pick<Shop, 'hasTable' | 'isModuleOff'>;

/** Whether the shop has what the feed is made of: its tables, and the module that fills them. */
export function isAvailable(shop: Has, feed: Needs): boolean {
  return unavailability(shop, feed) === undefined;
}

/** Why the feed has no items in this shop, for people; undefined where it is available. */
export function unavailability(
  shop: Has,
  { name, requiredTables = [], requiredModule }: Needs,
): string | undefined {
  const missing = requiredTables.filter((table) => !shop.hasTable(table));
  let reason: string;
  if (missing.length > 0) reason = `there is no table ${missing.join(', ')}`;
  else if (requiredModule !== undefined && shop.isModuleOff(requiredModule)) {
    reason = `the module ${requiredModule} is switched off`;
  } else return undefined;
  return `The feed ${name} is not available in this shop: ${reason}.`;
}
