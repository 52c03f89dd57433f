import type { FeedName } from '../feeds/names.js';
import { records, settings, work } from './activities.js';
import { invalidInput } from './failures.js';
import { checkCleanupInput } from './input.js';

/** As the reference exporter has it. */
const DEFAULT_DAYS = 7;

/**
 * Removes the rows of items whose deletion the service acknowledged long ago, and records of runs
 * past their age; returns rows per feed.
 */
export async function cleanupDeletedItems(
  input?: unknown,
): Promise<Readonly<Partial<Record<FeedName, number>>>> {
  const checked = checkCleanupInput(input);
  if (!checked.ok) throw invalidInput(checked.problems);
  const { feeds: wanted, olderThanDays = DEFAULT_DAYS } = checked.value;
  const { feeds } = await settings.resolveFeeds({ feeds: wanted });
  const removed: Partial<Record<FeedName, number>> = {};
  for (const feed of feeds) {
    removed[feed] = await work.removeAcknowledged.executeWithOptions(
      { summary: `${feed}: deletions of more than ${olderThanDays} days ago` },
      [{ feed, olderThanDays }],
    );
  }
  await records.pruneRuns.executeWithOptions({ summary: 'run records past their age' }, []);
  return removed;
}
