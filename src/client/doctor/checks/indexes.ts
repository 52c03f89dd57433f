import { ok, warning, type Check, type Finding } from '../finding.js';

/** Columns that queries of pages are found by, so an index has to begin with them. */
const NEEDED: readonly (readonly [table: string, columns: readonly string[]])[] = [
  ['catalog_product_entity', ['sku']],
  ...['varchar', 'int', 'text', 'decimal', 'datetime'].map(
    (type) => [`catalog_product_entity_${type}`, ['<link>', 'attribute_id']] as const,
  ),
  ...['varchar', 'int', 'text'].map(
    (type) => [`catalog_category_entity_${type}`, ['<link>', 'attribute_id']] as const,
  ),
  ['catalog_product_website', ['product_id']],
  ['catalog_product_relation', ['child_id']],
  ['catalog_product_super_link', ['product_id']],
  ['catalog_product_entity_tier_price', ['<link>']],
  ['catalog_category_product', ['product_id']],
  ['catalogrule_product_price', ['product_id']],
  ['cataloginventory_stock_item', ['product_id']],
  ['inventory_source_item', ['source_code', 'sku']],
  ['sales_order', ['updated_at']],
  ['sales_order_item', ['order_id']],
];

/** Indexes without which a page of entities is found by reading whole tables. */
export const indexes: Check = {
  name: 'indexes of the shop',
  async run({ shop }) {
    if (shop === undefined) return [];
    const rows = await shop.rows<{ name: string; indexName: string; columns: string }>(
      `SELECT table_name AS name, index_name AS indexName,
              GROUP_CONCAT(column_name ORDER BY seq_in_index) AS columns
       FROM information_schema.statistics WHERE table_schema = DATABASE()
       GROUP BY table_name, index_name`,
    );
    const tables = await shop.rows<{ name: string }>(
      'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
    );
    const existing = new Set(tables.map(({ name }) => name));
    const findings = NEEDED.flatMap(([table, columns]): Finding[] => {
      const name = `${shop.tablePrefix}${table}`;
      if (!existing.has(name)) return [];
      const present = rows.filter((row) => row.name === name).map((row) => row.columns.split(','));
      if (present.some((index) => beginsWith(index, columns))) return [];
      const listed = columns.map((column) => (column === '<link>' ? 'entity_id' : column));
      return [
        warning(
          `The table ${name} has no index on ${listed.join(', ')}.`,
          'Each page of entities reads the whole table.',
          `ALTER TABLE ${name} ADD INDEX (${listed.join(', ')})`,
        ),
      ];
    });
    return findings.length > 0 ? findings : [ok('The tables of the shop have the indexes needed.')];
  },
};

/** `<link>` is `row_id` on Adobe Commerce, else `entity_id`. */
function beginsWith(index: readonly string[], columns: readonly string[]): boolean {
  return columns.every((column, at) =>
    column === '<link>'
      ? index[at] === 'entity_id' || index[at] === 'row_id'
      : index[at] === column,
  );
}
