import { customerGroupCode } from '../../commerce/customer-groups.js';
import type { Read } from '../../commerce/read.js';
import type { Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { Collected, FeedContext } from '../feed.js';
import { addItems, append, type PriceItem, type PriceWebsite } from './assemble.js';
import { readParents } from './parents.js';
import {
  readPrices,
  readProducts,
  readTiers,
  readWebsites,
  type ProductPage,
} from './product-rows.js';
import { ruleDates, zonedWebsites, type RuleDates } from './rule-dates.js';
import { RulePrices } from './rule-prices.js';

/** Collects prices: six queries for a page, and one each where it has bundles or parents. */
export class PriceCollector {
  readonly #shop: Shop;
  readonly #clock: () => Date;
  readonly #dates: RuleDates;
  readonly #rulePrices: RulePrices;
  readonly #websites: ReadonlyMap<number, PriceWebsite>;
  readonly #websiteOf: ReadonlyMap<number, number>;
  readonly #groupCodes = new Map<number, string>();

  private constructor({ shop, clock }: FeedContext, dates: RuleDates) {
    this.#shop = shop;
    this.#clock = clock;
    this.#dates = dates;
    this.#rulePrices = new RulePrices(shop);
    this.#websiteOf = new Map(shop.storeViews.map(({ id, websiteId }) => [id, websiteId]));
    const withStoreViews = new Set(this.#websiteOf.values());
    this.#websites = new Map(
      shop.websites.map(({ id, code }) => [
        id,
        { id, code, hasStoreViews: withStoreViews.has(id) },
      ]),
    );
  }

  static async open(context: FeedContext, read: Read): Promise<PriceCollector> {
    return new PriceCollector(context, ruleDates(await zonedWebsites(context.shop, read)));
  }

  async collect(read: Read, selection: Selection): Promise<Collected<PriceItem>> {
    const shop = this.#shop;
    const { warnings } = this.#dates;
    const page = await readProducts(shop, read, selection);
    const items: PriceItem[] = [];
    if (page.byId.size === 0) return { items, failures: page.failures, warnings };

    await readWebsites(shop, read, selection, page);
    await readPrices(shop, read, page, this.#websiteOf);
    await readTiers(shop, read, page);
    await readParents(shop, read, selection, page);
    await this.#readRules(read, selection, page);

    const groupCode = (groupId: number): string => this.#groupCode(groupId);
    for (const product of page.byId.values()) {
      for (const websiteId of product.websiteIds) {
        const website = this.#websites.get(websiteId);
        if (website !== undefined) addItems(items, product, website, groupCode);
      }
    }
    return { items, failures: page.failures, warnings };
  }

  async #readRules(read: Read, selection: Selection, { byId }: ProductPage): Promise<void> {
    const dates = this.#dates.on(this.#clock());
    const rows = await this.#rulePrices.read(read, selection, dates);
    for (const [id, websiteId, groupId, price] of rows) {
      const product = byId.get(id);
      if (product === undefined || groupId === null) continue;
      product.rules ??= new Map();
      append(product.rules, websiteId, { groupId, price: Number(price) });
    }
  }

  /** Kept: there are few groups, and each hash costs as much as an item. */
  #groupCode(groupId: number): string {
    let code = this.#groupCodes.get(groupId);
    if (code === undefined) {
      code = customerGroupCode(groupId);
      this.#groupCodes.set(groupId, code);
    }
    return code;
  }
}
