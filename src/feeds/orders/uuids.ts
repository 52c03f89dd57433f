/** What a UUID is for, by the types of Commerce's table `data_exporter_uuid`. */
export type OrderUuidType = 'order' | 'order_item' | 'credit_memo' | 'order_shipment';

/** An order, or a part of one, whose UUID is wanted. */
export interface WantedUuid {
  readonly entityId: number;
  /** The UUID in the shop's own table; null where it has none. */
  readonly ofShop: string | null;
  /** Whether one is made where there is none. Orders get theirs by other ways than collecting. */
  readonly assign: boolean;
}

/**
 * UUIDs of orders and their parts. Of an entity the first of these is its UUID: the one that went
 * into an item before, since that never changes; the shop's; the one that the exporter keeps; a new
 * one, where it may be made.
 *
 * A preview makes none and stores nothing. It cannot know the UUIDs that an export would make, so
 * the fields of such parts (`itemId`, `creditMemoId`, `shipmentId`, and what refers to them) are
 * null in it, and orders without one are left out as always.
 */
export interface OrderUuids {
  /**
   * UUIDs by entity id; entities without one are left out.
   *
   * @throws ExportError CDE01-15 when no free UUID is found.
   */
  resolve(type: OrderUuidType, wanted: readonly WantedUuid[]): Promise<ReadonlyMap<number, string>>;
}

/** The UUIDs of the shop's own table alone, where the exporter's store is not at hand. */
export const shopOrderUuids: OrderUuids = {
  resolve(_type, wanted) {
    const found = new Map<number, string>();
    for (const { entityId, ofShop } of wanted) if (ofShop !== null) found.set(entityId, ofShop);
    return Promise.resolve(found);
  },
};
