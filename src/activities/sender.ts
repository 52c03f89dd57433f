import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { formatStamp, hashVersion, itemJson } from '../feeds/item.js';
import type { Feed } from '../feeds/feed.js';
import type { Answer } from '../publishing/answer.js';
import type { Decided, Deliverer } from '../publishing/deliverer.js';
import type { Priority } from '../publishing/gate.js';
import { waitFor, type OnWait } from '../publishing/waiting.js';
import { claimItems, newClaimToken, type ClaimMark } from '../store/claims.js';
import { holdLease, type Lease } from '../store/lease.js';
import { forgetRefusals, recordRefusals } from '../store/quarantine.js';
import { settleItems, STATUS, type Settlement } from '../store/settlements.js';
import type { Store, Transaction } from '../store/store.js';
import { ClaimHold, ClaimLost, FRESH_SECONDS, releaseQuietly } from './claim-hold.js';
import { measured, type Observer } from './observer.js';
import { ServicePace } from './service-pace.js';

/** How often an item that another claim has in flight is looked at. */
const BUSY_LOOK_MILLISECONDS = 500;

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
  readonly deliverer: Deliverer;
  readonly priority: Priority;
  /** How long a request may take. */
  readonly requestSeconds: number;
  /** Seconds after which a claim is renewed before a request leaves. Default 5, at most 5. */
  readonly freshSeconds?: number;
  /** Refusals of the same content before an item is quarantined. */
  readonly quarantineAfter: number;
  readonly signal: AbortSignal;
  /** Told why nothing is sent, and when it goes on (undefined). */
  readonly onWait?: OnWait | undefined;
  /** Wire form of an item's JSON, where the service takes another one. */
  readonly toWire: (json: string) => string;
  /** Default: one of its own. */
  readonly pace?: ServicePace | undefined;
  /** Default: nobody is told. */
  readonly observer?: Observer | undefined;
  /** Called after each request, with what was sent and what came back. */
  readonly onAnswer: (texts: readonly string[], answer: Answer) => void;
}

/** Called in the transaction that settles the last items of a batch, with the batch's counts. */
export type Alongside = (transaction: Transaction, counts: RunCounts) => Promise<void>;

/** Sends batches: claims the items, delivers them, settles them with what came back. */
export class Sender {
  readonly #options: SenderOptions;
  /** When the requests that are under way have left, by the token of their claim. */
  readonly #underWay = new Map<number, number>();
  readonly #pace: ServicePace;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#pace = options.pace ?? new ServicePace();
  }

  /** Whether the service is so slow that it takes several requests at once. */
  isSlow(): boolean {
    const left = Math.min(...this.#underWay.values());
    const underWay = Number.isFinite(left) ? performance.now() - left : 0;
    return this.#pace.isSlow(this.#options.feed.name, underWay);
  }

  /**
   * Sends one batch. Items are settled as soon as it is known what to store of them; `alongside`
   * runs in the transaction that settles the last ones.
   *
   * @throws ExportError SDE30-03 when another run has taken over the feed; the signal's reason when
   *   it aborts, with everything that was answered settled.
   */
  async send(items: readonly OutgoingItem[], alongside: Alongside): Promise<RunCounts> {
    const { feed, lease, store, requestSeconds, signal, onWait } = this.#options;
    const batch = new BatchState(alongside);
    let open = items;
    while (open.length > 0) {
      const mark = { token: newClaimToken(), seconds: ClaimHold.secondsFor(requestSeconds) };
      const { stamps, busy } = await claimItems(store, lease, feed.table, open, mark);
      const claimed = open.filter((item) => stamps.has(item.feedId));
      open = open.filter((item) => busy.has(item.feedId));
      if (claimed.length > 0) {
        const texts = claimed.map((item) => this.#text(item, stamps.get(item.feedId)));
        const lost = await this.#deliver(claimed, texts, mark, batch, open.length === 0);
        open = [...open, ...lost];
      }
      if (open.length === 0) break;
      if (busy.size === 0) continue;
      await waitFor(Math.min(BUSY_LOOK_MILLISECONDS, Math.max(...busy.values()) + 1), {
        reason: `older versions of ${busy.size} items are still on their way`,
        signal,
        onWait,
        expected: Math.max(...busy.values()),
      });
    }
    if (!batch.closed) await this.#settle([], [], [], batch, true);
    return batch.counts;
  }

  /** Delivers claimed items; returns those whose claim was lost before they were decided. */
  async #deliver(
    items: readonly OutgoingItem[],
    texts: readonly string[],
    mark: ClaimMark,
    batch: BatchState,
    isLast: boolean,
  ): Promise<readonly OutgoingItem[]> {
    const { feed, lease, store, deliverer, priority, signal, onWait, onAnswer } = this.#options;
    const { freshSeconds = FRESH_SECONDS } = this.#options;
    const undecided = new Set(items.keys());
    const of = (positions: Iterable<number>): OutgoingItem[] =>
      [...positions].flatMap((position) => items[position] ?? []);
    const hold = new ClaimHold({ store, lease, table: feed.table, mark, freshSeconds });
    try {
      await deliverer.deliver({
        feed: feed.name,
        items: texts,
        priority,
        signal,
        onWait,
        beforeRequest: () => hold.ensure(of(undecided).map((item) => item.feedId)),
        onRequest: () => this.#underWay.set(mark.token, performance.now()),
        onAnswer: (answer, positions) => {
          const left = this.#underWay.get(mark.token) ?? performance.now();
          const took = performance.now() - left;
          this.#pace.answered(feed.name, took);
          this.#options.observer?.step({
            feed: feed.name,
            name: 'request',
            entities: positions.length,
            seconds: took / 1000,
          });
          this.#underWay.delete(mark.token);
          batch.requests += 1;
          onAnswer(
            positions.map((position) => texts[position] ?? ''),
            answer,
          );
        },
        onDecided: async (decided) => {
          const left = new Set(undecided);
          for (const { item } of decided) left.delete(item);
          await this.#settle(decided, items, texts, batch, isLast && left.size === 0, mark.token);
          for (const { item } of decided) undecided.delete(item);
        },
      });
      return [];
    } catch (error) {
      if (!(error instanceof ClaimLost)) throw error;
      return of(undecided);
    } finally {
      this.#underWay.delete(mark.token);
      const left = of(undecided).map((item) => item.feedId);
      // A claim that cannot be given back expires.
      await releaseQuietly(store, feed.table, left, mark.token);
    }
  }

  async #settle(
    decided: readonly Decided[],
    items: readonly OutgoingItem[],
    texts: readonly string[],
    batch: BatchState,
    last: boolean,
    token = 0,
  ): Promise<void> {
    const { feed, lease, store, quarantineAfter, observer } = this.#options;
    const settlements = decided.flatMap(({ item: position, outcome, requestId }): Settlement[] => {
      const item = items[position];
      if (item === undefined) return [];
      const { status, error } = outcome;
      // Of a deleted item nothing is at the service any more.
      const hash = item.isDeleted ? '' : item.hash;
      return [{ ...item, hash, status, error, requestId, token }];
    });
    const refusals = decided.flatMap(({ item: position, outcome, httpStatus, requestId }) => {
      const item = items[position];
      if (item === undefined || !outcome.refused) return [];
      return [
        {
          feedId: item.feedId,
          sourceId: item.sourceId,
          hash: item.isDeleted ? '' : item.hash,
          payload: texts[position] ?? '',
          answer: outcome.error ?? '',
          httpStatus,
          requestId,
          final: outcome.status !== STATUS.retry,
        },
      ];
    });
    const accepted = settlements.filter(({ status }) => status === STATUS.accepted);
    const settled = countsOf(settlements);
    const counts = addCounts(batch.counts, settled);
    const step = { feed: feed.name, name: 'settle', entities: settlements.length } as const;
    const stored = () =>
      store.transaction(async (transaction) => {
        await holdLease(store, transaction, lease);
        await settleItems(store, transaction, feed.table, hashVersion(feed), settlements);
        await recordRefusals(
          store,
          transaction,
          { name: feed.name, table: feed.table, keepsPayload: feed.mode === 'legacy' },
          refusals,
          quarantineAfter,
        );
        await forgetRefusals(
          store,
          transaction,
          feed.name,
          accepted.map(({ feedId }) => feedId),
        );
        if (last) await batch.alongside(transaction, { ...counts, requests: batch.requests });
      });
    await measured(observer, step, stored);
    observer?.items(feed.name, settled);
    batch.counts = { ...counts, requests: batch.requests };
    batch.closed = last;
  }

  #text(item: OutgoingItem, stamp: string | undefined): string {
    const { feed, toWire } = this.#options;
    return toWire(itemJson(feed, item, formatStamp(feed, timeOf(stamp))));
  }
}

/** What is known of a batch so far. */
class BatchState {
  readonly alongside: Alongside;
  counts: RunCounts = NO_COUNTS;
  requests = 0;
  /** Whether `alongside` has run. */
  closed = false;

  constructor(alongside: Alongside) {
    this.alongside = alongside;
  }
}

function countsOf(settlements: readonly Settlement[]): Partial<RunCounts> {
  const counts = { sent: settlements.length, accepted: 0, deleted: 0, failed: 0, rejected: 0 };
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
