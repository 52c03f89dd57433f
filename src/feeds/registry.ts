import { ExportError } from '../errors/export-error.js';
import type { Feed } from './feed.js';
import { FEED_NAMES, findFeedName, type FeedName } from './names.js';
import { productAttributes } from './product-attributes/feed.js';

/** All feeds. Adding one is a folder and a line here. */
const feeds: readonly Feed[] = [productAttributes];

const byName = new Map<FeedName, Feed>(feeds.map((feed) => [feed.name, feed]));

/** All feeds, in the recommended order of an initial sync. */
export function allFeeds(): readonly Feed[] {
  return FEED_NAMES.flatMap((name) => byName.get(name) ?? []);
}

/** @throws ExportError SDE10-02 for a name that no feed has. */
export function feedNamed(name: string): Feed {
  const found = findFeedName(name);
  const feed = found === undefined ? undefined : byName.get(found);
  if (feed === undefined) {
    const names = allFeeds().map((each) => each.name);
    throw new ExportError('SDE10-02', {
      message: `There is no feed “${name}”. Feeds: ${names.join(', ')}.`,
    });
  }
  return feed;
}
