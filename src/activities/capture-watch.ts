import { connectForCapture } from '../commerce/capture/connection.js';
import { parseDefiner } from '../commerce/capture/definer.js';
import { checkCapture } from '../commerce/capture/health.js';
import { isCaptured } from '../commerce/capture/family.js';
import {
  hasSnapshot,
  noteSwappedContent,
  takeSnapshot,
} from '../commerce/capture/index-snapshot.js';
import { installCapture } from '../commerce/capture/install.js';
import type { ShopPlace } from '../commerce/capture/sql.js';
import { rememberTables } from '../commerce/capture/table-memory.js';
import { readShop } from '../commerce/shop.js';
import { isAvailable } from '../feeds/availability.js';
import type { Feed } from '../feeds/feed.js';
import type { FeedName } from '../feeds/names.js';
import { dateChanges, productsAtDateChange } from '../feeds/prices/date-changes.js';
import { watchedTables } from '../feeds/registry.js';
import { boundFeeds } from '../store/binding.js';
import { recall, remember } from '../store/memory.js';
import { queueEntities } from '../store/pending.js';
import { endEpoch } from '../store/sequence.js';
import { NEVER_EXPORTED, requestSyncs } from '../store/sync-requests.js';
import type { ActivityDependencies } from './dependencies.js';

/**
 * How often a table is tried that the shop is busy with, in one look: while it waits, the shop's
 * writes queue up behind it. The next look tries again.
 */
const ATTEMPTS = 1;
/** Tables whose gap was found, but whose feeds may not have been queued yet. */
const GAPS = 'capture gaps';
/** The time up to which new dates were looked for. */
const DATES = 'rule dates';
/** Feeds whose changes were moved. */
const FEEDS = 'feeds';

/**
 * Looks at what no trigger tells: whether the triggers are as they have to be, whether Commerce has
 * swapped an index table in, whether a website's date has changed, and which feeds never ran.
 */
export class CaptureWatch {
  readonly #deps: ActivityDependencies;
  readonly #place: ShopPlace;
  readonly #feeds: readonly Feed[];

  constructor(deps: ActivityDependencies, place: ShopPlace, feeds: readonly Feed[]) {
    this.#deps = deps;
    this.#place = place;
    this.#feeds = feeds;
  }

  /**
   * What goes wrong with one thing keeps it from looking at no other.
   *
   * @throws the first error, when all has been looked at.
   */
  async look(): Promise<void> {
    const looks = [
      ...(this.#deps.capture === 'triggers' ? [() => this.#lookAtTriggers()] : []),
      () => this.#lookAtDates(),
      () => this.#lookForFeedsSwitchedOn(),
      ...(this.#deps.initialSync === 'auto' ? [() => this.#lookForNewFeeds()] : []),
    ];
    const errors: unknown[] = [];
    for (const each of looks) await each().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw errors[0];
  }

  /**
   * Puts triggers right; changes that were not noted meanwhile are found by comparing. Once they are
   * right nothing shows that they were not, so what is to be compared is remembered before. Tables
   * whose triggers cannot be made now stay remembered, and are compared when they can.
   */
  async #lookAtTriggers(): Promise<void> {
    const { store, log } = this.#deps;
    // Of all feeds, on or off: a worker with few feeds takes no trigger of the others away.
    const { captureDefiner } = this.#deps;
    const definer = captureDefiner === undefined ? {} : { definer: parseDefiner(captureDefiner) };
    const options = { ...this.#place, tables: watchedTables(), ...definer };
    const { findings, plan, identities } = await checkCapture(store, store, options);
    const gaps = findings.filter(({ gap }) => gap);
    const before = (await recall<readonly string[]>(store, GAPS)) ?? [];
    if (gaps.length === 0 && before.length === 0) {
      // What comes after shows a TRUNCATE by automatic numbers that go back.
      await rememberTables(store, plan, identities);
      return;
    }
    await remember(store, GAPS, [...new Set([...before, ...gaps.flatMap((each) => each.tables)])]);
    for (const { kind, message, cure } of gaps) log.logger.warn({ finding: kind, cure }, message);

    const shop = await connectForCapture(this.#deps.commerceUrl);
    try {
      const installation = await installCapture(shop, store, {
        ...options,
        attempts: ATTEMPTS,
        goesOn: true,
      });
      const open = new Set(installation.failed.flatMap((failure) => failure.tables));
      const uncertain = new Set(
        [...before, ...installation.gaps].filter((table) => !open.has(table)),
      );
      const compared = new Set<string>();
      for (const source of installation.plan.sources) {
        const { table, swapped } = source;
        if (swapped.length === 0 || !uncertain.has(table)) continue;
        const hasBefore = await hasSnapshot(store, source);
        if (hasBefore) compared.add(table);
        await store.transaction(async (transaction) => {
          const own = store.within(transaction);
          if (hasBefore) await noteSwappedContent(own, this.#place, source);
          else await takeSnapshot(own, this.#place, source);
        });
      }
      // A table that collectors did not know yet may be among them.
      if (installation.created.length > 0) {
        await store.transaction((transaction) => endEpoch(store, transaction));
      }
      await this.#compareWhole([...uncertain].filter((table) => !compared.has(table)));
      await remember(store, GAPS, [...open]);
      const [failure] = installation.failed;
      if (failure !== undefined) throw failure.error;
    } finally {
      await shop.close();
    }
  }

  /** Queues a full sync of each feed of this edition that watches one of the tables. */
  async #compareWhole(tables: readonly string[]): Promise<void> {
    if (tables.length === 0) return;
    const { store, commerce, shop: options } = this.#deps;
    const shop = await commerce.snapshot((read) => readShop(read, options));
    const concerned = this.#feeds.flatMap((feed) => {
      const table = tables.find((each) =>
        feed.watches.some((watched) => isCaptured(watched, each)),
      );
      return table === undefined || !isAvailable(shop, feed)
        ? []
        : [{ feed: feed.name, reason: `Changes of the table ${table} may not have been noted.` }];
    });
    await requestSyncs(store, concerned);
  }

  /** Rule prices are those of the website's date: they change at its midnight although no row does. */
  async #lookAtDates(): Promise<void> {
    const { store, commerce, clock, shop: options } = this.#deps;
    if (!this.#feeds.some(({ name }) => name === 'prices')) return;
    const now = clock();
    const before = await recall<string>(store, DATES);
    if (before !== undefined) {
      const products = await commerce.snapshot(async (read) => {
        const shop = await readShop(read, options);
        const changes = await dateChanges(read, shop, new Date(before), now);
        const select = productsAtDateChange(shop, changes);
        return select === undefined ? [] : await read.rows<[number]>(select);
      });
      const ids = products.map(([id]) => id);
      await queueEntities(store, 'prices', ids);
    }
    await remember(store, DATES, now.toISOString());
  }

  /** While a feed was off, nobody queued its changes. */
  async #lookForFeedsSwitchedOn(): Promise<void> {
    const { store } = this.#deps;
    const names = this.#feeds.map(({ name }) => name);
    const before = await recall<readonly FeedName[]>(store, FEEDS);
    const bound = await boundFeeds(store);
    const added = names.filter((name) => before?.includes(name) === false && bound.includes(name));
    await requestSyncs(
      store,
      added.map((feed) => ({ feed, reason: 'The feed was switched on again.' })),
    );
    await remember(store, FEEDS, names);
  }

  async #lookForNewFeeds(): Promise<void> {
    const { store, commerce, shop: options } = this.#deps;
    const bound = new Set(await boundFeeds(store));
    const unbound = this.#feeds.filter(({ name }) => !bound.has(name));
    if (unbound.length === 0) return;
    const shop = await commerce.snapshot((read) => readShop(read, options));
    await requestSyncs(
      store,
      unbound
        .filter((feed) => isAvailable(shop, feed))
        .map(({ name }) => ({ feed: name, reason: NEVER_EXPORTED })),
    );
  }
}
