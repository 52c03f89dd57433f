import { ExportError } from '../errors/export-error.js';
import type { Feed } from '../feeds/feed.js';
import { FEED_NAMES, findFeedName } from '../feeds/names.js';
import { feedNamed } from '../feeds/registry.js';

/** @throws ExportError SDE10-02 for a feed that does not exist. */
export function feedOf(name: string): Feed {
  const known = findFeedName(name.trim());
  if (known === undefined) {
    throw new ExportError('SDE10-02', {
      message: `There is no feed “${name}”. Feeds: ${FEED_NAMES.join(', ')}.`,
    });
  }
  return feedNamed(known);
}

/** @throws ExportError SDE10-03 for what is no number of lines. */
export function limitOf(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000_000) {
    throw new ExportError('SDE10-03', {
      message: `--limit takes a whole number from 1 to 1000000, not “${text}”.`,
    });
  }
  return limit;
}
