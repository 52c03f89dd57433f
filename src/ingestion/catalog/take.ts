import { catalogAnswer, catalogRefusal } from '../answers.js';
import { requireFitting, saveItems, type Delivery, type Taken } from '../delivery.js';
import type { ItemStore } from '../item-store.js';
import { receiveBatch, type PlacedItem } from '../received-batch.js';
import { Refusal, unavailable } from '../refusal.js';
import { mergeInto } from './merge.js';

/**
 * Takes all items of a request, or none.
 *
 * @throws Refusal 400 that names the items that are wrong.
 */
export async function takeCatalogBatch(delivery: Delivery, store: ItemStore): Promise<Taken> {
  const { route, batch, receipt } = delivery;
  const { items, faults } = receiveBatch(route, batch, receipt.receivedAt);
  if (faults.length > 0) throw catalogRefusal(faults, batch);
  if (route.operation === 'update') await update(delivery, items, store);
  else {
    await saveItems(
      store,
      items.map(({ received }) => received),
      receipt,
    );
  }
  return { status: 200, body: catalogAnswer(items.length), accepted: items.length, faults };
}

async function update(
  { route, batch, receipt }: Delivery,
  items: readonly PlacedItem[],
  store: ItemStore,
): Promise<void> {
  const [form] = route.forms;
  if (form?.validateWhole === undefined || items.length === 0) return;
  const updates = items.map(({ index, received }) => ({
    index,
    received,
    item: batch.items[index] ?? {},
  }));
  const ids = [...new Set(items.map(({ received }) => received.id))];
  const merge = mergeInto(updates, form.validateWhole, (faults) => catalogRefusal(faults, batch));
  try {
    await store.update(
      form.feed,
      ids,
      (current) => {
        const merged = merge(current);
        // Each update may be small, and what they add up to too large.
        requireFitting(store, merged);
        return merged;
      },
      receipt,
    );
  } catch (cause) {
    throw cause instanceof Refusal ? cause : unavailable(cause);
  }
}
