import type { FeedName } from '../feeds/names.js';
import { feedNamed } from '../feeds/registry.js';
import { STATUS_TEXTS } from '../log/status-texts.js';
import { removeAcknowledged } from '../store/acknowledged.js';
import type { ActivityDependencies } from './dependencies.js';

/** Removes the rows of deletions that the service acknowledged some days ago; returns their number. */
export async function cleanUp(
  deps: ActivityDependencies,
  { feed, olderThanDays }: { readonly feed: FeedName; readonly olderThanDays: number },
  beat: () => void,
): Promise<number> {
  const removed = await removeAcknowledged(deps.store, feedNamed(feed).table, olderThanDays, beat);
  deps.log.logger.info(
    { feed, operation: 'cleanup deleted items' },
    STATUS_TEXTS.cleanedUp(removed, feed),
  );
  return removed;
}
