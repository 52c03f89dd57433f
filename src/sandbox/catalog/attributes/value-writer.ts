import type { SqlValue } from '../bulk-writer.js';
import type { Catalog } from '../catalog.js';

/** Writes one attribute value of a version of an entity; store 0 is the default. */
export type ValueWriter = (rowId: number, code: string, storeId: number, value: SqlValue) => void;

export function valueWriter(catalog: Catalog, entity: 'product' | 'category'): ValueWriter {
  const { writer, attributes, link } = catalog;
  const columns = ['attribute_id', 'store_id', link, 'value'] as const;
  const table = (type: string) => writer.table(`catalog_${entity}_entity_${type}`, columns);
  const tables = {
    int: table('int'),
    decimal: table('decimal'),
    text: table('text'),
    varchar: table('varchar'),
    datetime: table('datetime'),
  };
  const attribute = attributes[entity];
  return (rowId, code, storeId, value) => {
    const { id, type } = attribute(code);
    if (type === 'static') throw new Error(`Attribute ${code} has no values.`);
    tables[type].add(id, storeId, rowId, value);
  };
}
