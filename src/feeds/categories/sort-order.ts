import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';

const POSITION = 'position';

/** Codes by which products can be sorted: `position` and the sortable attributes with a label. */
export async function readSortableCodes(shop: Shop, read: Read): Promise<ReadonlySet<string>> {
  const rows = await read.rows<[string]>(`
    SELECT DISTINCT a.attribute_code
    FROM ${shop.t('eav_attribute')} a
    JOIN ${shop.t('catalog_eav_attribute')} c
      ON c.attribute_id = a.attribute_id AND c.used_for_sort_by = 1
    JOIN ${shop.t('eav_entity_type')} y ON y.entity_type_id = a.entity_type_id
    LEFT JOIN ${shop.t('eav_attribute_label')} l
      ON l.attribute_id = a.attribute_id AND l.store_id = 0
    WHERE y.entity_type_code = 'catalog_product'
      AND COALESCE(l.value, a.frontend_label) IS NOT NULL`);
  return new Set([POSITION, ...rows.map(([code]) => code)]);
}

/** The stored list of sort orders; null where it means all. Its entries are not checked. */
export function availableSortOrders(stored: string | null): string[] | null {
  return stored === null || stored === '' || stored === '0' ? null : stored.split(',');
}

/**
 * The sort order a category is shown in: the wanted one if it is among those available and
 * sortable, else the first of these, else `position`.
 */
export function defaultSortOrder(
  wanted: string | null,
  available: readonly string[] | null,
  sortable: ReadonlySet<string>,
): string {
  const options = (available ?? []).filter((code) => sortable.has(code));
  const [first] = options;
  if (first === undefined) return wanted !== null && sortable.has(wanted) ? wanted : POSITION;
  return wanted !== null && options.includes(wanted) ? wanted : first;
}
