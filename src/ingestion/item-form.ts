import type { TSchema } from 'typebox';

import type { Feed, FeedItem } from '../feeds/feed.js';
import { identityOf } from '../feeds/item.js';
import type { FeedName } from '../feeds/names.js';
import {
  CustomerGroupOnTheWire,
  validateCustomerGroupOnTheWire,
  validateWebsiteOnTheWire,
  WebsiteOnTheWire,
} from '../feeds/scopes-on-the-wire.js';
import { feedValidator, type ItemValidator } from '../feeds/validation.js';
import type { CollectionName } from './collections.js';

/** A form in which the items of a feed may arrive. */
export interface ItemForm {
  readonly feed: CollectionName;
  /** The field that items of this form have, and those of other forms on the same route have not. */
  readonly marker: string;
  /** Undefined: versions are ordered by their arrival. */
  readonly stampField: string | undefined;
  /** Whether every item is a deletion. */
  readonly deletes?: boolean;
  /** Schema of an item that is not a deletion, for the description of the API. */
  readonly contract: TSchema;
  readonly validate: ItemValidator;
  /** Of the item that results, where items arrive in part. */
  readonly validateWhole?: ItemValidator;
  /** Of a valid item; empty when its identity fields are all null. */
  identityOf(item: FeedItem): readonly string[];
}

/** Items as the feed has them. */
export function feedForm(feed: Feed): ItemForm {
  return {
    feed: feed.name,
    marker: feed.identity[0] ?? 'deleted',
    stampField: feed.stamp.field,
    contract: feed.contract,
    validate: feedValidator(feed),
    identityOf: (item) => identityOf(feed, item),
  };
}

/** Items as the published route takes them, where that differs from the feed's own form. */
export function wireForm(feed: FeedName): ItemForm | undefined {
  return WIRE_FORMS.find((form) => form.feed === feed);
}

const WIRE_FORMS: readonly ItemForm[] = [
  {
    feed: 'scopesWebsite',
    marker: 'website',
    stampField: 'updatedAt',
    contract: WebsiteOnTheWire,
    validate: validateWebsiteOnTheWire,
    identityOf: (item) => [(item as unknown as WebsiteOnTheWire).website.websiteCode],
  },
  {
    feed: 'scopesCustomerGroup',
    marker: 'customerGroup',
    stampField: 'updatedAt',
    contract: CustomerGroupOnTheWire,
    validate: validateCustomerGroupOnTheWire,
    identityOf: (item) => [
      (item as unknown as CustomerGroupOnTheWire).customerGroup.customerGroupCode,
    ],
  },
];
