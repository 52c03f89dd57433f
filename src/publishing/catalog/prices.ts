import type { CatalogItem, SourceItem } from './catalog-format.js';
import { priceBookId } from './price-books.js';
import { filled, listOf, textOf } from './values.js';

/** A product's price in a website and customer group as its price in a price book. */
export function priceToCatalog(item: SourceItem): CatalogItem {
  const book = priceBookId(textOf(item, 'websiteCode'), textOf(item, 'customerGroupCode'));
  return {
    keys: { sku: textOf(item, 'sku'), priceBookId: book },
    fields: {
      regular: Number(item['regular'] ?? 0),
      ...filled({
        discounts: listOf(item, 'discounts'),
        tierPrices: listOf(item, 'tierPrices'),
      }),
    },
  };
}
