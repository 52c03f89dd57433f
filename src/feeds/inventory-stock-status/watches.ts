import { versionedProducts } from '../concerned-products.js';
import type { WatchedTable } from '../feed.js';
import {
  DEFAULT_STOCK_INDEX,
  PRODUCT,
  scopes,
  settings,
  staging,
  STOCK_INDEXES,
} from '../shared-watches.js';

const ALL = 'all products';

const bySku = { concerns: 'the product', names: { column: 'sku', as: 'sku' } } as const;
const all = { concerns: ALL, wholeFeed: true } as const;

export const STOCK_WATCHES: readonly WatchedTable[] = [
  { table: 'inventory_source_item', key: ['sku'], ...bySku },
  { table: 'inventory_reservation', key: ['sku'], ...bySku },
  { ...STOCK_INDEXES, ...bySku },
  {
    ...DEFAULT_STOCK_INDEX,
    concerns: 'the product',
    names: { column: 'product_id', as: 'entity' },
  },
  {
    table: 'cataloginventory_stock_item',
    key: ['product_id'],
    only: [
      'product_id',
      'manage_stock',
      'use_config_manage_stock',
      'backorders',
      'use_config_backorders',
      'min_qty',
      'use_config_min_qty',
    ],
    concerns: 'the product',
    names: { column: 'product_id', as: 'entity' },
  },
  {
    ...PRODUCT,
    only: ['sku', 'created_in', 'updated_in'],
    concerns: 'the product',
    names: { column: 'entity_id', as: 'entity' },
  },
  { table: 'inventory_stock', key: ['stock_id'], only: ['stock_id'], ...all },
  // Commerce makes its indexes anew of these, which are compared when they are swapped in; an index
  // it makes slowly may be read before.
  { table: 'inventory_source', key: ['source_code'], only: ['enabled'], ...all },
  { table: 'inventory_source_stock_link', key: ['stock_id'], ...all },
  { table: 'inventory_stock_sales_channel', key: ['stock_id'], ...all, cached: true },
  // The settings in force are those of the default website's default store view.
  ...scopes(ALL),
  settings(ALL, [
    'cataloginventory/item_options/manage_stock',
    'cataloginventory/item_options/backorders',
  ]),
  staging('products with scheduled updates', versionedProducts),
];
