import { BrokenOrder } from './broken-order.js';
import { uuidRef } from './casts.js';

/** UUIDs of a page's parts, by entity id. */
export interface PartUuids {
  readonly items: ReadonlyMap<number, string>;
  readonly creditMemos: ReadonlyMap<number, string>;
  readonly shipments: ReadonlyMap<number, string>;
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
