import type { FeedItem } from '../feed.js';
import { wireStamp } from '../wire-stamp.js';
import type { CustomerGroupScope } from './contract.js';

/**
 * The item as the published scopes route takes it: wrapped in `customerGroup`, without the id,
 * websites as objects and never null, `updatedAt` in RFC 3339 instead of `modifiedAt`.
 */
export function customerGroupToWire(item: FeedItem): FeedItem {
  const { customerGroupCode, websites, deleted, modifiedAt } =
    item as unknown as CustomerGroupScope;
  return {
    customerGroup: {
      customerGroupCode,
      websites: (websites ?? []).map((websiteCode) => ({ websiteCode })),
    },
    ...(modifiedAt === undefined ? {} : { updatedAt: wireStamp(modifiedAt) }),
    deleted: deleted ?? false,
  };
}
