import type { Read } from '../../commerce/read.js';
import { among, type Selection } from '../../commerce/selection.js';
import type { Shop } from '../../commerce/shop.js';

type RulePriceRow = [
  productId: number,
  websiteId: number,
  customerGroupId: number | null,
  price: string,
];

const TABLE = 'catalogrule_product_price';

/**
 * Reads rule prices by the index on `product_id`, whatever statistics say. Commerce swaps in a
 * fresh table at each full reindex, with statistics of an empty one; with these the server reads
 * the whole table for a page of ids: 370 instead of 27 ms with 1.2 million rows.
 */
export class RulePrices {
  readonly #shop: Pick<Shop, 't' | 'hasTable'>;
  /** The name differs from one reindex to the next; '' where there is no such index. */
  #index: string | undefined;

  constructor(shop: Pick<Shop, 't' | 'hasTable'>) {
    this.#shop = shop;
  }

  /** The rows of the products that are in force: `dates` holds today's date of each website. */
  async read(
    read: Read,
    products: Selection,
    dates: ReadonlyMap<number, string>,
  ): Promise<RulePriceRow[]> {
    if (dates.size === 0 || !this.#shop.hasTable(TABLE)) return [];
    this.#index ??= await this.#findIndex(read);
    try {
      return await this.#rows(read, products, dates, this.#index);
    } catch (error) {
      if (!isMissingIndex(error)) throw error;
      this.#index = await this.#findIndex(read);
      return this.#rows(read, products, dates, this.#index);
    }
  }

  #rows(
    read: Read,
    products: Selection,
    dates: ReadonlyMap<number, string>,
    index: string,
  ): Promise<RulePriceRow[]> {
    const hint = index === '' ? '' : `FORCE INDEX (\`${index}\`)`;
    const sql = (ofProducts: string): string => `
      SELECT r.product_id, r.website_id, r.customer_group_id, r.rule_price
      FROM ${this.#shop.t(TABLE)} r ${hint}
      WHERE ${ofProducts} AND (${inForce('r', dates)})`;
    // Never `among` for ids: a list that is joined may be read after the table, in spite of the hint.
    return products.kind === 'ids' && products.ids.length > 0
      ? read.rows<RulePriceRow>(sql('r.product_id IN (?)'), [products.ids])
      : read.rows<RulePriceRow>(sql(among('r.product_id', products)));
  }

  async #findIndex(read: Read): Promise<string> {
    const row = await read.row<[string, string, string]>(
      `SHOW INDEX FROM ${this.#shop.t(TABLE)} WHERE Column_name = 'product_id' AND Seq_in_index = 1`,
    );
    return row?.[2] ?? '';
  }
}

function inForce(alias: string, dates: ReadonlyMap<number, string>): string {
  const websites = new Map<string, number[]>();
  for (const [websiteId, date] of dates) {
    const ids = websites.get(date);
    if (ids === undefined) websites.set(date, [websiteId]);
    else ids.push(websiteId);
  }
  return [...websites]
    .map(
      ([date, ids]) =>
        `${alias}.rule_date = '${date}' AND ${alias}.website_id IN (${ids.join(',')})`,
    )
    .join(' OR ');
}

function isMissingIndex(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ER_KEY_DOES_NOT_EXITS';
}
