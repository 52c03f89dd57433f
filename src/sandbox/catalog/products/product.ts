import type { Version } from '../versions.js';

export const productTypes = [
  'simple',
  'virtual',
  'configurable',
  'bundle',
  'grouped',
  'downloadable',
  'giftcard',
] as const;
export type ProductType = (typeof productTypes)[number];

/** 1 not visible, 2 catalog, 3 search, 4 both. */
export type Visibility = 1 | 2 | 3 | 4;

/** A product as planned; what is drawn at random beyond this depends on its id alone. */
export interface Product {
  readonly entityId: number;
  readonly type: ProductType;
  readonly sku: string;
  readonly name: string;
  readonly urlKey: string;
  readonly attributeSetId: number;
  readonly enabled: boolean;
  readonly visibility: Visibility;
  readonly websiteIds: readonly number[];
  readonly categoryIds: readonly number[];
  readonly price: number | null;
  readonly weight: number | null;
  readonly images: readonly string[];
  readonly stock: StockSetting;
  readonly overrides: readonly StoreOverride[];
  readonly parts: Parts;
  /** Has every kind of option, price, link and medium there is. */
  readonly complete: boolean;
  readonly hasOptions: boolean;
  readonly versions: readonly Version[];
}

export type StockSetting = 'plenty' | 'none' | 'backorders' | 'unmanaged';

/** What one store view says instead. */
export interface StoreOverride {
  readonly storeId: number;
  readonly name?: string;
  readonly urlKey?: string;
  readonly enabled?: boolean;
  readonly visibility?: Visibility;
}

/** Another product that this one contains, links or sells. */
export interface Member {
  readonly entityId: number;
  readonly sku: string;
  readonly name: string;
  readonly price: number;
}

export type Parts =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'variant';
      /** Option ids of the two super attributes. */
      readonly color: number;
      readonly size: number;
    }
  | { readonly kind: 'configurable'; readonly children: readonly Member[] }
  | { readonly kind: 'grouped'; readonly members: readonly Member[] }
  | { readonly kind: 'bundle'; readonly fixedPrice: boolean; readonly members: readonly Member[] }
  | { readonly kind: 'downloadable'; readonly linksSoldSeparately: boolean }
  | { readonly kind: 'giftcard'; readonly amounts: readonly number[] };

export function isEnabledIn(product: Product, storeId: number): boolean {
  return overrideIn(product, storeId)?.enabled ?? product.enabled;
}

export function visibilityIn(product: Product, storeId: number): Visibility {
  return overrideIn(product, storeId)?.visibility ?? product.visibility;
}

export function urlKeyIn(product: Product, storeId: number): string {
  return overrideIn(product, storeId)?.urlKey ?? product.urlKey;
}

export function hasActiveVersion({ versions }: Product): boolean {
  return versions.some(({ state }) => state === 'active');
}

function overrideIn({ overrides }: Product, storeId: number): StoreOverride | undefined {
  return overrides.find((override) => override.storeId === storeId);
}
