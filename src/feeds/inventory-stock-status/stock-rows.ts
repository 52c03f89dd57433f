import type { Read } from '../../commerce/read.js';
import { among, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import { infiniteStock } from './infinite-stock.js';

/** The stock whose index is that of Commerce's single-source tables. */
export const DEFAULT_STOCK = 1;

/** A row of a stock's index, with the product it belongs to. */
export type IndexRow = [productId: number, sku: string, quantity: string, salable: number];

/** The SKUs of the products of a page. */
export async function readSkus(shop: Shop, read: Read, selection: Selection): Promise<string[]> {
  const rows = await read.rows<[string]>(`
    SELECT e.sku FROM ${shop.t(shop.product.name)} e
    WHERE ${among('e.entity_id', selection)} AND ${shop.product.active('e')}`);
  return rows.map(([sku]) => sku);
}

/** The ids of all stocks, with and without sales channels. */
export async function readStockIds(shop: Shop, read: Read): Promise<number[]> {
  const rows = await read.rows<[number]>(
    `SELECT stock_id FROM ${shop.t('inventory_stock')} ORDER BY stock_id`,
  );
  return rows.map(([id]) => id);
}

/**
 * The index of a stock for the products of a page; undefined where Commerce has not made it yet.
 * The products are read first, whatever the statistics of an index that was just swapped in say.
 */
export async function readStockIndex(
  shop: Shop,
  read: Read,
  stockId: number,
  selection: Selection,
): Promise<IndexRow[] | undefined> {
  if (stockId === DEFAULT_STOCK) return readDefaultIndex(shop, read, selection);
  try {
    return await read.rows<IndexRow>(`
      SELECT e.entity_id, i.sku, i.quantity, i.is_salable
      FROM ${shop.t(shop.product.name)} e
      STRAIGHT_JOIN ${shop.t(`inventory_stock_${stockId}`)} i ON i.sku = e.sku
      WHERE ${among('e.entity_id', selection)} AND ${shop.product.active('e')}`);
  } catch (error) {
    if (isMissingTable(error)) return undefined;
    throw error;
  }
}

/**
 * inventoryStockStatus: the default stock holds products with a source item in the source whose
 * code is `default`, whatever sources are linked to the stock. These two tables are what the view
 * `inventory_stock_1` is made of.
 */
function readDefaultIndex(shop: Shop, read: Read, selection: Selection): Promise<IndexRow[]> {
  return read.rows<IndexRow>(`
    SELECT e.entity_id, e.sku, i.qty, i.stock_status
    FROM ${shop.t(shop.product.name)} e
    STRAIGHT_JOIN ${shop.t('cataloginventory_stock_status')} i ON i.product_id = e.entity_id
    STRAIGHT_JOIN ${shop.t('inventory_source_item')} s ON s.source_code = 'default' AND s.sku = e.sku
    WHERE ${among('e.entity_id', selection)} AND ${shop.product.active('e')}`);
}

/** Whether the stock of each product that has settings is infinite, by product id. */
export async function readInfiniteStock(
  shop: Shop,
  read: Read,
  selection: Selection,
  byConfiguration: boolean,
): Promise<ReadonlyMap<number, boolean>> {
  const rows = await read.rows<[number, number, number, number, number, string, number]>(`
    SELECT i.product_id, i.manage_stock, i.use_config_manage_stock, i.backorders,
           i.use_config_backorders, i.min_qty, i.use_config_min_qty
    FROM ${shop.t('cataloginventory_stock_item')} i
    WHERE ${among('i.product_id', selection)}`);
  const infinite = new Map<number, boolean>();
  for (const [id, manage, configManage, backorders, configBackorders, minQty, configMin] of rows) {
    const item = {
      manageStock: manage !== 0,
      useConfigManageStock: configManage !== 0,
      backorders: backorders !== 0,
      useConfigBackorders: configBackorders !== 0,
      minQty: Number(minQty),
      useConfigMinQty: configMin !== 0,
    };
    infinite.set(id, infiniteStock(item, byConfiguration));
  }
  return infinite;
}

/**
 * The sum of reservations of the page's SKUs, by stock and by SKU. Each spelling has a sum of its
 * own: a reservation counts only for an item whose SKU has the same bytes.
 */
export async function readReservations(
  shop: Shop,
  read: Read,
  selection: Selection,
): Promise<ReadonlyMap<number, ReadonlyMap<string, number>>> {
  const reservations = shop.t('inventory_reservation');
  // Summed by the database: a sum of doubles would differ from the double of the sum.
  const rows = await read.rows<[number, string, string]>(`
    SELECT r.stock_id, MIN(r.sku), SUM(r.quantity)
    FROM ${shop.t(shop.product.name)} e
    STRAIGHT_JOIN (SELECT DISTINCT stock_id FROM ${reservations}) s
    STRAIGHT_JOIN ${reservations} r ON r.stock_id = s.stock_id AND r.sku = e.sku
    WHERE ${among('e.entity_id', selection)} AND ${shop.product.active('e')}
    GROUP BY e.entity_id, r.stock_id, CAST(r.sku AS BINARY)`);
  const sums = new Map<number, Map<string, number>>();
  for (const [stockId, sku, sum] of rows) {
    const ofStock = sums.get(stockId);
    if (ofStock === undefined) sums.set(stockId, new Map([[sku, Number(sum)]]));
    else ofStock.set(sku, Number(sum));
  }
  return sums;
}

function isMissingTable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ER_NO_SUCH_TABLE';
}
