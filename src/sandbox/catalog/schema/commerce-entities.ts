/**
 * The tables of `openSourceEntityTables` as Adobe Commerce has them: one row per staged version.
 * Versions share the ids of sequence tables, which is what other tables refer to.
 */
export const commerceEntityTables = `
sequence_product
  sequence_value int u auto
  primary sequence_value

sequence_catalog_category like sequence_product
sequence_catalogrule like sequence_product
sequence_product_bundle_option like sequence_product
sequence_product_bundle_selection like sequence_product

staging_update
  id int u auto
  start_time datetime !
  name varchar(255) !
  description varchar(255)
  rollback_id int
  is_campaign, is_rollback smallint
  moved_to int
  primary id

catalog_category_entity
  row_id int u auto
  entity_id int u !
  created_in, updated_in bigint u !
  attribute_set_id smallint u = 0
  parent_id int u = 0
  created_at created
  updated_at touched
  path varchar(255) !
  position int !
  level int = 0
  children_count int !
  primary row_id
  key created_in
  key updated_in
  key entity_id
  key level
  key path
  cascade entity_id -> sequence_catalog_category.sequence_value

catalog_product_entity
  row_id int u auto
  entity_id int u !
  created_in, updated_in bigint u !
  attribute_set_id smallint u = 0
  type_id varchar(32) = 'simple'
  sku varchar(64) !
  has_options smallint = 0
  required_options smallint u = 0
  created_at created
  updated_at touched
  primary row_id
  key attribute_set_id
  key sku
  key created_in
  key updated_in
  key entity_id
  cascade entity_id -> sequence_product.sequence_value

catalogrule
  row_id int u auto
  rule_id int u !
  created_in, updated_in bigint u !
  name varchar(255)
  description text
  from_date, to_date date
  is_active smallint = 0
  conditions_serialized, actions_serialized mediumtext
  stop_rules_processing smallint = 1
  sort_order int u = 0
  simple_action varchar(32)
  discount_amount decimal(20,6) = 0
  primary row_id
  key created_in
  key updated_in
  key rule_id
  key is_active, sort_order, to_date, from_date
  cascade rule_id -> sequence_catalogrule.sequence_value

catalog_product_bundle_option
  option_id, parent_id int u !
  required smallint u = 0
  position int u = 0
  type varchar(255)
  primary option_id, parent_id
  key parent_id
  cascade option_id -> sequence_product_bundle_option.sequence_value
  cascade parent_id -> @product_row

catalog_product_bundle_selection
  selection_id, option_id, parent_product_id, product_id int u !
  position int u = 0
  is_default, selection_price_type smallint u = 0
  selection_price_value decimal(12,4) = 0
  selection_qty decimal(12,4)
  selection_can_change_qty smallint = 0
  primary selection_id, parent_product_id
  key option_id
  key product_id
  key parent_product_id
  cascade selection_id -> sequence_product_bundle_selection.sequence_value
  cascade option_id -> @bundle_option
  cascade product_id -> @product
`;
