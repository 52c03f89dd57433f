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

const INFORMATION = 'additionalInformation';

/** Payment methods and modules store there what they like; only this title is theirs. */
const TITLE = 'method_title';

/**
 * An item as logs and pages may show it: of an order, personal data is masked; what is empty or
 * null stays, and so do ids (customer, order), amounts, products and the country.
 */
export function maskPersonalData(feed: FeedName, item: FeedItem): FeedItem {
  return feed === 'orders' ? (maskFields(item) as FeedItem) : item;
}

/**
 * The value of one field, as pages may show it: `path` is that of a difference between two items,
 * such as `payment.billingAddress.city` or `items[].length`, which has whole lists.
 */
export function maskPersonalField(feed: FeedName, path: string, value: unknown): unknown {
  if (feed !== 'orders') return value;
  const fields = path
    .replace(/\[\]\.length$/, '')
    .split('.')
    .map((field) => field.replace(/\[\]$/, ''));
  if (fields.some((field) => PERSONAL.has(field))) return masked(value);
  const at = fields.indexOf(INFORMATION);
  if (at === -1) return maskFields(value);
  if (fields.length - 1 > at) return fields.at(-1) === 'name' ? value : masked(value);
  return Array.isArray(value) ? maskInformation(value) : maskEntry(value);
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
      if (field === INFORMATION) return [field, maskInformation(inner)];
      return [field, maskFields(inner)];
    }),
  );
}

function maskInformation(list: unknown): unknown {
  if (!Array.isArray(list)) return masked(list);
  return list.map(maskEntry);
}

function maskEntry(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null) return masked(entry);
  const { name } = entry as { readonly name?: unknown };
  return name === TITLE ? entry : { name, value: MASK };
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  return value === null || value === undefined || value === '' ? value : MASK;
}
