import { ExportError } from '../errors/export-error.js';
import { readAttributes, type Attributes } from './attributes.js';
import {
  NO_OVERRIDES,
  readConfiguration,
  type Configuration,
  type ConfigurationOverrides,
} from './configuration.js';
import { readEntityTables, type EntityTables } from './entity-tables.js';
import type { Read } from './read.js';
import { readScopes, type Scopes } from './scopes.js';
import { prefixedName } from './table-prefix.js';

/**
 * What every feed needs to know of a shop, read once and kept for an epoch: a page never mixes two
 * of them.
 */
export interface Shop extends Scopes, EntityTables {
  /** The table's name in SQL, with the installation's prefix, quoted. */
  readonly t: (table: string) => string;
  /** Whether the installation has the table (name without prefix). */
  readonly hasTable: (table: string) => boolean;
  /** Whether the installation is known to have the module off; what is not known is on. */
  readonly isModuleOff: (module: string) => boolean;
  readonly configuration: Configuration;
  readonly productAttributes: Attributes;
  readonly categoryAttributes: Attributes;
}

export interface ShopOptions {
  readonly tablePrefix?: string;
  readonly overrides?: ConfigurationOverrides;
  /** Modules that are known to be on or off. */
  readonly modules?: ReadonlyMap<string, boolean>;
}

const REQUIRED_TABLES = [
  'catalog_product_entity',
  'core_config_data',
  'eav_attribute',
  'eav_entity_type',
  'store',
  'store_group',
  'store_website',
];

/** @throws ExportError SDE20-02 when `has` lacks tables that every Commerce database has. */
export function requireShopTables(has: (table: string) => boolean, tablePrefix: string): void {
  const missing = REQUIRED_TABLES.map((table) => prefixedName(tablePrefix, table)).filter(
    (table) => !has(table),
  );
  if (missing.length === 0) return;
  throw new ExportError('SDE20-02', {
    message: `The database has no table ${missing.join(', ')}, so it is not a Commerce database${tablePrefix === '' ? '' : ` with the table prefix “${tablePrefix}”`}.`,
  });
}

/** @throws ExportError SDE20-02 when the database is not a Commerce database. */
export async function readShop(
  read: Read,
  { tablePrefix = '', overrides = NO_OVERRIDES, modules }: ShopOptions = {},
): Promise<Shop> {
  const name = (table: string): string => prefixedName(tablePrefix, table);
  const t = (table: string): string => `\`${name(table)}\``;

  const tables = await read.rows<[string, number]>(
    `SELECT table_name, MAX(column_name = 'row_id')
     FROM information_schema.columns WHERE table_schema = DATABASE() GROUP BY table_name`,
  );
  const rowIds = new Map(tables.map(([table, hasRowId]) => [table, hasRowId === 1]));
  const hasTable = (table: string): boolean => rowIds.has(name(table));
  requireShopTables((table) => rowIds.has(table), tablePrefix);

  const scopes = await readScopes(read, t);
  return {
    ...scopes,
    ...(await readEntityTables(read, t, (table) => rowIds.get(name(table)) === true)),
    t,
    hasTable,
    isModuleOff: (module) => modules?.get(module) === false,
    configuration: await readConfiguration(read, t, scopes, overrides),
    productAttributes: await readAttributes(read, t, 'catalog_product'),
    categoryAttributes: await readAttributes(read, t, 'catalog_category'),
  };
}
