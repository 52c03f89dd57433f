import type { Store } from './store.js';

/** SKUs looked for at once: each look reads the whole feed table. */
const SLICE = 1000;

/** The source entities whose stored items have one of the SKUs. */
export async function entitiesOfSkus(
  store: Store,
  table: string,
  skus: readonly string[],
): Promise<number[]> {
  const found: number[] = [];
  for (let at = 0; at < skus.length; at += SLICE) {
    const rows = await store.rows<{ source_entity_id: number }>(
      `SELECT DISTINCT source_entity_id FROM ${store.t(table)}
       WHERE feed_data <> '' AND JSON_UNQUOTE(JSON_EXTRACT(feed_data, '$.sku')) IN (?)`,
      [skus.slice(at, at + SLICE)],
    );
    found.push(...rows.map((row) => row.source_entity_id));
  }
  return found;
}
