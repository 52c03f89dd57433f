import type { Read } from './read.js';

/**
 * How an entity table (products, categories) is keyed. Adobe Commerce keeps one row per staged
 * version (`row_id`), Open Source one row per entity.
 */
export interface EntityTable {
  /** Without table prefix. */
  readonly name: string;
  readonly versioned: boolean;
  /** The column by which value tables, links and options refer to the entity. */
  readonly linkField: 'entity_id' | 'row_id';
  /** Where a full sync finds the ids: with versions, the sequence table, each entity once. */
  readonly ids: { readonly table: string; readonly column: string };
  /** SQL condition that `alias` is a row of the version in force; `TRUE` without versions. */
  active(alias: string): string;
}

export interface EntityTables {
  readonly product: EntityTable;
  readonly category: EntityTable;
  /** The version Commerce has applied (flag `staging`), not the clock's; 1 where none is. */
  readonly currentVersion: number;
}

export async function readEntityTables(
  read: Read,
  t: (table: string) => string,
  hasRowId: (table: string) => boolean,
): Promise<EntityTables> {
  const versioned = hasRowId('catalog_product_entity') || hasRowId('catalog_category_entity');
  const flag = versioned
    ? await read.row<[string]>(`SELECT flag_data FROM ${t('flag')} WHERE flag_code = 'staging'`)
    : undefined;
  const version = currentVersion(flag?.[0]);
  return {
    product: entityTable('catalog_product_entity', 'sequence_product'),
    category: entityTable('catalog_category_entity', 'sequence_catalog_category'),
    currentVersion: version,
  };

  function entityTable(name: string, sequence: string): EntityTable {
    const rows = hasRowId(name);
    return {
      name,
      versioned: rows,
      linkField: rows ? 'row_id' : 'entity_id',
      ids: rows
        ? { table: sequence, column: 'sequence_value' }
        : { table: name, column: 'entity_id' },
      active: (alias) =>
        rows ? `(${alias}.created_in <= ${version} AND ${alias}.updated_in > ${version})` : 'TRUE',
    };
  }
}

function currentVersion(flagData: string | undefined): number {
  if (flagData === undefined) return 1;
  const data = JSON.parse(flagData) as { current_version?: unknown };
  const version = Number(data.current_version);
  return Number.isSafeInteger(version) ? version : 1;
}
