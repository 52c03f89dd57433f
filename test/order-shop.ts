import { TestShop, type BareShopOptions } from './test-shop.js';

type Row = Readonly<Record<string, string | number | null>>;

export const ORDER_TABLES = [
  'data_exporter_uuid',
  'sales_creditmemo',
  'sales_creditmemo_comment',
  'sales_creditmemo_item',
  'sales_invoice',
  'sales_invoice_item',
  'sales_order',
  'sales_order_address',
  'sales_order_item',
  'sales_order_payment',
  'sales_order_tax',
  'sales_order_tax_item',
  'sales_payment_transaction',
  'sales_shipment',
  'sales_shipment_item',
  'sales_shipment_track',
] as const;

/** A shop without orders: store view `default` (1) of the group `main` and the website `base`. */
export async function orderShop(options: Partial<BareShopOptions> = {}): Promise<TestShop> {
  const shop = await TestShop.bare({ tables: ORDER_TABLES, ...options });
  await shop.insert('store_website', [{ website_id: 1, code: 'base' }]);
  await shop.insert('store_group', [{ group_id: 1, website_id: 1, code: 'main', name: '' }]);
  await shop.insert('store', [
    { store_id: 1, code: 'default', group_id: 1, website_id: 1, name: '' },
  ]);
  await shop.insert('core_config_data', [
    { scope: 'default', scope_id: 0, path: 'web/unsecure/base_url', value: 'http://shop.test/' },
    { scope: 'default', scope_id: 0, path: 'web/seo/use_rewrites', value: '1' },
  ]);
  return shop;
}

export interface OrderRows {
  /** Columns of `sales_order`. */
  readonly order?: Row;
  /** Columns of `sales_order_payment`; null: there is no payment. */
  readonly payment?: Row | null;
  readonly items?: readonly Row[];
  /** Whether the shop's own table has a UUID of the order. Default true. */
  readonly linked?: boolean;
}

/** Adds an order of today, its payment and items; ids of items count from a hundred times its own. */
export async function addOrder(shop: TestShop, id: number, rows: OrderRows = {}): Promise<void> {
  const { order = {}, payment = {}, items = [], linked = true } = rows;
  const at = '2026-11-21 12:00:00';
  await shop.insert('sales_order', [
    {
      entity_id: id,
      store_id: 1,
      increment_id: `#${id}`,
      created_at: at,
      updated_at: at,
      ...order,
    },
  ]);
  if (payment !== null) {
    await shop.insert('sales_order_payment', [
      { entity_id: id, parent_id: id, additional_information: '{}', ...payment },
    ]);
  }
  for (const [index, item] of items.entries()) {
    const itemId = 100 * id + index;
    await shop.insert('sales_order_item', [
      { item_id: itemId, order_id: id, product_type: 'simple', sku: `S${itemId}`, ...item },
    ]);
  }
  if (linked) await link(shop, 'order', id);
}

/** The UUID that `link` gives. */
export function uuidOf(type: string, id: number): string {
  return `${type.replaceAll('_', '-')}-${id}`;
}

/** Gives an entity a UUID in the shop's own table. */
export async function link(shop: TestShop, type: string, ...ids: readonly number[]): Promise<void> {
  await shop.insert(
    'data_exporter_uuid',
    ids.map((id) => ({ uuid: uuidOf(type, id), entity_id: id, type })),
  );
}
