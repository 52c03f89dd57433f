/** Stock: the single-source tables and the multi-source ones beside them. */
export const inventoryTables = `
cataloginventory_stock
  stock_id smallint u auto
  website_id smallint u !
  stock_name varchar(255)
  primary stock_id
  key website_id

cataloginventory_stock_item
  item_id int u auto
  product_id int u = 0
  stock_id smallint u = 0
  qty decimal(12,4)
  min_qty decimal(12,4) = 0
  use_config_min_qty smallint u = 1
  is_qty_decimal, backorders smallint u = 0
  use_config_backorders smallint u = 1
  min_sale_qty decimal(12,4) = 1
  use_config_min_sale_qty smallint u = 1
  max_sale_qty decimal(12,4) = 0
  use_config_max_sale_qty smallint u = 1
  is_in_stock smallint u = 0
  low_stock_date timestamp
  notify_stock_qty decimal(12,4)
  use_config_notify_stock_qty smallint u = 1
  manage_stock smallint u = 0
  use_config_manage_stock smallint u = 1
  stock_status_changed_auto smallint u = 0
  use_config_qty_increments smallint u = 1
  qty_increments decimal(12,4) = 0
  use_config_enable_qty_inc smallint u = 1
  enable_qty_increments, is_decimal_divided, website_id smallint u = 0
  primary item_id
  unique product_id, stock_id
  key stock_id
  key website_id
  key website_id, product_id
  cascade product_id -> @product
  cascade stock_id -> cataloginventory_stock.stock_id

cataloginventory_stock_status
  product_id int u !
  website_id, stock_id smallint u !
  qty decimal(12,4) = 0
  stock_status smallint u !
  primary product_id, website_id, stock_id
  key stock_id
  key stock_status
  key website_id

inventory_source
  source_code, name varchar(255) !
  enabled smallint u = 1
  description text
  latitude decimal(8,6)
  longitude decimal(9,6)
  country_id varchar(2) !
  region_id int u
  region, city, street varchar(255)
  postcode varchar(255) !
  contact_name, email, phone, fax varchar(255)
  use_default_carrier_config smallint u = 1
  is_pickup_location_active boolean = 0
  frontend_name varchar(255) ?= ''
  frontend_description text
  primary source_code

inventory_stock
  stock_id int u auto
  name varchar(255) !
  primary stock_id

inventory_source_stock_link
  link_id int u auto
  stock_id int u !
  source_code varchar(255) !
  priority smallint u !
  primary link_id
  unique stock_id, source_code
  key stock_id, priority
  key source_code
  cascade source_code -> inventory_source.source_code
  cascade stock_id -> inventory_stock.stock_id

inventory_stock_sales_channel
  type, code varchar(64) !
  stock_id int u !
  primary type, code
  key stock_id
  cascade stock_id -> inventory_stock.stock_id

inventory_source_item
  source_item_id int u auto
  source_code varchar(255) !
  sku varchar(64) !
  quantity decimal(12,4) = 0
  status smallint u = 0
  primary source_item_id
  unique source_code, sku
  key sku, source_code, quantity
  cascade source_code -> inventory_source.source_code

inventory_reservation
  reservation_id int u auto
  stock_id int u !
  sku varchar(64) !
  quantity decimal(10,4) = 0
  metadata varchar(255)
  primary reservation_id
  key stock_id, sku, quantity

inventory_low_stock_notification_configuration
  source_code varchar(255) !
  sku varchar(64) !
  notify_stock_qty decimal(12,4)
  primary source_code, sku

inventory_source_carrier_link
  link_id int u auto
  source_code, carrier_code varchar(255) !
  position smallint u
  primary link_id
  key source_code
  cascade source_code -> inventory_source.source_code

inventory_shipment_source
  shipment_id int u !
  source_code varchar(255) !
  primary shipment_id

cataloginventory_stock_status_replica like cataloginventory_stock_status
`;

/** The salable stock of a stock other than the default one. */
export function stockIndexTable(stockId: number): string {
  return `
inventory_stock_${stockId}
  sku varchar(64) !
  quantity decimal(12,4) = 0
  is_salable boolean !
  primary sku
  key sku, quantity
`;
}
