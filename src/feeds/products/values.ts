import type { Attribute, ValueType } from '../../commerce/attributes.js';
import type { Read } from '../../commerce/read.js';
import type { Shop } from '../../commerce/shop.js';
import type { Page } from './page.js';

/** A value as the database gives it: integers as numbers, everything else as text. */
export type Value = string | number | null;

/**
 * Values of a product in all scopes. EAV: a store view's row wins even when it is NULL; there is
 * no website level.
 */
export class ProductValues {
  readonly #base = new Map<number, Value>();
  #stores: Map<number, Map<number, Value>> | undefined;

  set(attributeId: number, storeId: number, value: Value): void {
    if (storeId === 0) {
      this.#base.set(attributeId, value);
      return;
    }
    const stores = (this.#stores ??= new Map<number, Map<number, Value>>());
    const store = stores.get(storeId);
    if (store === undefined) stores.set(storeId, new Map([[attributeId, value]]));
    else store.set(attributeId, value);
  }

  /** The value in a store view; undefined without a row, null where the row says so. */
  get(attributeId: number, storeId: number): Value | undefined {
    const own = this.#stores?.get(storeId)?.get(attributeId);
    return own === undefined ? this.#base.get(attributeId) : own;
  }

  /** The value as text, null without one. */
  text(attributeId: number, storeId: number): string | null {
    const value = this.get(attributeId, storeId);
    return value === undefined || value === null ? null : String(value);
  }

  /** Whether any scope has this value. */
  somewhere(attributeId: number, value: Value): boolean {
    if (this.#base.get(attributeId) === value) return true;
    for (const store of this.#stores?.values() ?? []) {
      if (store.get(attributeId) === value) return true;
    }
    return false;
  }

  /** Ids of the attributes that have a row for the default scope. */
  baseAttributes(): IterableIterator<number> {
    return this.#base.keys();
  }

  /** Whether the attribute has a row for the default scope. */
  inBase(attributeId: number): boolean {
    return this.#base.has(attributeId);
  }

  /** Ids of the attributes that have a row for the store view. */
  ownAttributes(storeId: number): IterableIterator<number> | undefined {
    return this.#stores?.get(storeId)?.keys();
  }
}

/** One query for each value table that holds any of the attributes. */
export async function readValues(
  read: Read,
  shop: Shop,
  page: Page,
  attributes: ReadonlyMap<ValueType, readonly Attribute[]>,
): Promise<Map<number, ProductValues>> {
  const { name, linkField } = shop.product;
  const values = new Map<number, ProductValues>();
  for (const product of page.products) values.set(product.link, new ProductValues());
  for (const [type, wanted] of attributes) {
    // `+0` keeps the optimizer from multiplying the id ranges by the attributes.
    const rows = await read.rows<[number, number, number, Value]>(`
      SELECT v.${linkField}, v.attribute_id, v.store_id, v.value
      FROM ${shop.t(`${name}_${type}`)} v
      WHERE ${page.links(`v.${linkField}`)}
        AND v.attribute_id+0 IN (${wanted.map(({ id }) => id).join(',')})`);
    for (const [link, attributeId, storeId, value] of rows) {
      values.get(link)?.set(attributeId, storeId, value);
    }
  }
  return values;
}
