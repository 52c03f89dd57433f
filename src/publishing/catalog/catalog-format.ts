import type { CatalogPreset } from '../../feeds/routes.js';
import type { FeedName } from '../../feeds/names.js';
import { FEED_FORMAT, type WireFormat, type WireItem } from '../wire-format.js';
import { attributeToMetadata } from './metadata.js';
import { categoryToCatalog } from './categories.js';
import { groupToPriceBooks, websiteToPriceBooks } from './price-books.js';
import { priceToCatalog } from './prices.js';
import { productToCatalog } from './products.js';

/** What the catalog's shapes need to know that feed items do not say. */
export interface CatalogScopes {
  /** Locale of a store view, such as `en-US`. */
  readonly localeOf: (storeViewCode: string) => string;
  /** Currency of a website's prices; undefined where it is not known. */
  readonly currencyOf: (websiteCode: string) => string | undefined;
}

/** A feed item as it comes, its fields unchecked. */
export type SourceItem = Readonly<Record<string, unknown>>;

/** An item of the catalog API: what names it, and what it is. */
export interface CatalogItem {
  readonly keys: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, unknown>>;
}

type Mapper = (item: SourceItem, scopes: CatalogScopes) => readonly CatalogItem[];

const MAPPERS: Readonly<Partial<Record<FeedName, Mapper>>> = {
  products: (item, scopes) => [productToCatalog(item, scopes)],
  productAttributes: (item, scopes) => [attributeToMetadata(item, scopes)],
  categories: categoryToCatalog,
  prices: (item) => [priceToCatalog(item)],
  scopesWebsite: websiteToPriceBooks,
  scopesCustomerGroup: (item) => groupToPriceBooks(item),
};

/**
 * Feed items in the shapes of the catalog APIs. Their first generation takes deletions as items
 * with `deleted: true`; the second has routes for them, and takes only what names the item.
 */
export function catalogFormat(preset: CatalogPreset, scopes: CatalogScopes): WireFormat {
  return (feed, json): WireItem => {
    const mapper = MAPPERS[feed];
    // Other feeds go there only where somebody has made a route for them.
    if (mapper === undefined) return FEED_FORMAT(feed, json);
    const item = JSON.parse(json) as SourceItem;
    const deleted = item['deleted'] === true;
    const items = mapper(item, scopes);
    if (!deleted) {
      const texts = items.map(({ keys, fields }) => JSON.stringify({ ...keys, ...fields }));
      return { operation: 'upsert', texts };
    }
    if (preset === 'composable-catalog') {
      const texts = items.map(({ keys }) => JSON.stringify({ ...keys, deleted: true }));
      return { operation: 'upsert', texts };
    }
    return { operation: 'delete', texts: items.map(({ keys }) => JSON.stringify(keys)) };
  };
}
