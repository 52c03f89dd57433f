import type { Shop } from '../commerce/shop.js';
import type { Feed } from '../feeds/feed.js';
import { newestPending } from '../store/pending.js';
import { newestRequest, requestSyncs } from '../store/sync-requests.js';
import type { ActivityDependencies } from './dependencies.js';

/** From so many pending entities on, a full sync covers them in its own order. */
export const COVERED_FROM = 5_000;
/** Of a feed's entities: from there on a full sync costs no more than to export them one by one. */
const SHARE = 0.5;
const REASON = 'At least half of its entities changed at once, as a mass import does.';

/**
 * Queues a full sync in the place of the pending entities of feeds that changed for the most part;
 * not where a full sync takes only some of the entities, which are not all that are pending.
 */
export async function coverMassChanges(
  { store, commerce, clock, feedSettings: settings }: ActivityDependencies,
  shop: Shop,
  feeds: readonly Feed[],
): Promise<void> {
  for (const feed of feeds) {
    const { entities: pending } = await newestPending(store, feed.name);
    if (pending < COVERED_FROM || (await newestRequest(store, feed.name)) > 0) continue;
    const { table, where } = feed.source({ shop, clock, settings });
    if (where !== undefined) continue;
    const [[entities] = [0]] = await commerce.snapshot((read) =>
      read.rows<[number]>(`SELECT COUNT(*) FROM ${shop.t(table)}`),
    );
    if (pending < SHARE * entities) continue;
    await requestSyncs(store, [{ feed: feed.name, reason: REASON }]);
  }
}
