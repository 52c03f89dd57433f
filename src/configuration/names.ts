import type { FeedName } from '../feeds/names.js';

/** A setting's key in the configuration file: `COMMERCE_DATABASE_URL` → `commerceDatabaseUrl`. */
export function fileKey(name: string): string {
  return name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A feed's name in variables: `productAttributes` → `PRODUCT_ATTRIBUTES`. */
export function screamingName(feed: FeedName): string {
  return feed.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
