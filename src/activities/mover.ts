import type { Change } from '../commerce/capture/captured-table.js';
import { deleteChanges, readChanges } from '../commerce/capture/changelog.js';
import { staleInSnapshot } from '../commerce/capture/index-snapshot.js';
import { knownSources, sourcesOf, type KnownSources } from '../commerce/capture/known-sources.js';
import { readShopTables } from '../commerce/capture/shop-tables.js';
import type { CaptureSource } from '../commerce/capture/source.js';
import type { ShopPlace } from '../commerce/capture/sql.js';
import { planCapture } from '../commerce/capture/triggers.js';
import { readShop, type Shop } from '../commerce/shop.js';
import { affectedBy, endsEpoch, type Affected } from '../feeds/fan-out.js';
import type { Feed } from '../feeds/feed.js';
import type { FeedName } from '../feeds/names.js';
import { watchedTables } from '../feeds/registry.js';
import { assignOrderUuids } from '../store/order-uuids.js';
import { openQueue } from '../store/pending.js';
import { currentEpoch, endEpoch } from '../store/sequence.js';
import { requestSyncs } from '../store/sync-requests.js';
import { entitiesOfSkus } from '../store/sku-entities.js';
import type { ActivityDependencies } from './dependencies.js';
import { coverMassChanges } from './mass-changes.js';
import { newOrdersAmong } from './new-orders.js';

/** Changes moved in one transaction. */
const PAGE = 10_000;

/**
 * Moves changes from the shop's changelog to the entities they concern. What it read it deletes,
 * exactly these rows: ids are handed out at insert and become visible at commit, so that any mark to
 * read on from would skip slow transactions.
 */
export class Mover {
  readonly #deps: ActivityDependencies;
  readonly #place: ShopPlace;
  readonly #feeds: readonly Feed[];
  #sources: KnownSources | undefined;
  #captured: readonly CaptureSource[] = [];
  #shop: { readonly epoch: number; readonly shop: Shop } | undefined;

  constructor(deps: ActivityDependencies, place: ShopPlace, feeds: readonly Feed[]) {
    this.#deps = deps;
    this.#place = place;
    this.#feeds = feeds;
  }

  /** Reads anew what the numbers in the changelog mean: after an installation. */
  async learn(): Promise<void> {
    const { store } = this.#deps;
    this.#sources = sourcesOf(await knownSources(store), watchedTables());
    this.#captured = planCapture(watchedTables(), await readShopTables(store, this.#place)).sources;
  }

  /** Moves a page of changes; returns how many. 0: the changelog is empty. */
  async move(): Promise<number> {
    const { store } = this.#deps;
    if (this.#sources === undefined) await this.learn();
    const changes = await readChanges(store, this.#place, this.#sources ?? new Map(), PAGE);
    if (changes.length === 0) return 0;
    const { affected, newOrders } = await this.#resolve(changes);
    // Before a number is drawn: a full sync that covers the number then collects in the new epoch.
    if (affected.endsEpoch) await endEpoch(store);
    const lost = await this.#lostSkus(affected);
    const changedAt = changes.reduce(
      (oldest, { changedAt: at }) => (at < oldest ? at : oldest),
      changes[0]?.changedAt ?? '',
    );

    const queues = new Map(
      await Promise.all(
        [...new Set([...affected.entities.keys(), ...lost.keys()])].map(
          async (feed) => [feed, await openQueue(store, feed, changedAt)] as const,
        ),
      ),
    );
    await store.transaction(async (transaction) => {
      for (const [feed, queue] of queues) {
        await queue(
          [...(affected.entities.get(feed) ?? []), ...(lost.get(feed) ?? [])],
          transaction,
        );
      }
      const requests = [...affected.wholeFeeds].map(([feed, reason]) => ({ feed, reason }));
      await requestSyncs(store, requests, transaction);
      await assignOrderUuids(store, newOrders, { transaction });
      const own = store.within(transaction);
      await staleInSnapshot(own, this.#captured, changes);
      await deleteChanges(
        own,
        this.#place,
        changes.map(({ id }) => id),
      );
    });
    if (this.#shop !== undefined) {
      const queued = this.#feeds.filter(({ name }) => queues.has(name));
      await coverMassChanges(this.#deps, this.#shop.shop, queued);
    }
    if (affected.endsEpoch) this.#shop = undefined;
    return changes.length;
  }

  async #resolve(
    changes: readonly Change[],
  ): Promise<{ readonly affected: Affected; readonly newOrders: readonly number[] }> {
    const { commerce, store, shop: options } = this.#deps;
    const epoch = await currentEpoch(store);
    return commerce.snapshot(async (read) => {
      let shop = this.#shop?.epoch === epoch ? this.#shop.shop : undefined;
      if (shop === undefined || endsEpoch(shop, this.#feeds, changes)) {
        shop = await readShop(read, options);
      }
      this.#shop = { epoch, shop };
      const affected = await affectedBy(read, shop, this.#feeds, changes);
      const exportsOrders = this.#feeds.some(({ name }) => name === 'orders');
      return {
        affected,
        newOrders: exportsOrders ? await newOrdersAmong(store, read, shop, changes) : [],
      };
    });
  }

  /** The entities behind SKUs that no product has any more, by what was sent of them. */
  async #lostSkus({ skus }: Affected): Promise<Map<FeedName, readonly number[]>> {
    const found = new Map<FeedName, readonly number[]>();
    for (const feed of this.#feeds) {
      const wanted = skus.get(feed.name);
      if (wanted === undefined) continue;
      found.set(feed.name, await entitiesOfSkus(this.#deps.store, feed.table, wanted));
    }
    return found;
  }
}
