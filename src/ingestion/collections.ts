import { FEED_NAMES, findFeedName, type FeedName } from '../feeds/names.js';

/**
 * What the catalog routes (API of November 2024 and later) take. Their items have a shape of their
 * own, so they are kept apart from the feeds.
 */
export const CATALOG_COLLECTIONS = [
  'catalogProducts',
  'catalogMetadata',
  'catalogLayers',
  'catalogCategories',
  'catalogPriceBooks',
  'catalogPrices',
] as const;

export type CatalogCollection = (typeof CATALOG_COLLECTIONS)[number];

/** Under which name items are kept and read. */
export type CollectionName = FeedName | CatalogCollection;

export const COLLECTIONS: readonly CollectionName[] = [...FEED_NAMES, ...CATALOG_COLLECTIONS];

/** The collection of that name, or undefined; letter case does not count. */
export function findCollection(name: string): CollectionName | undefined {
  const wanted = name.trim().toLowerCase();
  return findFeedName(name) ?? CATALOG_COLLECTIONS.find((each) => each.toLowerCase() === wanted);
}

export function isCatalogCollection(name: CollectionName): name is CatalogCollection {
  return (CATALOG_COLLECTIONS as readonly string[]).includes(name);
}
