import type { FeedName } from './names.js';

/** Stands in a path for the data space id (SaaS environment id). */
export const DATA_SPACE_ID = '{DATA_SPACE_ID}';

/** Where the items of a feed are posted to: paths below the service's base URL, no leading slash. */
export interface FeedRoute {
  /** The path a sender uses. Of a feed with a form of its own on the wire, it takes that form. */
  readonly path: string;
  /** Paths of other drafts of the API, which a receiver takes as well. */
  readonly alternatives: readonly string[];
  /** Where items are taken as the feed has them, if `path` is for another form. */
  readonly feedForm?: string;
}

/** Most items a request may hold: 100, prices 500. Above, the service refuses the whole request. */
export function itemsPerRequest(feed: FeedName): number {
  return feed === 'prices' ? 500 : 100;
}

/** Routes per feed, by name of the preset. */
export const ROUTE_PRESETS = {
  /** The SaaS feeds' routes as published from September 2023 to June 2024, else `<feed>/v1`. */
  'commerce-services': {
    productAttributes: published('metadata/v2/metadata'),
    products: published('catalog/v2/products', 'v2/products'),
    scopesCustomerGroup: scopes('scopesCustomerGroup'),
    scopesWebsite: scopes('scopesWebsite'),
    prices: published('products/v1/prices'),
    productOverrides: published('catalog/v2/product-overrides'),
    variants: published('product_variant/v2/product_variant'),
    categories: published('categories/v1'),
    categoryPermissions: unpublished('categoryPermissions'),
    inventoryStockStatus: unpublished('inventoryStockStatus'),
    orders: unpublished('orders'),
    reviews: unpublished('reviews'),
    ratingMetadata: unpublished('ratingMetadata'),
  },
} as const satisfies Record<string, Readonly<Record<FeedName, FeedRoute>>>;

export type RoutePreset = keyof typeof ROUTE_PRESETS;

/** Presets of the services that take the catalog in shapes of their own. */
export type CatalogPreset = 'composable-catalog' | 'commerce-optimizer';

/** What the feeds are called there; the others are not taken. */
const CATALOG_RESOURCES: Readonly<Partial<Record<FeedName, string>>> = {
  productAttributes: 'products/metadata',
  products: 'products',
  scopesCustomerGroup: 'price-books',
  scopesWebsite: 'price-books',
  prices: 'products/prices',
  categories: 'categories',
};

export interface SendingRoute {
  readonly preset: RoutePreset | CatalogPreset;
  readonly feed: FeedName;
  /** Deletions have routes of their own in `commerce-optimizer`. */
  readonly operation: 'upsert' | 'delete';
  /** Whether items go as the feed has them, where the published route takes another form. */
  readonly feedForm: boolean;
}

/** Where a feed is sent to, with `{DATA_SPACE_ID}`; undefined where the preset does not take it. */
export function sendingRoute(wanted: SendingRoute): string | undefined {
  const { preset, feed, operation, feedForm } = wanted;
  const resource = CATALOG_RESOURCES[feed];
  switch (preset) {
    case 'commerce-services': {
      const route: FeedRoute = ROUTE_PRESETS[preset][feed];
      return feedForm ? (route.feedForm ?? route.path) : route.path;
    }
    case 'composable-catalog':
      // The form of March 2025; it had no categories.
      return resource === undefined || feed === 'categories'
        ? undefined
        : `${DATA_SPACE_ID}/api/v1/catalog/${resource}`;
    case 'commerce-optimizer':
      return resource === undefined
        ? undefined
        : `${DATA_SPACE_ID}/v1/catalog/${resource}${operation === 'delete' ? '/delete' : ''}`;
  }
}

/** The path with the data space id filled in. */
export function pathOf(template: string, dataSpaceId: string): string {
  return template.replaceAll(DATA_SPACE_ID, encodeURIComponent(dataSpaceId));
}

function published(path: string, ...others: readonly string[]): FeedRoute {
  return { path: below(path), alternatives: others.map(below) };
}

function unpublished(feed: FeedName): FeedRoute {
  return { path: below(`${feed}/v1`), alternatives: [] };
}

function scopes(feed: FeedName): FeedRoute {
  return {
    path: below('scopes/v2'),
    alternatives: [below('scopes/v1')],
    feedForm: below(`${feed}/v1`),
  };
}

function below(path: string): string {
  return `feeds/${path}/${DATA_SPACE_ID}`;
}
