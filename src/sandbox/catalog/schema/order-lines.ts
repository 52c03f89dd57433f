/** What hangs on an order: items, payment, taxes, transactions. */
export const orderLineTables = `
sales_order_item
  item_id int u auto
  order_id int u = 0
  parent_item_id, quote_item_id int u
  store_id smallint u
  created_at created
  updated_at touched
  product_id int u
  product_type varchar(255)
  product_options longtext
  weight decimal(12,4) ?= 0
  is_virtual smallint u
  sku, name varchar(255)
  description, applied_rule_ids, additional_data text
  is_qty_decimal smallint u
  no_discount smallint u = 0
  qty_backordered, qty_canceled, qty_invoiced, qty_ordered, qty_refunded, qty_shipped,
    base_cost decimal(12,4) ?= 0
  price, base_price money = 0
  original_price, base_original_price money
  tax_percent decimal(12,4) ?= 0
  tax_amount, base_tax_amount, tax_invoiced, base_tax_invoiced money ?= 0
  discount_percent decimal(12,4) ?= 0
  discount_amount, base_discount_amount, discount_invoiced, base_discount_invoiced,
    amount_refunded, base_amount_refunded money ?= 0
  row_total, base_row_total, row_invoiced, base_row_invoiced money = 0
  row_weight decimal(12,4) ?= 0
  base_tax_before_discount, tax_before_discount money
  ext_order_item_id varchar(255)
  locked_do_invoice, locked_do_ship smallint u
  price_incl_tax, base_price_incl_tax, row_total_incl_tax, base_row_total_incl_tax,
    discount_tax_compensation_amount, base_discount_tax_compensation_amount,
    discount_tax_compensation_invoiced, base_discount_tax_compensation_invoiced,
    discount_tax_compensation_refunded, base_discount_tax_compensation_refunded money
  tax_canceled decimal(12,4)
  discount_tax_compensation_canceled, tax_refunded, base_tax_refunded, discount_refunded,
    base_discount_refunded money
  weee_tax_applied text
  weee_tax_applied_amount, weee_tax_applied_row_amount, weee_tax_disposition,
    weee_tax_row_disposition, base_weee_tax_applied_amount, base_weee_tax_applied_row_amnt,
    base_weee_tax_disposition, base_weee_tax_row_disposition decimal(12,4)
  gift_message_id, gift_message_available int
  free_shipping smallint u = 0
  primary item_id
  key order_id
  key store_id
  cascade order_id -> sales_order.entity_id
  setnull store_id -> store.store_id

sales_order_payment
  entity_id int u auto
  parent_id int u !
  base_shipping_captured, shipping_captured, amount_refunded, base_amount_paid,
    amount_canceled, base_amount_authorized, base_amount_paid_online,
    base_amount_refunded_online, base_shipping_amount, shipping_amount, amount_paid,
    amount_authorized, base_amount_ordered, base_shipping_refunded, shipping_refunded,
    base_amount_refunded, amount_ordered, base_amount_canceled money
  quote_payment_id int
  additional_data text
  cc_exp_month, cc_ss_start_year varchar(12)
  echeck_bank_name, method varchar(128)
  cc_debug_request_body, cc_secure_verify, protection_eligibility, cc_approval varchar(32)
  cc_last_4 varchar(100)
  cc_status_description, echeck_type, cc_debug_response_serialized varchar(32)
  cc_ss_start_month varchar(128)
  echeck_account_type, last_trans_id varchar(255)
  cc_cid_status varchar(32)
  cc_owner varchar(128)
  cc_type, po_number varchar(32)
  cc_exp_year, cc_status varchar(4)
  echeck_routing_number, account_status, anet_trans_method, cc_debug_response_body,
    cc_ss_issue, echeck_account_name, cc_avs_status varchar(32)
  cc_number_enc varchar(128)
  cc_trans_id, address_status varchar(32)
  additional_information text
  primary entity_id
  key parent_id
  cascade parent_id -> sales_order.entity_id

sales_order_tax
  tax_id int u auto
  order_id int u !
  code, title varchar(255)
  percent decimal(12,4)
  amount money
  priority, position int !
  base_amount money
  process smallint !
  base_real_amount money
  primary tax_id
  key order_id, priority, position

sales_order_tax_item
  tax_item_id int u auto
  tax_id int u !
  item_id int u
  tax_percent decimal(12,4) !
  amount, base_amount, real_amount, real_base_amount money !
  associated_item_id int u
  taxable_item_type varchar(32) !
  primary tax_item_id
  unique tax_id, item_id
  key associated_item_id
  key item_id
  cascade associated_item_id -> sales_order_item.item_id
  cascade item_id -> sales_order_item.item_id
  cascade tax_id -> sales_order_tax.tax_id

sales_payment_transaction
  transaction_id int u auto
  parent_id int u
  order_id, payment_id int u = 0
  txn_id, parent_txn_id varchar(100)
  txn_type varchar(15)
  is_closed smallint u = 1
  additional_information blob
  created_at created
  primary transaction_id
  unique order_id, payment_id, txn_id
  key parent_id
  key payment_id
  cascade order_id -> sales_order.entity_id
  cascade parent_id -> sales_payment_transaction.transaction_id
  cascade payment_id -> sales_order_payment.entity_id
`;
