import { isDeepStrictEqual } from 'node:util';

import type { FeedName } from '../../feeds/names.js';
import type { FieldDifference, Item } from './field-differences.js';
import { isDateOfAnother } from './order-dates.js';

/** A difference from the reference exporter that is meant; docs/differences.md tells why. */
export interface DocumentedDifference {
  /** The heading in docs/differences.md. */
  readonly title: string;
  readonly feeds: readonly FeedName[];
  /** Paths of fields, as `FieldDifference` has them. */
  readonly paths: readonly string[];
  /**
   * Whether a difference at one of the paths is this one. Default: each is.
   *
   * @param ours all our items that are compared; undefined where they are not at hand.
   */
  explains?(difference: FieldDifference, ours: readonly Item[] | undefined): boolean;
}

/** What only Commerce can render. */
const RENDERED = /\{\{(?:block|widget|view|layout)\b|data-background-images="[^"]/i;

const ORDERS = 'An order does not depend on its batch';

export const DOCUMENTED_DIFFERENCES: readonly DocumentedDifference[] = [
  {
    title: 'What only Commerce can render stays as it is written',
    feeds: ['products', 'categories'],
    paths: ['description', 'shortDescription'],
    explains: ({ ours }) => typeof ours === 'string' && RENDERED.test(ours),
  },
  {
    title: 'The label of downloadable links is the store view’s',
    feeds: ['products'],
    paths: ['optionsV2[].label'],
    explains: ({ owner }) => owner['type'] === 'downloadable',
  },
  {
    title: 'Every tier price keeps its own kind',
    feeds: ['prices'],
    paths: ['tierPrices[].price', 'tierPrices[].percentage'],
    // The reference writes a percentage as the fixed price 0.
    explains: ({ owner }) => owner['price'] === 0,
  },
  {
    title: 'The price of a customer group is complete',
    feeds: ['prices'],
    paths: ['tierPrices', 'tierPrices[].length', 'discounts', 'discounts[].length'],
    explains: ({ item, reference, ours }) =>
      hasRulePrice(item) && Array.isArray(ours) && isPartOf(reference, ours),
  },
  {
    title: ORDERS,
    feeds: ['orders'],
    paths: ['invoices[].createdAt', 'creditMemos[].createdAt'],
    explains: isDateOfAnother,
  },
  {
    title: ORDERS,
    feeds: ['orders'],
    paths: ['creditMemos[].refundTaxes', 'creditMemos[].refundTaxes[].length'],
    // Of each type one credit memo of the batch has the tax, the others lack it.
    explains: ({ reference, ours }) => Array.isArray(ours) && isPartOf(reference, ours),
  },
];

/**
 * The documented difference that a difference is, or undefined.
 *
 * @param ours all our items that are compared, where they are at hand.
 */
export function documentedDifference(
  feed: FeedName,
  difference: FieldDifference,
  ours?: readonly Item[],
): DocumentedDifference | undefined {
  return DOCUMENTED_DIFFERENCES.find(
    (each) =>
      each.feeds.includes(feed) &&
      each.paths.includes(difference.path) &&
      each.explains?.(difference, ours) !== false,
  );
}

function hasRulePrice({ discounts }: FieldDifference['item']): boolean {
  return (
    Array.isArray(discounts) &&
    discounts.some((discount: { code?: unknown }) => discount.code === 'catalog_rule')
  );
}

function isPartOf(part: unknown, whole: readonly unknown[]): boolean {
  if (part === undefined || part === null) return true;
  return (
    Array.isArray(part) &&
    part.every((entry) => whole.some((each) => isDeepStrictEqual(each, entry)))
  );
}
