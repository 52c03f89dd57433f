/** Attributes, their sets, options, labels and swatches. */
export const eavTables = `
eav_entity_type
  entity_type_id smallint u auto
  entity_type_code varchar(50) !
  entity_model varchar(255) !
  attribute_model, entity_table, value_table_prefix, entity_id_field varchar(255)
  is_data_sharing smallint u = 1
  data_sharing_key varchar(100) ?= 'default'
  default_attribute_set_id smallint u = 0
  increment_model varchar(255)
  increment_per_store smallint u = 0
  increment_pad_length smallint u = 8
  increment_pad_char varchar(1) = '0'
  additional_attribute_table, entity_attribute_collection varchar(255)
  primary entity_type_id
  key entity_type_code

eav_attribute_set
  attribute_set_id smallint u auto
  entity_type_id smallint u = 0
  attribute_set_name varchar(255)
  sort_order smallint = 0
  primary attribute_set_id
  unique entity_type_id, attribute_set_name
  key entity_type_id, sort_order
  cascade entity_type_id -> eav_entity_type.entity_type_id

eav_attribute_group
  attribute_group_id smallint u auto
  attribute_set_id smallint u = 0
  attribute_group_name varchar(255)
  sort_order smallint = 0
  default_id smallint u ?= 0
  attribute_group_code varchar(255) !
  tab_group_code varchar(255)
  primary attribute_group_id
  unique attribute_set_id, attribute_group_code
  unique attribute_set_id, attribute_group_name
  key attribute_set_id, sort_order
  cascade attribute_set_id -> eav_attribute_set.attribute_set_id

eav_attribute
  attribute_id smallint u auto
  entity_type_id smallint u = 0
  attribute_code varchar(255) !
  attribute_model, backend_model varchar(255)
  backend_type varchar(8) = 'static'
  backend_table, frontend_model varchar(255)
  frontend_input varchar(50)
  frontend_label, frontend_class, source_model varchar(255)
  is_required, is_user_defined smallint u = 0
  default_value text
  is_unique smallint u = 0
  note varchar(255)
  primary attribute_id
  unique entity_type_id, attribute_code
  key frontend_input, entity_type_id, is_user_defined
  cascade entity_type_id -> eav_entity_type.entity_type_id

catalog_eav_attribute
  attribute_id smallint u !
  frontend_input_renderer varchar(255)
  is_global, is_visible smallint u = 1
  is_searchable, is_filterable, is_comparable, is_visible_on_front,
    is_html_allowed_on_front, is_used_for_price_rules, is_filterable_in_search,
    used_in_product_listing, used_for_sort_by smallint u = 0
  apply_to varchar(255)
  is_visible_in_advanced_search smallint u = 0
  position int = 0
  is_wysiwyg_enabled, is_used_for_promo_rules, is_required_in_admin_store, is_used_in_grid,
    is_visible_in_grid, is_filterable_in_grid smallint u = 0
  search_weight float = 1
  is_pagebuilder_enabled boolean = 0
  additional_data text
  primary attribute_id
  key used_for_sort_by
  key used_in_product_listing
  cascade attribute_id -> eav_attribute.attribute_id

eav_entity_attribute
  entity_attribute_id int u auto
  entity_type_id, attribute_set_id, attribute_group_id, attribute_id smallint u = 0
  sort_order smallint = 0
  primary entity_attribute_id
  unique attribute_group_id, attribute_id
  unique attribute_set_id, attribute_id
  key attribute_id
  key attribute_set_id, sort_order
  cascade attribute_group_id -> eav_attribute_group.attribute_group_id
  cascade attribute_id -> eav_attribute.attribute_id

eav_attribute_label
  attribute_label_id int u auto
  attribute_id, store_id smallint u = 0
  value varchar(255)
  primary attribute_label_id
  key attribute_id, store_id
  key store_id
  cascade attribute_id -> eav_attribute.attribute_id
  cascade store_id -> store.store_id

eav_attribute_option
  option_id int u auto
  attribute_id, sort_order smallint u = 0
  primary option_id
  key attribute_id
  cascade attribute_id -> eav_attribute.attribute_id

eav_attribute_option_value
  value_id int u auto
  option_id int u = 0
  store_id smallint u = 0
  value varchar(255)
  primary value_id
  key option_id
  key store_id
  cascade option_id -> eav_attribute_option.option_id
  cascade store_id -> store.store_id

eav_attribute_option_swatch
  swatch_id int u auto
  option_id int u !
  store_id, type smallint u !
  value varchar(255)
  primary swatch_id
  unique store_id, option_id
  key swatch_id
  key option_id
  cascade option_id -> eav_attribute_option.option_id
  cascade store_id -> store.store_id
`;
