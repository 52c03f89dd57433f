import type { Read } from '../../commerce/read.js';
import { among, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { Collected, ItemOf } from '../feed.js';
import type { WebsiteScope } from './contract.js';

type Item = ItemOf<typeof WebsiteScope>;
type Store = NonNullable<Item['stores']>[number];
type StoreView = NonNullable<Store['storeViews']>[number];

type ScopeRow = readonly [
  websiteId: number,
  websiteCode: string | null,
  groupId: number | null,
  groupCode: string | null,
  storeId: number | null,
  storeCode: string | null,
];

/**
 * One query for a page. Scopes: store views are attached by their group alone, inactive ones count,
 * and the order is that of ids, not of sort orders.
 */
export async function collectWebsiteScopes(
  shop: Shop,
  read: Read,
  selection: Selection,
): Promise<Collected<Item>> {
  const rows = await read.rows<ScopeRow>(`
    SELECT w.website_id, w.code, g.group_id, g.code, s.store_id, s.code
    FROM ${shop.t('store_website')} w
    LEFT JOIN ${shop.t('store_group')} g ON g.website_id = w.website_id
    LEFT JOIN ${shop.t('store')} s ON s.group_id = g.group_id
    WHERE ${among('w.website_id', selection)} AND w.website_id <> 0
    ORDER BY w.website_id, g.group_id, s.store_id`);
  return { items: websiteItems(rows), failures: [] };
}

/** Rows in order of website, group, store view; a website or group with nothing in it has one row. */
export function websiteItems(rows: readonly ScopeRow[]): Item[] {
  const items: Item[] = [];
  let at = { websiteId: NaN, groupId: NaN };
  let stores: Store[] = [];
  let storeViews: StoreView[] = [];
  for (const [websiteId, websiteCode, groupId, groupCode, storeId, storeCode] of rows) {
    if (websiteId !== at.websiteId) {
      at = { websiteId, groupId: NaN };
      stores = [];
      items.push({
        websiteId: String(websiteId),
        ...(websiteCode === null ? {} : { websiteCode }),
        stores: groupId === null ? null : stores,
      });
    }
    if (groupId !== null && groupId !== at.groupId) {
      at.groupId = groupId;
      storeViews = [];
      stores.push({
        storeId: String(groupId),
        ...(groupCode === null ? {} : { storeCode: groupCode }),
        storeViews: storeId === null ? null : storeViews,
      });
    }
    if (storeId !== null) {
      storeViews.push({
        storeViewId: String(storeId),
        ...(storeCode === null ? {} : { storeViewCode: storeCode }),
      });
    }
  }
  return items;
}
