import type { FeedItem } from '../feed.js';
import type { FeedName } from '../names.js';

const MASK = '***';

/**
 * Fields with personal data, at any depth of an order. Beside names and addresses: free texts;
 * `productOptions`, which holds what customers wrote into custom options and gift cards; and the
 * address of a parcel's page, which opens it to anybody.
 */
const PERSONAL: ReadonlySet<string> = new Set([
  'customerEmail',
  'customerNote',
  'phone',
  'region',
  'postcode',
  'street',
  'multiLineStreet',
  'city',
  'firstname',
  'lastname',
  'productOptions',
  'creditMemoComments',
  'trackingNumber',
  'trackingUrl',
  'txnId',
]);

/** Payment methods and modules store there what they like; only this title is theirs. */
const TITLE = 'method_title';

/**
 * An item as logs and pages may show it: of an order, personal data is masked; what is empty or
 * null stays, and so do ids (customer, order), amounts, products and the country.
 */
export function maskPersonalData(feed: FeedName, item: FeedItem): FeedItem {
  return feed === 'orders' ? (maskFields(item) as FeedItem) : item;
}

/** What a service says about an item, as logs may show it: of an order, without addresses. */
export function maskMessage(feed: FeedName, message: string | null): string | null {
  if (feed !== 'orders' || message === null) return message;
  return message.replace(/[^\s"'<>(),;:]+@[^\s"'<>(),;:]+/g, MASK);
}

function maskFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskFields);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => {
      if (PERSONAL.has(field)) return [field, masked(inner)];
      if (field === 'additionalInformation') return [field, maskInformation(inner)];
      return [field, maskFields(inner)];
    }),
  );
}

function maskInformation(list: unknown): unknown {
  if (!Array.isArray(list)) return masked(list);
  return list.map((entry: unknown) => {
    const { name } = (entry ?? {}) as { readonly name?: unknown };
    return name === TITLE ? entry : { name, value: MASK };
  });
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  return value === null || value === undefined || value === '' ? value : MASK;
}
