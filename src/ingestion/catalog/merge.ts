import type { FeedItem } from '../../feeds/feed.js';
import type { ItemProblem, ItemValidator } from '../../feeds/validation.js';
import type { Change } from '../item-writer.js';
import type { ItemFault } from '../received-batch.js';
import type { ReceivedItem } from '../received-item.js';

/** An update of an item, and its place in the request. */
export interface Update {
  readonly index: number;
  readonly received: ReceivedItem;
  readonly item: FeedItem;
}

/**
 * Merges updates into the items that are stored: objects field by field, scalars and lists are
 * replaced. Several updates of one item follow one another.
 *
 * @param validate of a whole item.
 * @param refuse makes what is thrown where an item is unknown or would become invalid.
 */
export function mergeInto(
  updates: readonly Update[],
  validate: ItemValidator,
  refuse: (faults: readonly ItemFault[]) => Error,
): Change {
  return (current) => {
    const merged = new Map<string, { readonly received: ReceivedItem; readonly item: FeedItem }>();
    const faults: ItemFault[] = [];
    for (const { index, received, item } of updates) {
      const stored = current.get(received.id);
      const before =
        merged.get(received.id)?.item ??
        (stored === undefined || stored.deleted
          ? undefined
          : (JSON.parse(stored.payload) as FeedItem));
      const after = before === undefined ? undefined : (merge(before, item) as FeedItem);
      const problems = after === undefined ? [UNKNOWN] : validate(after);
      for (const problem of problems) faults.push({ index, ...problem });
      if (after === undefined || problems.length > 0) continue;
      // Never behind the version it was made of.
      const stamp = new Date(
        Math.max(received.stamp.getTime(), Date.parse(stored?.stamp ?? '') || 0),
      );
      const payload = Buffer.from(JSON.stringify(after));
      merged.set(received.id, { received: { ...received, payload, stamp }, item: after });
    }
    if (faults.length > 0) throw refuse(faults);
    return [...merged.values()].map(({ received }) => received);
  };
}

const UNKNOWN: ItemProblem = {
  field: '',
  message: 'is not known; create it first',
};

function merge(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return after;
  const merged: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(after)) {
    const own = Object.hasOwn(before, name) ? before[name] : undefined;
    // As an own field, whatever its name.
    Object.defineProperty(merged, name, {
      value: merge(own, value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return merged;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
