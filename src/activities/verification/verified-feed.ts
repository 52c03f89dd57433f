import { readShop } from '../../commerce/shop.js';
import { unavailability } from '../../feeds/availability.js';
import type { FeedName } from '../../feeds/names.js';
import { feedNamed } from '../../feeds/registry.js';
import type { ComparableService } from '../../publishing/service-reader.js';
import { storedOrderUuids } from '../../store/order-uuids.js';
import type { ActivityDependencies } from '../dependencies.js';
import { DRIFTS, totalDrift, type Drift, type Findings } from './drift.js';
import { Pace } from './pace.js';
import { verifyFeed } from './verify-feed.js';

export interface VerifyFeedInput {
  readonly feed: FeedName;
  readonly rowsPerSecond: number;
  readonly fix: boolean;
}

/** What a comparison of a feed came to: numbers alone, since it passes through a history. */
export interface VerifiedFeed {
  /** False where this edition of Commerce lacks the feed's tables. */
  readonly available: boolean;
  /** False where another comparison of the feed took over. */
  readonly finished: boolean;
  /** Why what the service holds was not compared; null: it was. */
  readonly serviceUnread: string | null;
  readonly entities: number;
  readonly items: number;
  readonly heldItems: number;
  readonly onTheirWay: number;
  readonly drift: Readonly<Record<Drift, number>>;
  /** Entities that were queued. */
  readonly queued: number;
  readonly sentence: string;
}

const NOT_CONFIGURED: ComparableService = { readable: false, reason: 'no service is configured' };

/**
 * Compares a feed as an activity: where it stands is stored after each range, so another attempt
 * goes on from there.
 *
 * @throws the signal's reason where the attempt is told to stop.
 */
export async function verifyInActivity(
  deps: ActivityDependencies,
  { feed: name, rowsPerSecond, fix }: VerifyFeedInput,
  signal: AbortSignal,
): Promise<VerifiedFeed> {
  const { commerce, store, clock, feedSettings: settings } = deps;
  const feed = feedNamed(name);
  const shop = await commerce.snapshot((read) => readShop(read, deps.shop));
  const reason = unavailability(shop, feed);
  if (reason !== undefined) return unavailable(reason);
  const service = (await deps.comparableService?.(feed)) ?? NOT_CONFIGURED;
  const found = await verifyFeed({
    feed,
    commerce,
    store,
    context: { shop, clock, settings, orderUuids: storedOrderUuids(store) },
    service: service.readable ? service.reader : undefined,
    fix,
    pace: new Pace(rowsPerSecond),
    signal,
  });
  if (!found.finished && !found.takenOver) signal.throwIfAborted();
  const { entities, items, heldItems, onTheirWay, drift, queued, finished } = found;
  const serviceUnread = service.readable ? null : service.reason;
  const sentence = finished
    ? verificationSentence(name, found, serviceUnread)
    : `Another comparison of ${name} has begun meanwhile, and goes on from here.`;
  const log = deps.log.logger;
  const record = { feed: name, operation: 'verify', drift, queued };
  if (totalDrift(found) > 0) log.warn(record, sentence);
  else log.info(record, sentence);
  return {
    available: true,
    finished,
    serviceUnread,
    entities,
    items,
    heldItems,
    onTheirWay,
    drift,
    queued,
    sentence,
  };
}

/** What a comparison found, for people. */
function verificationSentence(
  feed: string,
  findings: Findings,
  serviceUnread: string | null,
): string {
  const { entities, items, heldItems, queued } = findings;
  const compared = `${entities} entities gave ${items} items, ${
    serviceUnread === null
      ? `the service holds ${heldItems}`
      : `what the service holds was not compared (${serviceUnread})`
  }`;
  const drift = driftText(findings);
  return `Verification of ${feed}: ${compared}; ${
    drift === '' ? 'nothing drifted' : `drifted: ${drift}`
  }${queued > 0 ? `; ${queued} entities were queued` : ''}.`;
}

/** `2 missing, 1 stale`; empty where nothing drifted. */
export function driftText({ drift }: Pick<Findings, 'drift'>): string {
  return DRIFTS.filter((each) => drift[each] > 0)
    .map((each) => `${drift[each]} ${each}`)
    .join(', ');
}

function unavailable(sentence: string): VerifiedFeed {
  return {
    available: false,
    finished: true,
    serviceUnread: null,
    entities: 0,
    items: 0,
    heldItems: 0,
    onTheirWay: 0,
    drift: { missing: 0, stale: 0, surplus: 0, lost: 0, different: 0, unknown: 0 },
    queued: 0,
    sentence,
  };
}
