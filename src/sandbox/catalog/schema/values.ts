const valueTypes = {
  int: 'int',
  decimal: 'decimal(20,6)',
  text: 'mediumtext',
  varchar: 'varchar(255)',
  datetime: 'datetime',
} as const;

/** The five value tables of an entity's attributes. `link` and `row` are placeholders. */
function valueTables(entityTable: string, link: string, row: string, moreKeys = ''): string {
  return Object.entries(valueTypes)
    .map(
      ([suffix, type]) => `
${entityTable}_${suffix}
  value_id int auto
  attribute_id, store_id smallint u = 0
  ${link} int u = 0
  value ${type}
  primary value_id
  unique ${link}, attribute_id, store_id
  key attribute_id
  key store_id${moreKeys}
  cascade attribute_id -> eav_attribute.attribute_id
  cascade ${link} -> ${row}
  cascade store_id -> store.store_id
`,
    )
    .join('');
}

/** Attribute values of products and categories. */
export const attributeValueTables =
  valueTables('catalog_product_entity', '{product_link}', '@product_row').replace(
    '\n  key store_id',
    '\n  key store_id\n  key attribute_id, store_id, value',
  ) +
  valueTables(
    'catalog_category_entity',
    '{category_link}',
    '@category_row',
    '\n  key {category_link}',
  );
