import { ExportError } from '../errors/export-error.js';
import type { Feed } from '../feeds/feed.js';
import { allFeeds, feedNamed } from '../feeds/registry.js';

/**
 * The feeds that `--feed` names, each once, in the order written; all where it was not given.
 *
 * @throws ExportError SDE10-02 for unknown names, SDE10-03 where it names none.
 */
export function chosenFeeds(names: string | undefined): readonly Feed[] {
  if (names === undefined) return allFeeds();
  const feeds = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map(feedNamed);
  if (feeds.length === 0) {
    throw new ExportError('SDE10-03', { message: '--feed needs at least one feed.' });
  }
  return [...new Set(feeds)];
}
