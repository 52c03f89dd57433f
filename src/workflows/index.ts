/** All workflows of the bundle. */
export { feedSync } from './feed-sync.js';
export { fullSync } from './full-sync.js';
