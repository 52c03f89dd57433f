/** Gift cards, category permissions and shared catalogs: tables only Adobe Commerce has. */
export const commerceFeatureTables = `
magento_giftcard_amount
  value_id int u auto
  website_id smallint u = 0
  value decimal(12,4) = 0
  row_id int u = 0
  attribute_id smallint u = 0
  primary value_id
  key row_id
  key website_id
  key attribute_id
  cascade row_id -> @product_row
  cascade website_id -> store_website.website_id
  cascade attribute_id -> eav_attribute.attribute_id

magento_catalogpermissions
  permission_id int u auto
  category_id int u !
  website_id smallint u
  customer_group_id int u
  grant_catalog_category_view, grant_catalog_product_price, grant_checkout_items smallint !
  primary permission_id
  unique category_id, website_id, customer_group_id
  key website_id
  key customer_group_id
  cascade category_id -> @category
  cascade website_id -> store_website.website_id
  cascade customer_group_id -> customer_group.customer_group_id

magento_catalogpermissions_index
  category_id int u !
  website_id smallint u !
  customer_group_id int u !
  grant_catalog_category_view, grant_catalog_product_price, grant_checkout_items smallint
  unique category_id, website_id, customer_group_id
  key website_id
  key customer_group_id

magento_catalogpermissions_index_product
  product_id int u !
  store_id smallint u !
  customer_group_id int u !
  grant_catalog_category_view, grant_catalog_product_price, grant_checkout_items smallint
  unique product_id, store_id, customer_group_id
  key store_id
  key customer_group_id

magento_catalogpermissions_index_tmp like magento_catalogpermissions_index
magento_catalogpermissions_index_replica like magento_catalogpermissions_index
magento_catalogpermissions_index_product_tmp like magento_catalogpermissions_index_product
magento_catalogpermissions_index_product_replica like magento_catalogpermissions_index_product

shared_catalog
  entity_id int u auto
  name varchar(32) !
  description text
  customer_group_id int u !
  type smallint u = 0
  created_at created
  created_by int u
  store_id smallint u
  tax_class_id int u
  primary entity_id
  unique name
  key customer_group_id
  key type
  cascade customer_group_id -> customer_group.customer_group_id
  cascade store_id -> store.store_id

shared_catalog_product_item
  entity_id int u auto
  sku varchar(64) !
  customer_group_id int u !
  primary entity_id
  unique customer_group_id, sku
  key sku
  cascade customer_group_id -> customer_group.customer_group_id
`;
