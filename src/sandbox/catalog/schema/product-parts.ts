/** What composite products consist of, custom options, downloads. */
export const productPartTables = `
catalog_product_super_attribute
  product_super_attribute_id int u auto
  product_id int u = 0
  attribute_id, position smallint u = 0
  primary product_super_attribute_id
  unique product_id, attribute_id
  cascade product_id -> @product_row

catalog_product_super_attribute_label
  value_id int u auto
  product_super_attribute_id int u = 0
  store_id smallint u = 0
  use_default smallint u ?= 0
  value varchar(255)
  primary value_id
  unique product_super_attribute_id, store_id
  key store_id
  cascade product_super_attribute_id -> catalog_product_super_attribute.product_super_attribute_id
  cascade store_id -> store.store_id

catalog_product_super_link
  link_id int u auto
  product_id, parent_id int u = 0
  primary link_id
  unique product_id, parent_id
  key parent_id
  cascade parent_id -> @product_row
  cascade product_id -> @product

catalog_product_option
  option_id int u auto
  product_id int u = 0
  type varchar(50)
  is_require smallint = 1
  sku varchar(64)
  max_characters int u
  file_extension varchar(50)
  image_size_x, image_size_y smallint u
  sort_order int u = 0
  primary option_id
  key product_id
  cascade product_id -> @product_row

catalog_product_option_title
  option_title_id int u auto
  option_id int u = 0
  store_id smallint u = 0
  title varchar(255)
  primary option_title_id
  unique option_id, store_id
  key store_id
  cascade option_id -> catalog_product_option.option_id
  cascade store_id -> store.store_id

catalog_product_option_price
  option_price_id int u auto
  option_id int u = 0
  store_id smallint u = 0
  price decimal(20,6) = 0
  price_type varchar(7) = 'fixed'
  primary option_price_id
  unique option_id, store_id
  key store_id
  cascade option_id -> catalog_product_option.option_id
  cascade store_id -> store.store_id

catalog_product_option_type_value
  option_type_id int u auto
  option_id int u = 0
  sku varchar(64)
  sort_order int u = 0
  primary option_type_id
  key option_id
  cascade option_id -> catalog_product_option.option_id

catalog_product_option_type_title
  option_type_title_id int u auto
  option_type_id int u = 0
  store_id smallint u = 0
  title varchar(255)
  primary option_type_title_id
  unique option_type_id, store_id
  key store_id
  cascade option_type_id -> catalog_product_option_type_value.option_type_id
  cascade store_id -> store.store_id

catalog_product_option_type_price
  option_type_price_id int u auto
  option_type_id int u = 0
  store_id smallint u = 0
  price decimal(20,6) = 0
  price_type varchar(7) = 'fixed'
  primary option_type_price_id
  unique option_type_id, store_id
  key store_id
  cascade option_type_id -> catalog_product_option_type_value.option_type_id
  cascade store_id -> store.store_id

catalog_product_bundle_option_value
  value_id int u auto
  option_id int u !
  store_id smallint u !
  title varchar(255)
  parent_product_id int u !
  primary value_id
  unique option_id, parent_product_id, store_id
  cascade option_id -> @bundle_option

catalog_product_bundle_selection_price
  selection_id int u !
  website_id smallint u !
  selection_price_type smallint u = 0
  selection_price_value decimal(20,6) = 0
  parent_product_id int u !
  primary selection_id, parent_product_id, website_id
  key website_id
  cascade selection_id -> @bundle_selection
  cascade website_id -> store_website.website_id

downloadable_link
  link_id int u auto
  product_id, sort_order int u = 0
  number_of_downloads int
  is_shareable smallint u = 0
  link_url, link_file varchar(255)
  link_type varchar(20)
  sample_url, sample_file varchar(255)
  sample_type varchar(20)
  primary link_id
  key product_id, sort_order
  cascade product_id -> @product_row

downloadable_link_title
  title_id int u auto
  link_id int u = 0
  store_id smallint u = 0
  title varchar(255)
  primary title_id
  unique link_id, store_id
  key store_id
  cascade link_id -> downloadable_link.link_id
  cascade store_id -> store.store_id

downloadable_link_price
  price_id int u auto
  link_id int u = 0
  website_id smallint u = 0
  price decimal(20,6) = 0
  primary price_id
  key link_id
  key website_id
  cascade link_id -> downloadable_link.link_id
  cascade website_id -> store_website.website_id

downloadable_sample
  sample_id int u auto
  product_id int u = 0
  sample_url, sample_file varchar(255)
  sample_type varchar(20)
  sort_order int u = 0
  primary sample_id
  key product_id
  cascade product_id -> @product_row

downloadable_sample_title
  title_id int u auto
  sample_id int u = 0
  store_id smallint u = 0
  title varchar(255)
  primary title_id
  unique sample_id, store_id
  key store_id
  cascade sample_id -> downloadable_sample.sample_id
  cascade store_id -> store.store_id
`;
