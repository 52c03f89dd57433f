/** A table of the shop whose changes are noted in the changelog, by triggers. */
export interface CapturedTable {
  /**
   * Without table prefix. A `*` at the end stands for what Commerce puts there, by default the
   * number of a store or a stock: `inventory_stock_*`.
   */
  readonly table: string;
  /** What the `*` stands for. `any`: anything, also nothing, but the end of a work table’s name. */
  readonly suffix?: 'number' | 'any';
  /**
   * Columns whose values are noted of each changed row, before and after: at most three of whole
   * numbers and one of text. `entity_id` stands for `row_id` in tables that have only that.
   */
  readonly key: readonly string[];
  /** The only columns whose changes count. Default: all but `ignoring`. */
  readonly only?: readonly string[];
  /** Columns whose changes do not count. Default: `updated_at`. */
  readonly ignoring?: readonly string[];
  /**
   * Of an index table that Commerce fills anew as a twin and swaps in: the columns by which its
   * content is compared with what it was. Default: the table is never swapped.
   */
  readonly swapped?: readonly string[];
}

/** One changed row of the shop, as a trigger noted it. */
export interface Change {
  /** Primary key in the changelog. */
  readonly id: number;
  /** Without table prefix; a member of a family by its own name: `inventory_stock_2`. */
  readonly table: string;
  /** Values of the key columns by name; BIGINT as numbers. */
  readonly key: ChangeKey;
  /** UTC, `YYYY-MM-DD HH:MM:SS.mmm`. */
  readonly changedAt: string;
  /** Noted by the comparison of a swapped table, not by a trigger. */
  readonly compared?: true;
}

export type ChangeKey = Readonly<Record<string, number | string | null>>;
