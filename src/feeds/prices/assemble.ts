import type { Website } from '../../commerce/scopes.js';
import type { ItemOf } from '../feed.js';
import type { Discount, Parent, Price } from './contract.js';
import { NO_OFFER, overlay, tierPrices, type Offer, type TierRow } from './offer.js';
import { websitePrice, type PriceRows } from './website-price.js';

export type PriceItem = ItemOf<typeof Price, 'updatedAt'>;

/** The code of the item that holds for every group without one of its own. Not that of group 0. */
const FALLBACK = '0';

/** A parent of a product, in all its websites. */
export interface ParentRow {
  readonly item: Parent;
  readonly websiteIds: readonly number[];
}

/** A price that catalog rules give a customer group today. */
export interface RulePrice {
  readonly groupId: number;
  readonly price: number;
}

/** A product with all rows that make up its prices. */
export interface PricedProduct {
  readonly id: number;
  readonly sku: string;
  readonly type: PriceItem['type'];
  readonly prices: PriceRows;
  readonly websiteIds: number[];
  /** By ascending parent id. */
  parents: readonly ParentRow[] | undefined;
  /** By website id; 0 for all websites. */
  tiers: Map<number, TierRow[]> | undefined;
  /** By website id. */
  rules: Map<number, RulePrice[]> | undefined;
}

/** A website as prices need it. */
export interface PriceWebsite extends Pick<Website, 'id' | 'code'> {
  /** prices: tier rows for all websites count only where there is a store view. */
  readonly hasStoreViews: boolean;
}

/**
 * Appends the items of a product in a website: the fallback, and a copy of it for each group that
 * has a tier row or a rule price, with these laid over.
 */
export function addItems(
  items: PriceItem[],
  product: PricedProduct,
  website: PriceWebsite,
  groupCode: (groupId: number) => string,
): void {
  const { regular, special } = websitePrice(product.prices, website.id);
  const parents = parentsIn(product.parents, website.id);
  const specialDiscount = special === null ? undefined : specialPrice(product.type, special);

  const add = (code: string, offer: Offer, rulePrice: number | undefined): void => {
    const { id: productId, sku, type } = product;
    const discounts = discountsOf(specialDiscount, offer.group, rulePrice);
    const item: PriceItem =
      parents === undefined
        ? {
            productId,
            sku,
            type,
            customerGroupCode: code,
            websiteCode: website.code,
            regular,
            discounts,
          }
        : {
            productId,
            sku,
            type,
            customerGroupCode: code,
            websiteCode: website.code,
            parents,
            regular,
            discounts,
          };
    const tiers = tierPrices(offer);
    if (tiers !== undefined) item.tierPrices = tiers;
    items.push(item);
  };

  const { fallback, groups } = offersOf(product.tiers, website);
  const rules = product.rules?.get(website.id);
  add(FALLBACK, fallback, undefined);
  if (groups === undefined) {
    for (const { groupId, price } of rules ?? []) add(groupCode(groupId), fallback, price);
    return;
  }
  const rulePrices = new Map(rules?.map(({ groupId, price }) => [groupId, price]));
  for (const groupId of new Set([...groups.keys(), ...rulePrices.keys()])) {
    const rows = groups.get(groupId);
    const offer = rows === undefined ? fallback : overlay(fallback, rows);
    add(groupCode(groupId), offer, rulePrices.get(groupId));
  }
}

/** What the tier rows say in a website: for all groups, and the rows of single groups. */
function offersOf(
  tiers: PricedProduct['tiers'],
  website: PriceWebsite,
): { fallback: Offer; groups: Map<number, TierRow[]> | undefined } {
  if (tiers === undefined) return { fallback: NO_OFFER, groups: undefined };
  // Rows of the website come last: they replace those for all websites.
  const rows = [
    ...((website.hasStoreViews ? tiers.get(0) : undefined) ?? []),
    ...(tiers.get(website.id) ?? []),
  ];
  const forAll: TierRow[] = [];
  const groups = new Map<number, TierRow[]>();
  for (const row of rows) {
    if (row.groupId === undefined) forAll.push(row);
    else append(groups, row.groupId, row);
  }
  return { fallback: overlay(NO_OFFER, forAll), groups };
}

function discountsOf(
  special: Discount | undefined,
  group: Discount | undefined,
  rulePrice: number | undefined,
): Discount[] | null {
  if (special === undefined && group === undefined && rulePrice === undefined) return null;
  const discounts: Discount[] = [];
  if (special !== undefined) discounts.push(special);
  if (group !== undefined) discounts.push(group);
  if (rulePrice !== undefined) discounts.push({ code: 'catalog_rule', price: rulePrice });
  return discounts;
}

/** prices: the special price of a bundle is percent of the sum of its parts. */
function specialPrice(type: PriceItem['type'], amount: number): Discount {
  return type === 'BUNDLE_FIXED' || type === 'BUNDLE_DYNAMIC'
    ? { code: 'special_price', percentage: amount }
    : { code: 'special_price', price: amount };
}

function parentsIn(
  parents: readonly ParentRow[] | undefined,
  websiteId: number,
): Parent[] | undefined {
  if (parents === undefined) return undefined;
  const here: Parent[] = [];
  for (const { item, websiteIds } of parents) if (websiteIds.includes(websiteId)) here.push(item);
  return here.length === 0 ? undefined : here;
}

/** Adds a value to the list of a key. */
export function append<Value>(lists: Map<number, Value[]>, key: number, value: Value): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
