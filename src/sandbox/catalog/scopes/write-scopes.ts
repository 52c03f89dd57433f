import type { BulkWriter } from '../bulk-writer.js';
import { daysAfter, timestamp } from '../dates.js';
import type { CatalogSettings } from '../options.js';
import { configuration } from './configuration.js';
import type { Scopes } from './scopes.js';

/** The admin scopes have id 0 in each table. */
export function writeScopes(writer: BulkWriter, settings: CatalogSettings, scopes: Scopes): void {
  const website = writer.table('store_website', [
    'website_id',
    'code',
    'name',
    'sort_order',
    'default_group_id',
    'is_default',
  ]);
  website.add(0, 'admin', 'Admin', 0, 0, 0);
  for (const { id, code, name, defaultGroupId } of scopes.websites) {
    website.add(id, code, name, (id - 1) * 10, defaultGroupId, id === 1 ? 1 : 0);
  }

  const group = writer.table('store_group', [
    'group_id',
    'website_id',
    'name',
    'root_category_id',
    'default_store_id',
    'code',
  ]);
  group.add(0, 0, 'Default', 0, 0, 'default');
  for (const { id, websiteId, name, rootCategoryId, defaultStoreId, code } of scopes.groups) {
    group.add(id, websiteId, name, rootCategoryId, defaultStoreId, code);
  }

  const store = writer.table('store', [
    'store_id',
    'code',
    'website_id',
    'group_id',
    'name',
    'sort_order',
    'is_active',
  ]);
  store.add(0, 'admin', 0, 0, 'Admin', 0, 1);
  for (const { id, code, websiteId, groupId, name, active } of scopes.storeViews) {
    store.add(id, code, websiteId, groupId, name, id * 10, active ? 1 : 0);
  }

  const config = writer.table('core_config_data', [
    'scope',
    'scope_id',
    'path',
    'value',
    'updated_at',
  ]);
  const installed = timestamp(daysAfter(settings.now, -500));
  for (const { scope, scopeId, path, value } of configuration(settings, scopes)) {
    config.add(scope, scopeId, path, value, installed);
  }

  writeCustomers(writer, settings, scopes);
  writeTaxesAndRates(writer);
  writeVariables(writer, scopes);
}

function writeCustomers(writer: BulkWriter, settings: CatalogSettings, scopes: Scopes): void {
  const group = writer.table('customer_group', [
    'customer_group_id',
    'customer_group_code',
    'tax_class_id',
  ]);
  const excluded = writer.table('customer_group_excluded_website', [
    'customer_group_id',
    'website_id',
  ]);
  for (const { id, code, excludedWebsiteIds } of scopes.customerGroups) {
    group.add(id, code, 3);
    for (const websiteId of excludedWebsiteIds) excluded.add(id, websiteId);
  }
  const created = timestamp(daysAfter(settings.now, -300));
  writer.records(
    'customer_entity',
    customers.map(([firstname, lastname, groupId], at) => ({
      entity_id: at + 1,
      website_id: 1,
      email: `${firstname}.${at + 1}@example.com`.toLowerCase(),
      group_id: groupId,
      store_id: 1,
      created_at: created,
      updated_at: created,
      is_active: 1,
      firstname,
      lastname,
    })),
  );
}

/** First name, last name, customer group. Ids count from 1. */
export const customers = [
  ['Veronica', 'Costello', 1],
  ['Anna', 'O’Neil-Müller', 1],
  ['Jose', 'Ibáñez', 2],
  ['Kim', 'Lee', 4],
  ['Ulla', 'Sørensen', 5],
] as const;

function writeTaxesAndRates(writer: BulkWriter): void {
  const tax = writer.table('tax_class', ['class_id', 'class_name', 'class_type']);
  tax.add(2, 'Taxable Goods', 'PRODUCT');
  tax.add(3, 'Retail Customer', 'CUSTOMER');
  tax.add(4, 'Reduced Rate', 'PRODUCT');
  const rate = writer.table('directory_currency_rate', ['currency_from', 'currency_to', 'rate']);
  rate.add('USD', 'USD', 1);
  rate.add('EUR', 'EUR', 1);
  rate.add('USD', 'EUR', 0.9);
  rate.add('EUR', 'USD', 1.1);
}

function writeVariables(writer: BulkWriter, { storeViews }: Scopes): void {
  const variable = writer.table('variable', ['variable_id', 'code', 'name']);
  variable.add(1, 'phone', 'Service phone');
  variable.add(2, 'claim', 'Claim');
  const value = writer.table('variable_value', [
    'variable_id',
    'store_id',
    'plain_value',
    'html_value',
  ]);
  value.add(1, 0, '+1 555 0100', '<a href="tel:+15550100">+1 555 0100</a>');
  value.add(2, 0, 'Good & simple', null);
  for (const { id } of storeViews.slice(1, 2)) value.add(2, id, 'Anders & gut', null);
}
