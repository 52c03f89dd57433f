import type { FeedName } from '../feeds/names.js';

/** What a request does with its items; some services have a route for each. */
export type WireOperation = 'upsert' | 'delete';

/** An item as it goes over the wire: none, one or several JSON texts of one route. */
export interface WireItem {
  readonly operation: WireOperation;
  readonly texts: readonly string[];
}

/** How a service takes the items of a feed. */
export type WireFormat = (feed: FeedName, json: string) => WireItem;

/** Items as the feed has them, deletions among them. */
export const FEED_FORMAT: WireFormat = (_, json) => ({ operation: 'upsert', texts: [json] });
