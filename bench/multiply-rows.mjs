/**
 * Makes a shop larger: every product or every order n-fold, with all that belongs to it. Ids of the
 * copies are those of the originals and a million more for each copy, so that what refers to one
 * another still does.
 */
const STRIDE = 1_000_000;

const PRODUCTS = {
  tables:
    /^(catalog_product_(entity.*|website|super_.*|relation|link|link_attribute_.+|bundle_(option|selection).*|option.*|index_price)|catalog_category_product|catalogrule_product(_price)?|cataloginventory_stock_(item|status)|inventory_source_item|inventory_stock_\d+|downloadable_(link|sample).*)$/,
  /** Columns that hold ids of products, or of what belongs to one. */
  ids: new Set([
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
  ]),
  copyOf: (column, copy) => (column === 'sku' ? `CONCAT(\`sku\`, '-', ${copy})` : undefined),
};

const ORDERS = {
  tables:
    /^(sales_(order|order_(item|address|payment|tax|tax_item|status_history)|(invoice|shipment|creditmemo)(_item)?|shipment_track|payment_transaction)|data_exporter_uuid)$/,
  ids: new Set([
    'entity_id',
    'order_id',
    'item_id',
    'parent_id',
    'parent_item_id',
    'order_item_id',
    'payment_id',
    'tax_id',
    'transaction_id',
    'billing_address_id',
    'shipping_address_id',
  ]),
  copyOf(column, copy) {
    if (column === 'increment_id') return `CONCAT(\`increment_id\`, '-', ${copy})`;
    return column === 'uuid' ? 'UUID()' : undefined;
  },
};

/** Multiplies the products of the connection's database; returns how many there are then. */
export async function multiplyProducts(connection, times) {
  await multiply(connection, times, PRODUCTS);
  return count(connection, 'catalog_product_entity');
}

/** Multiplies the orders, and has all of them changed just now; returns how many there are then. */
export async function multiplyOrders(connection, times) {
  await multiply(connection, times, ORDERS);
  await connection.query('UPDATE sales_order SET updated_at = UTC_TIMESTAMP()');
  return count(connection, 'sales_order');
}

async function multiply(connection, times, { tables: wanted, ids, copyOf }) {
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
    if (!wanted.test(tableName) || /GENERATED/.test(extra)) continue;
    tables.set(tableName, [
      ...(tables.get(tableName) ?? []),
      { name, isId: ids.has(name) || /auto_increment/.test(extra) },
    ]);
  }
  await connection.query('SET foreign_key_checks = 0, unique_checks = 0');
  for (const [table, its] of tables) {
    const names = its.map(({ name }) => `\`${name}\``).join(', ');
    for (let copy = 1; copy < times; copy++) {
      const values = its.map(({ name, isId }) => {
        if (isId) return `\`${name}\` + ${copy * STRIDE}`;
        return copyOf(name, copy) ?? `\`${name}\``;
      });
      const original = its.find(({ isId }) => isId)?.name;
      await connection.query(
        `INSERT IGNORE INTO \`${table}\` (${names}) SELECT ${values.join(', ')} FROM \`${table}\`
         WHERE ${original === undefined ? "sku NOT REGEXP '-[0-9]+$'" : `\`${original}\` < ${STRIDE}`}`,
      );
    }
  }
  await connection.query('SET foreign_key_checks = 1, unique_checks = 1');
}

async function count(connection, table) {
  const [[{ n }]] = await connection.query(`SELECT COUNT(*) AS n FROM ${table}`);
  return n;
}
