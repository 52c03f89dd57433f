/** Catalog price rules: definitions, the products they match, prices of the days around today. */
export const priceRuleTables = `
catalogrule_website
  {rule_link} int u !
  website_id smallint u !
  primary {rule_link}, website_id
  key website_id
  cascade {rule_link} -> @rule_row
  cascade website_id -> store_website.website_id

catalogrule_customer_group
  {rule_link}, customer_group_id int u !
  primary {rule_link}, customer_group_id
  key customer_group_id
  cascade customer_group_id -> customer_group.customer_group_id
  cascade {rule_link} -> @rule_row

catalogrule_group_website
  rule_id, customer_group_id int u = 0
  website_id smallint u = 0
  primary rule_id, customer_group_id, website_id
  key customer_group_id
  key website_id

catalogrule_product
  rule_product_id int u auto
  rule_id, from_time, to_time int u = 0
  customer_group_id int
  product_id int u = 0
  action_operator varchar(10) ?= 'to_fixed'
  action_amount decimal(20,6) = 0
  action_stop smallint = 0
  sort_order int u = 0
  website_id smallint u !
  primary rule_product_id
  unique rule_id, from_time, to_time, website_id, customer_group_id, product_id, sort_order
  key customer_group_id
  key from_time
  key product_id
  key to_time
  key website_id

catalogrule_product_price
  rule_product_price_id int u auto
  rule_date date !
  customer_group_id int
  product_id int u = 0
  rule_price decimal(20,6) = 0
  website_id smallint u !
  latest_start_date, earliest_end_date date
  primary rule_product_price_id
  unique rule_date, website_id, customer_group_id, product_id
  key customer_group_id
  key product_id
  key website_id

catalogrule_product_price_replica like catalogrule_product_price
catalogrule_product_replica like catalogrule_product
catalogrule_group_website_replica like catalogrule_group_website
`;
