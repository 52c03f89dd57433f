import { setTimeout as sleep } from 'node:timers/promises';

import { shopPlace } from '../src/commerce/capture/connection.js';
import { changelogBacklog } from '../src/commerce/capture/changelog.js';
import { isAvailable } from '../src/feeds/availability.js';
import type { FeedName } from '../src/feeds/names.js';
import { allFeeds, feedNamed } from '../src/feeds/registry.js';
import { readHold } from '../src/store/held-deletions.js';
import { missingItems } from '../src/store/missing.js';
import { backlogs } from '../src/store/pending.js';
import { STATUS } from '../src/store/settlements.js';
import type { Store } from '../src/store/store.js';
import { queuedSyncs } from '../src/store/sync-requests.js';
import { feedSyncId, queuedSyncId, WORKFLOW } from '../src/workflows/names.js';
import type { TestSystem } from './system.js';

/** Partial syncs after which a system has to be at rest. */
const ROUNDS = 12;

/** What is left to do for a system, in words; empty when it is at rest. */
export async function openWork(
  store: Store,
  commerceUrl: string,
  tablePrefix: string,
): Promise<string[]> {
  const open: string[] = [];
  const { changes } = await changelogBacklog(store, shopPlace(commerceUrl, tablePrefix));
  if (changes > 0) open.push(`${changes} changes in the changelog`);
  for (const [feed, { entities }] of await backlogs(store)) {
    open.push(`${entities} pending entities of ${feed}`);
  }
  for (const { feed, reason } of await queuedSyncs(store)) open.push(`${feed}: ${reason}`);
  for (const { name, table } of allFeeds()) {
    const [row] = await store.rows<{ items: number }>(
      `SELECT COUNT(*) AS items FROM ${store.t(table)}
       WHERE status NOT IN (${STATUS.accepted}, ${STATUS.refused}, ${STATUS.failed})
         AND missing_seq IS NULL`,
    );
    if ((row?.items ?? 0) > 0) open.push(`${row?.items} items of ${name} to be sent`);
    const { heldUpTo: held } = await readHold(store, name);
    if (held > 0) open.push(`deletions of ${name} held`);
    const missing = { heldUpTo: held, afterId: 0, limit: 1 };
    if ((await missingItems(store, table, missing)).length > 0) open.push(`${name}: deletions`);
  }
  return open;
}

/** Feeds whose deletions wait for a person. */
export async function feedsWithHeldDeletions(store: Store): Promise<FeedName[]> {
  const rows = await store.rows<{ feed: FeedName }>(
    `SELECT feed FROM ${store.t('held_deletions')} WHERE released_at IS NULL ORDER BY feed`,
  );
  return rows.map(({ feed }) => feed);
}

/** Makes failed items due at once, instead of some minutes later. */
export async function makeRetriesDue(store: Store): Promise<void> {
  for (const { table } of allFeeds()) {
    await store.run(`UPDATE ${store.t(table)} SET next_try_at = NULL WHERE status = 2`);
  }
}

/** Lets so much time pass that no request of a worker that died can be under way any more. */
export async function expireClaims(store: Store, table: string): Promise<void> {
  await store.run(`UPDATE ${store.t(table)} SET in_flight_until = UTC_TIMESTAMP(3)
    WHERE in_flight_until > UTC_TIMESTAMP(3)`);
}

/** Lets the schedules' workflows run until nothing is left to do; approves held deletions. */
export async function settle(system: TestSystem): Promise<void> {
  const { COMMERCE_DATABASE_URL: url = '', COMMERCE_TABLE_PREFIX: prefix = '' } = system.settings;
  let open: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await system.partialSync();
    await runsEnded(system);
    await makeRetriesDue(system.store);
    await system.run(WORKFLOW.retryFailedItems);
    await system.run(WORKFLOW.publishLegacyFeeds);
    const held = await feedsWithHeldDeletions(system.store);
    if (held.length > 0) await system.fullSync({ feeds: held, approveDeletions: true });
    await runsEnded(system);
    open = await openWork(system.store, url, prefix);
    if (open.length === 0) return;
  }
  throw new Error(`The system does not come to rest: ${open.join('; ')}`);
}

/** Waits until no run works on any feed, and no queued full sync waits for one. */
export async function runsEnded({ client, instance }: TestSystem): Promise<void> {
  const ids = allFeeds().flatMap(({ name }) => [
    queuedSyncId(instance, name),
    feedSyncId(instance, name),
  ]);
  for (const id of ids) {
    while (await isRunning(id)) await sleep(50);
  }

  async function isRunning(workflowId: string): Promise<boolean> {
    try {
      const { status } = await client.workflow.getHandle(workflowId).describe();
      return status.name === 'RUNNING';
    } catch (error) {
      if (error instanceof Error && error.name === 'WorkflowNotFoundError') return false;
      throw error;
    }
  }
}

/** The feeds that the shop's edition has. */
export async function availableFeeds(system: TestSystem): Promise<FeedName[]> {
  const shop = await system.readShop();
  return allFeeds()
    .map(({ name }) => name)
    .filter((name) => isAvailable(shop, feedNamed(name)));
}
