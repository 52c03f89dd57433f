import { records, settings } from './activities.js';
import { invalidInput } from './failures.js';
import { checkFeedsInput } from './input.js';
import { Launcher } from './launcher.js';
import type { LauncherResult } from './messages.js';

/**
 * Closes the records of runs that were ended from outside, starts a run for each feed with items
 * that are to be sent again, and waits for them.
 */
export async function retryFailedItems(input?: unknown): Promise<LauncherResult> {
  const checked = checkFeedsInput(input);
  if (!checked.ok) throw invalidInput(checked.problems);
  const { feeds, instance } = await settings.resolveFeeds({ feeds: checked.value.feeds });
  await records.closeAbandonedRuns();
  const launcher = new Launcher(instance, 'retry failed items');
  for (const feed of await records.feedsToRetry({ feeds })) await launcher.start(feed);
  await launcher.ended();
  return launcher.result;
}
