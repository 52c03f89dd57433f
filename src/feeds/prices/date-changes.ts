import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import { ruleDates, zonedWebsites } from './rule-dates.js';

/** A website in whose time zone another day has begun. */
export interface DateChange {
  readonly websiteId: number;
  /** `2026-11-21`. */
  readonly from: string;
  readonly to: string;
}

/**
 * The websites whose date at `to` is another than at `from`. Rule prices are those of the website's
 * date, so they change at its midnight although no row does. One query.
 */
export async function dateChanges(
  read: Read,
  shop: Shop,
  from: Date,
  to: Date,
): Promise<DateChange[]> {
  const dates = ruleDates(await zonedWebsites(shop, read));
  const before = dates.on(from);
  return [...dates.on(to)].flatMap(([websiteId, date]) => {
    const previous = before.get(websiteId) ?? date;
    return previous === date ? [] : [{ websiteId, from: previous, to: date }];
  });
}

/**
 * SQL that selects the ids of the products, `product_id`, whose rule prices on the new date are not
 * those of the old one; mostly few, since a rule's price is the same each day. Undefined where there
 * are no changes, or no rule prices in this shop.
 */
export function productsAtDateChange(
  shop: Shop,
  changes: readonly DateChange[],
): string | undefined {
  if (changes.length === 0 || !shop.hasTable('catalogrule_product_price')) return undefined;
  const table = shop.t('catalogrule_product_price');
  return changes
    .map(
      ({ websiteId, from, to }) => `SELECT d.product_id FROM (
        SELECT r.product_id
        FROM ${table} r
        WHERE r.website_id = ${websiteId} AND r.rule_date IN ('${from}', '${to}')
        GROUP BY r.product_id, r.customer_group_id
        HAVING COUNT(*) <> 2 OR MIN(r.rule_price) <> MAX(r.rule_price)) d`,
    )
    .join('\nUNION ');
}
