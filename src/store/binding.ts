import { ExportError } from '../errors/export-error.js';
import type { FeedName } from '../feeds/names.js';
import type { Store } from './store.js';

/** The data space that a feed's state describes. */
export interface DataSpace {
  readonly environmentId: string;
  readonly serviceUrl: string;
}

/**
 * Binds a feed's state to a data space: a copy of the shop must not write into the production data
 * space, and a new data space must not stay empty.
 *
 * @throws ExportError SDE30-02 when it is bound to another one and `rebind` is false.
 */
export async function bindState(
  store: Store,
  feed: FeedName,
  space: DataSpace,
  { rebind }: { readonly rebind: boolean },
): Promise<void> {
  const [bound] = await store.rows<{ environment_id: string; service_url: string }>(
    `SELECT environment_id, service_url FROM ${store.t('feed_binding')} WHERE feed = ?`,
    [feed],
  );
  if (bound?.environment_id === space.environmentId && bound.service_url === space.serviceUrl) {
    return;
  }
  if (bound !== undefined && !rebind) {
    throw new ExportError('SDE30-02', {
      message:
        `The state of the feed ${feed} belongs to data space ${bound.environment_id} at ${bound.service_url}, ` +
        `and the configuration names ${space.environmentId} at ${space.serviceUrl}.`,
      cure: `If the move is meant, run \`saas-export resync --feed ${feed} --cleanup-feed\`.`,
    });
  }
  await store.run(
    `INSERT INTO ${store.t('feed_binding')} (feed, environment_id, service_url, bound_at)
     VALUES (?, ?, ?, UTC_TIMESTAMP(3))
     ON DUPLICATE KEY UPDATE environment_id = VALUES(environment_id),
       service_url = VALUES(service_url), bound_at = VALUES(bound_at)`,
    [feed, space.environmentId, space.serviceUrl],
  );
}

/** Feeds that have run at least once. */
export async function boundFeeds(store: Store): Promise<FeedName[]> {
  const rows = await store.rows<{ feed: FeedName }>(`SELECT feed FROM ${store.t('feed_binding')}`);
  return rows.map(({ feed }) => feed);
}
