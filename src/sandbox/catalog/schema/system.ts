/** Commerce's own bookkeeping: indexers, changelogs, cron, flags, installed modules. */
export const systemTables = `
indexer_state
  state_id int u auto
  indexer_id varchar(255)
  status varchar(16) ?= 'invalid'
  updated datetime
  hash_config varchar(32) !
  primary state_id
  key indexer_id

mview_state
  state_id int u auto
  view_id varchar(255)
  mode varchar(16) ?= 'disabled'
  status varchar(16) ?= 'idle'
  updated datetime
  version_id int u
  primary state_id
  key view_id
  key mode

cron_schedule
  schedule_id int u auto
  job_code varchar(255) = '0'
  status varchar(7) = 'pending'
  messages text
  created_at created
  scheduled_at, executed_at, finished_at timestamp
  primary schedule_id
  key job_code
  key scheduled_at, status

flag
  flag_id int u auto
  flag_code varchar(255) !
  state smallint u = 0
  flag_data mediumtext
  last_update touched
  primary flag_id
  key last_update

setup_module
  module varchar(50) !
  schema_version, data_version varchar(50)
  primary module
`;
