import type { Read } from '../../commerce/read.js';
import type { Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { Collected, ItemOf } from '../feed.js';
import type { StockStatus } from './contract.js';
import { DEFAULT_STOCK_ITEM, infiniteByConfiguration, infiniteStock } from './infinite-stock.js';
import {
  DEFAULT_STOCK,
  readInfiniteStock,
  readReservations,
  readSkus,
  readStockIds,
  readStockIndex,
} from './stock-rows.js';

type Item = ItemOf<typeof StockStatus, 'updatedAt'>;

export interface CollectedStock extends Collected<Item> {
  /**
   * Identities in stocks that have no index so far: nothing says whether these items are there or
   * gone, so what was sent of them stays.
   */
  readonly undecided: readonly (readonly [stockId: string, sku: string])[];
}

/**
 * The collector of an epoch: three queries for a page, one for each stock, and one more while a
 * stock has no index. Stocks are read with the page: one that came or went changes its items at once.
 */
export function stockCollector(
  shop: Shop,
): (read: Read, selection: Selection) => Promise<CollectedStock> {
  const byConfiguration = infiniteByConfiguration(shop);
  const withoutSettings = infiniteStock(DEFAULT_STOCK_ITEM, byConfiguration);

  return async (read, selection) => {
    const infinite = await readInfiniteStock(shop, read, selection, byConfiguration);
    const reservations = await readReservations(shop, read, selection);
    const items: Item[] = [];
    const withoutIndex: string[] = [];
    for (const id of await readStockIds(shop, read)) {
      const stockId = String(id);
      const rows = await readStockIndex(shop, read, id, selection);
      if (rows === undefined) {
        withoutIndex.push(stockId);
        continue;
      }
      const reserved = reservations.get(id);
      for (const [productId, sku, quantity, salable] of rows) {
        const infiniteStock = infinite.get(productId);
        // In the default stock there is nothing without settings.
        if (infiniteStock === undefined && id === DEFAULT_STOCK) continue;
        const qty = Number(quantity);
        items.push({
          stockId,
          sku,
          productId,
          qty,
          qtyForSale: qty + (reserved?.get(sku) ?? 0),
          infiniteStock: infiniteStock ?? withoutSettings,
          isSalable: salable !== 0,
        });
      }
    }
    const skus = withoutIndex.length === 0 ? [] : await readSkus(shop, read, selection);
    const undecided = withoutIndex.flatMap((stockId) => skus.map((sku) => [stockId, sku] as const));
    return { items, failures: [], undecided };
  };
}
