import type { TestSystem } from './system.js';

/** Stamped anew each time an item is sent. */
const STAMPS: ReadonlySet<string> = new Set(['modifiedAt', 'updatedAt']);

/** Items that arrived more than once with the same content since the list of requests was emptied. */
export function sentAgain({ proxy }: TestSystem): number {
  const times = new Map<string, number>();
  for (const seen of proxy.requests) {
    for (const item of seen.items()) {
      const key = `${seen.path} ${JSON.stringify(item, (field, value: unknown) => (STAMPS.has(field) ? undefined : value))}`;
      times.set(key, (times.get(key) ?? 0) + 1);
    }
  }
  return [...times.values()].filter((count) => count > 1).length;
}
