import type { Change } from '../commerce/capture/captured-table.js';
import type { Read } from '../commerce/read.js';
import type { Shop } from '../commerce/shop.js';
import { lastOrderBefore, unlinkedOrders } from '../feeds/orders/linking.js';
import { recall, remember } from '../store/memory.js';
import { installedAt } from '../store/migrate.js';
import { assignOrderUuids } from '../store/order-uuids.js';
import { openQueue } from '../store/pending.js';
import type { Store } from '../store/store.js';

/** The last order that was there when the exporter was installed. */
const LAST_BEFORE = 'last order before the installation';
/** Orders linked in one transaction. */
const SLICE = 5_000;

/**
 * Of changed orders, those that are newer than the installation and have no UUID in the shop, as
 * Commerce's module gives one to each order that is placed. Older ones are linked by people.
 */
export async function newOrdersAmong(
  store: Store,
  read: Read,
  shop: Shop,
  changes: readonly Change[],
): Promise<readonly number[]> {
  const ids = new Set<number>();
  for (const { table, key } of changes) {
    if (table === 'sales_order') ids.add(Number(key['entity_id']));
  }
  if (ids.size === 0 || !shop.hasTable('sales_order')) return [];
  const after = await lastOrderBeforeInstallation(store, read, shop);
  const among = [...ids].filter((id) => id > after);
  if (among.length === 0) return [];
  return unlinkedOrders(shop, read, { after, limit: among.length, among });
}

/**
 * Links all orders that are newer than the installation, where no trigger tells of them; and queues
 * them, since they may be older than what a full sync takes. All of them are looked at each time: a
 * transaction that stays open for long commits an order with a lower number than those before.
 */
export async function linkNewOrders(store: Store, read: Read, shop: Shop): Promise<void> {
  let after = await lastOrderBeforeInstallation(store, read, shop);
  for (;;) {
    const ids = await unlinkedOrders(shop, read, { after, limit: SLICE });
    const last = ids.at(-1);
    if (last === undefined) return;
    const queue = await openQueue(store, 'orders');
    await store.transaction(async (transaction) => {
      await queue(await assignOrderUuids(store, ids, { transaction }), transaction);
    });
    after = last;
  }
}

async function lastOrderBeforeInstallation(store: Store, read: Read, shop: Shop): Promise<number> {
  const known = await recall<number>(store, LAST_BEFORE);
  if (known !== undefined) return known;
  const last = await lastOrderBefore(shop, read, await installedAt(store));
  await remember(store, LAST_BEFORE, last);
  return last;
}
