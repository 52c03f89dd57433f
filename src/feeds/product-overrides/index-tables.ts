import { isWorkTable } from '../../commerce/capture/twins.js';
import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import { ExportError } from '../../errors/export-error.js';

/** Commerce's resolved permissions of products; in dimension mode also the start of further names. */
export const PERMISSION_INDEX = 'magento_catalogpermissions_index_product';

/** Columns that make a table part of the index. */
export const PERMISSION_INDEX_COLUMNS: readonly string[] = [
  'product_id',
  'store_id',
  'customer_group_id',
  'grant_catalog_category_view',
  'grant_catalog_product_price',
  'grant_checkout_items',
];

/**
 * The tables that together hold the index, quoted, in order of name: one, or in the indexer's
 * dimension mode one for each customer group. Work tables of a reindex are left out.
 *
 * @throws ExportError CDE01-05 when there is none, as while an index is being swapped.
 */
export async function findIndexTables(shop: Shop, read: Read): Promise<readonly string[]> {
  const name = shop.t(PERMISSION_INDEX).slice(1, -1);
  const tables = await read.rows<[string]>(
    `SELECT table_name FROM information_schema.columns
     WHERE table_schema = DATABASE() AND LEFT(table_name, ?) = ? AND column_name IN (?)
     GROUP BY table_name HAVING COUNT(*) = ?
     ORDER BY table_name`,
    [name.length, name, PERMISSION_INDEX_COLUMNS, PERMISSION_INDEX_COLUMNS.length],
  );
  const found = tables
    .map(([table]) => table)
    .filter((table) => !isWorkTable(table.slice(name.length)));
  if (found.length === 0) {
    throw new ExportError('CDE01-05', {
      message: `The index of product permissions (${name}) is not there.`,
      cure: 'If Commerce is rebuilding the index, nothing: the entities are collected again.',
    });
  }
  return found.map((table) => `\`${table}\``);
}

/** Whether none of the index's tables has a row. */
export async function isIndexEmpty(shop: Shop, read: Read): Promise<boolean> {
  const tables = await findIndexTables(shop, read);
  const rows = await read.rows(
    tables.map((table) => `(SELECT 1 FROM ${table} LIMIT 1)`).join(' UNION ALL '),
  );
  return rows.length === 0;
}
