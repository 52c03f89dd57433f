import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import { BrokenOrder } from './broken-order.js';
import { uuidRef } from './casts.js';
import { allRows } from './grouping.js';
import { readUuidsOfItems } from './item-rows.js';
import type { PageRows } from './page-rows.js';
import type { OrderUuids, WantedUuid } from './uuids.js';

/** UUIDs of a page's parts, by entity id. */
export interface PartUuids {
  readonly items: ReadonlyMap<number, string>;
  readonly creditMemos: ReadonlyMap<number, string>;
  readonly shipments: ReadonlyMap<number, string>;
}

/** UUIDs of all parts of a page; those that have none get one, if this is an export. */
export async function resolvePartUuids(
  shop: Shop,
  read: Read,
  rows: PageRows,
  uuids: OrderUuids,
): Promise<PartUuids> {
  const items = allRows(rows.items).map(([id, , ofShop]) => wanted(id, ofShop));
  const present = new Set(items.map(({ entityId }) => entityId));
  const referred = [rows.invoiceItems, rows.shipmentItems, rows.creditMemoItems]
    .flatMap((parts) => allRows<readonly [number, number, number | null, ...unknown[]]>(parts))
    .flatMap(([, , itemId]) => (itemId === null || present.has(itemId) ? [] : [itemId]));
  const gone = await wantedOfGone(shop, read, [...new Set(referred)]);
  return {
    items: await uuids.resolve('order_item', [...items, ...gone]),
    creditMemos: await uuids.resolve(
      'credit_memo',
      allRows(rows.creditMemos).map(([id, , ofShop]) => wanted(id, ofShop)),
    ),
    shipments: await uuids.resolve(
      'order_shipment',
      allRows(rows.shipments).map(([id, , ofShop]) => wanted(id, ofShop)),
    ),
  };
}

/**
 * A part's UUID as payloads have it.
 *
 * @throws BrokenOrder where the shop's could not be taken over.
 */
export function partUuid(
  uuids: ReadonlyMap<number, string>,
  id: number,
  ofShop: string | null,
  part: string,
): { id: string } | null {
  const uuid = uuids.get(id);
  if (uuid === undefined && ofShop !== null) throw takenUuid(part, id);
  return uuidRef(uuid);
}

export function takenUuid(part: string, id: number): BrokenOrder {
  return new BrokenOrder(
    `The UUID of ${part} ${id} in data_exporter_uuid belongs to something else already.`,
    'CDE01-15',
  );
}

function wanted(entityId: number, ofShop: string | null): WantedUuid {
  return { entityId, ofShop, assign: true };
}

/** Of order items that are gone, but that documents name. */
async function wantedOfGone(
  shop: Shop,
  read: Read,
  itemIds: readonly number[],
): Promise<WantedUuid[]> {
  if (itemIds.length === 0) return [];
  const ofShop = new Map(await readUuidsOfItems(shop, read, { kind: 'ids', ids: itemIds }));
  return itemIds.map((id) => ({ entityId: id, ofShop: ofShop.get(id) ?? null, assign: false }));
}
