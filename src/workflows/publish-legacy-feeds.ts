import { records, settings } from './activities.js';
import { invalidInput } from './failures.js';
import { checkFeedsInput } from './input.js';
import { Launcher } from './launcher.js';
import type { LauncherResult } from './messages.js';

/** Starts a run for each legacy feed with items that were not published yet, and waits for them a while. */
export async function publishLegacyFeeds(input?: unknown): Promise<LauncherResult> {
  const checked = checkFeedsInput(input);
  if (!checked.ok) throw invalidInput(checked.problems);
  const { feeds, instance } = await settings.resolveFeeds({ feeds: checked.value.feeds });
  const launcher = new Launcher(instance, 'publish');
  const due = await records.feedsToPublish.executeWithOptions(
    { summary: 'legacy feeds with items to be sent' },
    [{ feeds }],
  );
  for (const feed of due) await launcher.start(feed);
  await launcher.endedOrLeft();
  return launcher.result;
}
