import type { Read } from './read.js';

/** A store view with the codes of the scopes around it. `storeCode` is the store group's. */
export interface StoreView {
  readonly id: number;
  readonly code: string;
  readonly groupId: number;
  readonly storeCode: string;
  readonly rootCategoryId: number;
  readonly websiteId: number;
  readonly websiteCode: string;
}

export interface Website {
  readonly id: number;
  readonly code: string;
  readonly isDefault: boolean;
  /** The default store view of the website's default group; 0 where there is none. */
  readonly defaultStoreId: number;
}

export interface Scopes {
  /** All store views but the admin's, active or not, in order of id. */
  readonly storeViews: readonly StoreView[];
  /** All websites but the admin's, in order of id. */
  readonly websites: readonly Website[];
}

/**
 * Scopes: a store view's group is `store.group_id`, its website is `store.website_id` (not the
 * group's); inactive store views count like active ones.
 */
export async function readScopes(read: Read, t: (table: string) => string): Promise<Scopes> {
  const storeViews = await read.rows<[number, string, number, string, number, number, string]>(`
    SELECT s.store_id, s.code, s.group_id, g.code, g.root_category_id, s.website_id, w.code
    FROM ${t('store')} s
    JOIN ${t('store_group')} g ON g.group_id = s.group_id
    JOIN ${t('store_website')} w ON w.website_id = s.website_id
    WHERE s.store_id <> 0
    ORDER BY s.store_id`);
  const websites = await read.rows<[number, string, number | null, number | null]>(`
    SELECT w.website_id, w.code, w.is_default, g.default_store_id
    FROM ${t('store_website')} w
    LEFT JOIN ${t('store_group')} g ON g.group_id = w.default_group_id
    WHERE w.website_id <> 0
    ORDER BY w.website_id`);
  return {
    storeViews: storeViews.map(
      ([id, code, groupId, storeCode, rootCategoryId, websiteId, websiteCode]) => ({
        id,
        code,
        groupId,
        storeCode,
        rootCategoryId,
        websiteId,
        websiteCode,
      }),
    ),
    websites: websites.map(([id, code, isDefault, defaultStoreId]) => ({
      id,
      code,
      isDefault: isDefault === 1,
      defaultStoreId: defaultStoreId ?? 0,
    })),
  };
}
