import type { FeedName } from './names.js';

/** Which feeds a feed follows in a full sync, and why it stands where it does. */
interface Place {
  readonly after: readonly FeedName[];
  readonly reason: string;
}

/**
 * The places behind the recommended order. The order itself is that of `FEED_NAMES`; feeds that do
 * not follow one another run at the same time.
 */
export const FEED_PLACES: Readonly<Record<FeedName, Place>> = {
  productAttributes: {
    after: [],
    reason: 'services read products by the metadata of their attributes',
  },
  products: { after: ['productAttributes'], reason: 'nearly all that follows names a product' },
  scopesCustomerGroup: { after: [], reason: 'prices and permissions name customer groups' },
  scopesWebsite: { after: [], reason: 'prices and permissions name websites' },
  prices: {
    after: ['products', 'scopesCustomerGroup', 'scopesWebsite'],
    reason: 'a product without a price cannot be sold, so prices come before what refines them',
  },
  productOverrides: {
    after: ['products', 'scopesCustomerGroup', 'scopesWebsite'],
    reason: 'hides products and prices that are there by now',
  },
  variants: { after: ['products'], reason: 'joins configurable products and their children' },
  categories: { after: [], reason: 'navigation works once the products are there' },
  categoryPermissions: {
    after: ['categories', 'scopesCustomerGroup', 'scopesWebsite'],
    reason: 'hides categories that are there by now',
  },
  inventoryStockStatus: {
    after: ['products'],
    reason: 'quantities refine the stock flags of products',
  },
  orders: { after: [], reason: 'no service needs them to show the catalog' },
  reviews: { after: ['products'], reason: 'an extra of products' },
  ratingMetadata: { after: [], reason: 'explains the ratings of reviews' },
};

/**
 * The feed that may start next: the first one still queued that follows none of the queued or
 * running ones before it in `order`. Undefined: wait until another one ends.
 */
export function nextFeed(
  order: readonly FeedName[],
  queued: ReadonlySet<FeedName>,
  running: ReadonlySet<FeedName>,
): FeedName | undefined {
  return order.find(
    (feed, place) =>
      queued.has(feed) &&
      FEED_PLACES[feed].after.every((earlier) => {
        const at = order.indexOf(earlier);
        return at === -1 || at > place || !(queued.has(earlier) || running.has(earlier));
      }),
  );
}
