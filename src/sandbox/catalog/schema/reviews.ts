/** Product reviews, ratings and votes. */
export const reviewTables = `
review_entity
  entity_id smallint u auto
  entity_code varchar(32) !
  primary entity_id

review_status
  status_id smallint u auto
  status_code varchar(32) !
  primary status_id

review
  review_id bigint u auto
  created_at created
  entity_id smallint u = 0
  entity_pk_value int u = 0
  status_id smallint u = 0
  primary review_id
  key entity_id
  key entity_pk_value
  key status_id
  cascade entity_id -> review_entity.entity_id
  restrict status_id -> review_status.status_id

review_detail
  detail_id bigint u auto
  review_id bigint u = 0
  store_id smallint u ?= 0
  title varchar(255) !
  detail text !
  nickname varchar(128) !
  customer_id int u
  primary detail_id
  key customer_id
  key review_id
  key store_id
  cascade review_id -> review.review_id
  setnull store_id -> store.store_id
  setnull customer_id -> customer_entity.entity_id

review_store
  review_id bigint u !
  store_id smallint u !
  primary review_id, store_id
  key store_id
  cascade review_id -> review.review_id
  cascade store_id -> store.store_id

review_entity_summary
  entity_pk_value bigint = 0
  entity_type, reviews_count, rating_summary smallint = 0
  store_id smallint u = 0
  primary_id bigint auto
  primary primary_id
  unique entity_pk_value, store_id, entity_type
  key store_id
  cascade store_id -> store.store_id

rating_entity
  entity_id smallint u auto
  entity_code varchar(64) !
  primary entity_id
  unique entity_code

rating
  rating_id smallint u auto
  entity_id smallint u = 0
  rating_code varchar(64) !
  position smallint u = 0
  is_active smallint = 1
  primary rating_id
  unique rating_code
  key entity_id
  cascade entity_id -> rating_entity.entity_id

rating_option
  option_id int u auto
  rating_id smallint u = 0
  code varchar(32) !
  value, position smallint u = 0
  primary option_id
  key rating_id
  cascade rating_id -> rating.rating_id

rating_store
  rating_id, store_id smallint u = 0
  primary rating_id, store_id
  key store_id
  cascade rating_id -> rating.rating_id
  cascade store_id -> store.store_id

rating_title
  rating_id, store_id smallint u = 0
  value varchar(255) !
  primary rating_id, store_id
  key store_id
  cascade rating_id -> rating.rating_id
  cascade store_id -> store.store_id

rating_option_vote
  vote_id bigint u auto
  option_id int u = 0
  remote_ip varchar(16) !
  remote_ip_long bigint = 0
  customer_id int u ?= 0
  entity_pk_value bigint u = 0
  rating_id smallint u = 0
  review_id bigint u
  percent, value smallint = 0
  primary vote_id
  key option_id
  key review_id
  cascade option_id -> rating_option.option_id
  cascade review_id -> review.review_id

rating_option_vote_aggregated
  rating_id smallint u = 0
  entity_pk_value bigint u = 0
  vote_count, vote_value_sum int u = 0
  percent smallint = 0
  percent_approved smallint ?= 0
  store_id smallint u = 0
  primary_id int auto
  primary primary_id
  key rating_id
  key store_id
  cascade rating_id -> rating.rating_id
  cascade store_id -> store.store_id
`;
