import {
  permissionFallback,
  type Grant,
  type PermissionFallback,
} from '../../commerce/category-permissions.js';
import type { Configuration } from '../../commerce/configuration.js';

const ALLOW = -1;
const DENY = -2;

/** A set of grants is a number with a bit for each of them. */
export const GRANT_BITS = { displayable: 1, priceDisplayable: 2, buyable: 4 } as const;

/** Three bits further up: what the index leaves to the configuration. */
const CONFIGURED = 3;

const GRANT_NAMES = Object.keys(GRANT_BITS) as readonly Grant[];

/**
 * What one row of the index says: -1 allows, -2 denies, anything else leaves a grant to the
 * configuration. Rows of several store views are joined by `|`: one that allows is enough.
 */
export function grantBits(
  displayable: number | null,
  priceDisplayable: number | null,
  buyable: number | null,
): number {
  return (
    bitOf(displayable, GRANT_BITS.displayable) |
    bitOf(priceDisplayable, GRANT_BITS.priceDisplayable) |
    bitOf(buyable, GRANT_BITS.buyable)
  );
}

function bitOf(value: number | null, bit: number): number {
  if (value === ALLOW) return bit;
  return value === DENY ? 0 : bit << CONFIGURED;
}

/** The configured grants of customer groups in a website. */
export class ConfiguredGrants {
  readonly #fallbacks: readonly (readonly [bit: number, fallback: PermissionFallback])[];
  readonly #ofGroup = new Map<number, number>();

  constructor(configuration: Configuration, websiteId: number) {
    this.#fallbacks = GRANT_NAMES.map((grant) => [
      GRANT_BITS[grant],
      permissionFallback(configuration, grant, websiteId),
    ]);
  }

  /** The grants a customer group has, given what the index says of it. */
  resolve(bits: number, groupId: number): number {
    return (bits & 7) | ((bits >> CONFIGURED) & this.#configured(groupId));
  }

  #configured(groupId: number): number {
    let grants = this.#ofGroup.get(groupId);
    if (grants === undefined) {
      grants = 0;
      for (const [bit, { mode, groupIds }] of this.#fallbacks) {
        if (mode === 'ALL' || groupIds.includes(groupId)) grants |= bit;
      }
      this.#ofGroup.set(groupId, grants);
    }
    return grants;
  }
}
