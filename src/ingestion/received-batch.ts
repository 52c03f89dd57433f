import type { FeedItem } from '../feeds/feed.js';
import { feedIdOf } from '../feeds/item.js';
import { parseStamp } from '../feeds/stamp.js';
import type { ItemProblem } from '../feeds/validation.js';
import type { Batch } from './batch.js';
import type { IntakeRoute } from './intake-routes.js';
import type { ItemForm } from './item-form.js';
import type { ReceivedItem } from './received-item.js';

/** A batch, sorted into what can be stored and what is wrong with the rest. */
export interface ReceivedBatch {
  readonly items: readonly ReceivedItem[];
  /** Fields begin with the item's place in the request: `/2/sku`. */
  readonly problems: readonly ItemProblem[];
}

/** Characters of all identity values together; SKUs and codes have 64 at most, URL paths 255. */
const MAX_IDENTITY = 4096;

/** Validates each item by itself. Items without a stamp are taken to be of `receivedAt`. */
export function receiveBatch(route: IntakeRoute, batch: Batch, receivedAt: Date): ReceivedBatch {
  const items: ReceivedItem[] = [];
  const problems: ItemProblem[] = [];
  batch.items.forEach((item, index) => {
    const payload = batch.texts[index] ?? Buffer.alloc(0);
    const received = receive(route.forms, item, payload, receivedAt);
    if ('id' in received) items.push(received);
    else for (const each of received) problems.push({ ...each, field: `/${index}${each.field}` });
  });
  return { items, problems };
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
  const stamp = item[form.stampField];
  return {
    feed: form.feed,
    id: feedIdOf(identity),
    identity,
    payload,
    stamp: (typeof stamp === 'string' ? parseStamp(stamp) : undefined) ?? receivedAt,
    deleted: item['deleted'] === true,
  };
}
