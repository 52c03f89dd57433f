import { ExportError } from '../errors/export-error.js';
import type { Feed } from '../feeds/feed.js';
import type { FeedName } from '../feeds/names.js';
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

/**
 * The same of the feeds that are on: all of them where `--feed` was not given. Nobody exports the
 * others, so there is nothing to compare or to count, and what is queued for them stays.
 *
 * @throws ExportError SDE10-02 and SDE10-03 as above, and SDE10-03 for feeds that are off.
 */
export function enabledFeeds(
  names: string | undefined,
  enabled: readonly FeedName[],
): readonly Feed[] {
  const feeds = chosenFeeds(names);
  if (names === undefined) return feeds.filter(({ name }) => enabled.includes(name));
  const off = feeds.filter(({ name }) => !enabled.includes(name)).map(({ name }) => name);
  if (off.length > 0) {
    throw new ExportError('SDE10-03', {
      message: `Not switched on by FEEDS: ${off.join(', ')}. Feeds that are on: ${enabled.join(', ')}.`,
      cure: 'Add them to FEEDS, or name feeds that are on.',
    });
  }
  return feeds;
}
