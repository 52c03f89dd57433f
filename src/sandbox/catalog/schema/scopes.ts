/** Websites, store groups, store views, configuration, customers, taxes, custom variables. */
export const scopeTables = `
store_website
  website_id smallint u auto
  code varchar(32)
  name varchar(64)
  sort_order, default_group_id smallint u = 0
  is_default smallint u ?= 0
  primary website_id
  unique code
  key default_group_id
  key sort_order

store_group
  group_id smallint u auto
  website_id smallint u = 0
  name varchar(255) !
  root_category_id int u = 0
  default_store_id smallint u = 0
  code varchar(32)
  primary group_id
  unique code
  key default_store_id
  key website_id
  cascade website_id -> store_website.website_id

store
  store_id smallint u auto
  code varchar(32)
  website_id, group_id smallint u = 0
  name varchar(255) !
  sort_order, is_active smallint u = 0
  primary store_id
  unique code
  key group_id
  key is_active, sort_order
  key website_id
  cascade group_id -> store_group.group_id
  cascade website_id -> store_website.website_id

core_config_data
  config_id int u auto
  scope varchar(8) = 'default'
  scope_id int = 0
  path varchar(255) = 'general'
  value text
  updated_at touched
  primary config_id
  unique scope, scope_id, path

customer_group
  customer_group_id int u auto
  customer_group_code varchar(32) !
  tax_class_id int u = 0
  primary customer_group_id

customer_group_excluded_website
  entity_id int u auto
  customer_group_id int u !
  website_id smallint u !
  primary entity_id
  key customer_group_id, website_id

tax_class
  class_id smallint auto
  class_name varchar(255) !
  class_type varchar(8) = 'CUSTOMER'
  primary class_id

directory_currency_rate
  currency_from, currency_to varchar(3) !
  rate decimal(24,12) = 0
  primary currency_from, currency_to
  key currency_to

customer_entity
  entity_id int u auto
  website_id smallint u
  email varchar(255)
  group_id smallint u = 0
  increment_id varchar(50)
  store_id smallint u ?= 0
  created_at created
  updated_at touched
  is_active smallint u = 1
  firstname, lastname varchar(255)
  primary entity_id
  unique email, website_id
  key website_id
  key store_id
  setnull website_id -> store_website.website_id
  setnull store_id -> store.store_id

variable
  variable_id int u auto
  code, name varchar(255)
  primary variable_id
  unique code

variable_value
  value_id int u auto
  variable_id int u = 0
  store_id smallint u = 0
  plain_value, html_value text
  primary value_id
  unique variable_id, store_id
  key store_id
  cascade variable_id -> variable.variable_id
  cascade store_id -> store.store_id
`;
