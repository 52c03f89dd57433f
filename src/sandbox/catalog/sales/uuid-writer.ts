import type { Catalog } from '../catalog.js';
import { timestamp } from '../dates.js';
import type { Order } from './order.js';

/** What the exporter’s identifiers are for. */
export type LinkedType = 'order' | 'order_item' | 'credit_memo' | 'order_shipment';

/** Gives an entity of the order its identifier. */
export function linkOf({ writer }: Catalog, { random, updatedAt }: Order) {
  const uuid = writer.table('data_exporter_uuid', ['uuid', 'entity_id', 'type', 'created_at']);
  return (type: LinkedType, entityId: number): void => {
    uuid.add(random.uuid(), entityId, type, timestamp(updatedAt));
  };
}
