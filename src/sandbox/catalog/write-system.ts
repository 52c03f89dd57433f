import type { Catalog } from './catalog.js';
import { daysAfter, timestamp } from './dates.js';
import { writeUpdates } from './versions.js';

const indexers = [
  'catalog_category_product',
  'catalog_product_category',
  'catalog_product_attribute',
  'catalog_product_price',
  'cataloginventory_stock',
  'catalogrule_rule',
  'catalogrule_product',
  'catalogsearch_fulltext',
  'customer_grid',
  'inventory',
];
const permissionIndexers = ['catalogpermissions_category', 'catalogpermissions_product'];
const cronJobs = [
  'indexer_reindex_all_invalid',
  'indexer_update_all_views',
  'indexer_clean_all_changelogs',
  'catalogrule_apply_all',
];
const modules = [
  'Magento_Catalog',
  'Magento_InventoryIndexer',
  'Magento_PageBuilder',
  'Magento_Store',
];

/** Indexers on schedule and up to date, a cron that ran a minute ago, the modules installed. */
export function writeSystem({ writer, settings }: Catalog): void {
  const { now, edition } = settings;
  const commerce = edition === 'commerce';
  const minuteAgo = timestamp(new Date(now.getTime() - 60_000));
  const ids = [...indexers, ...(commerce ? permissionIndexers : [])];
  const indexer = writer.table('indexer_state', ['indexer_id', 'status', 'updated', 'hash_config']);
  const view = writer.table('mview_state', ['view_id', 'mode', 'status', 'updated', 'version_id']);
  for (const id of ids) {
    indexer.add(id, 'valid', minuteAgo, '0123456789abcdef0123456789abcdef');
    view.add(id, 'enabled', 'idle', minuteAgo, 0);
  }

  const cron = writer.table('cron_schedule', [
    'job_code',
    'status',
    'messages',
    'created_at',
    'scheduled_at',
    'executed_at',
    'finished_at',
  ]);
  for (const job of [...cronJobs, ...(commerce ? ['staging_apply_version'] : [])]) {
    for (let minute = 1; minute <= 5; minute += 1) {
      const at = timestamp(new Date(now.getTime() - minute * 60_000));
      cron.add(job, 'success', null, at, at, at, at);
    }
    const next = timestamp(new Date(now.getTime() + 60_000));
    cron.add(job, 'pending', null, minuteAgo, next, null, null);
  }
  const late = timestamp(daysAfter(now, -1));
  cron.add('catalogrule_apply_all', 'missed', 'Too late for the schedule', late, late, null, null);

  const flag = writer.table('flag', ['flag_code', 'state', 'flag_data', 'last_update']);
  flag.add('catalog_website_attribute_is_sync_required', 0, '0', minuteAgo);
  const module = writer.table('setup_module', ['module', 'schema_version', 'data_version']);
  for (const name of [
    ...modules,
    ...(commerce ? ['Magento_Staging', 'Magento_CatalogPermissions'] : []),
  ]) {
    module.add(name, '2.0.0', '2.0.0');
  }
  if (commerce) writeUpdates(writer, settings);
}
