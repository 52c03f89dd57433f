import type { CatalogItem, CatalogScopes, SourceItem } from './catalog-format.js';
import { filled, textOf, textsOf } from './values.js';

/** Stands for all groups that have no price of their own. */
const ALL_GROUPS = '0';

/** The price book of a website, and of a customer group in it. */
export function priceBookId(websiteCode: string, customerGroupCode: string): string {
  return customerGroupCode === ALL_GROUPS ? websiteCode : `${websiteCode}:${customerGroupCode}`;
}

/** A website is a base price book: it says the currency. */
export function websiteToPriceBooks(
  item: SourceItem,
  { currencyOf }: CatalogScopes,
): readonly CatalogItem[] {
  const website = textOf(item, 'websiteCode');
  if (website === '') return [];
  const fields = { name: website, ...filled({ currency: currencyOf(website) }) };
  return [{ keys: { priceBookId: priceBookId(website, ALL_GROUPS) }, fields }];
}

/** A customer group is a price book below that of each website it may use. */
export function groupToPriceBooks(item: SourceItem): readonly CatalogItem[] {
  const group = textOf(item, 'customerGroupCode');
  return textsOf(item['websites']).map((website) => ({
    keys: { priceBookId: priceBookId(website, group) },
    fields: {
      name: `${website}, customer group ${textOf(item, 'customerGroupId')}`,
      parentId: priceBookId(website, ALL_GROUPS),
    },
  }));
}
