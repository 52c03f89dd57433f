import type { Store } from './store.js';

/**
 * Draws the next number for a collection. It must be drawn before the snapshot opens: a collection
 * with a higher number then saw at least what one with a lower number saw.
 */
export async function drawCollectedSeq(store: Store): Promise<number> {
  return draw(store, 'collected');
}

/** Draws the next number for entities that are queued. */
export async function drawQueuedSeq(store: Store): Promise<number> {
  return draw(store, 'queued');
}

async function draw(store: Store, name: 'collected' | 'queued'): Promise<number> {
  const [result] = (await store.knex.raw(
    `UPDATE ${store.t('sequence')} SET value = LAST_INSERT_ID(value + 1) WHERE name = ?`,
    [name],
  )) as [{ insertId: number }];
  return result.insertId;
}
