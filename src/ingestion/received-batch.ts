import type { FeedItem } from '../feeds/feed.js';
import { feedIdOf } from '../feeds/item.js';
import { parseStamp } from '../feeds/stamp.js';
import type { ItemProblem } from '../feeds/validation.js';
import type { Batch } from './batch.js';
import type { IntakeRoute } from './intake-routes.js';
import type { ItemForm } from './item-form.js';
import type { ReceivedItem } from './received-item.js';

/** What is wrong with an item of a request. */
export interface ItemFault extends ItemProblem {
  /** The item's place in the request, from 0. */
  readonly index: number;
}

/** A valid item and its place in the request. */
export interface PlacedItem {
  readonly index: number;
  readonly received: ReceivedItem;
}

/** A batch, sorted into what can be stored and what is wrong with the rest. */
export interface ReceivedBatch {
  readonly items: readonly PlacedItem[];
  readonly faults: readonly ItemFault[];
}

/** Characters of all identity values together; SKUs and codes have 64 at most, URL paths 255. */
const MAX_IDENTITY = 4096;
/** Stamps outside of these years are mistakes, and no database time holds all of them. */
const FIRST_STAMP = Date.UTC(1970, 0, 1);
const LAST_STAMP = Date.UTC(9999, 0, 1);

/** Validates each item by itself. Items without a stamp are taken to be of `receivedAt`. */
export function receiveBatch(
  { forms }: Pick<IntakeRoute, 'forms'>,
  batch: Batch,
  receivedAt: Date,
): ReceivedBatch {
  const items: PlacedItem[] = [];
  const faults: ItemFault[] = [];
  batch.items.forEach((item, index) => {
    const payload = batch.texts[index] ?? Buffer.alloc(0);
    const received = receive(forms, item, payload, receivedAt);
    if ('id' in received) items.push({ index, received });
    else for (const problem of received) faults.push({ index, ...problem });
  });
  return { items, faults };
}

function receive(
  forms: readonly ItemForm[],
  item: FeedItem,
  payload: Buffer,
  receivedAt: Date,
): ReceivedItem | readonly ItemProblem[] {
  const form =
    forms.length === 1 ? forms[0] : forms.find(({ marker }) => Object.hasOwn(item, marker));
  if (form === undefined) {
    const markers = forms.map(({ marker }) => marker);
    return [
      {
        field: `/${markers[0] ?? ''}`,
        message: `is required (or one of ${markers.slice(1).join(', ')})`,
      },
    ];
  }
  const problems = form.validate(item);
  if (problems.length > 0) return problems;
  const identity = form.identityOf(item);
  if (identity.length === 0) {
    return [{ field: `/${form.marker}`, message: 'is empty, like the rest of the identity' }];
  }
  if (identity.reduce((sum, value) => sum + value.length, 0) > MAX_IDENTITY) {
    return [{ field: `/${form.marker}`, message: 'is too long, or another field of the identity' }];
  }
  const stamp = stampOf(item, form) ?? receivedAt;
  if (stamp.getTime() < FIRST_STAMP || stamp.getTime() >= LAST_STAMP) {
    return [{ field: `/${form.stampField ?? ''}`, message: 'is not a time of this age' }];
  }
  return {
    feed: form.feed,
    id: feedIdOf(identity),
    identity,
    payload,
    stamp,
    deleted: form.deletes === true || item['deleted'] === true,
  };
}

function stampOf(item: FeedItem, { stampField }: ItemForm): Date | undefined {
  const stamp = stampField === undefined ? undefined : item[stampField];
  return typeof stamp === 'string' ? parseStamp(stamp) : undefined;
}
