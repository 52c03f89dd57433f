import { setTimeout as sleep } from 'node:timers/promises';

import { shopPlace } from '../commerce/capture/connection.js';
import type { FeedName } from '../feeds/names.js';
import { feedNamed } from '../feeds/registry.js';
import { feedsWithPending } from '../store/pending.js';
import { queuedSyncs, type SyncRequest } from '../store/sync-requests.js';
import { CaptureWatch } from './capture-watch.js';
import type { ActivityDependencies } from './dependencies.js';
import { Mover } from './mover.js';
import type { Attempt } from './segment-export.js';

/** How often the changelog is looked at. */
const POLL_MILLISECONDS = 100;

export interface CaptureInput {
  /** Feeds whose runs the caller starts. */
  readonly feeds: readonly FeedName[];
  /** RFC 3339: until when it waits for changes. */
  readonly until: string;
  /** Whether the capture itself is to be looked at: triggers, swapped tables, new dates. */
  readonly first: boolean;
  /** Feeds that a run works on, which exports changes itself; until when that is believed. */
  readonly busy: readonly { readonly feed: FeedName; readonly until?: string }[];
  /** Feeds whose queued full sync the caller knows of. */
  readonly asked: readonly FeedName[];
}

export interface CaptureResult {
  /** Changed rows that were moved. */
  readonly changes: number;
  /** Feeds with changes that no run exports. */
  readonly pending: readonly FeedName[];
  /** Queued full syncs that the caller does not know of. */
  readonly fullSyncs: readonly SyncRequest[];
  /** Whether the time is up. */
  readonly ended: boolean;
}

/** Moves changes until there is something for the caller to start, or its time is up. */
export async function captureChanges(
  deps: ActivityDependencies,
  input: CaptureInput,
  attempt: Attempt,
): Promise<CaptureResult> {
  const feeds = deps.feeds.map(feedNamed);
  const place = shopPlace(deps.commerceUrl, deps.shop.tablePrefix ?? '');
  const mover = new Mover(deps, place, feeds);
  const captures = deps.capture === 'triggers';
  if (input.first) {
    // Before triggers are put right, so that people hear of gaps.
    await evaluateAlerts(deps);
    await look(deps, new CaptureWatch(deps, place, feeds));
  }
  const until = Date.parse(input.until);
  for (let changes = 0; ;) {
    attempt.signal.throwIfAborted();
    const moved = captures ? await mover.move() : 0;
    changes += moved;
    const found = await waiting(deps, input);
    const ended = moved === 0 && Date.now() >= until;
    if (ended || found.pending.length > 0 || found.fullSyncs.length > 0) {
      return { ...found, changes, ended };
    }
    if (moved === 0) await sleep(POLL_MILLISECONDS, undefined, { signal: attempt.signal });
  }
}

/** Alerts are a courtesy: what goes wrong with them keeps no change from leaving. */
async function evaluateAlerts({ alerting, log }: ActivityDependencies): Promise<void> {
  try {
    await alerting?.evaluate();
  } catch (error) {
    log.logger.error({ err: error }, 'the conditions of alerts could not be looked at');
  }
}

/**
 * What cannot be put right now, such as triggers of a table with a long transaction, is tried again
 * in a minute; until then `status`, `doctor` and alerts tell of it, and all else goes out.
 */
async function look({ log }: ActivityDependencies, watch: CaptureWatch): Promise<void> {
  try {
    await watch.look();
  } catch (error) {
    log.logger.error({ err: error }, 'change capture could not be looked at, or put right');
  }
}

async function waiting(
  { store }: ActivityDependencies,
  { feeds, busy, asked }: CaptureInput,
): Promise<Pick<CaptureResult, 'pending' | 'fullSyncs'>> {
  const now = Date.now();
  const isBusy = new Set(
    busy
      .filter(({ until }) => until === undefined || Date.parse(until) > now)
      .map(({ feed }) => feed),
  );
  const queued = (await queuedSyncs(store)).filter(({ feed }) => feeds.includes(feed));
  const fullSyncs = queued.filter(({ feed }) => !asked.includes(feed));
  const starting = new Set(fullSyncs.map(({ feed }) => feed));
  const pending = (await feedsWithPending(store)).filter(
    (feed) => feeds.includes(feed) && !isBusy.has(feed) && !starting.has(feed),
  );
  return { pending, fullSyncs };
}
