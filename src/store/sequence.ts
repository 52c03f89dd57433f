import type { Store, Transaction } from './store.js';

/** The number of a collection, and the epoch that what it keeps of the shop must belong to. */
export interface NumberedCollection {
  readonly seq: number;
  readonly epoch: number;
}

/**
 * Draws the next number for a collection. It must be drawn before the snapshot opens: a collection
 * with a higher number then saw at least what one with a lower number saw. A dry run draws none.
 */
export async function drawCollection(
  store: Store,
  { dry }: { readonly dry: boolean },
): Promise<NumberedCollection> {
  const seq = dry ? 0 : await drawCollectedSeq(store);
  return { seq, epoch: await currentEpoch(store) };
}

/** Draws the next number for a collection whose collector keeps nothing. */
export async function drawCollectedSeq(store: Store): Promise<number> {
  return draw(store, 'collected');
}

/** Draws the next number for entities that are queued. */
export async function drawQueuedSeq(store: Store): Promise<number> {
  return draw(store, 'queued');
}

/** The epoch of what collectors keep of the shop: scopes, configuration, attributes. */
export async function currentEpoch(store: Store): Promise<number> {
  const [row] = await store.rows<{ value: number }>(
    `SELECT value FROM ${store.t('sequence')} WHERE name = 'epoch'`,
  );
  return row?.value ?? 0;
}

/** Ends the epoch: collectors read anew what they keep before their next page. */
export async function endEpoch(store: Store, transaction?: Transaction): Promise<void> {
  await store.run(
    `UPDATE ${store.t('sequence')} SET value = value + 1 WHERE name = 'epoch'`,
    [],
    transaction,
  );
}

async function draw(store: Store, name: 'collected' | 'queued'): Promise<number> {
  const [result] = (await store.knex.raw(
    `UPDATE ${store.t('sequence')} SET value = LAST_INSERT_ID(value + 1) WHERE name = ?`,
    [name],
  )) as [{ insertId: number }];
  return result.insertId;
}
