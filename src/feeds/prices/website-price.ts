/** A `price` or `special_price` row at a store view. */
export interface StoreViewAmount {
  readonly storeId: number;
  readonly special: boolean;
  /** NULL rows count: they hide outer values. */
  readonly amount: number | null;
}

/** The `price` and `special_price` rows of a product. */
export interface PriceRows {
  /** At store 0; null for a NULL row and for none. */
  regular: number | null;
  special: number | null;
  /** At store views, by website id; most products have none. */
  inWebsites: Map<number, StoreViewAmount[]> | undefined;
}

export interface WebsitePrice {
  readonly regular: number;
  /** Null where there is none. */
  readonly special: number | null;
}

/**
 * prices: the regular price is the last amount at a store view of the website, else the default
 * one, else 0. The last row for the special price counts even when NULL; without a row, a NULL
 * `price` row of the website hides the default special price. Neither the scope of prices nor the
 * dates of a special price play a part.
 */
export function websitePrice(rows: PriceRows, websiteId: number): WebsitePrice {
  const own = rows.inWebsites?.get(websiteId);
  if (own === undefined) return { regular: rows.regular ?? 0, special: rows.special };

  let regular = rows.regular ?? 0;
  let regularFrom = 0;
  let special = rows.special;
  let specialFrom = 0;
  let hidesSpecial = false;
  for (const { storeId, special: isSpecial, amount } of own) {
    if (isSpecial) {
      if (storeId > specialFrom) [specialFrom, special] = [storeId, amount];
    } else if (amount === null) {
      hidesSpecial = true;
    } else if (storeId > regularFrom) {
      [regularFrom, regular] = [storeId, amount];
    }
  }
  return { regular, special: specialFrom === 0 && hidesSpecial ? null : special };
}
