import type { Selection } from '../commerce/selection.js';
import { addCounts, NO_COUNTS, type RunCounts } from '../feeds/counts.js';
import { hashVersion } from '../feeds/item.js';
import type { OnWait } from '../publishing/waiting.js';
import { storeWaiting } from '../store/claims.js';
import { holdLease, type Lease } from '../store/lease.js';
import { markMissing, markPresent, noteRivals } from '../store/missing.js';
import { advanceSegment, type Segment, type SegmentStep } from '../store/segments.js';
import { recordFailures } from '../store/settlements.js';
import type { Transaction } from '../store/store.js';
import { nextRange } from './next-range.js';
import { readPage, type DecidedPage, type PageReader } from './page.js';
import { RequestWindow } from './request-window.js';
import type { OutgoingItem, Sender } from './sender.js';

/** An attempt of an activity, as the engine sees it. */
export interface Attempt {
  /** Aborts when the attempt is to stop at the next page. */
  readonly signal: AbortSignal;
  /** Tells the workflow how far the segment is. */
  report(counts: RunCounts): void;
  /** Told why nothing is sent, and when it goes on (undefined). */
  readonly onWait?: OnWait | undefined;
}

export interface SegmentExportOptions extends PageReader {
  readonly lease: Lease;
  readonly sender: Sender;
  readonly segment: Segment;
  readonly batchSize: number;
  /** Requests at the same time, at most. */
  readonly requestsInFlight: number;
  readonly attempt: Attempt;
}

interface Page extends DecidedPage {
  /** The segment's cursor once all items of the page are settled. */
  readonly cursor: number;
}

/** Stores what a page says without a request. The caller's transaction holds the lease. */
export async function recordPage(
  { feed, store }: Pick<SegmentExportOptions, 'feed' | 'store'>,
  transaction: Transaction,
  page: DecidedPage,
): Promise<void> {
  await recordFailures(store, transaction, feed.table, page.failures);
  await markMissing(store, transaction, feed.table, page.missing, page.seq);
  await markPresent(store, transaction, feed.table, page.present, page.seq);
  await noteRivals(store, transaction, feed.name, page.rivals);
  if (feed.mode === 'legacy') {
    await storeWaiting(store, transaction, feed.table, hashVersion(feed), page.toSend);
  }
}

interface OpenPage {
  readonly cursor: number;
  readonly counts: RunCounts;
  /** Items of which no answer is stored. */
  unsettled: number;
  /** The batch whose transaction moves the cursor past it. */
  settledBy?: readonly BufferedItem[];
}

interface BufferedItem {
  readonly item: OutgoingItem;
  readonly page: OpenPage;
}

/**
 * Exports one segment, page by page, from its cursor on: the next page is collected while some
 * requests are under way. A request holds items of several pages where they do not fill a batch;
 * the cursor moves past a page in the transaction that settles its last item, or the last one of
 * an earlier page. Entities that changed meanwhile go first: a change does not wait for the end of a
 * long run.
 */
export class SegmentExport {
  readonly #options: SegmentExportOptions;
  #counts: RunCounts;
  #buffer: BufferedItem[] = [];
  /** Pages with items in the buffer or in flight, oldest first. */
  #open: OpenPage[] = [];
  readonly #window: RequestWindow;

  constructor(options: SegmentExportOptions) {
    this.#options = options;
    this.#counts = options.segment.counts;
    this.#window = new RequestWindow(options.requestsInFlight, () => options.sender.isSlow());
  }

  /**
   * Runs to the segment's end; returns its counts over all attempts.
   *
   * @param changesFirst exports what changed meanwhile; called before each request.
   */
  async run(changesFirst?: () => Promise<RunCounts>): Promise<RunCounts> {
    try {
      await this.#export(changesFirst);
    } finally {
      // What is under way is answered and settled, also when something else has failed.
      await this.#window.settle();
    }
    return this.#counts;
  }

  async #export(changesFirst: (() => Promise<RunCounts>) | undefined): Promise<void> {
    const pages = this.#pages();
    let upcoming = pages.next();
    for (;;) {
      const collected = await upcoming;
      if (collected.done === true) break;
      const page: Page = collected.value;
      upcoming = pages.next();
      // Handled when it is awaited, also when this page fails first.
      upcoming.catch(() => undefined);
      await this.#take(page);
      await this.#letPass(changesFirst);
      while (this.#buffer.length >= this.#options.batchSize) {
        await this.#startBatch();
        await this.#letPass(changesFirst);
      }
    }
    while (this.#buffer.length > 0) await this.#startBatch();
    await this.#window.drain();
    // Pages whose last items were settled while an earlier page was open.
    const left = this.#open.map((page) => page.counts).reduce(addCounts, NO_COUNTS);
    await this.#settle((transaction) => this.#advance(transaction, { counts: left, done: true }));
    this.#open = [];
    this.#advanced(left);
  }

  async #letPass(changesFirst: (() => Promise<RunCounts>) | undefined): Promise<void> {
    this.#options.attempt.signal.throwIfAborted();
    if (changesFirst !== undefined) this.#advanced(await changesFirst());
  }

  async *#pages(): AsyncGenerator<Page> {
    const { attempt, segment, feed } = this.#options;
    if (segment.ids !== undefined) {
      const ids = segment.ids.filter((id) => id > (segment.cursor ?? -1));
      for (let at = 0; at < ids.length; at += feed.pageSize) {
        attempt.signal.throwIfAborted();
        const slice = ids.slice(at, at + feed.pageSize);
        yield await this.#page({ kind: 'ids', ids: slice }, slice.length, slice.at(-1) ?? 0);
      }
      return;
    }
    let from = segment.cursor === undefined ? segment.from : segment.cursor + 1;
    while (from <= segment.to) {
      attempt.signal.throwIfAborted();
      const range = await nextRange(this.#options, from, segment.to);
      yield await this.#page(
        { kind: 'range', from: range.from, to: range.to },
        range.entities,
        range.to,
      );
      from = range.to + 1;
    }
  }

  async #page(selection: Selection, entities: number, cursor: number): Promise<Page> {
    const page = await readPage(this.#options, selection, entities, this.#options.attempt.signal);
    return { ...page, cursor };
  }

  /** Stores what a page says without a request, and puts the rest into the buffer. */
  async #take(page: Page): Promise<void> {
    const { feed } = this.#options;
    const publishes = feed.mode === 'immediate' && page.toSend.length > 0;
    const counts: RunCounts = {
      ...NO_COUNTS,
      processed: page.entities,
      collected: page.collected,
      unchanged: page.unchanged.length,
      failed: page.failures.length,
    };
    await this.#settle(async (transaction) => {
      await recordPage(this.#options, transaction, page);
      if (!publishes && this.#open.length === 0) {
        await this.#advance(transaction, { cursor: page.cursor, counts });
      }
    });
    if (!publishes && this.#open.length === 0) {
      this.#advanced(counts);
    } else {
      const { cursor } = page;
      const open: OpenPage = { cursor, counts, unsettled: publishes ? page.toSend.length : 0 };
      this.#open.push(open);
      if (publishes) this.#buffer.push(...page.toSend.map((item) => ({ item, page: open })));
    }
  }

  /** Starts the delivery of the next batch, when there is room for it. */
  async #startBatch(): Promise<void> {
    const batch = this.#buffer.slice(0, this.#options.batchSize);
    this.#buffer = this.#buffer.slice(batch.length);
    await this.#window.start(() => this.#sendBatch(batch));
  }

  async #sendBatch(batch: readonly BufferedItem[]): Promise<void> {
    // Until it is committed, the batch counts as open; so a transaction may run more than once.
    let settled: readonly OpenPage[] = [];
    const sent = await this.#options.sender.send(
      batch.map(({ item }) => item),
      async (transaction, counts) => {
        settled = this.#settledWith(batch);
        await this.#advance(transaction, {
          cursor: settled.at(-1)?.cursor,
          counts: settled.map((page) => page.counts).reduce(addCounts, counts),
        });
      },
    );
    for (const { page } of batch) page.unsettled -= 1;
    this.#open = this.#open.filter((page) => !settled.includes(page));
    this.#advanced(settled.map((page) => page.counts).reduce(addCounts, sent));
  }

  /** The oldest pages, up to the first that is open after this batch. */
  #settledWith(batch: readonly BufferedItem[]): readonly OpenPage[] {
    const left = new Map(this.#open.map((page) => [page, page.unsettled]));
    for (const { page } of batch) left.set(page, (left.get(page) ?? 0) - 1);
    const first = this.#open.findIndex(
      (page) => (left.get(page) ?? 0) > 0 || (page.settledBy ?? batch) !== batch,
    );
    const settled = first === -1 ? this.#open : this.#open.slice(0, first);
    for (const page of settled) page.settledBy = batch;
    return settled;
  }

  async #settle(work: (transaction: Transaction) => Promise<void>): Promise<void> {
    const { store, lease } = this.#options;
    await store.transaction(async (transaction) => {
      await holdLease(store, transaction, lease);
      await work(transaction);
    });
  }

  async #advance(transaction: Transaction, step: SegmentStep): Promise<void> {
    await advanceSegment(this.#options.store, transaction, this.#options.segment, step);
  }

  /** Counts a step once it is committed; its transaction may run more than once. */
  #advanced(counts: RunCounts): void {
    this.#counts = addCounts(this.#counts, counts);
    this.#options.attempt.report(this.#counts);
  }
}
