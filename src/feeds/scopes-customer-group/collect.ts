import { customerGroupCode } from '../../commerce/customer-groups.js';
import type { Read } from '../../commerce/read.js';
import { among, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { Collected, ItemOf } from '../feed.js';
import type { CustomerGroupScope } from './contract.js';

type Item = ItemOf<typeof CustomerGroupScope>;

/** Website ids and codes in the order of payloads. */
export type WebsiteCodes = readonly (readonly [id: number, code: string])[];

/** Codes are ordered by the database, whose collation sets `_` after letters, unlike JavaScript. */
export function readWebsiteCodes(shop: Shop, read: Read): Promise<WebsiteCodes> {
  return read.rows<[number, string]>(`
    SELECT website_id, code FROM ${shop.t('store_website')}
    WHERE website_id <> 0 AND code IS NOT NULL
    ORDER BY code`);
}

/** Two queries for a page: the groups, and the websites closed to them. */
export async function collectCustomerGroups(
  shop: Shop,
  websites: WebsiteCodes,
  read: Read,
  selection: Selection,
): Promise<Collected<Item>> {
  const groups = await read.rows<[number]>(`
    SELECT customer_group_id FROM ${shop.t('customer_group')}
    WHERE ${among('customer_group_id', selection)} AND customer_group_id <> 0
    ORDER BY customer_group_id`);
  const exclusions = await read.rows<[number, number]>(`
    SELECT customer_group_id, website_id FROM ${shop.t('customer_group_excluded_website')}
    WHERE ${among('customer_group_id', selection)}`);

  const closed = new Map<number, Set<number>>();
  for (const [groupId, websiteId] of exclusions) {
    const websiteIds = closed.get(groupId);
    if (websiteIds === undefined) closed.set(groupId, new Set([websiteId]));
    else websiteIds.add(websiteId);
  }
  const items = groups.map(([groupId]): Item => {
    const open = websites.filter(([id]) => closed.get(groupId)?.has(id) !== true);
    return {
      customerGroupId: String(groupId),
      customerGroupCode: customerGroupCode(groupId),
      websites: open.length === 0 ? null : open.map(([, code]) => code),
    };
  });
  return { items, failures: [] };
}
