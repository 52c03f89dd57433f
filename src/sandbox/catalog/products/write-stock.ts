import type { TableWriter } from '../bulk-writer.js';
import { randomFor, type Catalog } from '../catalog.js';
import type { Random } from '../random.js';
import type { Product } from './product.js';

/**
 * Single-source stock items and status for every product; sources, the index of each further stock
 * and reservations for what has a quantity of its own. Composite products have index rows alone,
 * and half of the configurables a source item, as products that were simple once have.
 */
export function stockWriter(catalog: Catalog): (product: Product) => void {
  const { writer, scopes } = catalog;
  const item = writer.table('cataloginventory_stock_item', [
    'product_id',
    'stock_id',
    'qty',
    'min_qty',
    'use_config_min_qty',
    'is_qty_decimal',
    'backorders',
    'use_config_backorders',
    'is_in_stock',
    'manage_stock',
    'use_config_manage_stock',
    'enable_qty_increments',
    'use_config_enable_qty_inc',
    'qty_increments',
    'use_config_qty_increments',
  ]);
  const status = writer.table('cataloginventory_stock_status', [
    'product_id',
    'website_id',
    'stock_id',
    'qty',
    'stock_status',
  ]);
  const sourceItem = writer.table('inventory_source_item', [
    'source_code',
    'sku',
    'quantity',
    'status',
  ]);
  const reservation = writer.table('inventory_reservation', [
    'stock_id',
    'sku',
    'quantity',
    'metadata',
  ]);
  const indexes = new Map(
    scopes.stocks
      .filter(({ id }) => id !== 1)
      .map(({ id }): [number, TableWriter<readonly ['sku', 'quantity', 'is_salable']>] => [
        id,
        writer.table(`inventory_stock_${id}`, ['sku', 'quantity', 'is_salable']),
      ]),
  );

  return (product) => {
    const { entityId, sku, type, stock } = product;
    const random = randomFor(catalog, 'stock', entityId);
    const composite = type === 'configurable' || type === 'bundle' || type === 'grouped';
    const unmanaged = stock === 'unmanaged' || type === 'downloadable';
    const quantity = composite || unmanaged ? 0 : stock === 'plenty' ? amount(random) : 0;
    const salable = composite || unmanaged || stock === 'backorders' || quantity > 0 ? 1 : 0;
    const backorders = stock === 'backorders' ? 1 : 0;
    const decimal = quantity % 1 === 0 ? 0 : 1;
    item.add(
      entityId,
      1,
      quantity,
      random.chance(0.02) ? 3 : 0,
      backorders === 1 ? 0 : 1,
      decimal,
      backorders,
      1 - backorders,
      salable,
      unmanaged ? 0 : 1,
      unmanaged ? 0 : 1,
      decimal,
      1 - decimal,
      decimal === 1 ? 0.5 : 1,
      1 - decimal,
    );
    status.add(entityId, 0, 1, quantity, salable);

    const inDefault = composite ? type === 'configurable' && random.chance(0.5) : true;
    if (inDefault) sourceItem.add('default', sku, quantity, salable);
    writeSources(product, random, composite, salable);
    if (!composite && (product.complete || random.chance(0.05))) reserve(sku, random);
  };

  function writeSources(product: Product, random: Random, composite: boolean, salable: number) {
    const { sku } = product;
    const shared = !composite && random.chance(0.3) ? random.whole(0, 40) : undefined;
    if (shared !== undefined) sourceItem.add('shared', sku, shared, 1);
    if (!composite && random.chance(0.02)) sourceItem.add('closed', sku, 7, 1);
    for (const [stockId, index] of indexes) {
      const [own] = scopes.stocks.find(({ id }) => id === stockId)?.sourceCodes ?? [];
      let quantity = shared;
      if (own !== undefined && own !== 'shared' && !composite && random.chance(0.7)) {
        const switchedOn = random.chance(0.95);
        const ownQuantity = amount(random);
        sourceItem.add(own, sku, ownQuantity, switchedOn ? 1 : 0);
        quantity = (quantity ?? 0) + (switchedOn ? ownQuantity : 0);
      }
      if (composite) index.add(sku, random.whole(0, 200), salable);
      else if (quantity !== undefined) index.add(sku, quantity, quantity > 0 ? 1 : 0);
    }
  }

  /** Placed orders are negative; what was shipped or cancelled is given back. */
  function reserve(sku: string, random: Random): void {
    for (const stockId of [1, ...indexes.keys()].slice(0, 2)) {
      const quantity = random.pick([1, 1, 2, 0.1]);
      const order = { object_type: 'order', object_id: '' };
      reservation.add(
        stockId,
        sku,
        -quantity,
        JSON.stringify({ event_type: 'order_placed', ...order }),
      );
      if (random.chance(0.3)) {
        reservation.add(
          stockId,
          sku,
          quantity,
          JSON.stringify({ event_type: 'order_canceled', ...order }),
        );
      }
    }
  }
}

function amount(random: Random): number {
  return random.chance(0.05) ? random.whole(1, 99) / 10 : random.whole(0, 300);
}
