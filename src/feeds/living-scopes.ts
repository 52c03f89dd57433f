import { customerGroupCode } from '../commerce/customer-groups.js';
import type { Read } from '../commerce/read.js';
import type { Shop } from '../commerce/shop.js';

/** The codes by which items name scopes that exist. */
export interface LivingScopes {
  readonly storeViewCode: ReadonlySet<string>;
  readonly websiteCode: ReadonlySet<string>;
  readonly customerGroupCode: ReadonlySet<string>;
  readonly stockId: ReadonlySet<string>;
}

export async function readLivingScopes(read: Read, shop: Shop): Promise<LivingScopes> {
  const groups = await read.rows<[number]>(
    `SELECT customer_group_id FROM ${shop.t('customer_group')}`,
  );
  const stocks = shop.hasTable('inventory_stock')
    ? await read.rows<[number]>(`SELECT stock_id FROM ${shop.t('inventory_stock')}`)
    : [[1] as const];
  return {
    storeViewCode: new Set(['admin', ...shop.storeViews.map(({ code }) => code)]),
    websiteCode: new Set(['admin', ...shop.websites.map(({ code }) => code)]),
    // Prices for all groups have the code 0.
    customerGroupCode: new Set(['0', ...groups.map(([id]) => customerGroupCode(id))]),
    stockId: new Set(stocks.map(([id]) => String(id))),
  };
}

/**
 * Whether an item belongs to a scope that is gone: store view, website, customer group or stock. Its
 * deletion follows from a person's decision, however many there are.
 */
export function isScopeGone(
  item: Readonly<Record<string, unknown>>,
  scopes: LivingScopes,
): boolean {
  return (Object.keys(scopes) as (keyof LivingScopes)[]).some((field) => {
    const code = item[field];
    return (
      (typeof code === 'string' || typeof code === 'number') && !scopes[field].has(String(code))
    );
  });
}
