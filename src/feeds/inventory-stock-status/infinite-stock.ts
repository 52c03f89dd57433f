import type { Shop } from '../../commerce/shop.js';

/** The stock settings of a product (`cataloginventory_stock_item`). */
export interface StockItem {
  readonly manageStock: boolean;
  readonly useConfigManageStock: boolean;
  readonly backorders: boolean;
  readonly useConfigBackorders: boolean;
  readonly minQty: number;
  readonly useConfigMinQty: boolean;
}

/** What holds for a product without settings of its own. */
export const DEFAULT_STOCK_ITEM: StockItem = {
  manageStock: true,
  useConfigManageStock: true,
  backorders: false,
  useConfigBackorders: true,
  minQty: 0,
  useConfigMinQty: true,
};

/** Whether products are infinite by configuration: stock is not managed, or backorders are on. */
export function infiniteByConfiguration({ configuration, websites }: Shop): boolean {
  const storeId = websites.find(({ isDefault }) => isDefault)?.defaultStoreId ?? 0;
  return (
    !configuration.flag('cataloginventory/item_options/manage_stock', storeId) ||
    configuration.flag('cataloginventory/item_options/backorders', storeId)
  );
}

/**
 * inventoryStockStatus: a product's own “manage stock” replaces the configuration altogether; its
 * own backorders count only together with a threshold of its own, which must be 0.
 */
export function infiniteStock(item: StockItem, byConfiguration: boolean): boolean {
  const infinite = item.useConfigManageStock ? byConfiguration : !item.manageStock;
  if (infinite || item.useConfigBackorders || item.useConfigMinQty) return infinite;
  return item.backorders && item.minQty === 0;
}
