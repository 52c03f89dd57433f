import type { WatchedTable } from '../feed.js';
import { ATTRIBUTE, ATTRIBUTE_LABEL, CATALOG_ATTRIBUTE, scopes } from '../shared-watches.js';

const own = {
  concerns: 'the attribute',
  names: { column: 'attribute_id', as: 'entity' },
} as const;

/** Not watched: `eav_entity_type`, which the installer makes and nobody changes. */
export const PRODUCT_ATTRIBUTE_WATCHES: readonly WatchedTable[] = [
  // Codes and types of attributes are kept for an epoch by other feeds; here all is read anew.
  { ...ATTRIBUTE, ...own, cached: true },
  { ...CATALOG_ATTRIBUTE, ...own },
  { ...ATTRIBUTE_LABEL, ...own },
  ...scopes('all attributes'),
];
