import { records, settings } from './activities.js';
import { invalidInput } from './failures.js';
import { checkFeedsInput } from './input.js';
import { Launcher } from './launcher.js';
import type { LauncherResult } from './messages.js';

/**
 * Closes the records of runs that were ended from outside, starts a run for each feed with items
 * that are to be sent again, and waits for them for a while.
 */
export async function retryFailedItems(input?: unknown): Promise<LauncherResult> {
  const checked = checkFeedsInput(input);
  if (!checked.ok) throw invalidInput(checked.problems);
  const { feeds, instance } = await settings.resolveFeeds({ feeds: checked.value.feeds });
  await records.closeAbandonedRuns.executeWithOptions(
    { summary: 'close records of runs that were ended from outside' },
    [],
  );
  const launcher = new Launcher(instance, 'retry failed items');
  const due = await records.feedsToRetry.executeWithOptions(
    { summary: 'feeds with failed items' },
    [{ feeds }],
  );
  for (const feed of due) await launcher.start(feed);
  await launcher.endedOrLeft();
  return launcher.result;
}
