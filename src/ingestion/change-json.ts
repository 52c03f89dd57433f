import type { ItemChange } from './change-stream.js';
import { itemJson } from './item-json.js';

/** A page of changes; `cursor` is what the next page is asked for with. */
export function changesJson(
  environment: string,
  changes: readonly ItemChange[],
  cursor: number,
): string {
  const list = changes.map(({ history: _history, seq, feed, ...item }) =>
    itemJson({ cursor: String(seq), feed, ...item }),
  );
  return `{"environment":${JSON.stringify(environment)},"changes":[${list.join(',')}],"cursor":"${cursor}"}`;
}
