/** All workflows of the bundle. */
export { cleanupDeletedItems } from './cleanup-deleted-items.js';
export { feedSync } from './feed-sync.js';
export { fullSync } from './full-sync.js';
export { partialSync } from './partial-sync.js';
export { publishLegacyFeeds } from './publish-legacy-feeds.js';
export { retryFailedItems } from './retry-failed-items.js';
export { verifyFeeds } from './verify-feeds.js';
