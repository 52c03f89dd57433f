import { GRANTS } from '../../commerce/category-permissions.js';
import { customerGroupCode } from '../../commerce/customer-groups.js';
import type { Read } from '../../commerce/read.js';
import { among, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';
import type { Collected, ItemOf } from '../feed.js';
import type { ProductOverride } from './contract.js';
import { ConfiguredGrants, GRANT_BITS, grantBits } from './grants.js';

type Item = ItemOf<typeof ProductOverride>;

type IndexRow = readonly [
  productId: number,
  storeId: number,
  groupId: number,
  displayable: number | null,
  priceDisplayable: number | null,
  buyable: number | null,
];

/** A website and a customer group as one number: group ids have 32 bits. */
const GROUPS = 2 ** 32;

/** Builds the items of pages; keeps what does not depend on them. */
export class OverrideCollector {
  readonly #shop: Shop;
  readonly #indexTables: readonly string[];
  readonly #websiteOf: ReadonlyMap<number, number>;
  readonly #websiteCode: ReadonlyMap<number, string>;
  readonly #configured: ReadonlyMap<number, ConfiguredGrants>;
  readonly #groupCodes = new Map<number, string>();

  constructor(shop: Shop, indexTables: readonly string[]) {
    this.#shop = shop;
    this.#indexTables = indexTables;
    this.#websiteOf = new Map(shop.storeViews.map(({ id, websiteId }) => [id, websiteId]));
    this.#websiteCode = new Map(shop.websites.map(({ id, code }) => [id, code]));
    this.#configured = new Map(
      shop.websites.map(({ id }) => [id, new ConfiguredGrants(shop.configuration, id)]),
    );
  }

  /** Three queries for a page: products in force, their websites, their index rows. */
  async collect(read: Read, selection: Selection): Promise<Collected<Item>> {
    const { product, t } = this.#shop;
    const products = await read.rows<[number, string]>(`
      SELECT p.entity_id, p.sku FROM ${t(product.name)} p
      WHERE ${among('p.entity_id', selection)} AND ${product.active('p')}`);
    const assignments = await read.rows<[number, number]>(`
      SELECT w.product_id, w.website_id FROM ${t('catalog_product_website')} w
      WHERE ${among('w.product_id', selection)}`);
    const rows = await read.rows<IndexRow>(this.#indexQuery(selection));

    const grantsOf = this.#mergeStoreViews(assignments, rows);
    const items: Item[] = [];
    for (const [productId, sku] of products.sort((a, b) => a[0] - b[0])) {
      const grants = grantsOf.get(productId);
      if (grants !== undefined) this.#addItems(items, productId, sku, grants);
    }
    return { items, failures: [] };
  }

  #indexQuery(selection: Selection): string {
    return this.#indexTables
      .map(
        (table) => `
          SELECT i.product_id, i.store_id, i.customer_group_id, i.${GRANTS.displayable},
                 i.${GRANTS.priceDisplayable}, i.${GRANTS.buyable}
          FROM ${table} i WHERE ${among('i.product_id', selection)}`,
      )
      .join(' UNION ALL ');
  }

  /** Of each product: what the index says of each website it is assigned to and customer group. */
  #mergeStoreViews(
    assignments: readonly (readonly [productId: number, websiteId: number])[],
    rows: readonly IndexRow[],
  ): Map<number, Map<number, number>> {
    const websitesOf = new Map<number, number[]>();
    for (const [productId, websiteId] of assignments) {
      const websites = websitesOf.get(productId);
      if (websites === undefined) websitesOf.set(productId, [websiteId]);
      else websites.push(websiteId);
    }
    const merged = new Map<number, Map<number, number>>();
    for (const [productId, storeId, groupId, displayable, priceDisplayable, buyable] of rows) {
      const websiteId = this.#websiteOf.get(storeId);
      if (websiteId === undefined || websitesOf.get(productId)?.includes(websiteId) !== true) {
        continue;
      }
      let grants = merged.get(productId);
      if (grants === undefined) merged.set(productId, (grants = new Map<number, number>()));
      const key = websiteId * GROUPS + groupId;
      const bits = grantBits(displayable, priceDisplayable, buyable);
      grants.set(key, (grants.get(key) ?? 0) | bits);
    }
    return merged;
  }

  #addItems(
    items: Item[],
    productId: number,
    sku: string,
    grants: ReadonlyMap<number, number>,
  ): void {
    for (const key of [...grants.keys()].sort((a, b) => a - b)) {
      const groupId = key % GROUPS;
      const websiteId = (key - groupId) / GROUPS;
      const websiteCode = this.#websiteCode.get(websiteId);
      const configured = this.#configured.get(websiteId);
      if (websiteCode === undefined || configured === undefined) continue;
      const granted = configured.resolve(grants.get(key) ?? 0, groupId);
      items.push({
        sku,
        productId,
        websiteCode,
        customerGroupCode: this.#groupCode(groupId),
        displayable: (granted & GRANT_BITS.displayable) !== 0,
        buyable: (granted & GRANT_BITS.buyable) !== 0,
        priceDisplayable: (granted & GRANT_BITS.priceDisplayable) !== 0,
      });
    }
  }

  #groupCode(groupId: number): string {
    let code = this.#groupCodes.get(groupId);
    if (code === undefined) this.#groupCodes.set(groupId, (code = customerGroupCode(groupId)));
    return code;
  }
}
