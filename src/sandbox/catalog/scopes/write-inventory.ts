import type { BulkWriter } from '../bulk-writer.js';
import type { Scopes } from './scopes.js';

/** Sources, stocks, and which website sells which stock. */
export function writeInventoryScopes(writer: BulkWriter, { stocks, websites }: Scopes): void {
  const source = writer.table('inventory_source', [
    'source_code',
    'name',
    'enabled',
    'country_id',
    'postcode',
  ]);
  const codes = new Set([
    'default',
    'shared',
    'closed',
    ...stocks.flatMap((stock) => stock.sourceCodes),
  ]);
  for (const code of codes)
    source.add(code, `Source ${code}`, code === 'closed' ? 0 : 1, 'US', '00000');

  const stock = writer.table('inventory_stock', ['stock_id', 'name']);
  const link = writer.table('inventory_source_stock_link', ['stock_id', 'source_code', 'priority']);
  for (const { id, name, sourceCodes } of stocks) {
    stock.add(id, name);
    for (const [at, code] of sourceCodes.entries()) link.add(id, code, at + 1);
    // The index may know products that are gone.
    if (id !== 1)
      writer
        .table(`inventory_stock_${id}`, ['sku', 'quantity', 'is_salable'])
        .add('no-such-sku', 3, 1);
  }
  writer
    .table('cataloginventory_stock', ['stock_id', 'website_id', 'stock_name'])
    .add(1, 0, 'Default');

  const channel = writer.table('inventory_stock_sales_channel', ['type', 'code', 'stock_id']);
  for (const { code, stockId } of websites) {
    if (stockId !== undefined) channel.add('website', code, stockId);
  }
}
