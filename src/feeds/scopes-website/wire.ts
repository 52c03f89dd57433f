import type { FeedItem } from '../feed.js';
import { wireStamp } from '../wire-stamp.js';
import type { WebsiteScope } from './contract.js';

/**
 * The item as the published scopes route takes it: wrapped in `website`, without ids, lists never
 * null, `updatedAt` in RFC 3339 instead of `modifiedAt`.
 */
export function websiteToWire(item: FeedItem): FeedItem {
  const { websiteCode, stores, deleted, modifiedAt } = item as unknown as WebsiteScope;
  return {
    website: {
      ...(websiteCode === undefined ? {} : { websiteCode }),
      stores: (stores ?? []).map(({ storeCode, storeViews }) => ({
        ...(storeCode === undefined ? {} : { storeCode }),
        storeViews: (storeViews ?? []).map(({ storeViewCode }) =>
          storeViewCode === undefined ? {} : { storeViewCode },
        ),
      })),
    },
    ...(modifiedAt === undefined ? {} : { updatedAt: wireStamp(modifiedAt) }),
    deleted: deleted ?? false,
  };
}
