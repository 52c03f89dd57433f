import { ExportError } from '../errors/export-error.js';
import { didYouMean } from '../errors/suggestion.js';
import type { Feed, WatchedTable } from './feed.js';
import { FEED_NAMES, findFeedName, type FeedName } from './names.js';
import { categories } from './categories/feed.js';
import { categoryPermissions } from './category-permissions/feed.js';
import { inventoryStockStatus } from './inventory-stock-status/feed.js';
import { orders } from './orders/feed.js';
import { prices } from './prices/feed.js';
import { productAttributes } from './product-attributes/feed.js';
import { productOverrides } from './product-overrides/feed.js';
import { products } from './products/feed.js';
import { ratingMetadata } from './rating-metadata/feed.js';
import { reviews } from './reviews/feed.js';
import { scopesCustomerGroup } from './scopes-customer-group/feed.js';
import { scopesWebsite } from './scopes-website/feed.js';
import { variants } from './variants/feed.js';

/** All feeds. Adding one is a folder and a line here. */
const feeds: readonly Feed[] = [
  categories,
  categoryPermissions,
  inventoryStockStatus,
  orders,
  prices,
  productAttributes,
  productOverrides,
  products,
  ratingMetadata,
  reviews,
  scopesCustomerGroup,
  scopesWebsite,
  variants,
];

const byName = new Map<FeedName, Feed>(feeds.map((feed) => [feed.name, feed]));

/** All feeds, in the recommended order of an initial sync. */
export function allFeeds(): readonly Feed[] {
  return FEED_NAMES.flatMap((name) => byName.get(name) ?? []);
}

/** What is captured for all feeds, on or off: so switching one on changes no trigger. */
export function watchedTables(): readonly WatchedTable[] {
  return allFeeds().flatMap(({ watches }) => watches);
}

/** @throws ExportError SDE10-02 for a name that no feed has. */
export function feedNamed(name: string): Feed {
  const found = findFeedName(name);
  const feed = found === undefined ? undefined : byName.get(found);
  if (feed === undefined) {
    const names = allFeeds().map((each) => each.name);
    throw new ExportError('SDE10-02', {
      message: `There is no feed “${name}”${didYouMean(name, names)} Feeds: ${names.join(', ')}.`,
    });
  }
  return feed;
}
