import type { Batch } from './batch.js';
import type { IntakeRoute } from './intake-routes.js';
import type { ItemStore } from './item-store.js';
import type { ItemFault } from './received-batch.js';
import type { ReceivedItem } from './received-item.js';
import { tooLarge, unavailable } from './refusal.js';
import type { Receipt } from './upsert.js';

/** A request's items on their way into the store. */
export interface Delivery {
  readonly route: IntakeRoute;
  readonly batch: Batch;
  readonly receipt: Receipt;
}

/** What is answered, and told in the log. */
export interface Taken {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly accepted: number;
  /** Of items that were left out. */
  readonly faults: readonly ItemFault[];
}

/** @throws Refusal 413 for an item that the database cannot hold, 503 when it does not take them. */
export async function saveItems(
  store: ItemStore,
  items: readonly ReceivedItem[],
  receipt: Receipt,
): Promise<void> {
  requireFitting(store, items);
  if (items.length === 0) return;
  try {
    await store.save(items, receipt);
  } catch (cause) {
    throw unavailable(cause);
  }
}

/** @throws Refusal 413 for an item that the database cannot hold. */
export function requireFitting(
  { maxItemBytes }: Pick<ItemStore, 'maxItemBytes'>,
  items: readonly ReceivedItem[],
): void {
  if (items.some(({ payload }) => payload.length > maxItemBytes)) {
    throw tooLarge(`An item is larger than ${maxItemBytes} bytes.`);
  }
}
