import type { Read } from './read.js';
import type { Scopes } from './scopes.js';

/**
 * Values that Commerce keeps outside of its database; they win over it. Scopes are keyed by their
 * code in lower case: variables lose the case of a code, and no two codes differ in it alone.
 */
export interface ConfigurationOverrides {
  readonly default: Readonly<Record<string, string | null>>;
  readonly websites: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  readonly stores: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
}

export const NO_OVERRIDES: ConfigurationOverrides = { default: {}, websites: {}, stores: {} };

/** What Commerce ships for the paths that feeds read, where no row says otherwise. */
const SHIPPED: Readonly<Record<string, string>> = {
  'web/unsecure/base_url': '{{base_url}}',
  'web/unsecure/base_link_url': '{{unsecure_base_url}}',
  'web/secure/base_url': '{{unsecure_base_url}}',
  'web/seo/use_rewrites': '0',
  'web/url/use_store': '0',
  'general/single_store_mode/enabled': '0',
  'general/locale/weight_unit': 'lbs',
  'general/locale/timezone': 'America/Los_Angeles',
  'currency/options/base': 'USD',
  'cataloginventory/options/stock_threshold_qty': '0',
  'cataloginventory/options/show_out_of_stock': '0',
  'cataloginventory/item_options/manage_stock': '1',
  'cataloginventory/item_options/backorders': '0',
  'cataloginventory/item_options/min_sale_qty': '1',
  'cataloginventory/item_options/max_sale_qty': '10000',
  'cataloginventory/item_options/enable_qty_increments': '0',
  'cataloginventory/item_options/qty_increments': '1',
  'catalog/frontend/default_sort_by': 'position',
};

/** Commerce's effective configuration, by scope: store view → website → default → shipped. */
export class Configuration {
  readonly #rows: ReadonlyMap<string, string | null>;
  readonly #websiteOf: ReadonlyMap<number, number>;

  constructor(rows: ReadonlyMap<string, string | null>, websiteOf: ReadonlyMap<number, number>) {
    this.#rows = rows;
    this.#websiteOf = websiteOf;
  }

  /** The value in force for a store view (0: default scope); null where there is none. */
  value(path: string, storeId = 0): string | null {
    const raw = this.#raw(path, storeId);
    return raw?.includes('{{') === true ? this.#placeholders(raw, storeId) : raw;
  }

  /** The value in force for a website. */
  websiteValue(path: string, websiteId: number): string | null {
    const row = this.#rows.get(`websites/${websiteId}/${path}`);
    return row === undefined ? this.value(path) : row;
  }

  /** Whether the website has a value of its own for the path, be it null. */
  isSetForWebsite(path: string, websiteId: number): boolean {
    return this.#rows.has(`websites/${websiteId}/${path}`);
  }

  /** Whether the value is set: anything but null, '' and '0'. */
  flag(path: string, storeId = 0): boolean {
    const value = this.value(path, storeId);
    return value !== null && value !== '' && value !== '0';
  }

  // The row's existence decides, not its value: a NULL row hides the outer scopes.
  #raw(path: string, storeId: number): string | null {
    if (storeId !== 0) {
      const row = this.#rows.get(`stores/${storeId}/${path}`);
      if (row !== undefined) return row;
      const websiteId = this.#websiteOf.get(storeId);
      const websiteRow = this.#rows.get(`websites/${websiteId ?? 0}/${path}`);
      if (websiteRow !== undefined) return websiteRow;
    }
    const row = this.#rows.get(`default/0/${path}`);
    return row === undefined ? (SHIPPED[path] ?? null) : row;
  }

  #placeholders(value: string, storeId: number): string {
    return value
      .replaceAll('{{unsecure_base_url}}', () => this.#raw('web/unsecure/base_url', storeId) ?? '')
      .replaceAll('{{secure_base_url}}', () => {
        const secure = this.#raw('web/secure/base_url', storeId) ?? '';
        return secure.replaceAll(
          '{{unsecure_base_url}}',
          () => this.#raw('web/unsecure/base_url', storeId) ?? '',
        );
      });
  }
}

/** Reads `core_config_data` and lays `overrides` over it. */
export async function readConfiguration(
  read: Read,
  t: (table: string) => string,
  scopes: Scopes,
  overrides: ConfigurationOverrides,
): Promise<Configuration> {
  const rows = await read.rows<[string, number, string, string | null]>(
    `SELECT scope, scope_id, path, value FROM ${t('core_config_data')}`,
  );
  const values = new Map(
    rows.map(([scope, scopeId, path, value]) => [`${scope}/${scopeId}/${path}`, value]),
  );
  for (const [path, value] of Object.entries(overrides.default)) {
    values.set(`default/0/${path}`, value);
  }
  for (const website of scopes.websites) {
    for (const [path, value] of Object.entries(
      overrides.websites[website.code.toLowerCase()] ?? {},
    )) {
      values.set(`websites/${website.id}/${path}`, value);
    }
  }
  for (const storeView of scopes.storeViews) {
    for (const [path, value] of Object.entries(
      overrides.stores[storeView.code.toLowerCase()] ?? {},
    )) {
      values.set(`stores/${storeView.id}/${path}`, value);
    }
  }
  return new Configuration(
    values,
    new Map(scopes.storeViews.map((storeView) => [storeView.id, storeView.websiteId])),
  );
}
