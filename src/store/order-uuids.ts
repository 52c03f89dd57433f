import { randomUUID } from 'node:crypto';

import { ExportError } from '../errors/export-error.js';
import type { Store, Transaction } from './store.js';

/** As Commerce's table `data_exporter_uuid` names them. */
export type OrderUuidType = 'order' | 'order_item' | 'credit_memo' | 'order_shipment';

interface Wanted {
  readonly entityId: number;
  readonly ofShop: string | null;
  readonly assign: boolean;
}

interface Resolver {
  resolve(type: OrderUuidType, wanted: readonly Wanted[]): Promise<ReadonlyMap<number, string>>;
}

interface Kept {
  readonly uuid: string;
  /** Whether it went into an item. */
  readonly exported: boolean;
}

/** UUIDs put into one statement. */
const SLICE = 2_000;
/** Draws of new UUIDs until it is an error, as many as the reference exporter makes. */
const ATTEMPTS = 10;

/**
 * UUIDs for a look at orders: nothing is made and nothing stored. Of an entity the first of these
 * counts: the one that was exported, the shop's, the one that is kept.
 */
export function storedOrderUuids(store: Store): Resolver {
  return {
    async resolve(type, wanted) {
      const kept = await keptUuids(store, type, wanted);
      const found = new Map<number, string>();
      for (const want of wanted) {
        const uuid = uuidOf(want, kept.get(want.entityId));
        if (uuid !== undefined) found.set(want.entityId, uuid);
      }
      return found;
    },
  };
}

/**
 * UUIDs for an export. Each that is given out is stored first and stays the entity's from then on,
 * the shop's as well; missing ones are made where they may be. Of two workers that make one for the
 * same entity, both get the winner's. An entity whose UUID in the shop is another one's here is left
 * out.
 */
export function settledOrderUuids(store: Store, newUuid: () => string = randomUUID): Resolver {
  return {
    async resolve(type, wanted) {
      let kept = await keptUuids(store, type, wanted);
      for (let attempt = 1; ; attempt++) {
        const open = wanted.filter(({ entityId }) => kept.get(entityId)?.exported !== true);
        const owned = attempt === 1 ? await ownedElsewhere(store, type, open) : new Set<string>();
        const settling: (readonly [entityId: number, uuid: string])[] = [];
        for (const want of open) {
          const { entityId, ofShop, assign } = want;
          if (ofShop !== null && (attempt > 1 || owned.has(ofShop))) continue;
          const uuid = uuidOf(want, kept.get(entityId)) ?? (assign ? newUuid() : undefined);
          if (uuid !== undefined) settling.push([entityId, uuid]);
        }
        if (settling.length === 0) return exportedOnly(kept);
        if (attempt > ATTEMPTS) {
          throw new ExportError('CDE01-15', {
            message: `No free UUID was found for ${settling.length} entities of type ${type} in ${ATTEMPTS} attempts.`,
          });
        }
        await store.transaction((transaction) => settle(store, transaction, type, settling));
        kept = await keptUuids(store, type, wanted);
      }
    },
  };
}

/**
 * Gives UUIDs to entities that have none here, and leaves the others as they are; returns the ids
 * of those that got one. Where the shop has one of its own by the time of the first export, that
 * one is exported.
 *
 * @throws ExportError CDE01-15 when no free UUID is found.
 */
export async function assignUuids(
  store: Store,
  type: OrderUuidType,
  entityIds: readonly number[],
  { transaction, newUuid = randomUUID }: AssignOptions = {},
): Promise<number[]> {
  if (transaction === undefined) {
    // In one of its own, which is tried again after a deadlock.
    return store.transaction((own) =>
      assignUuids(store, type, entityIds, { transaction: own, newUuid }),
    );
  }
  const assigned: number[] = [];
  let missing = [...new Set(entityIds)].sort((a, b) => a - b);
  for (let attempt = 1; missing.length > 0; attempt++) {
    if (attempt > ATTEMPTS) {
      throw new ExportError('CDE01-15', {
        message: `No free UUID was found for ${missing.length} entities of type ${type} in ${ATTEMPTS} attempts.`,
      });
    }
    const left: number[] = [];
    for (let at = 0; at < missing.length; at += SLICE) {
      const mine = new Map(missing.slice(at, at + SLICE).map((id) => [id, newUuid()]));
      await store.run(
        `INSERT INTO ${store.t('order_uuid')} (type, entity_id, uuid, created_at)
         VALUES ${[...mine].map(() => '(?, ?, ?, UTC_TIMESTAMP(3))').join(', ')}
         ON DUPLICATE KEY UPDATE type = type`,
        [...mine].flatMap(([id, uuid]) => [type, id, uuid]),
        transaction,
      );
      const stored = await readUuids(store, type, [...mine.keys()], transaction);
      for (const [id, uuid] of mine) {
        const winner = stored.get(id)?.uuid;
        if (winner === undefined) left.push(id);
        else if (winner === uuid) assigned.push(id);
      }
    }
    missing = left;
  }
  return assigned;
}

/** UUIDs for orders that have none, as `assignUuids`; their parts get theirs when collected. */
export async function assignOrderUuids(
  store: Store,
  orderIds: readonly number[],
  options: AssignOptions = {},
): Promise<number[]> {
  return assignUuids(store, 'order', orderIds, options);
}

export interface AssignOptions {
  readonly transaction?: Transaction;
  /** Default: random, version 4. */
  readonly newUuid?: () => string;
}

/** The UUID of an entity, as far as one is known. */
function uuidOf({ ofShop }: Wanted, kept: Kept | undefined): string | undefined {
  if (kept?.exported === true) return kept.uuid;
  return ofShop ?? kept?.uuid;
}

function exportedOnly(kept: ReadonlyMap<number, Kept>): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const [id, { uuid, exported }] of kept) if (exported) found.set(id, uuid);
  return found;
}

/** Stores UUIDs as exported, each unless its entity's was exported by then. */
async function settle(
  store: Store,
  transaction: Transaction,
  type: OrderUuidType,
  uuids: readonly (readonly [entityId: number, uuid: string])[],
): Promise<void> {
  // In one order for all workers, so that they wait for each other rather than deadlock.
  const ordered = [...uuids].sort((a, b) => a[0] - b[0]);
  // A row that meets the UUID of another entity is to change nothing.
  const same = 'type = VALUES(type) AND entity_id = VALUES(entity_id)';
  for (let at = 0; at < ordered.length; at += SLICE) {
    const slice = ordered.slice(at, at + SLICE);
    await store.run(
      `INSERT INTO ${store.t('order_uuid')} (type, entity_id, uuid, created_at, exported_at)
       VALUES ${slice.map(() => '(?, ?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))').join(', ')}
       ON DUPLICATE KEY UPDATE
         uuid = IF(exported_at IS NULL AND ${same}, VALUES(uuid), uuid),
         exported_at = IF(${same}, IFNULL(exported_at, VALUES(exported_at)), exported_at)`,
      slice.flatMap(([id, uuid]) => [type, id, uuid]),
      transaction,
    );
  }
}

async function keptUuids(
  store: Store,
  type: OrderUuidType,
  wanted: readonly Wanted[],
): Promise<Map<number, Kept>> {
  return readUuids(
    store,
    type,
    wanted.map(({ entityId }) => entityId),
  );
}

async function readUuids(
  store: Store,
  type: OrderUuidType,
  entityIds: readonly number[],
  transaction?: Transaction,
): Promise<Map<number, Kept>> {
  if (entityIds.length === 0) return new Map();
  const asked = new Set(entityIds);
  const rows = await store.rows<{ entity_id: number; uuid: string; exported: number }>(
    `SELECT entity_id, uuid, exported_at IS NOT NULL AS exported FROM ${store.t('order_uuid')}
     WHERE type = ? AND ${condition(entityIds)}`,
    [type],
    transaction,
  );
  return new Map(
    rows
      .filter((row) => asked.has(row.entity_id))
      .map((row) => [row.entity_id, { uuid: row.uuid, exported: row.exported === 1 }]),
  );
}

/** Those of the shop's UUIDs that are another entity's here. */
async function ownedElsewhere(
  store: Store,
  type: OrderUuidType,
  wanted: readonly Wanted[],
): Promise<Set<string>> {
  const ofShop = new Map(wanted.map((want) => [want.ofShop, want.entityId]));
  ofShop.delete(null);
  if (ofShop.size === 0) return new Set();
  const rows = await store.rows<{ type: string; entity_id: number; uuid: string }>(
    `SELECT type, entity_id, uuid FROM ${store.t('order_uuid')} WHERE uuid IN (?)`,
    [[...ofShop.keys()]],
  );
  return new Set(
    rows
      .filter((row) => row.type !== type || ofShop.get(row.uuid) !== row.entity_id)
      .map(({ uuid }) => uuid),
  );
}

/** A range where the ids lie close together, which is read faster than a list. */
function condition(entityIds: readonly number[]): string {
  let from = Infinity;
  let to = -Infinity;
  for (const id of entityIds) {
    if (id < from) from = id;
    if (id > to) to = id;
  }
  if (to - from < 2 * entityIds.length) return `entity_id BETWEEN ${from} AND ${to}`;
  return `entity_id IN (${entityIds.join(',')})`;
}
