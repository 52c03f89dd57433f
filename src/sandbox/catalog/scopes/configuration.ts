import type { CatalogSettings } from '../options.js';
import type { Scopes } from './scopes.js';

export interface ConfigurationRow {
  readonly scope: 'default' | 'websites' | 'stores';
  readonly scopeId: number;
  readonly path: string;
  readonly value: string | null;
}

type Values = Readonly<Record<string, string | null>>;

/** A second website in another country, a store view with its own addresses, one NULL row. */
export function configuration(settings: CatalogSettings, scopes: Scopes): ConfigurationRow[] {
  const { baseUrl, edition } = settings;
  const lastStore = scopes.storeViews.at(-1);
  return [
    ...rows('default', 0, {
      'web/unsecure/base_url': baseUrl,
      'web/secure/base_url': baseUrl.replace(/^http:/, 'https:'),
      'web/seo/use_rewrites': '1',
      'web/url/use_store': '0',
      'general/locale/code': 'en_US',
      'general/locale/timezone': 'UTC',
      'general/locale/weight_unit': 'lbs',
      'general/store_information/name': 'The Sandbox Shop',
      'trans_email/ident_support/email': 'support@example.com',
      'currency/options/base': 'USD',
      'currency/options/default': 'USD',
      'currency/options/allow': 'USD,EUR',
      'catalog/price/scope': '1',
      'catalog/category/root_id': '2',
      'catalog/frontend/default_sort_by': 'position',
      'cataloginventory/item_options/manage_stock': '1',
      'cataloginventory/item_options/backorders': '0',
      'cataloginventory/options/stock_threshold_qty': '0',
      'cataloginventory/options/show_out_of_stock': '1',
    }),
    ...scopes.websites.slice(1, 2).flatMap(({ id }) =>
      rows('websites', id, {
        'web/unsecure/base_url': `${baseUrl}eu/`,
        'web/secure/base_url': `${baseUrl.replace(/^http:/, 'https:')}eu/`,
        'general/locale/timezone': 'Europe/Berlin',
        'general/locale/weight_unit': 'kgs',
        'currency/options/base': 'EUR',
        'currency/options/default': 'EUR',
        'cataloginventory/options/stock_threshold_qty': '5',
      }),
    ),
    ...(lastStore === undefined || lastStore.id === 1
      ? []
      : rows('stores', lastStore.id, {
          'web/unsecure/base_link_url': `{{unsecure_base_url}}${lastStore.language}/`,
          // A row without a value hides the outer scopes; media addresses fall back even so.
          'web/unsecure/base_media_url': null,
          'catalog/frontend/default_sort_by': 'price',
        })),
    ...(edition === 'commerce' ? permissionConfiguration(scopes) : []),
  ];
}

/** Category permissions: 1 everyone, 2 the listed groups, 0 nobody. */
function permissionConfiguration({ websites }: Scopes): ConfigurationRow[] {
  const path = 'catalog/magento_catalogpermissions';
  return [
    ...rows('default', 0, {
      [`${path}/enabled`]: '1',
      [`${path}/grant_catalog_category_view`]: '1',
      [`${path}/grant_catalog_product_price`]: '2',
      [`${path}/grant_catalog_product_price_groups`]: '1,2,3',
      [`${path}/grant_checkout_items`]: '2',
      [`${path}/grant_checkout_items_groups`]: '1,2',
      'btob/website_configuration/sharedcatalog_active': '0',
    }),
    ...websites.slice(1, 2).flatMap(({ id }) =>
      rows('websites', id, {
        [`${path}/grant_catalog_product_price`]: '1',
      }),
    ),
  ];
}

function rows(scope: ConfigurationRow['scope'], scopeId: number, values: Values) {
  return Object.entries(values).map(([path, value]) => ({ scope, scopeId, path, value }));
}
