/**
 * Makes a shop larger: every product n-fold, with its values, prices, stock, links and options. Ids
 * of the copies are those of the originals and a million more for each copy, so that what refers to
 * one another still does.
 */
const STRIDE = 1_000_000;

/** Tables with rows of products. */
const TABLES =
  /^(catalog_product_(entity.*|website|super_.*|relation|link|link_attribute_.+|bundle_(option|selection).*|option.*|index_price)|catalog_category_product|catalogrule_product(_price)?|cataloginventory_stock_(item|status)|inventory_source_item|inventory_stock_\d+|downloadable_(link|sample).*)$/;

/** Columns that hold ids of products, or of what belongs to one. */
const IDS = new Set([
  'entity_id',
  'row_id',
  'product_id',
  'parent_id',
  'child_id',
  'parent_product_id',
  'linked_product_id',
  'link_id',
  'option_id',
  'option_type_id',
  'product_super_attribute_id',
  'sample_id',
  'selection_id',
  'value_id',
]);

/** Multiplies the products of the connection's database; returns how many there are then. */
export async function multiplyProducts(connection, times) {
  const [columns] = await connection.query(
    `SELECT c.table_name AS tableName, c.column_name AS name, c.extra
     FROM information_schema.columns c
     JOIN information_schema.tables t
       ON t.table_schema = c.table_schema AND t.table_name = c.table_name
     WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'
     ORDER BY c.table_name, c.ordinal_position`,
  );
  const tables = new Map();
  for (const { tableName, name, extra } of columns) {
    if (!TABLES.test(tableName) || /GENERATED/.test(extra)) continue;
    tables.set(tableName, [
      ...(tables.get(tableName) ?? []),
      { name, isId: IDS.has(name) || /auto_increment/.test(extra) },
    ]);
  }
  await connection.query('SET foreign_key_checks = 0, unique_checks = 0');
  for (const [table, its] of tables) {
    const names = its.map(({ name }) => `\`${name}\``).join(', ');
    for (let copy = 1; copy < times; copy++) {
      const values = its.map(({ name, isId }) => {
        if (isId) return `\`${name}\` + ${copy * STRIDE}`;
        return name === 'sku' ? `CONCAT(\`sku\`, '-', ${copy})` : `\`${name}\``;
      });
      const original = its.find(({ isId }) => isId)?.name;
      await connection.query(
        `INSERT IGNORE INTO \`${table}\` (${names}) SELECT ${values.join(', ')} FROM \`${table}\`
         WHERE ${original === undefined ? "sku NOT REGEXP '-[0-9]+$'" : `\`${original}\` < ${STRIDE}`}`,
      );
    }
  }
  await connection.query('SET foreign_key_checks = 1, unique_checks = 1');
  const [[{ n }]] = await connection.query('SELECT COUNT(*) AS n FROM catalog_product_entity');
  return n;
}
