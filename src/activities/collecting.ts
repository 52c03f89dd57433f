import { readShop } from '../commerce/shop.js';
import type { Collect, CollectWarning, Feed, FeedContext } from '../feeds/feed.js';
import { feedNamed } from '../feeds/registry.js';
import { settledOrderUuids, storedOrderUuids } from '../store/order-uuids.js';
import { drawCollection } from '../store/sequence.js';
import type { RunRef } from '../workflows/messages.js';
import type { ActivityDependencies } from './dependencies.js';
import { runLog } from './run-log.js';

/** The collector of an epoch, with the number of the collection that begins. */
export interface Collection {
  /** Drawn before the collection's snapshot opens; 0 in a dry run. */
  readonly seq: number;
  readonly context: FeedContext;
  readonly collect: Collect;
}

/**
 * A feed's collector with what it keeps of the shop. The mover ends the epoch when that changes; the
 * next collection then opens it anew, so that a page never mixes epochs.
 */
export class Collecting {
  readonly feed: Feed;
  readonly #deps: ActivityDependencies;
  readonly #run: RunRef;
  readonly #told = new Set<string>();
  #opened: { readonly epoch: number; readonly collection: Omit<Collection, 'seq'> } | undefined;

  constructor(deps: ActivityDependencies, run: RunRef) {
    this.#deps = deps;
    this.#run = run;
    this.feed = feedNamed(run.feed);
  }

  /** Numbers a collection and returns the collector for it. */
  async begin(): Promise<Collection> {
    const dry = this.#run.runId === 0;
    const { seq, epoch } = await drawCollection(this.#deps.store, { dry });
    if (this.#opened?.epoch !== epoch) this.#opened = { epoch, collection: await this.#open() };
    return { seq, ...this.#opened.collection };
  }

  /** What is kept of the shop, as the last collection found it. */
  async context(): Promise<FeedContext> {
    return (this.#opened?.collection ?? (await this.begin())).context;
  }

  /** Logs a warning once. */
  readonly warn = ({ code, message }: CollectWarning): void => {
    if (!this.#told.has(message))
      runLog(this.#deps, this.#run, 'collecting').warning(message, { code });
    this.#told.add(message);
  };

  async #open(): Promise<Omit<Collection, 'seq'>> {
    const { commerce, store, clock, feedSettings: settings, shop: options } = this.#deps;
    // A dry run stores nothing, so it makes no UUIDs.
    const orderUuids = this.#run.runId === 0 ? storedOrderUuids(store) : settledOrderUuids(store);
    return commerce.snapshot(async (read) => {
      const context = { shop: await readShop(read, options), clock, settings, orderUuids };
      return { context, collect: await this.feed.open(context, read) };
    });
  }
}
