/** Orders: states, headers, addresses, history, and the identifiers the exporter gives them. */
export const orderTables = `
sales_order_status
  status varchar(32) !
  label varchar(128) !
  primary status

sales_order_status_state
  status, state varchar(32) !
  is_default, visible_on_front smallint u = 0
  primary status, state
  cascade status -> sales_order_status.status

sales_order_status_label
  status varchar(32) !
  store_id smallint u !
  label varchar(128) !
  primary status, store_id
  key store_id
  cascade status -> sales_order_status.status
  cascade store_id -> store.store_id

sales_order
  entity_id int u auto
  state, status varchar(32)
  coupon_code, protect_code, shipping_description varchar(255)
  is_virtual, store_id smallint u
  customer_id int u
  base_discount_amount, base_discount_canceled, base_discount_invoiced,
    base_discount_refunded, base_grand_total, base_shipping_amount, base_shipping_canceled,
    base_shipping_invoiced, base_shipping_refunded, base_shipping_tax_amount,
    base_shipping_tax_refunded, base_subtotal, base_subtotal_canceled,
    base_subtotal_invoiced, base_subtotal_refunded, base_tax_amount, base_tax_canceled,
    base_tax_invoiced, base_tax_refunded, base_to_global_rate, base_to_order_rate,
    base_total_canceled, base_total_invoiced, base_total_invoiced_cost,
    base_total_offline_refunded, base_total_online_refunded, base_total_paid money
  base_total_qty_ordered decimal(12,4)
  base_total_refunded, discount_amount, discount_canceled, discount_invoiced,
    discount_refunded, grand_total, shipping_amount, shipping_canceled, shipping_invoiced,
    shipping_refunded, shipping_tax_amount, shipping_tax_refunded money
  store_to_base_rate, store_to_order_rate decimal(12,4)
  subtotal, subtotal_canceled, subtotal_invoiced, subtotal_refunded, tax_amount,
    tax_canceled, tax_invoiced, tax_refunded, total_canceled, total_invoiced,
    total_offline_refunded, total_online_refunded, total_paid money
  total_qty_ordered decimal(12,4)
  total_refunded money
  can_ship_partially, can_ship_partially_item, customer_is_guest,
    customer_note_notify smallint u
  billing_address_id, customer_group_id, edit_increment int
  email_sent, send_email, forced_shipment_with_invoice smallint u
  payment_auth_expiration, quote_address_id, quote_id, shipping_address_id int
  adjustment_negative, adjustment_positive, base_adjustment_negative,
    base_adjustment_positive, base_shipping_discount_amount, base_subtotal_incl_tax,
    base_total_due, payment_authorization_amount, shipping_discount_amount,
    subtotal_incl_tax, total_due money
  weight decimal(12,4)
  customer_dob datetime
  increment_id varchar(50)
  applied_rule_ids varchar(128)
  base_currency_code varchar(3)
  customer_email, customer_firstname, customer_lastname, customer_middlename varchar(128)
  customer_prefix, customer_suffix, customer_taxvat varchar(32)
  discount_description varchar(255)
  ext_customer_id, ext_order_id varchar(32)
  global_currency_code varchar(3)
  hold_before_state, hold_before_status varchar(32)
  order_currency_code varchar(3)
  original_increment_id varchar(50)
  relation_child_id, relation_child_real_id, relation_parent_id,
    relation_parent_real_id varchar(32)
  remote_ip varchar(45)
  shipping_method varchar(120)
  store_currency_code varchar(3)
  store_name, x_forwarded_for varchar(255)
  customer_note text
  created_at created
  updated_at touched
  total_item_count smallint u = 0
  customer_gender int
  discount_tax_compensation_amount, base_discount_tax_compensation_amount,
    shipping_discount_tax_compensation_amount, base_shipping_discount_tax_compensation_amnt,
    discount_tax_compensation_invoiced, base_discount_tax_compensation_invoiced,
    discount_tax_compensation_refunded, base_discount_tax_compensation_refunded,
    shipping_incl_tax, base_shipping_incl_tax money
  coupon_rule_name varchar(255)
  gift_message_id int
  paypal_ipn_customer_notified int ?= 0
  dispute_status varchar(45)
  primary entity_id
  unique increment_id, store_id
  key created_at
  key customer_id
  key email_sent
  key ext_order_id
  key quote_id
  key send_email
  key state
  key status
  key store_id
  key store_id, state, created_at
  key updated_at
  setnull store_id -> store.store_id
  setnull customer_id -> customer_entity.entity_id

sales_order_address
  entity_id int u auto
  parent_id int u
  customer_address_id, quote_address_id, region_id, customer_id int
  fax, region, postcode, lastname, street, city, email, telephone varchar(255)
  country_id varchar(2)
  firstname, address_type, prefix, middlename, suffix, company varchar(255)
  vat_id text
  vat_is_valid smallint
  vat_request_id, vat_request_date text
  vat_request_success smallint
  primary entity_id
  key parent_id
  cascade parent_id -> sales_order.entity_id

sales_order_status_history
  entity_id int u auto
  parent_id int u !
  is_customer_notified int
  is_visible_on_front smallint u = 0
  comment text
  status varchar(32)
  created_at created
  entity_name varchar(32)
  primary entity_id
  key created_at
  key parent_id
  cascade parent_id -> sales_order.entity_id

data_exporter_uuid
  uuid varchar(36) !
  entity_id int u !
  type varchar(36) !
  created_at touched
  primary uuid
  unique entity_id, type
`;
