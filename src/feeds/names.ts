/** All feeds, in the recommended order of an initial sync. */
export const FEED_NAMES = [
  'productAttributes',
  'products',
  'scopesCustomerGroup',
  'scopesWebsite',
  'prices',
  'productOverrides',
  'variants',
  'categories',
  'categoryPermissions',
  'inventoryStockStatus',
  'orders',
  'reviews',
  'ratingMetadata',
] as const;

export type FeedName = (typeof FEED_NAMES)[number];

/** Feeds that are indexed whole and then published; a test holds the registry to it. */
const LEGACY_FEEDS: ReadonlySet<FeedName> = new Set([
  'scopesCustomerGroup',
  'scopesWebsite',
  'orders',
  'reviews',
  'ratingMetadata',
]);

export function isLegacyFeed(feed: FeedName): boolean {
  return LEGACY_FEEDS.has(feed);
}

const byLowerCase = new Map<string, FeedName>(FEED_NAMES.map((name) => [name.toLowerCase(), name]));

/**
 * The feed of that name, or undefined. Letter case does not count, so the names in the reference's
 * documentation (`productattributes`) are taken as well.
 */
export function findFeedName(name: string): FeedName | undefined {
  return byLowerCase.get(name.trim().toLowerCase());
}
