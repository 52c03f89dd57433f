import type { Store } from './store.js';

/**
 * Draws the next number for a collection. It must be drawn before the snapshot opens: a collection
 * with a higher number then saw at least what one with a lower number saw.
 */
export async function drawCollectedSeq(store: Store): Promise<number> {
  const [result] = (await store.knex.raw(
    `UPDATE ${store.t('sequence')} SET value = LAST_INSERT_ID(value + 1) WHERE name = 'collected'`,
  )) as [{ insertId: number }];
  return result.insertId;
}
