import { ExportError } from '../errors/export-error.js';
import type { FeedName } from '../feeds/names.js';
import { feedNamed } from '../feeds/registry.js';
import { waitingItems } from '../store/claims.js';
import { readHold } from '../store/held-deletions.js';
import { hasDueDeletions } from '../store/missing.js';
import { hasRetries } from '../store/retries.js';
import type { FullSyncInput } from '../workflows/messages.js';
import type { ActivityDependencies } from './dependencies.js';

/** The feeds of a full sync, in the order in which they start. */
export function resolveFeeds(
  deps: ActivityDependencies,
  wanted: FullSyncInput['feeds'],
): { readonly feeds: readonly FeedName[]; readonly instance: string } {
  const { instance } = deps;
  if (wanted === undefined || wanted === 'all') return { feeds: deps.feeds, instance };
  const off = wanted.filter((feed) => !deps.feeds.includes(feed));
  if (off.length > 0) {
    throw new ExportError('SDE40-01', {
      message: `Not switched on by FEEDS: ${off.join(', ')}. Feeds: ${deps.feeds.join(', ')}.`,
    });
  }
  return { feeds: [...new Set(wanted)], instance };
}

/** Feeds with items that are to be sent again, or deletions that wait. */
export async function feedsToRetry(
  deps: ActivityDependencies,
  feeds: readonly FeedName[],
): Promise<readonly FeedName[]> {
  const found: FeedName[] = [];
  const { store } = deps;
  for (const { name, table, mode } of feeds.map(feedNamed)) {
    const rules = { maxAgeDays: deps.retryMaxAgeDays };
    const due =
      (mode === 'immediate' && (await hasRetries(store, table, rules))) ||
      (await hasDueDeletions(store, table, (await readHold(store, name)).heldUpTo));
    if (due) found.push(name);
  }
  return found;
}

/** Legacy feeds with stored items that the service does not have. */
export async function feedsToPublish(
  { store }: ActivityDependencies,
  feeds: readonly FeedName[],
): Promise<readonly FeedName[]> {
  const found: FeedName[] = [];
  for (const feed of feeds.map(feedNamed)) {
    if (feed.mode !== 'legacy') continue;
    const waiting = await waitingItems(store, feed.table, 0, 1);
    if (waiting.length > 0) found.push(feed.name);
  }
  return found;
}
