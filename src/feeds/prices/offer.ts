import type { Discount, TierPrice } from './contract.js';

/** A row of the tier prices. */
export interface TierRow {
  /** Undefined for all groups. */
  readonly groupId: number | undefined;
  readonly qty: number;
  /** A fixed price, or percent off. */
  readonly amount: number;
  readonly percent: boolean;
}

/** What tier rows make of a price. */
export interface Offer {
  /** The discount from the first piece on. */
  readonly group: Discount | undefined;
  /** By quantity, in no order. */
  readonly tiers: ReadonlyMap<number, TierPrice> | undefined;
}

export const NO_OFFER: Offer = { group: undefined, tiers: undefined };

/**
 * Lays rows over an offer; where quantities are the same the row replaces, also for the worse.
 * prices: a quantity of 1 is the group price, more a tier, less counts for nothing.
 */
export function overlay(offer: Offer, rows: readonly TierRow[]): Offer {
  let { group, tiers }: { group: Discount | undefined; tiers: Map<number, TierPrice> | undefined } =
    { group: offer.group, tiers: offer.tiers && new Map(offer.tiers) };
  for (const { qty, amount, percent } of rows) {
    if (qty === 1) {
      group = percent ? { code: 'group', percentage: amount } : { code: 'group', price: amount };
    } else if (qty > 1) {
      tiers ??= new Map();
      tiers.set(qty, percent ? { qty, percentage: amount } : { qty, price: amount });
    }
  }
  return { group, tiers };
}

/** The tiers by ascending quantity; undefined where there are none. */
export function tierPrices({ tiers }: Offer): TierPrice[] | undefined {
  if (tiers === undefined) return undefined;
  return [...tiers.values()].sort((one, other) => one.qty - other.qty);
}
