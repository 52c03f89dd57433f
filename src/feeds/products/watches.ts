import type { WatchedTable } from '../feed.js';
import { METADATA } from './watched-metadata.js';
import { CATEGORIES, RELATIVES } from './watched-relatives.js';
import { OWN_ROWS, PARTS } from './watched-rows.js';

/**
 * Everything a product's items are made of, also what the reference exporter overlooks. Not
 * watched: `eav_entity_type` (made by the installer, never changed), `inventory_source_item` and the
 * like (Commerce makes the indexes above from them, which are what is read).
 */
export const PRODUCT_WATCHES: readonly WatchedTable[] = [
  ...OWN_ROWS,
  ...PARTS,
  ...RELATIVES,
  ...CATEGORIES,
  ...METADATA,
];
