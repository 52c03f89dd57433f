import type { Read } from './read.js';
import type { Shop } from './shop.js';

/** A custom variable, for use in content. */
export interface CustomVariable {
  readonly plain: string | null;
  readonly html: string | null;
}

/** Custom variables of the default scope by code; none where the shop has no such table. */
export async function readCustomVariables(
  read: Read,
  shop: Shop,
): Promise<Map<string, CustomVariable>> {
  if (!shop.hasTable('variable') || !shop.hasTable('variable_value')) return new Map();
  const rows = await read.rows<[string, string | null, string | null]>(`
    SELECT c.code, v.plain_value, v.html_value
    FROM ${shop.t('variable')} c
    JOIN ${shop.t('variable_value')} v ON v.variable_id = c.variable_id AND v.store_id = 0`);
  return new Map(rows.map(([code, plain, html]) => [code, { plain, html }]));
}
