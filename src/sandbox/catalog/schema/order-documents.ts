/** Invoices, shipments and credit memos. */
export const orderDocumentTables = `
sales_invoice
  entity_id int u auto
  store_id smallint u
  base_grand_total, shipping_tax_amount, tax_amount, base_tax_amount, store_to_order_rate,
    base_shipping_tax_amount, base_discount_amount, base_to_order_rate, grand_total,
    shipping_amount, subtotal_incl_tax, base_subtotal_incl_tax, store_to_base_rate,
    base_shipping_amount money
  total_qty decimal(12,4)
  base_to_global_rate, subtotal, base_subtotal, discount_amount money
  billing_address_id int
  is_used_for_refund smallint u
  order_id int u !
  email_sent, send_email, can_void_flag smallint u
  state, shipping_address_id int
  store_currency_code varchar(3)
  transaction_id varchar(255)
  order_currency_code, base_currency_code, global_currency_code varchar(3)
  increment_id varchar(50)
  created_at created
  updated_at touched
  discount_tax_compensation_amount, base_discount_tax_compensation_amount,
    shipping_discount_tax_compensation_amount, base_shipping_discount_tax_compensation_amnt,
    shipping_incl_tax, base_shipping_incl_tax, base_total_refunded money
  discount_description varchar(255)
  customer_note text
  customer_note_notify smallint u
  primary entity_id
  unique increment_id, store_id
  key created_at
  key email_sent
  key grand_total
  key order_id
  key send_email
  key state
  key store_id
  key updated_at
  cascade order_id -> sales_order.entity_id
  setnull store_id -> store.store_id

sales_invoice_comment
  entity_id int u auto
  parent_id int u !
  is_customer_notified smallint u
  is_visible_on_front smallint u = 0
  comment text
  created_at created
  primary entity_id
  key created_at
  key parent_id
  cascade parent_id -> sales_invoice.entity_id

sales_invoice_item
  entity_id int u auto
  parent_id int u !
  base_price, tax_amount, base_row_total, discount_amount, row_total, base_discount_amount,
    price_incl_tax, base_tax_amount, base_price_incl_tax money
  qty decimal(12,4)
  base_cost, price, base_row_total_incl_tax, row_total_incl_tax money
  product_id, order_item_id int
  additional_data, description text
  sku, name varchar(255)
  discount_tax_compensation_amount, base_discount_tax_compensation_amount money
  tax_ratio, weee_tax_applied text
  weee_tax_applied_amount, weee_tax_applied_row_amount, weee_tax_disposition,
    weee_tax_row_disposition, base_weee_tax_applied_amount, base_weee_tax_applied_row_amnt,
    base_weee_tax_disposition, base_weee_tax_row_disposition decimal(12,4)
  primary entity_id
  key parent_id
  cascade parent_id -> sales_invoice.entity_id

sales_shipment
  entity_id int u auto
  store_id smallint u
  total_weight, total_qty decimal(12,4)
  email_sent, send_email smallint u
  order_id int u !
  customer_id, shipping_address_id, billing_address_id, shipment_status int
  increment_id varchar(50)
  created_at created
  updated_at touched
  packages text
  shipping_label mediumblob
  customer_note text
  customer_note_notify smallint u
  primary entity_id
  unique increment_id, store_id
  key created_at
  key email_sent
  key order_id
  key send_email
  key store_id
  key total_qty
  key updated_at
  cascade order_id -> sales_order.entity_id
  setnull store_id -> store.store_id

sales_shipment_comment
  entity_id int u auto
  parent_id int u !
  is_customer_notified int
  is_visible_on_front smallint u = 0
  comment text
  created_at created
  primary entity_id
  key created_at
  key parent_id
  cascade parent_id -> sales_shipment.entity_id

sales_shipment_item
  entity_id int u auto
  parent_id int u !
  row_total, price money
  weight, qty decimal(12,4)
  product_id, order_item_id int
  additional_data, description text
  name, sku varchar(255)
  primary entity_id
  key parent_id
  cascade parent_id -> sales_shipment.entity_id

sales_shipment_track
  entity_id int u auto
  parent_id int u !
  weight, qty decimal(12,4)
  order_id int u !
  track_number, description text
  title varchar(255)
  carrier_code varchar(32)
  created_at created
  updated_at touched
  primary entity_id
  key created_at
  key order_id
  key parent_id
  cascade parent_id -> sales_shipment.entity_id

sales_creditmemo
  entity_id int u auto
  store_id smallint u
  adjustment_positive, base_shipping_tax_amount, store_to_order_rate, base_discount_amount,
    base_to_order_rate, grand_total, base_adjustment_negative, base_subtotal_incl_tax,
    shipping_amount, subtotal_incl_tax, adjustment_negative, base_shipping_amount,
    store_to_base_rate, base_to_global_rate, base_adjustment, base_subtotal,
    discount_amount, subtotal, adjustment, base_grand_total, base_adjustment_positive,
    base_tax_amount, shipping_tax_amount, tax_amount money
  order_id int u !
  email_sent, send_email smallint u
  creditmemo_status, state, shipping_address_id, billing_address_id, invoice_id int
  store_currency_code, order_currency_code, base_currency_code,
    global_currency_code varchar(3)
  transaction_id varchar(255)
  increment_id varchar(50)
  created_at created
  updated_at touched
  discount_tax_compensation_amount, base_discount_tax_compensation_amount,
    shipping_discount_tax_compensation_amount, base_shipping_discount_tax_compensation_amnt,
    shipping_incl_tax, base_shipping_incl_tax money
  discount_description varchar(255)
  customer_note text
  customer_note_notify smallint u
  primary entity_id
  unique increment_id, store_id
  key created_at
  key creditmemo_status
  key email_sent
  key order_id
  key send_email
  key state
  key store_id
  key updated_at
  cascade order_id -> sales_order.entity_id
  setnull store_id -> store.store_id

sales_creditmemo_comment
  entity_id int u auto
  parent_id int u !
  is_customer_notified int
  is_visible_on_front smallint u = 0
  comment text
  created_at created
  primary entity_id
  key created_at
  key parent_id
  cascade parent_id -> sales_creditmemo.entity_id

sales_creditmemo_item
  entity_id int u auto
  parent_id int u !
  base_price, tax_amount, base_row_total, discount_amount, row_total, base_discount_amount,
    price_incl_tax, base_tax_amount, base_price_incl_tax money
  qty decimal(12,4)
  base_cost, price, base_row_total_incl_tax, row_total_incl_tax money
  product_id, order_item_id int
  additional_data, description text
  sku, name varchar(255)
  discount_tax_compensation_amount, base_discount_tax_compensation_amount money
  tax_ratio, weee_tax_applied text
  weee_tax_applied_amount, weee_tax_applied_row_amount, weee_tax_disposition,
    weee_tax_row_disposition, base_weee_tax_applied_amount, base_weee_tax_applied_row_amnt,
    base_weee_tax_disposition, base_weee_tax_row_disposition decimal(12,4)
  primary entity_id
  key parent_id
  cascade parent_id -> sales_creditmemo.entity_id
`;
