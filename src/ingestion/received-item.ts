import type { CollectionName } from './collections.js';

/** A valid item of a request, as it is stored. */
export interface ReceivedItem {
  readonly feed: CollectionName;
  /** SHA-1 of the identity, lower-case hex. */
  readonly id: string;
  readonly identity: readonly string[];
  /** The item's JSON as received, UTF-8. */
  readonly payload: Buffer;
  /** What orders the versions of an item. */
  readonly stamp: Date;
  readonly deleted: boolean;
}
