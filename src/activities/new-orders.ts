import { readShop } from '../commerce/shop.js';
import { findOrders } from '../feeds/orders/linking.js';
import { assignOrderUuids } from '../store/order-uuids.js';
import { openQueue } from '../store/pending.js';
import type { ActivityDependencies } from './dependencies.js';

/** Orders looked at in one snapshot. */
const SLICE = 2_000;

/**
 * Links the orders that were placed since the exporter was installed: where triggers would have told
 * of them, this is found by looking. All of them are looked at each time, since a transaction that
 * stays open for long commits an order with a lower number than those before. They are also queued,
 * as an order counts that was placed longer ago than full syncs reach back.
 */
export async function linkNewOrders({
  store,
  commerce,
  shop: options,
}: ActivityDependencies): Promise<void> {
  const [installation] = await store.rows<{ at: string | null }>(
    `SELECT DATE_FORMAT(MIN(migration_time), '%Y-%m-%d %H:%i:%s') AS at FROM ${store.t('migration')}`,
  );
  if (installation === undefined || installation.at === null) return;
  const filter = { from: installation.at };
  for (let after = 0; ;) {
    const { orderIds, unlinked } = await commerce.snapshot(async (read) =>
      findOrders(await readShop(read, options), read, filter, after, SLICE),
    );
    const last = orderIds.at(-1);
    if (last === undefined) return;
    after = last;
    const queue = await openQueue(store, 'orders');
    await store.transaction(async (transaction) => {
      await queue(await assignOrderUuids(store, unlinked.order, { transaction }), transaction);
    });
  }
}
