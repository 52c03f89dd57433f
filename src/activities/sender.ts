import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { formatStamp, hashVersion, itemJson } from '../feeds/item.js';
import type { Feed } from '../feeds/feed.js';
import { outcomesOf, type Answer, type ItemOutcome } from '../publishing/answer.js';
import type { Publisher } from '../publishing/publisher.js';
import { claimItems } from '../store/claims.js';
import { holdLease, type Lease } from '../store/lease.js';
import { settleItems, STATUS, type Settlement } from '../store/settlements.js';
import type { Store, Transaction } from '../store/store.js';

/** An item on its way to the service. */
export interface OutgoingItem {
  readonly feedId: string;
  readonly sourceId: number;
  readonly hash: string;
  readonly storedJson: string;
  /** The item's JSON but for stamp and closing brace. */
  readonly openJson: string;
  readonly collectedSeq: number;
  readonly isDeleted: boolean;
}

export interface SenderOptions {
  readonly feed: Feed;
  readonly lease: Lease;
  readonly store: Store;
  readonly publisher: Publisher;
  /** Wire form of an item's JSON, where the service takes another one. */
  readonly toWire: (json: string) => string;
  /** Called after each request, with what was sent and what came back. */
  readonly onAnswer: (
    texts: readonly string[],
    answer: Answer,
    outcomes: readonly ItemOutcome[],
  ) => void;
}

/** Sends batches: claims the items, makes the request, settles them with the answer. */
export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /**
   * Sends one batch. `alongside` runs in the transaction that settles it, with the batch's counts.
   *
   * @throws ExportError SDE30-03 when another run has taken over the feed.
   */
  async send(
    items: readonly OutgoingItem[],
    alongside: (transaction: Transaction, counts: RunCounts) => Promise<void>,
  ): Promise<RunCounts> {
    const { feed, lease, store, publisher, toWire } = this.#options;
    const stamps = await claimItems(store, lease, feed.table, items);
    const claimed = items.filter((item) => stamps.has(item.feedId));

    let counts = NO_COUNTS;
    let settlements: Settlement[] = [];
    if (claimed.length > 0) {
      const texts = claimed.map((item) =>
        toWire(itemJson(feed, item, formatStamp(feed, timeOf(stamps.get(item.feedId))))),
      );
      const answer = await publisher.publish(feed.name, texts);
      const outcomes = outcomesOf(answer, claimed.length);
      this.#options.onAnswer(texts, answer, outcomes);
      const requestId = answer.kind === 'answer' ? (answer.requestId ?? null) : null;
      settlements = claimed.map((item, index) => ({
        ...item,
        // Of a deleted item nothing is at the service any more.
        hash: item.isDeleted ? '' : item.hash,
        status: outcomes[index]?.status ?? STATUS.retry,
        error: outcomes[index]?.error ?? null,
        requestId,
      }));
      counts = addCounts(countsOf(settlements), { requests: 1 });
    }
    await store.transaction(async (transaction) => {
      await holdLease(store, transaction, lease);
      await settleItems(store, transaction, feed.table, hashVersion(feed), settlements);
      await alongside(transaction, counts);
    });
    return counts;
  }
}

function countsOf(settlements: readonly Settlement[]): RunCounts {
  const counts = { ...NO_COUNTS, sent: settlements.length };
  for (const { status, isDeleted } of settlements) {
    if (status === STATUS.accepted) {
      counts.accepted += 1;
      if (isDeleted) counts.deleted += 1;
    } else if (status === STATUS.retry) counts.failed += 1;
    else counts.rejected += 1;
  }
  return counts;
}

/** A stamp of the database (`YYYY-MM-DD HH:MM:SS`, UTC) as a time. */
function timeOf(stamp = ''): Date {
  return new Date(`${stamp.replace(' ', 'T')}Z`);
}
