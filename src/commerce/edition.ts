import type { Shop } from './shop.js';

/** Open Source, Adobe Commerce, Adobe Commerce with B2B: as the service is told of them. */
export type Edition = 'ce' | 'ee' | 'b2b';

/** Tables of the B2B modules. */
const B2B_TABLES = ['company', 'shared_catalog', 'negotiable_quote'];

/** What the shop's tables tell of its edition; of its version they tell nothing. */
export function editionOf({ product, hasTable }: Pick<Shop, 'product' | 'hasTable'>): Edition {
  if (!product.versioned) return 'ce';
  return B2B_TABLES.some((table) => hasTable(table)) ? 'b2b' : 'ee';
}
