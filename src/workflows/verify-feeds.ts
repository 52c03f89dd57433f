import type { VerifiedFeed } from '../activities/verification/verified-feed.js';
import type { FeedName } from '../feeds/names.js';
import { settings, work } from './activities.js';
import { invalidInput } from './failures.js';
import { checkVerifyInput } from './input.js';

/** A comparison that nobody waits for takes its time. */
const DEFAULT_ROWS_PER_SECOND = 1000;

/**
 * Compares shop, state and service, feed after feed; where one was stopped, it goes on. Queues what
 * drifted if it is asked to. Returns what it found, in numbers.
 */
export async function verifyFeeds(
  input?: unknown,
): Promise<Readonly<Partial<Record<FeedName, VerifiedFeed>>>> {
  const checked = checkVerifyInput(input);
  if (!checked.ok) throw invalidInput(checked.problems);
  const { feeds: wanted, rowsPerSecond = DEFAULT_ROWS_PER_SECOND, fix = false } = checked.value;
  const { feeds } = await settings.resolveFeeds({ feeds: wanted });
  const found: Partial<Record<FeedName, VerifiedFeed>> = {};
  for (const feed of feeds) {
    found[feed] = await work.verifyFeed.executeWithOptions({ summary: feed }, [
      { feed, rowsPerSecond, fix },
    ]);
  }
  return found;
}
