/** Tables whose key depends on the edition, in their Open Source form. */
export const openSourceEntityTables = `
catalog_category_entity
  entity_id int u auto
  attribute_set_id smallint u = 0
  parent_id int u = 0
  created_at created
  updated_at touched
  path varchar(255) !
  position int !
  level int = 0
  children_count int !
  primary entity_id
  key level
  key path

catalog_product_entity
  entity_id int u auto
  attribute_set_id smallint u = 0
  type_id varchar(32) = 'simple'
  sku varchar(64) !
  has_options smallint = 0
  required_options smallint u = 0
  created_at created
  updated_at touched
  primary entity_id
  key attribute_set_id
  key sku

catalogrule
  rule_id int u auto
  name varchar(255)
  description text
  from_date, to_date date
  is_active smallint = 0
  conditions_serialized, actions_serialized mediumtext
  stop_rules_processing smallint = 1
  sort_order int u = 0
  simple_action varchar(32)
  discount_amount decimal(20,6) = 0
  primary rule_id
  key is_active, sort_order, to_date, from_date

catalog_product_bundle_option
  option_id int u auto
  parent_id int u !
  required smallint u = 0
  position int u = 0
  type varchar(255)
  primary option_id
  key parent_id
  cascade parent_id -> @product_row

catalog_product_bundle_selection
  selection_id int u auto
  option_id, parent_product_id, product_id int u !
  position int u = 0
  is_default, selection_price_type smallint u = 0
  selection_price_value decimal(12,4) = 0
  selection_qty decimal(12,4)
  selection_can_change_qty smallint = 0
  primary selection_id
  key option_id
  key product_id
  cascade option_id -> @bundle_option
  cascade product_id -> @product
`;
