import { MODULES } from '../../commerce/modules.js';
import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import { leadingNumber } from './casts.js';
import { within } from './grouping.js';
import type { Page } from './page.js';

/** Commerce's stock status of a product. */
export interface Stock {
  readonly inStock: boolean;
  readonly quantity: number;
}

/** The stock whose status is kept in the catalog's own table. */
const DEFAULT_STOCK = 1;

/** Which stock each website sells from. */
export interface StockAssignments {
  /** By website id; undefined where every website has the default stock. */
  readonly byWebsite: ReadonlyMap<number, number> | undefined;
  /** The other stocks, as far as they have an index table. */
  readonly indexed: readonly number[];
}

/** Stock: with Inventory (MSI) by sales channel, else one stock for all. One query, or none. */
export async function readStockAssignments(read: Read, shop: Shop): Promise<StockAssignments> {
  if (shop.isModuleOff(MODULES.inventory) || !shop.hasTable('inventory_stock_sales_channel')) {
    return { byWebsite: undefined, indexed: [] };
  }
  const rows = await read.rows<[number, number]>(`
    SELECT w.website_id, c.stock_id
    FROM ${shop.t('inventory_stock_sales_channel')} c
    JOIN ${shop.t('store_website')} w ON w.code = c.code
    WHERE c.type = 'website'`);
  const stocks = new Set(rows.map(([, stockId]) => stockId));
  return {
    byWebsite: new Map(rows),
    indexed: [...stocks].filter(
      (id) => id !== DEFAULT_STOCK && shop.hasTable(`inventory_stock_${id}`),
    ),
  };
}

/** Stock of a page's products by website. */
export class ProductStock {
  readonly #assignments: StockAssignments;
  readonly #stocks: ReadonlyMap<number, ReadonlyMap<number, Stock>>;

  constructor(
    assignments: StockAssignments,
    stocks: ReadonlyMap<number, ReadonlyMap<number, Stock>>,
  ) {
    this.#assignments = assignments;
    this.#stocks = stocks;
  }

  /** Undefined where the website has no stock, or the stock does not know the product. */
  of(productId: number, websiteId: number): Stock | undefined {
    const { byWebsite } = this.#assignments;
    const stockId = byWebsite === undefined ? DEFAULT_STOCK : byWebsite.get(websiteId);
    return stockId === undefined ? undefined : this.#stocks.get(stockId)?.get(productId);
  }
}

/** One query for the default stock, and one for all others where there are any. */
export async function readStock(
  read: Read,
  shop: Shop,
  page: Page,
  assignments: StockAssignments,
): Promise<ProductStock> {
  const stocks = new Map<number, Map<number, Stock>>();
  const add = (rows: readonly [number, number, number, string | null][]): void => {
    for (const [stockId, productId, inStock, quantity] of rows) {
      within(stocks, stockId).set(productId, {
        inStock: inStock !== 0,
        quantity: leadingNumber(quantity ?? ''),
      });
    }
  };
  add(
    await read.rows(`
      SELECT ${DEFAULT_STOCK}, s.product_id, s.stock_status, s.qty
      FROM ${shop.t('cataloginventory_stock_status')} s
      WHERE ${page.entities('s.product_id')}`),
  );
  if (assignments.indexed.length > 0) {
    // Index tables of stocks are keyed by SKU.
    const indexes = assignments.indexed.map(
      (id) => `SELECT ${id}, e.entity_id, s.is_salable, s.quantity
        FROM ${shop.t(shop.product.name)} e
        JOIN ${shop.t(`inventory_stock_${id}`)} s ON s.sku = e.sku
        WHERE ${page.entities('e.entity_id')} AND ${shop.product.active('e')}`,
    );
    add(await read.rows(indexes.join('\nUNION ALL\n')));
  }
  return new ProductStock(assignments, stocks);
}
