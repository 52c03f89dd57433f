/** Which products a category holds, as the shop’s people assigned them. */
export const categoryTables = `
catalog_category_product
  entity_id int auto
  category_id, product_id int u = 0
  position int = 0
  primary entity_id, category_id, product_id
  unique category_id, product_id
  key product_id
  cascade category_id -> @category
  cascade product_id -> @product
`;

/**
 * The index of the products a store view shows in each category, with inherited assignments, and
 * the twin that a full reindex fills before the two swap names.
 */
export function categoryIndexTables(storeId: number): string {
  const name = `catalog_category_product_index_store${storeId}`;
  return `
${name}
  category_id, product_id int u = 0
  position int
  is_parent, store_id smallint u = 0
  visibility smallint u !
  primary category_id, product_id, store_id
  key product_id, store_id, category_id, visibility
  key store_id, category_id, visibility, is_parent, position

${name}_replica like ${name}
`;
}
