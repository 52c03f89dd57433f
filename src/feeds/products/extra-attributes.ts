import type { Configuration } from '../../commerce/configuration.js';
import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import { leadingNumber, truth } from './casts.js';
import type { AttributeEntry } from './contract.js';
import { asciiJson } from './downloadable-entries.js';
import { within } from './grouping.js';
import type { Page, PageProduct } from './page.js';

const BACKORDERS = new Map([
  [0, 'no'],
  [1, 'allow'],
  [2, 'allow_and_notify'],
]);

const ADMIN_WEBSITE = 0;

type StockItemRow = readonly [
  productId: number,
  websiteId: number,
  manageStock: number,
  useConfigManageStock: number,
  minSaleQty: string,
  useConfigMinSaleQty: number,
  maxSaleQty: string,
  useConfigMaxSaleQty: number,
  backorders: number,
  useConfigBackorders: number,
  enableQtyIncrements: number,
  useConfigEnableQtyIncrements: number,
  qtyIncrements: string,
  useConfigQtyIncrements: number,
];

/** Stock settings by website and entity id. */
export type StockItems = ReadonlyMap<number, ReadonlyMap<number, StockItemRow>>;

export async function readStockItems(read: Read, shop: Shop, page: Page): Promise<StockItems> {
  const rows = await read.rows<StockItemRow>(`
    SELECT i.product_id, i.website_id, i.manage_stock, i.use_config_manage_stock,
           i.min_sale_qty, i.use_config_min_sale_qty, i.max_sale_qty, i.use_config_max_sale_qty,
           i.backorders, i.use_config_backorders,
           i.enable_qty_increments, i.use_config_enable_qty_inc,
           i.qty_increments, i.use_config_qty_increments
    FROM ${shop.t('cataloginventory_stock_item')} i
    WHERE ${page.entities('i.product_id')}`);
  const items = new Map<number, Map<number, StockItemRow>>();
  for (const row of rows) within(items, row[1]).set(row[0], row);
  return items;
}

export async function readAttributeSetNames(read: Read, shop: Shop): Promise<Map<number, string>> {
  return new Map(
    await read.rows<[number, string]>(
      `SELECT s.attribute_set_id, s.attribute_set_name FROM ${shop.t('eav_attribute_set')} s`,
    ),
  );
}

/** What the add-on ExtraProductAttributes appends to `attributes[]`. */
export class ExtraAttributes {
  readonly #configuration: Configuration;
  readonly #setNames: ReadonlyMap<number, string>;

  constructor(configuration: Configuration, setNames: ReadonlyMap<number, string>) {
    this.#configuration = configuration;
    this.#setNames = setNames;
  }

  of(
    product: PageProduct,
    taxClass: string,
    stockItems: StockItems,
    websiteId: number,
  ): AttributeEntry[] {
    const entries: AttributeEntry[] = [
      {
        attributeCode: 'ac_attribute_set',
        value: [this.#setNames.get(product.attributeSetId) ?? null],
      },
      { attributeCode: 'ac_tax_class', value: [taxClass] },
    ];
    const stockItem =
      stockItems.get(websiteId)?.get(product.id) ?? stockItems.get(ADMIN_WEBSITE)?.get(product.id);
    if (stockItem !== undefined) {
      entries.push({ attributeCode: 'ac_inventory', value: [this.#inventory(stockItem)] });
    }
    return entries;
  }

  /** A setting is the product's own, or the default scope's where the product says so. */
  #inventory(row: StockItemRow): string {
    const setting = (path: string, own: string | number, useConfig: number): string =>
      useConfig === 0
        ? String(own)
        : (this.#configuration.value(`cataloginventory/item_options/${path}`) ?? '');
    const backorders = leadingNumber(setting('backorders', row[8], row[9]));
    return asciiJson({
      manageStock: truth(setting('manage_stock', row[2], row[3])),
      cartMinQty: leadingNumber(setting('min_sale_qty', row[4], row[5])),
      cartMaxQty: leadingNumber(setting('max_sale_qty', row[6], row[7])),
      backorders: BACKORDERS.get(backorders) ?? 'no',
      enableQtyIncrements: truth(setting('enable_qty_increments', row[10], row[11])),
      qtyIncrements: leadingNumber(setting('qty_increments', row[12], row[13])),
    });
  }
}
